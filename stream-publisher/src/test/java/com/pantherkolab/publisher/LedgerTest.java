package com.pantherkolab.publisher;

import static com.pantherkolab.publisher.Samples.ALICE;
import static com.pantherkolab.publisher.Samples.BOB;
import static com.pantherkolab.publisher.Samples.entry;
import static com.pantherkolab.publisher.Samples.insert;
import static com.pantherkolab.publisher.Samples.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.amazonaws.services.lambda.runtime.events.DynamodbEvent.DynamodbStreamRecord;
import com.pantherkolab.common.Aggregate;
import com.pantherkolab.common.Channel;
import com.pantherkolab.common.Event;
import com.pantherkolab.common.OutboxEntry;
import com.pantherkolab.common.Publication;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/// What a repeated batch sends again: nothing, as long as the instance is warm.
class LedgerTest {
    private final VirtualTime time = new VirtualTime();
    private final MemoryParkedEvents parked = new MemoryParkedEvents();
    private final PublisherTotals totals = new PublisherTotals();
    private final WarmLedger ledger = new WarmLedger();
    private final FakeAppSync appSync = new FakeAppSync();
    private final StreamPublisher warm = publisher(ledger);

    @Test
    void afterAPartialFailureNothingIsSentAgainAndOtherChannelsLaterEventsComeBeforeTheRetry()
            throws InterruptedException {
        List<DynamodbStreamRecord> records = new ArrayList<>(List.of(
                insert("1", message("c1", 1, ALICE, BOB)),
                insert("2", message("c2", 1, ALICE, BOB)),
                insert("3", message("c1", 2, ALICE, BOB))));
        ScriptedMapping mapping = new ScriptedMapping(time, records);
        appSync.weather(failing(ALICE));
        mapping.invoke(warm);
        assertThat(arrived())
                .containsExactlyInAnyOrder(
                        "c2-1 to /chats/alice", "c1-1 to /chats/bob", "c2-1 to /chats/bob", "c1-2 to /chats/bob");

        records.add(insert("4", message("c1", 3, ALICE, BOB)));
        appSync.weather(LedgerTest::acknowledge);
        int before = appSync.requests().size();
        mapping.invoke(warm);

        assertThat(arrived()).hasSize(8).doesNotHaveDuplicates();
        assertThat(appSync.requests().subList(before, appSync.requests().size()))
                .extracting(request -> FakeAppSync.ids(request) + " to " + request.channel())
                .containsExactlyInAnyOrder(
                        "[c1-1] to /chats/alice",
                        "[c1-2] to /chats/alice",
                        "[c1-3] to /chats/alice",
                        "[c1-3] to /chats/bob");
        assertThat(totals.totals().skipped()).isEqualTo(4);
    }

    @Test
    void whatTheCheckpointHasPassedIsForgotten() throws InterruptedException {
        ScriptedMapping mapping = new ScriptedMapping(
                time,
                List.of(
                        insert("1", message("c1", 1, BOB)),
                        insert("2", message("c1", 2, ALICE, BOB)),
                        insert("3", message("c1", 3, BOB))));
        appSync.weather(failing(ALICE));
        mapping.invoke(warm);
        assertThat(ledger.size()).as("c1-2 and c1-3 to bob").isEqualTo(2);

        appSync.weather(LedgerTest::acknowledge);
        mapping.invoke(warm);
        assertThat(ledger.size()).isZero();
    }

    @Test
    void aColdInstanceSendsAgainUnderTheSameId() throws InterruptedException {
        ScriptedMapping mapping = new ScriptedMapping(time, List.of(insert("1", message("c1", 1, ALICE, BOB))));
        appSync.weather(failing(ALICE));
        mapping.invoke(warm);
        appSync.weather(LedgerTest::acknowledge);
        mapping.invoke(publisher(new WarmLedger()));

        assertThat(arrived())
                .containsExactlyInAnyOrder("c1-1 to /chats/bob", "c1-1 to /chats/bob", "c1-1 to /chats/alice");
    }

    @Test
    void withoutALedgerAsInAReplayEverythingIsSentAgain() throws InterruptedException {
        StreamPublisher replaying = publisher(Ledger.NONE);
        for (int i = 0; i < 2; i++) {
            new ScriptedMapping(time, List.of(insert("1", message("c1", 1, BOB)))).invoke(replaying);
        }

        assertThat(arrived()).containsExactly("c1-1 to /chats/bob", "c1-1 to /chats/bob");
        assertThat(totals.totals()).isEqualTo(Counts.PUBLISHED.times(2));
    }

