package com.pantherkolab.publisher;

import static com.pantherkolab.publisher.Samples.ALICE;
import static com.pantherkolab.publisher.Samples.BOB;
import static com.pantherkolab.publisher.Samples.batch;
import static com.pantherkolab.publisher.Samples.entry;
import static com.pantherkolab.publisher.Samples.insert;
import static com.pantherkolab.publisher.Samples.message;
import static com.pantherkolab.publisher.Samples.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.amazonaws.services.lambda.runtime.events.DynamodbEvent;
import com.amazonaws.services.lambda.runtime.events.DynamodbEvent.DynamodbStreamRecord;
import com.amazonaws.services.lambda.runtime.events.StreamsEventResponse;
import com.amazonaws.services.lambda.runtime.events.StreamsEventResponse.BatchItemFailure;
import com.pantherkolab.common.Aggregate;
import com.pantherkolab.common.Channel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.messaging.support.GenericMessage;

class StreamPublisherTest {
    private static final Behaviour BROKEN = Behaviour.status(503, "ServiceUnavailable");

    private static final ParkedEvents FULL = _ -> {
        throw new NotParkedException(new IllegalStateException("no room"));
    };

    private final VirtualTime time = new VirtualTime();
    private final MemoryParkedEvents parked = new MemoryParkedEvents();
    private final PublisherTotals totals = new PublisherTotals();
    private final NotedMetrics noted = new NotedMetrics();

    @Test
    void aBatchGoesToEveryChannelOfEveryEntry() throws InterruptedException {
        FakeAppSync appSync = new FakeAppSync();

        List<String> returned =
                publish(appSync, insert("1", message("c1", 1, ALICE, BOB)), insert("2", message("c1", 2, ALICE, BOB)));

        assertThat(returned).isEmpty();
        assertThat(arrived(appSync, ALICE)).containsExactly("c1-1", "c1-2");
        assertThat(arrived(appSync, BOB)).containsExactly("c1-1", "c1-2");
        assertThat(totals.totals()).isEqualTo(Counts.PUBLISHED.times(4));
    }

    @Test
    void anEmptyBatchIsDone() throws InterruptedException {
        assertThat(publish(new FakeAppSync())).isEmpty();
    }

    @Test
    void anEntryWithoutPublicationsIsDone() throws InterruptedException {
        String quiet = message("c1", 1, ALICE).toJson().replaceFirst("\"publications\":.*", "\"publications\":[]}");

        FakeAppSync appSync = new FakeAppSync();
        assertThat(publish(appSync, insert("1", quiet), insert("2", message("c1", 2, ALICE))))
                .isEmpty();
        assertThat(parked.latest()).isEmpty();
        assertThat(arrived(appSync, ALICE)).containsExactly("c1-2");
        assertThat(totals.totals()).isEqualTo(Counts.PUBLISHED);
    }

    @Test
    void oneChannelThatIsDownHoldsNoOtherUpAndItsLowestRecordIsReturned() throws InterruptedException {
        FakeAppSync appSync = down(BOB);

        List<String> returned = publish(
                appSync,
                insert("97", message("c1", 1, ALICE)),
                insert("98", message("c1", 2, ALICE, BOB)),
                insert("99", message("c1", 3, ALICE, BOB)),
                insert("100", message("c1", 4, ALICE)));

        assertThat(returned).containsExactly("98");
        assertThat(arrived(appSync, ALICE)).containsExactly("c1-1", "c1-2", "c1-3", "c1-4");
        assertThat(arrived(appSync, BOB)).isEmpty();
        assertThat(totals.totals().published()).isEqualTo(4);
        assertThat(totals.totals().returned()).isEqualTo(2);
    }

    @Test
    void ofTwoLanesThatAreDownTheLowerNumberIsReturnedComparedAsANumber() throws InterruptedException {
        List<String> returned =
                publish(down(ALICE, BOB), insert("100", message("c2", 1, BOB)), insert("99", message("c1", 1, ALICE)));

        assertThat(returned).containsExactly("99");
    }

    @Test
    void aLaneStopsAtItsFirstUndeliveredEventAndDoesNotOvertakeIt() throws InterruptedException {
        FakeAppSync appSync =
                new FakeAppSync(request -> FakeAppSync.ids(request).contains("c1-2")
                        ? Behaviour.fail(request.events().size(), Map.of(0, "InternalFailure"))
                        : Behaviour.acknowledge(request.events().size()));

        List<String> returned = publish(
                appSync,
                insert("1", message("c1", 1, ALICE)),
                insert("2", message("c1", 2, ALICE)),
                insert("3", message("c2", 1, ALICE)),
                insert("4", message("c1", 3, ALICE)));

        assertThat(returned).containsExactly("2");
        // What shared the request with it was delivered; what came after that request was not sent.
        assertThat(arrived(appSync, ALICE)).containsExactly("c1-1", "c2-1");
        assertThat(totals.totals().returned()).isEqualTo(2);
    }

