package com.pantherkolab.publisher;

import static com.pantherkolab.publisher.Samples.ALICE;
import static com.pantherkolab.publisher.Samples.BOB;
import static com.pantherkolab.publisher.Samples.channel;
import static com.pantherkolab.publisher.Samples.entry;
import static com.pantherkolab.publisher.Samples.insert;
import static com.pantherkolab.publisher.Samples.message;
import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.DynamodbEvent.DynamodbStreamRecord;
import com.pantherkolab.common.Aggregate;
import com.pantherkolab.common.Channel;
import com.pantherkolab.common.metrics.Metrics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The failure policy from outside: a mapping that repeats, an AppSync that is down or bad in one place, and time
/// that passes only here.
@Timeout(120)
class FailureTest {
    private static final Behaviour DOWN = Behaviour.status(503, "ServiceUnavailable");

    private final VirtualTime time = new VirtualTime();
    private final MemoryParkedEvents parked = new MemoryParkedEvents();
    private final PublisherTotals totals = new PublisherTotals();
    private final WarmLedger ledger = new WarmLedger();
    private final Patience patience = new Patience(PublisherBeans.PATIENCE);

    // ------------------------------------------------------------------------------------------ an outage

    @Test
    void afterTenMinutesWithoutAppSyncEverythingUnexpiredArrivesInOrderWithoutAnOperator() throws InterruptedException {
        List<DynamodbStreamRecord> records = new ArrayList<>();
        for (int i = 1; i <= 250; i++) {
            Instant expiry = i % 50 == 0 ? VirtualTime.START.plusSeconds(45) : null;
            records.add(insert(String.valueOf(i), entry("c" + i % 3, i, "{}", expiry, ALICE, BOB, channel("carol"))));
        }
        FakeAppSync appSync = downUntil(Duration.ofMinutes(10), time);
        ScriptedMapping mapping = new ScriptedMapping(time, records);

        mapping.runToTheEnd(publisher(appSync));

        assertThat(time.slept()).isBetween(Duration.ofMinutes(10), Duration.ofMinutes(11));
        assertThat(parked.latest()).isEmpty();
        assertThat(totals.totals().published()).isEqualTo(3 * 245);
        assertThat(totals.totals().expired()).isEqualTo(3 * 5);
        assertThat(totals.totals().backwards()).isZero();
        for (Channel channel : List.of(ALICE, BOB, channel("carol"))) {
            for (int conversation = 0; conversation < 3; conversation++) {
                String prefix = "c" + conversation + "-";
                assertThat(arrived(appSync, channel))
                        .filteredOn(id -> id.startsWith(prefix))
                        .isEqualTo(committed(conversation));
            }
        }
        assertThat(patience.size()).isZero();
        assertThat(ledger.size()).isZero();
    }

    private static List<String> committed(int conversation) {
        return IntStream.rangeClosed(1, 250)
                .filter(i -> i % 3 == conversation && i % 50 != 0)
                .mapToObj(i -> "c" + conversation + "-" + i)
                .toList();
    }

    @Test
    void anOutageThatOutlastsEveryPatienceParksNothing() throws InterruptedException {
        FakeAppSync appSync = downUntil(Duration.ofHours(11), time);

        new ScriptedMapping(time, messages(20, ALICE, BOB)).runToTheEnd(publisher(appSync));

        assertThat(parked.latest()).isEmpty();
        assertThat(totals.totals().published()).isEqualTo(40);
    }

    @Test
    void anOpenBreakerWaitsInsideTheInvocationAndProbes() throws InterruptedException {
        SharedTime shared = new SharedTime().expect(60);
        FakeAppSync appSync = downUntil(Duration.ofSeconds(30), shared);
        ScriptedMapping mapping = new ScriptedMapping(shared, messages(1, sixty()));

        mapping.runToTheEnd(publisher(appSync, shared));

        assertThat(mapping.invocations()).isEqualTo(1);
        assertThat(totals.totals().published()).isEqualTo(60);
        assertThat(shared.slept()).isBetween(Duration.ofSeconds(30), Duration.ofSeconds(36));
        // Five probes every two seconds; the lanes by themselves would have tried some twenty times each.
        assertThat(totals.totals().retried()).isLessThan(60 + 5 * 15 + 60);
    }

