package com.pantherkolab.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.pantherkolab.common.IsoMillis;
import com.pantherkolab.local.DeployedFunctions.Published;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.Record;
import tools.jackson.databind.JsonNode;

/// Events that AppSync refused come back from each place where they still are.
abstract class ReplayContract extends FunctionsContract {
    private static final int MESSAGES = 12;

    ReplayContract(Supplier<Deployed> place) {
        super(place);
    }

    @Test
    void fromTheParkedQueueInOrderAndTheQueueIsEmptyThen() {
        String conversation = refused();

        JsonNode answer = replayed("{'source':'parked','conversations':['%s']}".formatted(conversation));

        assertThat(answer.path("summary").path("published").intValue()).isEqualTo(2 * (MESSAGES + 1));
        assertAllInOrder(conversation);
        assertThat(replayed("{'source':'parked','dryRun':true,'conversations':['%s']}".formatted(conversation))
                        .path("planned"))
                .isEmpty();
    }

    @Test
    void fromTheStream() {
        String conversation = refused();

        replayed("{'source':'stream','conversations':['%s']}".formatted(conversation));

        assertAllInOrder(conversation);
    }

    @Test
    void fromTheStreamFromATimeOn() {
        String conversation = refused();
        Instant fifth = LambdaRecords.createdAt(records(conversation).get(5).dynamodb());

        assertThat(replayed("{'source':'stream','dryRun':true,'from':'%s','conversations':['%s']}"
                                .formatted(IsoMillis.format(fifth), conversation))
                        .path("planned")
                        .size())
                .isBetween(MESSAGES + 1 - 5, MESSAGES + 1);
        assertThat(replayed("{'source':'stream','dryRun':true,'from':'%s','conversations':['%s']}"
                                .formatted(IsoMillis.format(fifth.plusSeconds(3_600)), conversation))
                        .path("planned"))
                .isEmpty();
    }

    @Test
    void fromTheTableByQuery() {
        String conversation = refused();

        replayed("{'source':'table','conversations':['%s']}".formatted(conversation));

        assertAllInOrder(conversation);
    }

    @Test
    void fromTheTableByScan() {
        String conversation = refused();

        replayed("{'source':'table','users':['%s'],'rate':1000}".formatted(bob));

        assertAllInOrder(conversation);
    }

    @Test
    void fromTheDocumentsOfTheFailureBucket() {
        String conversation = refused();
        giveUp(records(conversation));

        replayed("{'source':'failures','conversations':['%s']}".formatted(conversation));

        assertAllInOrder(conversation);
    }

    /// A conversation whose every event AppSync refused.
    private String refused() {
        functions.refuse(1, 400);
        String conversation = functions.conversation(alice, List.of(bob));
        for (int i = 1; i <= MESSAGES; i++) {
            assertThat(functions.send(alice, conversation, "no. " + i).status()).isEqualTo(200);
        }
        functions.awaitHandled();
        functions.mend();
        assertThat(events(conversation)).isEmpty();
        return conversation;
    }

    private JsonNode replayed(String request) {
        JsonNode answer = functions.replay(request);
        assertThat(answer.path("done").booleanValue()).as(answer.toString()).isTrue();
        return answer;
    }

    private void assertAllInOrder(String conversation) {
        List<Published> events = events(conversation);
        assertThat(events).extracting(Published::type).startsWith("CONVERSATION_CREATED");
        assertThat(events.stream()
                        .filter(it -> it.type().equals("MESSAGE_SENT"))
                        .map(it -> it.data().path("sequence").intValue()))
                .isEqualTo(IntStream.rangeClosed(1, MESSAGES).boxed().toList());
    }

    private List<Published> events(String conversation) {
        return functions.published("/chats/" + bob).stream()
                .filter(it -> it.data().path("conversationId").stringValue().equals(conversation))
                .toList();
    }

    private List<Record> records(String conversation) {
        return StreamedRecords.of(deployed.stream("OutboxTable"), conversation);
    }

    /// As the mapping does, in batches of three.
    private void giveUp(List<Record> records) {
        FailureDocuments documents = new FailureDocuments(
                Deployed.deployment().streams().stream()
                        .filter(one -> one.function().equals("streamPublisher"))
                        .findFirst()
                        .orElseThrow(),
                deployed.stream("OutboxTable").arn(),
                FailureDestination.bucket(deployed::storage, deployed.name("FailureBucket")),
                Clock.systemUTC(),
                () -> UUID.randomUUID().toString());
        GivenUp.keep(documents, records);
    }
}