    @Test
    void whatWaitsBehindADeliveryThatFailedBeginsItsTimeWithIt() throws InterruptedException {
        Patience patience = new Patience(PublisherBeans.PATIENCE);

        Samples.publisher(down(BOB), time, parked, totals, new WarmLedger(), patience)
                .publish(
                        batch(
                                insert("1", message("c1", 1, BOB)),
                                insert("2", message("c1", 2, ALICE, BOB)),
                                insert("3", message("c2", 1, BOB))),
                        time.in(Duration.ofSeconds(1)));

        assertThat(patience.size()).isEqualTo(3);
    }

    @Test
    void whatWaitsBehindADeliveryThatWasNeverTriedDoesNot() throws InterruptedException {
        Patience patience = new Patience(PublisherBeans.PATIENCE);

        Samples.publisher(down(BOB), time, parked, totals, new WarmLedger(), patience)
                .publish(
                        batch(insert("1", message("c1", 1, BOB)), insert("2", message("c1", 2, BOB))),
                        new Deadline(time.instant()));

        assertThat(patience.size()).isZero();
    }

    @Test
    void whenTheTimeIsUpAtTheBeginningTheFirstRecordIsReturnedAndNothingSent() throws InterruptedException {
        FakeAppSync appSync = new FakeAppSync();

        List<String> returned = returned(publisher(appSync)
                .publish(
                        batch(insert("5", message("c1", 1, ALICE)), insert("6", message("c2", 1, BOB))),
                        new Deadline(time.instant())));

        assertThat(returned).containsExactly("5");
        assertThat(appSync.requests()).isEmpty();
    }

    @Test
    void whatIsRejectedIsParkedAndTheLaneGoesOn() throws InterruptedException {
        FakeAppSync appSync =
                new FakeAppSync(request -> FakeAppSync.ids(request).contains("c1-1")
                        ? Behaviour.status(400, "BadRequestException")
                        : Behaviour.acknowledge(request.events().size()));

        List<String> returned =
                publish(appSync, insert("1", message("c1", 1, ALICE)), insert("2", message("c1", 2, ALICE)));

        assertThat(returned).isEmpty();
        assertThat(arrived(appSync, ALICE)).containsExactly("c1-2");
        assertThat(parked.latest())
                .containsExactly(
                        new Parked.Undelivered(Aggregate.conversation("c1"), "c1-1", ALICE, "400 BadRequestException"));
        assertThat(totals.totals()).isEqualTo(Counts.PUBLISHED.plus(Counts.PARKED));
    }

    @Test
    void whatIsRejectedIsParkedBeforeAnythingBehindItGoesOut() throws InterruptedException {
        FakeAppSync appSync = new FakeAppSync(request -> {
            if (FakeAppSync.ids(request).contains("c1-1")) {
                return Behaviour.status(400, "BadRequestException");
            }
            assertThat(parked.latest()).hasSize(1);
            return Behaviour.acknowledge(request.events().size());
        });

        assertThat(publish(appSync, insert("1", message("c1", 1, ALICE)), insert("2", message("c1", 2, ALICE))))
                .isEmpty();
    }

    @Test
    void aRecordThatCannotBeReadIsParkedAndHoldsNothingUp() throws InterruptedException {
        FakeAppSync appSync = new FakeAppSync();
        DynamodbStreamRecord unreadable = insert("2", "{}");

        List<String> returned = publish(
                appSync, insert("1", message("c1", 1, ALICE)), unreadable, insert("3", message("c1", 2, ALICE)));

        assertThat(returned).isEmpty();
        assertThat(arrived(appSync, ALICE)).containsExactly("c1-1", "c1-2");
        assertThat(parked.latest()).containsExactly(new Parked.Unreadable(unreadable, "NOT_AN_ENTRY"));
        assertThat(totals.totals()).isEqualTo(Counts.PUBLISHED.times(2).plus(Counts.PARKED));
    }