    @Test
    void anOpenBreakerIsWaitedForUntilTheDeadlineAndNotLonger() throws InterruptedException {
        Channel[] channels =
                IntStream.range(0, 60).mapToObj(i -> channel("u" + i)).toArray(Channel[]::new);
        Instant deadline = time.instant().plusSeconds(52);
        FakeAppSync appSync = new FakeAppSync(_ -> {
            assertThat(time.instant()).isBefore(deadline);
            return DOWN;
        });
        ScriptedMapping mapping = new ScriptedMapping(time, messages(1, channels));

        mapping.invoke(publisher(appSync));

        assertThat(time.slept()).isBetween(Duration.ofSeconds(52), Duration.ofSeconds(53));
        assertThat(totals.totals().returned()).isEqualTo(60);
    }

    @Test
    void whatExpiresWhileTheBreakerIsOpenIsNotSentAndTheRestIs() throws InterruptedException {
        SharedTime shared = new SharedTime().expect(60);
        Instant expiry = VirtualTime.START.plusSeconds(20);
        FakeAppSync appSync = downUntil(Duration.ofSeconds(30), shared);
        ScriptedMapping mapping = new ScriptedMapping(
                shared,
                List.of(insert("1", entry("c1", 1, "{}", expiry, sixty())), insert("2", message("c1", 2, sixty()))));

        mapping.runToTheEnd(publisher(appSync, shared));

        assertThat(mapping.invocations()).isEqualTo(1);
        assertThat(totals.totals().expired()).isEqualTo(60);
        assertThat(totals.totals().published()).isEqualTo(60);
        assertThat(appSync.taken()).extracting(FakeAppSync.Taken::id).containsOnly("c1-2");
    }

    // ------------------------------------------------------------------------------------------ one bad channel

    @Test
    void oneBadChannelIsParkedAfterFiveMinutesAndHoldsTheShardNoLonger() throws InterruptedException {
        FakeAppSync appSync = new FakeAppSync(request -> request.channel().equals(BOB)
                ? Behaviour.fail(request.events().size(), Map.of(0, "InternalFailure"))
                : acknowledge(request));
        List<DynamodbStreamRecord> records = new ArrayList<>(messages(20, BOB));
        ScriptedMapping mapping = new ScriptedMapping(time, records);
        StreamPublisher publisher = publisher(appSync);
        mapping.invoke(publisher);
        // From here on time counts: there is somebody to compare with.
        for (int i = 21; i <= 40; i++) {
            records.add(insert(String.valueOf(i), message("c1", i, ALICE)));
        }
        Instant since = time.instant();
        while (time.slept().compareTo(Duration.between(VirtualTime.START, since).plusMinutes(4)) < 0) {
            mapping.invoke(publisher);
        }
        assertThat(parked.latest()).isEmpty();
        assertThat(arrived(appSync, ALICE)).hasSize(20);

        mapping.runToTheEnd(publisher);

        assertThat(Duration.between(since, time.instant())).isBetween(Duration.ofMinutes(5), Duration.ofMinutes(6));
        assertThat(parked.latest())
                .hasSize(20)
                .startsWith(new Parked.Undelivered(
                        Aggregate.conversation("c1"), "c1-1", BOB, "RETRYABLE_TOO_LONG InternalFailure"));
        assertThat(totals.totals().parked()).isEqualTo(20);
        assertThat(arrived(appSync, ALICE)).hasSize(20);
        assertThat(patience.size()).isZero();
    }

    @Test
    void aChannelThatRecoversWithinFiveMinutesGetsEverything() throws InterruptedException {
        FakeAppSync appSync = new FakeAppSync(request ->
                request.channel().equals(BOB) && !isOver(Duration.ofSeconds(290), time) ? DOWN : acknowledge(request));

        new ScriptedMapping(time, messages(20, ALICE, BOB)).runToTheEnd(publisher(appSync));

        assertThat(parked.latest()).isEmpty();
        assertThat(arrived(appSync, BOB)).isEqualTo(arrived(appSync, ALICE)).hasSize(20);
    }

