package com.pantherkolab.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.pantherkolab.local.aws.LocalAws;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

/// What queues and buckets hold outlives them where it is kept in a folder: each test ends one and starts another.
class KeptAwsTest {
    private static final String BUCKET = "FailureBucket";

    private final KeptFolder folder;
    private LocalAws aws;
    private SqsClient sqs;
    private S3Client s3;

    KeptAwsTest(@TempDir Path folder) {
        this.folder = new KeptFolder(folder);
        this.aws = start();
        this.sqs = aws.queuesClient().build();
        this.s3 = aws.storageClient().build();
    }

    @AfterEach
    void end() {
        sqs.close();
        s3.close();
        aws.close();
    }

    private LocalAws start() {
        LocalAws started = LocalAws.start(Clock.systemUTC(), UUID::randomUUID, folder);
        started.storage().create(BUCKET);
        return started;
    }

    private void restart() {
        end();
        aws = start();
        sqs = aws.queuesClient().build();
        s3 = aws.storageClient().build();
    }

    @Test
    void messagesAreThereAsTheyWereSentInTheirOrder() {
        String queue = queue("parked", Map.of());
        for (int i = 1; i <= 12; i++) {
            String body = "¡no. %d!".formatted(i);
            sqs.sendMessage(send -> send.queueUrl(queue)
                    .messageBody(body)
                    .messageAttributes(Map.of(
                            "kind",
                            MessageAttributeValue.builder()
                                    .dataType("String")
                                    .stringValue("ring")
                                    .build())));
        }
        List<Message> before = receive(queue);

        restart();
        String again = queue("parked", Map.of());
        List<Message> after = receive(again);

        // Whoever had received them is gone.
        assertThat(before).hasSize(10);
        assertThat(after).extracting(Message::messageId).isEqualTo(ids(before));
        assertThat(after).extracting(Message::body).startsWith("¡no. 1!", "¡no. 2!");
        assertThat(after).allSatisfy(message -> {
            assertThat(message.messageAttributes()).containsOnlyKeys("kind");
            assertThat(message.attributes()).containsEntry(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT, "1");
        });
        assertThat(aws.queues().bodies("parked")).hasSize(12);
    }

    @Test
    void whatWasDeletedOrPurgedStaysAway() {
        String parked = queue("parked", Map.of());
        String timers = queue("timers", Map.of());
        List.of("a", "b", "c").forEach(body -> send(parked, body));
        List.of("d", "e").forEach(body -> send(timers, body));
        Message first = receive(parked).getFirst();
        sqs.deleteMessage(delete -> delete.queueUrl(parked).receiptHandle(first.receiptHandle()));
        sqs.purgeQueue(purge -> purge.queueUrl(timers));

        restart();
        send(queue("parked", Map.of()), "f");
        queue("timers", Map.of());

        assertThat(aws.queues().bodies("parked")).containsExactly("b", "c", "f");
        assertThat(aws.queues().bodies("timers")).isEmpty();
        restart();
        queue("parked", Map.of());
        assertThat(aws.queues().bodies("parked")).containsExactly("b", "c", "f");
    }

    @Test
    void aDelayIsNotForgotten() {
        String queue = queue("timers", Map.of());
        sqs.sendMessage(send -> send.queueUrl(queue).messageBody("later").delaySeconds(900));
        send(queue, "now");

        restart();

        assertThat(receive(queue("timers", Map.of()))).extracting(Message::body).containsExactly("now");
        assertThat(aws.queues().bodies("timers")).containsExactly("later", "now");
    }

