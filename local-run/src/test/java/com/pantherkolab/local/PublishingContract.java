package com.pantherkolab.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.pantherkolab.common.Aggregate;
import com.pantherkolab.common.Json;
import com.pantherkolab.common.OutboxAttributes;
import com.pantherkolab.common.OutboxEntry;
import com.pantherkolab.local.DeployedFunctions.Published;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.sqs.model.Message;
import tools.jackson.databind.JsonNode;

/// From the commit to AppSync, and where that refuses, to the parked queue and the failure bucket.
abstract class PublishingContract extends FunctionsContract {
    private static final int MESSAGES = 12;

    PublishingContract(Supplier<Deployed> place) {
        super(place);
    }

    @Test
    void whatCommittedIsPublishedToEveryParticipantOnceAndInOrder() {
        String conversation = functions.conversation(alice, List.of(bob));
        send(conversation);

        functions.awaitHandled();

        for (String user : List.of(alice, bob)) {
            assertThat(events(user, conversation)).extracting(Published::type).startsWith("CONVERSATION_CREATED");
            assertThat(sequences(user, conversation)).isEqualTo(inOrder());
            assertThat(events(user, conversation))
                    .extracting(it -> it.event().path("id").stringValue())
                    .doesNotHaveDuplicates()
                    .containsExactlyInAnyOrderElementsOf(deployed.outbox(Aggregate.conversation(conversation)).stream()
                            .map(OutboxEntry::eventId)
                            .toList());
        }
    }

    @Test
    void anOutageWaitsInTheStreamAndNothingIsLostOrOutOfOrder() {
        String conversation = functions.conversation(alice, List.of(bob));
        functions.refuse(1, 503);
        send(conversation);
        functions.mend();

        functions.awaitHandled();

        assertThat(sequences(bob, conversation)).isEqualTo(inOrder());
        assertThat(parked(conversation)).isEmpty();
    }

    @Test
    void whatManyLanesAreRefusedIsPointedToInTheParkedQueueEachOnce() {
        List<String> others = IntStream.rangeClosed(1, 60)
                .mapToObj(i -> "u%d-%s".formatted(i, run))
                .toList();
        functions.refuse(1, 400);
        String conversation = functions.conversation(alice, others);

        functions.awaitHandled();

        assertThat(parked(conversation))
                .extracting(pointer -> pointer.path("channel").stringValue())
                .containsExactlyInAnyOrderElementsOf(Stream.concat(Stream.of(alice), others.stream())
                        .map(user -> "/chats/" + user)
                        .toList());
        assertThat(events(alice, conversation)).isEmpty();
    }

    @Test
    void aRecordThatNobodyCanReadIsKeptAsItIsInTheFailureBucketAndHoldsNothingUp() {
        String conversation = functions.conversation(alice, List.of(bob));
        deployed.dynamo().putItem(put -> put.tableName(deployed.tables().outbox())
                .item(Map.of(
                        OutboxAttributes.AGGREGATE,
                        AttributeValue.fromS(
                                Aggregate.conversation(conversation).key()),
                        OutboxAttributes.EVENT_ID,
                        AttributeValue.fromS("no-entry-" + run),
                        OutboxAttributes.ENTRY,
                        AttributeValue.fromS("{\"no\":\"entry\"}"))));
        send(conversation);

        functions.awaitHandled();

        assertThat(sequences(bob, conversation)).isEqualTo(inOrder());
        assertThat(unreadable())
                .filteredOn(document -> document.contains("no-entry-" + run))
                .singleElement()
                .satisfies(document -> {
                    JsonNode kept = Json.mapper().readTree(document);
                    assertThat(kept.path("reason").stringValue()).isNotBlank();
                    assertThat(Json.mapper()
                                    .readTree(kept.path("payload").stringValue())
                                    .at("/Records/0/dynamodb/NewImage/entry/S")
                                    .stringValue())
                            .isEqualTo("{\"no\":\"entry\"}");
                });
    }

    private void send(String conversation) {
        for (int i = 1; i <= MESSAGES; i++) {
            assertThat(functions.send(alice, conversation, "no. " + i).status()).isEqualTo(200);
        }
    }

    private static List<Integer> inOrder() {
        return IntStream.rangeClosed(1, MESSAGES).boxed().toList();
    }

    private List<Published> events(String user, String conversation) {
        return functions.published("/chats/" + user).stream()
                .filter(it -> it.data().path("conversationId").stringValue().equals(conversation))
                .toList();
    }

    private List<Integer> sequences(String user, String conversation) {
        return events(user, conversation).stream()
                .filter(it -> it.type().equals("MESSAGE_SENT"))
                .map(it -> it.data().path("sequence").intValue())
                .toList();
    }

    /// The pointers to events of a conversation, each as often as it is in the queue.
    private List<JsonNode> parked(String conversation) {
        Set<Message> found = new HashSet<>();
        List<Message> batch;
        do {
            batch = deployed.queues()
                    .receiveMessage(receive -> receive.queueUrl(deployed.name("ParkedEventsQueue"))
                            .maxNumberOfMessages(10)
                            .visibilityTimeout(60))
                    .messages();
            found.addAll(batch);
        } while (!batch.isEmpty());
        return found.stream()
                .map(message -> Json.mapper().readTree(message.body()))
                .filter(pointer -> pointer.path("aggregate")
                        .stringValue()
                        .equals(Aggregate.conversation(conversation).key()))
                .toList();
    }

    private List<String> unreadable() {
        String bucket = deployed.name("FailureBucket");
        return deployed.storage().listObjectsV2(list -> list.bucket(bucket).prefix("unreadable/")).contents().stream()
                .map(S3Object::key)
                .map(key -> deployed.storage()
                        .getObjectAsBytes(get -> get.bucket(bucket).key(key))
                        .asString(StandardCharsets.UTF_8))
                .toList();
    }
}
