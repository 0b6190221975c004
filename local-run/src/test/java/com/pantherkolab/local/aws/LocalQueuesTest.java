package com.pantherkolab.local.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.BatchEntryIdsNotDistinctException;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.EmptyBatchRequestException;
import software.amazon.awssdk.services.sqs.model.InvalidMessageContentsException;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.MessageNotInflightException;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;
import software.amazon.awssdk.services.sqs.model.QueueNameExistsException;
import software.amazon.awssdk.services.sqs.model.ReceiptHandleIsInvalidException;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResponse;
import software.amazon.awssdk.services.sqs.model.SendMessageResponse;
import software.amazon.awssdk.services.sqs.model.SqsException;
import software.amazon.awssdk.services.sqs.model.TooManyEntriesInBatchRequestException;

/// The real SQS client, which checks every MD5, against the stand-in.
class LocalQueuesTest {
    private static final VirtualClock CLOCK = new VirtualClock();
    private static final LocalAws AWS = LocalAws.start(CLOCK, UUID::randomUUID);
    private static final SqsClient SQS = AWS.queuesClient().build();

    private final String name = "queue-" + UUID.randomUUID();
    private final String queue = queue(name, Map.of());

    @AfterAll
    static void stop() {
        SQS.close();
        AWS.close();
    }

    @Test
    void aMessageIsSentReceivedWithItsAttributesAndDeleted() {
        SendMessageResponse sent = SQS.sendMessage(send -> send.queueUrl(queue)
                .messageBody("{\"text\":\"¡Hé, 🙂!\"}")
                .messageAttributes(Map.of(
                        "kind",
                        MessageAttributeValue.builder()
                                .dataType("String")
                                .stringValue("ring")
                                .build(),
                        "bytes",
                        MessageAttributeValue.builder()
                                .dataType("Binary")
                                .binaryValue(SdkBytes.fromByteArray(new byte[] {1, 2, 3}))
                                .build())));
        CLOCK.forward(Duration.ofSeconds(3));

        Message received = receive(queue).getFirst();

        assertThat(received.messageId()).isEqualTo(sent.messageId());
        assertThat(received.body()).isEqualTo("{\"text\":\"¡Hé, 🙂!\"}");
        assertThat(received.messageAttributes()).containsOnlyKeys("kind", "bytes");
        assertThat(received.attributes())
                .containsEntry(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT, "1")
                .containsEntry(MessageSystemAttributeName.SENT_TIMESTAMP, millis(Duration.ofSeconds(-3)))
                .containsEntry(MessageSystemAttributeName.APPROXIMATE_FIRST_RECEIVE_TIMESTAMP, millis(Duration.ZERO));
        SQS.deleteMessage(delete -> delete.queueUrl(queue).receiptHandle(received.receiptHandle()));
        CLOCK.forward(Duration.ofMinutes(1));
        assertThat(receive(queue)).isEmpty();
        assertThat(AWS.queues().bodies(name)).isEmpty();
    }

    @Test
    void onlyTheAttributesThatWereAskedForAreGiven() {
        SQS.sendMessage(send -> send.queueUrl(queue)
                .messageBody("m")
                .messageAttributes(Map.of(
                        "a",
                        MessageAttributeValue.builder()
                                .dataType("String")
                                .stringValue("1")
                                .build(),
                        "b",
                        MessageAttributeValue.builder()
                                .dataType("Number")
                                .stringValue("2")
                                .build())));

        Message some = SQS.receiveMessage(receive -> receive.queueUrl(queue)
                        .visibilityTimeout(0)
                        .messageAttributeNames("b")
                        .messageSystemAttributeNames(MessageSystemAttributeName.SENT_TIMESTAMP))
                .messages()
                .getFirst();
        Message none = SQS.receiveMessage(receive -> receive.queueUrl(queue))
                .messages()
                .getFirst();

        assertThat(some.messageAttributes()).containsOnlyKeys("b");
        assertThat(some.attributes()).containsOnlyKeys(MessageSystemAttributeName.SENT_TIMESTAMP);
        assertThat(none.messageAttributes()).isEmpty();
        assertThat(none.attributes()).isEmpty();
    }