    @Test
    void aBadChannelThatLooksLikeAnOutageDoesNotShutTheGateForTheOthers() throws InterruptedException {
        SharedTime shared = new SharedTime().expect(1);
        FakeAppSync appSync = new FakeAppSync(request -> request.channel().equals(BOB) ? DOWN : acknowledge(request));
        List<DynamodbStreamRecord> records = new ArrayList<>(List.of(insert("1", message("c1", 1, BOB))));
        ScriptedMapping mapping = new ScriptedMapping(shared, records);
        StreamPublisher publisher = publisher(appSync, shared);
        // The bad one is alone, and shuts the gate.
        mapping.invoke(publisher);
        for (int i = 2; i <= 5; i++) {
            records.add(insert(String.valueOf(i), message("c2", i, sixty())));
        }

        shared.expect(61);
        mapping.invoke(publisher);

        assertThat(totals.totals().published()).isEqualTo(4 * 60);
        assertThat(totals.totals().returned()).isEqualTo(2);
    }

    // ------------------------------------------------------------------------------------------ poison

    enum Poison {
        UNREADABLE,
        UNKNOWN_TYPE,
        OVERSIZE,
        REJECTED_ALONE,
        REJECTED_WITH_ITS_REQUEST,
        TOO_LARGE_FOR_APPSYNC
    }

    @ParameterizedTest
    @EnumSource
    void onePoisonedEntryAmongAThousandIsParkedAndDelaysNobody(Poison poison) throws InterruptedException {
        List<DynamodbStreamRecord> records = new ArrayList<>();
        for (int i = 1; i <= 1_000; i++) {
            records.add(insert(String.valueOf(i), message("c" + i % 10, i, ALICE, BOB)));
        }
        String victim = "c0-550";
        records.set(
                549,
                insert("550", poisoned(poison, message("c0", 550, ALICE, BOB).toJson())));
        FakeAppSync appSync = new FakeAppSync(request -> answer(poison, victim, request));
        ScriptedMapping mapping = new ScriptedMapping(time, records);

        mapping.runToTheEnd(publisher(appSync));

        assertThat(mapping.invocations()).as("none was repeated").isEqualTo(10);
        assertThat(totals.totals().published()).isEqualTo(2 * 999);
        assertThat(totals.totals().backwards()).isZero();
        assertThat(appSync.taken()).hasSize(2 * 999).noneMatch(taken -> taken.id()
                .equals(victim));
        assertThat(parked.latest()).containsExactlyInAnyOrderElementsOf(expected(poison, records.get(549)));
    }

    private static String poisoned(Poison poison, String entry) {
        return switch (poison) {
            case UNREADABLE -> entry.substring(1);
            case UNKNOWN_TYPE -> entry.replace("MESSAGE_SENT", "NO_SUCH_EVENT");
            case OVERSIZE -> entry.replace("{\\\"sequence\\\":550}", "{\\\"x\\\":\\\"" + "x".repeat(240_000) + "\\\"}");
            case REJECTED_ALONE, REJECTED_WITH_ITS_REQUEST, TOO_LARGE_FOR_APPSYNC -> entry;
        };
    }

    private static Behaviour answer(Poison poison, String victim, PublishRequest request) {
        int index = FakeAppSync.ids(request).indexOf(victim);
        int events = request.events().size();
        return index < 0
                ? acknowledge(request)
                : switch (poison) {
                    case REJECTED_ALONE -> Behaviour.fail(events, Map.of(index, "BadRequestException"));
                    case REJECTED_WITH_ITS_REQUEST -> Behaviour.status(400, "BadRequestException");
                    case TOO_LARGE_FOR_APPSYNC -> Behaviour.status(413, "RequestEntityTooLarge");
                    case UNREADABLE, UNKNOWN_TYPE, OVERSIZE -> throw new AssertionError("it was sent");
                };
    }