    @Test
    void halfASurrogatePairBreaksNoBatch() throws InterruptedException {
        FakeAppSync appSync = new FakeAppSync();
        String half = message("c1", 1, ALICE).toJson().replace("\\\"sequence\\\"", "\\\"\\ud800\\\"");

        assertThat(publish(appSync, insert("1", half), insert("2", message("c1", 2, ALICE))))
                .isEmpty();
        assertThat(arrived(appSync, ALICE)).containsExactly("c1-1", "c1-2");
        assertThat(appSync.requests().getFirst().body())
                .asString(StandardCharsets.UTF_8)
                .contains("\\uD800");
    }

    @Test
    void deletionsAndChangesAreIgnored() throws InterruptedException {
        assertThat(publish(new FakeAppSync(), record("REMOVE", "1", null), record("MODIFY", "2", Map.of())))
                .isEmpty();
        assertThat(parked.latest()).isEmpty();
        assertThat(totals.totals()).isEqualTo(Counts.NONE);
    }

    @Test
    void whatHasExpiredIsCountedAndNotReturned() throws InterruptedException {
        assertThat(publish(new FakeAppSync(), insert("1", entry("c1", 1, "{}", time.instant(), ALICE))))
                .isEmpty();
        assertThat(totals.totals()).isEqualTo(Counts.EXPIRED);
    }

    @Test
    void attemptsAfterTheFirstAreCounted() throws InterruptedException {
        publish(FakeAppSync.scripted(BROKEN, BROKEN), insert("1", message("c1", 1, ALICE)));

        assertThat(totals.totals()).isEqualTo(Counts.PUBLISHED.plus(Counts.RETRIED.times(2)));
    }

    @Test
    void manyLanesRunSideBySide() throws InterruptedException {
        Channel[] channels =
                IntStream.range(0, 90).mapToObj(i -> Samples.channel("u" + i)).toArray(Channel[]::new);
        FakeAppSync appSync = new FakeAppSync();

        DynamodbStreamRecord[] records = IntStream.rangeClosed(1, 100)
                .mapToObj(i -> insert(String.valueOf(i), message("c" + i % 7, i, channels)))
                .toArray(DynamodbStreamRecord[]::new);

        assertThat(publish(appSync, records)).isEmpty();
        assertThat(appSync.taken()).hasSize(9_000);
        assertThat(totals.totals().published()).isEqualTo(9_000);
    }

    @Test
    void aBugInOneLaneFailsTheInvocationAfterTheOthersAreThrough() {
        FakeAppSync appSync = new FakeAppSync(request -> {
            if (request.channel().equals(BOB)) {
                throw new IllegalStateException("a bug");
            }
            return Behaviour.acknowledge(request.events().size());
        });

        assertThat(catchThrowable(() -> publish(appSync, insert("1", message("c1", 1, BOB, ALICE)))))
                .isInstanceOf(IllegalStateException.class)
                .satisfies(failure -> assertThat(failure.getSuppressed())
                        .singleElement()
                        .satisfies(bug -> assertThat(bug).hasMessage("a bug")));
        assertThat(arrived(appSync, ALICE)).containsExactly("c1-1");
    }

    @Test
    void whatCannotBeParkedIsReturnedAndItsLaneStopsWhileOthersGoOn() throws InterruptedException {
        FakeAppSync appSync = new FakeAppSync(request -> request.channel().equals(BOB)
                ? Behaviour.status(400, "BadRequestException")
                : Behaviour.acknowledge(request.events().size()));
        StreamPublisher publisher = Samples.publisher(appSync, time, FULL, totals);

        List<String> returned = returned(publisher.publish(
                batch(
                        insert("1", message("c1", 1, ALICE)),
                        insert("2", message("c1", 2, ALICE, BOB)),
                        insert("3", message("c1", 3, ALICE, BOB))),
                time.in(Duration.ofSeconds(50))));

        assertThat(returned).containsExactly("2");
        assertThat(arrived(appSync, ALICE)).containsExactly("c1-1", "c1-2", "c1-3");
        assertThat(appSync.requests())
                .filteredOn(request -> request.channel().equals(BOB))
                .hasSize(1);
        assertThat(totals.totals()).isEqualTo(Counts.PUBLISHED.times(3).plus(Counts.RETURNED.times(2)));
    }