    @Test
    void whatIsNotDeletedComesBackAfterItsVisibilityWithANewReceipt() {
        send(queue, "m");
        Message first = receive(queue).getFirst();
        CLOCK.forward(Duration.ofSeconds(29));
        assertThat(receive(queue)).isEmpty();
        CLOCK.forward(Duration.ofSeconds(1));

        Message again = receive(queue).getFirst();
        SQS.deleteMessage(delete -> delete.queueUrl(queue).receiptHandle(first.receiptHandle()));

        assertThat(again.attributes()).containsEntry(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT, "2");
        assertThat(again.receiptHandle()).isNotEqualTo(first.receiptHandle());
        assertThat(AWS.queues().bodies(name)).containsExactly("m");
    }

    @Test
    void visibilityCanBeChangedWhileTheMessageIsInFlight() {
        send(queue, "m");
        Message received = receive(queue).getFirst();

        SQS.changeMessageVisibility(change ->
                change.queueUrl(queue).receiptHandle(received.receiptHandle()).visibilityTimeout(0));

        assertThat(receive(queue)).hasSize(1);
        assertThatThrownBy(() -> SQS.changeMessageVisibility(change -> change.queueUrl(queue)
                        .receiptHandle(received.receiptHandle())
                        .visibilityTimeout(5)))
                .isInstanceOf(MessageNotInflightException.class);
    }