    private static List<Parked> expected(Poison poison, DynamodbStreamRecord record) {
        return switch (poison) {
            case UNREADABLE, UNKNOWN_TYPE, OVERSIZE -> List.of(new Parked.Unreadable(record, "NOT_AN_ENTRY"));
            case REJECTED_ALONE -> refusedOnBoth("BadRequestException");
            case REJECTED_WITH_ITS_REQUEST -> refusedOnBoth("400 BadRequestException");
            case TOO_LARGE_FOR_APPSYNC -> refusedOnBoth("413 RequestEntityTooLarge");
        };
    }

    private static List<Parked> refusedOnBoth(String reason) {
        return List.of(
                new Parked.Undelivered(Aggregate.conversation("c0"), "c0-550", ALICE, reason),
                new Parked.Undelivered(Aggregate.conversation("c0"), "c0-550", BOB, reason));
    }

    // ------------------------------------------------------------------------------------------ size

    @Test
    void aMessageToNinetyCostsNinetyRequestsAndTenThousandOfThemNoMemory() throws InterruptedException {
        Channel[] everyone =
                IntStream.range(0, 90).mapToObj(i -> channel("u" + i)).toArray(Channel[]::new);
        Map<Channel, Integer> requests = new HashMap<>();
        ChannelPublisher appSync = request -> {
            synchronized (requests) {
                requests.merge(request.channel(), 1, Integer::sum);
            }
            return new PublishAnswer.Answered(request.events().stream()
                    .<PublishResult>map(_ -> new PublishResult.Published())
                    .toList());
        };
        OrderWatch orders = new OrderWatch();
        StreamPublisher publisher = new StreamPublisher(
                new ChannelLanes(
                        Samples.retrying(appSync, time, patience),
                        new Settlement(parked, ledger, orders, totals, time)),
                parked,
                totals,
                new Figures(Metrics.NONE),
                time,
                Duration.ofSeconds(60),
                Duration.ofSeconds(8));
        for (int batch = 0; batch < 100; batch++) {
            int first = batch * 100;
            new ScriptedMapping(
                            time,
                            IntStream.range(first, first + 100)
                                    .mapToObj(i -> insert(String.valueOf(i - first + 1), message("c1", i, everyone)))
                                    .toList())
                    .runToTheEnd(publisher);

            assertThat(requests.values().stream().mapToInt(Integer::intValue).sum())
                    .isLessThanOrEqualTo((batch + 1) * 100 * 90);
            assertThat(ledger.size()).isZero();
            assertThat(patience.size()).isZero();
            assertThat(orders.size()).isEqualTo(90);
        }
        assertThat(totals.totals()).isEqualTo(Counts.PUBLISHED.times(900_000));
    }

    // ------------------------------------------------------------------------------------------ the parts

    private StreamPublisher publisher(ChannelPublisher appSync) {
        return publisher(appSync, time);
    }

    private StreamPublisher publisher(ChannelPublisher appSync, VirtualTime clock) {
        return Samples.publisher(appSync, clock, parked, totals, ledger, patience);
    }

    private static FakeAppSync downUntil(Duration up, VirtualTime clock) {
        Function<PublishRequest, Behaviour> weather = request -> isOver(up, clock) ? acknowledge(request) : DOWN;
        return new FakeAppSync(weather);
    }

    private static boolean isOver(Duration outage, VirtualTime clock) {
        return !clock.instant().isBefore(VirtualTime.START.plus(outage));
    }

    private static Channel[] sixty() {
        return IntStream.range(0, 60).mapToObj(i -> channel("u" + i)).toArray(Channel[]::new);
    }

    private static Behaviour acknowledge(PublishRequest request) {
        return Behaviour.acknowledge(request.events().size());
    }

    /// Messages of one conversation, numbered from 1.
    private static List<DynamodbStreamRecord> messages(int count, Channel... channels) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(i -> insert(String.valueOf(i), message("c1", i, channels)))
                .toList();
    }

    private static List<String> arrived(FakeAppSync appSync, Channel channel) {
        return appSync.taken().stream()
                .filter(taken -> taken.channel().equals(channel))
                .map(FakeAppSync.Taken::id)
                .toList();
    }
}