    @Test
    void whatStandsBehindAnEventThatCouldNotBeParkedGoesOutOnlyOnceItIsParked() throws InterruptedException {
        FakeAppSync appSync =
                new FakeAppSync(request -> FakeAppSync.ids(request).contains("c1-2")
                        ? Behaviour.status(400, "BadRequestException")
                        : Behaviour.acknowledge(request.events().size()));
        List<String> whenParked = new ArrayList<>();
        AtomicInteger tries = new AtomicInteger();
        ParkedEvents fullAtFirst = _ -> {
            if (tries.incrementAndGet() < 3) {
                throw new NotParkedException(new IllegalStateException("no room"));
            }
            whenParked.addAll(arrived(appSync, ALICE));
        };
        ScriptedMapping mapping = new ScriptedMapping(
                time,
                IntStream.rangeClosed(1, 4)
                        .mapToObj(i -> insert(String.valueOf(i), message("c1", i, ALICE)))
                        .toList());

        mapping.runToTheEnd(Samples.publisher(appSync, time, fullAtFirst, totals));

        assertThat(mapping.invocations()).isEqualTo(3);
        assertThat(whenParked).containsExactly("c1-1");
        assertThat(arrived(appSync, ALICE)).containsExactly("c1-1", "c1-3", "c1-4");
    }

    @Test
    void anUnreadableRecordThatCannotBeParkedIsReturnedAndTheOthersAreDelivered() throws InterruptedException {
        FakeAppSync appSync = new FakeAppSync();
        StreamPublisher publisher = Samples.publisher(appSync, time, FULL, totals);

        List<String> returned = returned(publisher.publish(
                batch(insert("1", message("c1", 1, ALICE)), insert("2", "{}"), insert("3", message("c1", 2, ALICE))),
                time.in(Duration.ofSeconds(50))));

        assertThat(returned).containsExactly("2");
        assertThat(arrived(appSync, ALICE)).containsExactly("c1-1", "c1-2");
        assertThat(totals.totals()).isEqualTo(Counts.PUBLISHED.times(2).plus(Counts.RETURNED));
    }