    @Test
    void whatWasParkedIsNeitherSentNorParkedAgain() throws InterruptedException {
        ScriptedMapping mapping = new ScriptedMapping(time, List.of(insert("1", message("c1", 1, ALICE, BOB))));
        appSync.weather(request -> request.channel().equals(BOB)
                ? Behaviour.status(400, "BadRequestException")
                : failing(ALICE).apply(request));
        mapping.invoke(warm);
        mapping.invoke(warm);

        assertThat(appSync.requests())
                .filteredOn(request -> request.channel().equals(BOB))
                .hasSize(1);
        assertThat(parked.latest()).hasSize(1);
        assertThat(totals.totals().parked()).isEqualTo(1);
        assertThat(totals.totals().skipped()).isEqualTo(1);
    }

    @Test
    void whatHasExpiredIsCountedOnceAlsoWhenItsRecordComesAgain() throws InterruptedException {
        ScriptedMapping mapping = new ScriptedMapping(
                time,
                List.of(
                        insert("1", message("c1", 1, ALICE)),
                        insert("2", entry("c2", 1, "{}", VirtualTime.START.minusSeconds(1), BOB))));
        appSync.weather(failing(ALICE));
        mapping.invoke(warm);
        appSync.weather(LedgerTest::acknowledge);
        mapping.invoke(warm);

        assertThat(arrived()).containsExactly("c1-1 to /chats/alice");
        assertThat(totals.totals().expired()).isEqualTo(1);
        assertThat(totals.totals().skipped()).isEqualTo(1);
    }

    @Test
    void anEphemeralEventHasItsOneAttemptAlsoWhenItsRecordComesAgain() throws InterruptedException {
        ScriptedMapping mapping =
                new ScriptedMapping(time, List.of(insert("1", message("c1", 1, ALICE)), insert("2", typing(BOB))));
        appSync.weather(_ -> Behaviour.status(503, "ServiceUnavailable"));
        mapping.invoke(warm);
        mapping.invoke(warm);

        assertThat(appSync.requests())
                .filteredOn(request -> request.channel().equals(BOB))
                .hasSize(1);
        assertThat(totals.totals().dropped()).isEqualTo(1);
        assertThat(totals.totals().skipped()).isEqualTo(1);
    }

    @Test
    void afterAnInvocationThatFailedNothingThatCameThroughIsSentAgain() throws InterruptedException {
        ScriptedMapping mapping = new ScriptedMapping(time, List.of(insert("1", message("c1", 1, ALICE, BOB))));
        appSync.weather(request -> {
            if (request.channel().equals(ALICE)) {
                throw new IllegalStateException("a bug");
            }
            return acknowledge(request);
        });
        assertThat(catchThrowable(() -> mapping.invoke(warm))).isInstanceOf(IllegalStateException.class);
        appSync.weather(LedgerTest::acknowledge);
        mapping.invoke(warm);

        assertThat(arrived()).containsExactlyInAnyOrder("c1-1 to /chats/bob", "c1-1 to /chats/alice");
    }

    private StreamPublisher publisher(Ledger memory) {
        return Samples.publisher(appSync, time, parked, totals, memory, new Patience(PublisherBeans.PATIENCE));
    }

    private List<String> arrived() {
        return appSync.taken().stream()
                .map(taken -> taken.id() + " to " + taken.channel())
                .toList();
    }

    /// Of each request to the channel the first event fails.
    private static Function<PublishRequest, Behaviour> failing(Channel channel) {
        return request -> request.channel().equals(channel)
                ? Behaviour.fail(request.events().size(), Map.of(0, "InternalFailure"))
                : acknowledge(request);
    }

    private static Behaviour acknowledge(PublishRequest request) {
        return Behaviour.acknowledge(request.events().size());
    }

    private static OutboxEntry typing(Channel channel) {
        return new OutboxEntry(
                Aggregate.conversation("c1"),
                "typing",
                0,
                VirtualTime.START,
                List.of(new Publication(
                        Event.Type.USER_TYPING, 1, "{}", List.of(channel), VirtualTime.START.plusSeconds(3_600))));
    }
}