    @Test
    void aDelayedMessageIsNotEarly() {
        SQS.sendMessage(send -> send.queueUrl(queue).messageBody("later").delaySeconds(45));

        CLOCK.forward(Duration.ofSeconds(45).minusMillis(1));
        assertThat(receive(queue)).isEmpty();
        assertThat(count(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED))
                .isEqualTo("1");
        CLOCK.forward(Duration.ofMillis(1));
        assertThat(receive(queue)).extracting(Message::body).containsExactly("later");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 901})
    void aDelayOfMoreThanFifteenMinutesIsRefused(int seconds) {
        assertThatExceptionOfType(SqsException.class)
                .isThrownBy(() -> SQS.sendMessage(
                        send -> send.queueUrl(queue).messageBody("m").delaySeconds(seconds)))
                .satisfies(refused -> {
                    assertThat(refused.statusCode()).isEqualTo(400);
                    assertThat(refused.getMessage()).contains("DelaySeconds must be >= 0 and <= 900");
                });
        assertThat(AWS.queues().bodies(name)).isEmpty();
    }

    @Test
    void aLongPollEndsWithTheMessageThatItWaitedFor() throws Exception {
        CompletableFuture<List<Message>> waiting = CompletableFuture.supplyAsync(
                () -> SQS.receiveMessage(receive -> receive.queueUrl(queue).waitTimeSeconds(20))
                        .messages());
        send(queue, "m");

        assertThat(waiting.get()).extracting(Message::body).containsExactly("m");
    }

    @Test
    void aLongPollSeesADelayEndAndGivesUpWhenNothingComes() {
        try (LocalAws real = LocalAws.start(Clock.systemUTC(), UUID::randomUUID);
                SqsClient sqs = real.queuesClient().build()) {
            String url = real.queues().create("q", Map.of()).toString();
            sqs.sendMessage(send -> send.queueUrl(url).messageBody("m").delaySeconds(1));

            assertThat(sqs.receiveMessage(receive -> receive.queueUrl(url).waitTimeSeconds(20))
                            .messages())
                    .hasSize(1);
            assertThat(sqs.receiveMessage(receive -> receive.queueUrl(url).waitTimeSeconds(1))
                            .messages())
                    .isEmpty();
        }
    }

    @Test
    void aBatchTellsOfEachEntryWhetherItSucceeded() {
        SendMessageBatchResponse sent = SQS.sendMessageBatch(batch -> batch.queueUrl(queue)
                .entries(
                        entry("good", "m"),
                        entry("late", "m").toBuilder().delaySeconds(901).build()));
        List<DeleteMessageBatchRequestEntry> deletions = List.of(
                DeleteMessageBatchRequestEntry.builder()
                        .id("own")
                        .receiptHandle(receive(queue).getFirst().receiptHandle())
                        .build(),
                DeleteMessageBatchRequestEntry.builder()
                        .id("foreign")
                        .receiptHandle("nothing")
                        .build());
        var deleted = SQS.deleteMessageBatch(batch -> batch.queueUrl(queue).entries(deletions));

        assertThat(sent.successful()).extracting(result -> result.id()).containsExactly("good");
        assertThat(sent.failed()).extracting(BatchResultErrorEntry::id).containsExactly("late");
        assertThat(deleted.successful()).extracting(result -> result.id()).containsExactly("own");
        assertThat(deleted.failed()).extracting(BatchResultErrorEntry::code).containsExactly("ReceiptHandleIsInvalid");
        assertThat(AWS.queues().bodies(name)).isEmpty();
    }

    @Test
    void aBatchIsRefusedAsAWholeWhenItIsEmptyTooLongOrAmbiguous() {
        assertThatThrownBy(() -> SQS.sendMessageBatch(
                        batch -> batch.queueUrl(queue).entries(List.<SendMessageBatchRequestEntry>of())))
                .isInstanceOf(EmptyBatchRequestException.class);
        assertThatThrownBy(() -> SQS.sendMessageBatch(batch -> batch.queueUrl(queue)
                        .entries(IntStream.range(0, 11)
                                .mapToObj(id -> entry("e" + id, "m"))
                                .toList())))
                .isInstanceOf(TooManyEntriesInBatchRequestException.class);
        assertThatThrownBy(() ->
                        SQS.sendMessageBatch(batch -> batch.queueUrl(queue).entries(entry("e", "m"), entry("e", "n"))))
                .isInstanceOf(BatchEntryIdsNotDistinctException.class);
        assertThat(AWS.queues().bodies(name)).isEmpty();
    }

    @Test
    void whatIsWrongIsToldAsTheSdkKnowsIt() {
        assertThatThrownBy(() -> send(queue + "-nowhere", "m")).isInstanceOf(QueueDoesNotExistException.class);
        assertThatThrownBy(() -> SQS.getQueueUrl(get -> get.queueName("nowhere")))
                .isInstanceOf(QueueDoesNotExistException.class);
        assertThatThrownBy(() -> send(queue, "\u0000")).isInstanceOf(InvalidMessageContentsException.class);
        assertThatThrownBy(
                        () -> SQS.deleteMessage(delete -> delete.queueUrl(queue).receiptHandle("nothing")))
                .isInstanceOf(ReceiptHandleIsInvalidException.class);
        assertThatThrownBy(() -> send(queue, "x".repeat(1024 * 1024 + 1))).isInstanceOf(SqsException.class);
        assertThatThrownBy(() -> SQS.createQueue(create ->
                        create.queueName(name).attributes(Map.of(QueueAttributeName.VISIBILITY_TIMEOUT, "31"))))
                .isInstanceOf(QueueNameExistsException.class);
        assertThatThrownBy(() -> SQS.createQueue(create -> create.queueName("no dots.fifo")))
                .isInstanceOf(SqsException.class);
        assertThatThrownBy(() -> SQS.listQueues()).isInstanceOf(SqsException.class);
    }

    @Test
    void aQueueIsFoundByItsNameAndTellsItsAttributes() {
        SQS.createQueue(create -> create.queueName(name));
        send(queue, "a");
        send(queue, "b");
        receive(queue, 1);

        assertThat(SQS.getQueueUrl(get -> get.queueName(name)).queueUrl()).isEqualTo(queue);
        assertThat(SQS.getQueueAttributes(get -> get.queueUrl(queue).attributeNames(QueueAttributeName.ALL))
                        .attributes())
                .containsEntry(QueueAttributeName.QUEUE_ARN, "arn:aws:sqs:us-east-1:000000000000:" + name)
                .containsEntry(QueueAttributeName.VISIBILITY_TIMEOUT, "30")
                .containsEntry(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES, "1")
                .containsEntry(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE, "1");
        SQS.purgeQueue(purge -> purge.queueUrl(queue));
        assertThat(count(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE))
                .isEqualTo("0");
    }

    @Test
    void whatWasReceivedTooOftenGoesToTheDeadLetterQueue() {
        String dead = queue(name + "-dead", Map.of());
        String watched = queue(
                name + "-watched",
                Map.of(
                        "RedrivePolicy",
                        "{\"deadLetterTargetArn\":\"arn:aws:sqs:us-east-1:000000000000:%s-dead\",\"maxReceiveCount\":\"2\"}"
                                .formatted(name)));
        send(watched, "poison");
        for (int receives = 0; receives < 2; receives++) {
            assertThat(receive(watched)).hasSize(1);
            CLOCK.forward(Duration.ofSeconds(30));
        }
        assertThat(receive(dead)).isEmpty();

        assertThat(receive(watched)).isEmpty();

        assertThat(receive(dead)).singleElement().satisfies(letter -> {
            assertThat(letter.body()).isEqualTo("poison");
            assertThat(letter.attributes())
                    .containsEntry(
                            MessageSystemAttributeName.DEAD_LETTER_QUEUE_SOURCE_ARN,
                            "arn:aws:sqs:us-east-1:000000000000:%s-watched".formatted(name))
                    .containsEntry(MessageSystemAttributeName.SENT_TIMESTAMP, millis(Duration.ofMinutes(-1)));
        });
    }

    @Test
    void anOperatorGivesDeadLettersBackAndWhatWasSentToTheirQueueItselfStays() {
        String dead = queue(name + "-dead", Map.of());
        String watched = queue(
                name + "-watched",
                Map.of(
                        "RedrivePolicy",
                        "{\"deadLetterTargetArn\":\"arn:aws:sqs:us-east-1:000000000000:%s-dead\",\"maxReceiveCount\":\"1\"}"
                                .formatted(name)));
        send(watched, "poison");
        assertThat(receive(watched)).hasSize(1);
        CLOCK.forward(Duration.ofSeconds(30));
        assertThat(receive(watched)).isEmpty();
        AWS.queues().send(name + "-dead", "its own");
        assertThat(AWS.queues().visible(name + "-dead")).isEqualTo(2);

        assertThat(AWS.queues().redrive(name + "-dead")).isEqualTo(1);

        assertThat(AWS.queues().bodies(name + "-dead")).containsExactly("its own");
        assertThat(receive(watched)).singleElement().satisfies(letter -> {
            assertThat(letter.body()).isEqualTo("poison");
            assertThat(letter.attributes())
                    .doesNotContainKey(MessageSystemAttributeName.DEAD_LETTER_QUEUE_SOURCE_ARN)
                    .containsEntry(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT, "1");
        });
        assertThat(receive(dead)).hasSize(1);
    }

    @Test
    void anOperatorEmptiesAQueueAlsoOfWhatIsHidden() {
        send(queue, "m");
        assertThat(receive(queue)).hasSize(1);
        assertThat(AWS.queues().visible(name)).isZero();
        assertThat(AWS.queues().bodies(name)).hasSize(1);

        AWS.queues().purge(name);

        assertThat(AWS.queues().bodies(name)).isEmpty();
        assertThat(AWS.queues().exists(name)).isTrue();
        assertThat(AWS.queues().exists(name + "-other")).isFalse();
    }

    @Test
    void aMessageIsForgottenAfterItsRetention() {
        String brief = queue(name + "-brief", Map.of("MessageRetentionPeriod", "60"));
        send(brief, "m");
        CLOCK.forward(Duration.ofSeconds(60));

        assertThat(receive(brief)).isEmpty();
    }

    @Test
    void aFifoQueueKeepsTheOrderOfAGroupAndOneMessageForEachDeduplicationId() {
        String fifo = queue(name.substring(0, 30) + ".fifo", Map.of("FifoQueue", "true"));
        SendMessageResponse first = sendFifo(fifo, "a1", "a", "1");
        SendMessageResponse repeat = sendFifo(fifo, "a1", "a", "1");
        sendFifo(fifo, "a2", "a", "2");
        sendFifo(fifo, "b1", "b", "3");

        assertThat(repeat.messageId()).isEqualTo(first.messageId());
        assertThat(repeat.sequenceNumber()).isEqualTo(first.sequenceNumber());
        List<Message> received = receive(fifo, 1);
        assertThat(received).extracting(Message::body).containsExactly("a1");
        assertThat(receive(fifo)).extracting(Message::body).containsExactly("b1");
        SQS.deleteMessage(delete ->
                delete.queueUrl(fifo).receiptHandle(received.getFirst().receiptHandle()));
        assertThat(sendFifo(fifo, "a1", "a", "1").messageId()).isEqualTo(first.messageId());
        assertThat(receive(fifo)).singleElement().satisfies(message -> {
            assertThat(message.body()).isEqualTo("a2");
            assertThat(message.attributes())
                    .containsEntry(MessageSystemAttributeName.MESSAGE_GROUP_ID, "a")
                    .containsEntry(MessageSystemAttributeName.MESSAGE_DEDUPLICATION_ID, "2")
                    .containsKey(MessageSystemAttributeName.SEQUENCE_NUMBER);
        });
        CLOCK.forward(Duration.ofMinutes(5));
        assertThat(sendFifo(fifo, "a1", "a", "1").messageId()).isNotEqualTo(first.messageId());
    }

    @Test
    void aFifoQueueWantsAGroupAndADeduplicationIdAndAStandardQueueNone() {
        String fifo = queue(name.substring(0, 30) + ".fifo", Map.of("FifoQueue", "true"));
        String byContent = queue(
                name.substring(0, 30) + "-c.fifo", Map.of("FifoQueue", "true", "ContentBasedDeduplication", "true"));

        assertThatThrownBy(() -> send(fifo, "m")).hasMessageContaining("MessageGroupId");
        assertThatThrownBy(() -> SQS.sendMessage(
                        send -> send.queueUrl(fifo).messageBody("m").messageGroupId("g")))
                .hasMessageContaining("MessageDeduplicationId");
        assertThatThrownBy(() -> sendFifo(queue, "m", "g", "1")).hasMessageContaining("MessageDeduplicationId");
        for (int sends = 0; sends < 2; sends++) {
            SQS.sendMessage(send -> send.queueUrl(byContent).messageBody("m").messageGroupId("g"));
        }
        assertThat(receive(byContent)).hasSize(1);
    }

    private static String queue(String name, Map<String, String> attributes) {
        return AWS.queues().create(name, attributes).toString();
    }

    private static void send(String queue, String body) {
        SQS.sendMessage(send -> send.queueUrl(queue).messageBody(body));
    }

    private static SendMessageResponse sendFifo(String queue, String body, String group, String deduplicationId) {
        return SQS.sendMessage(send ->
                send.queueUrl(queue).messageBody(body).messageGroupId(group).messageDeduplicationId(deduplicationId));
    }

    private static SendMessageBatchRequestEntry entry(String id, String body) {
        return SendMessageBatchRequestEntry.builder().id(id).messageBody(body).build();
    }

    private static List<Message> receive(String queue) {
        return receive(queue, 10);
    }

    private static List<Message> receive(String queue, int limit) {
        return SQS.receiveMessage(receive -> receive.queueUrl(queue)
                        .maxNumberOfMessages(limit)
                        .messageAttributeNames("All")
                        .messageSystemAttributeNames(MessageSystemAttributeName.ALL))
                .messages();
    }

    private String count(QueueAttributeName attribute) {
        return SQS.getQueueAttributes(get -> get.queueUrl(queue).attributeNames(attribute))
                .attributes()
                .getOrDefault(attribute, "");
    }

    private static String millis(Duration after) {
        return String.valueOf(CLOCK.instant().plus(after).toEpochMilli());
    }
}