    @Test
    void whereOneUnreadableRecordCannotBeParkedTheNextIsNotTried() throws InterruptedException {
        List<Parked> tried = new ArrayList<>();
        ParkedEvents full = one -> {
            tried.add(one);
            throw new NotParkedException(new IllegalStateException("no room"));
        };

        List<String> returned = returned(Samples.publisher(new FakeAppSync(), time, full, totals)
                .publish(
                        batch(insert("1", "{}"), insert("2", "{}"), record("INSERT", null, Map.of())),
                        time.in(Duration.ofSeconds(50))));

        assertThat(returned).containsExactly("1");
        assertThat(tried).hasSize(1);
        assertThat(totals.totals()).isEqualTo(Counts.RETURNED.times(3));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "no number"})
    void anUnreadableRecordWithoutAPlaceThatCannotBeParkedFailsTheInvocation(@Nullable String at) {
        StreamPublisher publisher = Samples.publisher(new FakeAppSync(), time, FULL, totals);

        assertThat(catchThrowable(() ->
                        publisher.publish(batch(record("INSERT", at, Map.of())), time.in(Duration.ofSeconds(50)))))
                .isInstanceOf(IllegalStateException.class)
                .hasCauseInstanceOf(NotParkedException.class);
    }

    @Test
    void aHoleInTheBatchThatCannotBeParkedFailsTheInvocation() {
        StreamPublisher publisher = Samples.publisher(new FakeAppSync(), time, FULL, totals);
        DynamodbEvent hole = new DynamodbEvent();
        hole.setRecords(Collections.singletonList(null));

        assertThat(catchThrowable(() -> publisher.publish(hole, time.in(Duration.ofSeconds(50)))))
                .isInstanceOf(IllegalStateException.class)
                .hasCauseInstanceOf(NotParkedException.class);
    }

    @Test
    void everyDeliveryBecomesExactlyOneThing() throws InterruptedException {
        // Bob's lane would otherwise shut the gate, far ahead in its own time, before alice's has begun.
        SharedTime shared = new SharedTime().expect(2);
        FakeAppSync appSync =
                new FakeAppSync(request -> FakeAppSync.ids(request).contains("c2-1")
                        ? Behaviour.status(400, "BadRequestException")
                        : request.channel().equals(BOB) ? BROKEN : Behaviour.acknowledge(1));

        Samples.publisher(appSync, shared, parked, totals)
                .publish(
                        batch(
                                insert("1", message("c1", 1, ALICE, BOB)),
                                insert("2", message("c2", 1, ALICE)),
                                insert("3", entry("c3", 1, "{}", shared.instant(), ALICE)),
                                insert("4", "{}"),
                                record("REMOVE", "5", null),
                                insert("6", message("c1", 2, BOB))),
                        shared.in(Duration.ofSeconds(50)));

        Counts counts = totals.totals();
        assertThat(counts.in()).isEqualTo(6);
        assertThat(counts)
                .isEqualTo(Counts.RETRIED
                        .times(counts.retried())
                        .plus(Counts.PUBLISHED
                                .plus(Counts.PARKED.times(2))
                                .plus(Counts.EXPIRED)
                                .plus(Counts.RETURNED.times(2))));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 3})
    void anAccountThatDoesNotAddUpFailsTheInvocation(long counted) {
        Lanes miscounting = new Lanes() {
            @Override
            public Progress deliver(List<StreamRecord.Entry> entries, Deadline deadline) {
                return Progress.done(Counts.PUBLISHED.times(counted));
            }

            @Override
            public void passed(List<StreamRecord.Entry> entries, Checkpoint checkpoint) {
                throw new AssertionError("the ledger forgot what may come again");
            }
        };
        StreamPublisher publisher = new StreamPublisher(
                miscounting, parked, totals, new Figures(noted), time, Duration.ofSeconds(60), Duration.ofSeconds(8));

        assertThat(catchThrowable(() -> publisher.publish(
                        batch(insert("1", message("c1", 1, ALICE, BOB))), time.in(Duration.ofSeconds(50)))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("of 2 deliveries %d are accounted for".formatted(counted));
    }

    @Test
    void whereTheOrderGoesBackwardsIsCounted() throws InterruptedException {
        publish(
                new FakeAppSync(),
                insert("1", message("c1", 1, ALICE, BOB)),
                insert("2", message("c1", 3, ALICE)),
                insert("3", message("c1", 2, ALICE, BOB)));

        assertThat(totals.totals()).isEqualTo(Counts.PUBLISHED.times(5).plus(Counts.BACKWARDS));
    }

    @Test
    void aBugWhileParkingFailsTheInvocation() {
        ParkedEvents full = _ -> {
            throw new IllegalStateException("no room");
        };
        StreamPublisher publisher = Samples.publisher(
                FakeAppSync.scripted(Behaviour.status(400, "BadRequestException")), time, full, totals);

        for (DynamodbStreamRecord record : List.of(insert("1", message("c1", 1, ALICE)), insert("1", "{}"))) {
            assertThat(catchThrowable(() -> publisher.publish(batch(record), time.in(Duration.ofSeconds(50)))))
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void whatIsNoStreamEventFailsTheInvocation() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> publisher(new FakeAppSync()).publish(new DynamodbEvent(), time.in(Duration.ZERO)));
    }

    @Test
    void withoutAContextTheFunctionTakesTheConfiguredTimeLessTheMargin() {
        FakeAppSync appSync = down(ALICE);

        List<String> returned =
                returned(publisher(appSync).apply(new GenericMessage<>(batch(insert("1", message("c1", 1, ALICE))))));
        time.catchUp();

        assertThat(returned).containsExactly("1");
        assertThat(time.slept()).isBetween(Duration.ofSeconds(52), Duration.ofSeconds(53));
    }

    @Test
    void anInterruptedInvocationFailsAndTakesItsLanesAlong() {
        CountDownLatch never = new CountDownLatch(1);
        ChannelPublisher hanging = _ -> {
            never.await();
            throw new AssertionError("never");
        };
        StreamPublisher publisher = Samples.publisher(hanging, time, parked, totals);

        Thread.currentThread().interrupt();
        Throwable failure = catchThrowable(
                () -> publisher.apply(new GenericMessage<>(batch(insert("1", message("c1", 1, ALICE))))));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(failure).isInstanceOf(IllegalStateException.class).hasCauseInstanceOf(InterruptedException.class);
    }

    private static FakeAppSync down(Channel... channels) {
        Function<PublishRequest, Behaviour> weather =
                request -> List.of(channels).contains(request.channel())
                        ? BROKEN
                        : Behaviour.acknowledge(request.events().size());
        return new FakeAppSync(weather);
    }

    private StreamPublisher publisher(FakeAppSync appSync) {
        return Samples.publisher(appSync, time, parked, totals);
    }

    private List<String> publish(FakeAppSync appSync, DynamodbStreamRecord... records) throws InterruptedException {
        return returned(publisher(appSync).publish(batch(records), time.in(Duration.ofSeconds(50))));
    }

    private static List<String> returned(StreamsEventResponse response) {
        return response.getBatchItemFailures().stream()
                .map(BatchItemFailure::getItemIdentifier)
                .toList();
    }

    private static List<String> arrived(FakeAppSync appSync, Channel channel) {
        return appSync.taken().stream()
                .filter(taken -> taken.channel().equals(channel))
                .map(FakeAppSync.Taken::id)
                .toList();
    }
}