    @Test
    void aDeadLetterIsInOneQueueOnly() {
        queue("dead", Map.of());
        Map<String, String> redrive = Map.of(
                "VisibilityTimeout",
                "0",
                "RedrivePolicy",
                "{\"deadLetterTargetArn\":\"arn:aws:sqs:us-east-1:000000000000:dead\",\"maxReceiveCount\":1}");
        String queue = queue("timers", redrive);
        send(queue, "bad");
        assertThat(receive(queue)).hasSize(1);
        assertThat(receive(queue)).isEmpty();

        restart();
        queue("timers", redrive);
        Message dead = receive(queue("dead", Map.of())).getFirst();

        assertThat(aws.queues().bodies("timers")).isEmpty();
        assertThat(dead.body()).isEqualTo("bad");
        assertThat(dead.attributes())
                .containsEntry(
                        MessageSystemAttributeName.DEAD_LETTER_QUEUE_SOURCE_ARN,
                        "arn:aws:sqs:us-east-1:000000000000:timers");
    }

    @Test
    void aFifoQueueKnowsItsGroupsItsNumbersAndWhatWasSentLately() {
        Map<String, String> fifo = Map.of("FifoQueue", "true", "ContentBasedDeduplication", "true");
        String queue = queue("calls.fifo", fifo);
        sendTo(queue, "one");
        sendTo(queue, "two");

        restart();
        String again = queue("calls.fifo", fifo);
        sendTo(again, "two");
        sendTo(again, "three");

        assertThat(aws.queues().bodies("calls.fifo")).containsExactly("one", "two", "three");
        List<Message> received = receive(again);
        assertThat(received).extracting(Message::body).containsExactly("one", "two", "three");
        assertThat(received)
                .extracting(message -> message.attributes().get(MessageSystemAttributeName.SEQUENCE_NUMBER))
                .isSorted()
                .doesNotHaveDuplicates();
    }

    @Test
    void objectsAreThereWithTheirContentUnderWhateverKeys() {
        byte[] bytes = {0, '\n', -1, '{', '\n'};
        String strange = "a/../b//¡ 🙂!/" + "long".repeat(200);
        s3.putObject(put -> put.bucket(BUCKET).key(strange).contentType("text/strange"), RequestBody.fromBytes(bytes));
        s3.putObject(put -> put.bucket(BUCKET).key("a"), RequestBody.fromString("old"));
        s3.putObject(put -> put.bucket(BUCKET).key("a"), RequestBody.fromString("new"));
        s3.putObject(put -> put.bucket(BUCKET).key("gone"), RequestBody.fromString("gone"));
        s3.deleteObject(delete -> delete.bucket(BUCKET).key("gone"));
        List<S3Object> listed = s3.listObjectsV2(list -> list.bucket(BUCKET)).contents();

        restart();

        assertThat(aws.storage().keys(BUCKET)).containsExactly("a", strange);
        assertThat(s3.listObjectsV2(list -> list.bucket(BUCKET)).contents())
                .extracting(S3Object::key, S3Object::eTag)
                .isEqualTo(listed.stream()
                        .map(one -> org.assertj.core.groups.Tuple.tuple(one.key(), one.eTag()))
                        .toList());
        var object = s3.getObjectAsBytes(get -> get.bucket(BUCKET).key(strange));
        assertThat(object.asByteArray()).isEqualTo(bytes);
        assertThat(object.response()).extracting(GetObjectResponse::contentType).isEqualTo("text/strange");
        assertThat(s3.getObjectAsBytes(get -> get.bucket(BUCKET).key("a")).asString(StandardCharsets.UTF_8))
                .isEqualTo("new");
    }

    private String queue(String name, Map<String, String> attributes) {
        return aws.queues().create(name, attributes).toString();
    }

    private void send(String queue, String body) {
        sqs.sendMessage(send -> send.queueUrl(queue).messageBody(body));
    }

    private void sendTo(String queue, String body) {
        sqs.sendMessage(send -> send.queueUrl(queue).messageBody(body).messageGroupId("g"));
    }

    private List<Message> receive(String queue) {
        return sqs.receiveMessage(receive -> receive.queueUrl(queue)
                        .maxNumberOfMessages(10)
                        .messageAttributeNames("All")
                        .messageSystemAttributeNames(MessageSystemAttributeName.ALL))
                .messages();
    }

    private static List<String> ids(List<Message> messages) {
        return messages.stream().map(Message::messageId).toList();
    }
}
