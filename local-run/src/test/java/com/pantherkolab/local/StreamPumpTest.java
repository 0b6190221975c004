package com.pantherkolab.local;

import static com.pantherkolab.local.Pumped.SUCCESS;
import static com.pantherkolab.local.Pumped.answering;
import static com.pantherkolab.local.Pumped.failing;
import static com.pantherkolab.local.Pumped.mapping;
import static com.pantherkolab.local.ScriptedStreams.insert;
import static com.pantherkolab.local.ScriptedStreams.inserts;
import static com.pantherkolab.local.ScriptedStreams.record;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.OperationType;

/// The pump at work, on a stream that the test writes: what its threads do with what [BatchQueue] decides.
class StreamPumpTest {
    private final ScriptedStreams streams = new ScriptedStreams().shard("s");

    @Test
    void recordsAreHandedOverInStreamOrderUpToTheBatchSize() throws Exception {
        streams.add("s", inserts(1, 5));

        try (Pumped pumped = Pumped.start(streams, mapping("BatchSize: 2"), answering())) {
            assertThat(pumped.awaitHandled().invocations())
                    .containsExactly(List.of("1", "2"), List.of("3", "4"), List.of("5"));
        }
    }

    @Test
    void whatTheFiltersLeaveOutIsPassedOverAndNotCounted() throws Exception {
        streams.add(
                "s",
                insert(1, "a"),
                record(2, OperationType.REMOVE, "a", 100, Instant.EPOCH),
                insert(3, "b"),
                record(4, OperationType.REMOVE, "b", 100, Instant.EPOCH));
        CountDownLatch answer = new CountDownLatch(1);

        try (Pumped pumped = Pumped.start(
                streams,
                mapping("FilterCriteria: { Filters: [ { Pattern: '{\"eventName\":[\"INSERT\"]}' } ] }"),
                (_, _) -> {
                    await(answer);
                    return SUCCESS;
                })) {
            pumped.awaitInvocations(1);
            assertThat(pumped.pump.behind()).isEqualTo(2);
            answer.countDown();
            assertThat(pumped.awaitHandled().invocations()).containsExactly(List.of("1", "3"));
        }
    }

    @Test
    void aPartialResponseRepeatsEverythingFromTheLowestReturnedRecordOn() throws Exception {
        streams.add("s", inserts(1, 4));

        try (Pumped pumped = Pumped.start(
                streams, mapping("FunctionResponseTypes: [ReportBatchItemFailures]"), answering(failing("4", "3")))) {
            assertThat(pumped.awaitHandled().invocations())
                    .containsExactly(List.of("1", "2", "3", "4"), List.of("3", "4"));
        }
    }

    @Test
    void anInvocationThatFailsIsRepeatedInHalves() throws Exception {
        streams.add("s", inserts(1, 4));

        try (Pumped pumped = Pumped.start(streams, mapping("BisectBatchOnFunctionError: true"), answering(batch -> {
            if (batch.contains("2") && batch.size() > 1) {
                throw new IllegalStateException("too much");
            }
            return SUCCESS;
        }))) {
            assertThat(pumped.awaitHandled().invocations())
                    .containsExactly(
                            List.of("1", "2", "3", "4"),
                            List.of("1", "2"),
                            List.of("1"),
                            List.of("2"),
                            List.of("3", "4"));
        }
    }

    @Test
    void aStreamThatCannotBeReadIsReadAgain() throws Exception {
        streams.add("s", inserts(1, 1));
        streams.fail(2);

        try (Pumped pumped = Pumped.start(streams, mapping(), answering())) {
            assertThat(pumped.awaitInvocations(1).invocations()).containsExactly(List.of("1"));
        }
    }

    @Test
    void theRecordsOfAnItemStayInOrderInTenLanesAndOneSlowItemHoldsUpNoOtherLane() throws Exception {
        List<String> items =
                IntStream.range(0, 40).mapToObj(item -> "item-" + item).toList();
        Map<String, String> itemOf = new ConcurrentHashMap<>();
        int number = 0;
        for (int round = 0; round < 10; round++) {
            for (String item : items) {
                number++;
                itemOf.put(String.valueOf(number), item);
                streams.add("s", insert(number, item));
            }
        }
        CountDownLatch slow = new CountDownLatch(1);
        Map<String, List<Integer>> seen = new ConcurrentHashMap<>();
        AtomicInteger atOnce = new AtomicInteger();
        AtomicInteger mostAtOnce = new AtomicInteger();

        try (Pumped pumped =
                Pumped.start(streams, mapping("ParallelizationFactor: 10", "BatchSize: 3"), answering(batch -> {
                    mostAtOnce.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
                    if (batch.contains("1")) {
                        await(slow);
                    }
                    batch.forEach(record -> seen.computeIfAbsent(itemOf.get(record), _ -> new ArrayList<>())
                            .add(Integer.valueOf(record)));
                    atOnce.decrementAndGet();
                    return SUCCESS;
                }))) {
            // Nine lanes run dry while the lane of the first item stands still.
            while (pumped.pump.behind() > 400 / 4) {
                Thread.sleep(5);
            }
            assertThat(seen).doesNotContainKey("item-0").hasSizeGreaterThan(20);
            slow.countDown();
            pumped.awaitHandled();
        }
        assertThat(seen.keySet()).containsExactlyInAnyOrderElementsOf(items);
        assertThat(seen.values())
                .allSatisfy(numbers -> assertThat(numbers).hasSize(10).isSorted());
        assertThat(mostAtOnce.get()).isBetween(2, 10);
    }

    @Test
    void thePositionMovesOnOnlyBehindTheLowestRecordThatNoLaneHasHandled() throws Exception {
        streams.add("s", inserts(1, 50));
        ConcurrentLinkedQueue<String> kept = new ConcurrentLinkedQueue<>();
        StreamPositions positions = new StreamPositions() {
            @Override
            public SequenceNumber after(String mapping, String shard) {
                return SequenceNumber.HORIZON;
            }

            @Override
            public void keep(String mapping, String shard, SequenceNumber position) {
                kept.add(position.text());
            }
        };
        CountDownLatch slow = new CountDownLatch(1);

        try (Pumped pumped = Pumped.start(
                streams, mapping("ParallelizationFactor: 4", "BatchSize: 1"), positions, answering(batch -> {
                    if (batch.contains("7")) {
                        await(slow);
                    }
                    return SUCCESS;
                }))) {
            while (pumped.pump.behind() > 50 / 2) {
                Thread.sleep(5);
            }
            assertThat(kept).allMatch(position -> Integer.parseInt(position) < 7);
            slow.countDown();
            pumped.awaitHandled();
        }
        assertThat(kept).endsWith("50");
        assertThat(kept.stream().map(Integer::valueOf)).isSorted();
    }

    @Test
    void behindCountsWhatIsNotReadYet() throws Exception {
        streams.add("s", inserts(1, 3_000));
        CountDownLatch answer = new CountDownLatch(1);

        try (Pumped pumped = Pumped.start(streams, mapping("BatchSize: 10"), answering(_ -> {
            await(answer);
            return SUCCESS;
        }))) {
            assertThat(pumped.pump.behind()).isEqualTo(3_000);
            pumped.awaitInvocations(1);
            assertThat(pumped.pump.behind()).isEqualTo(3_000);
            answer.countDown();
            pumped.awaitHandled();
            assertThat(pumped.invocations()).hasSize(300);
        }
    }

    @Test
    void theFunctionLearnsHowMuchTimeItHas() throws Exception {
        streams.add("s", inserts(1, 1));
        ConcurrentLinkedQueue<Integer> millis = new ConcurrentLinkedQueue<>();

        try (Pumped pumped = Pumped.start(streams, mapping(Duration.ofHours(1)), (_, context) -> {
            millis.add(context.getRemainingTimeInMillis());
            return SUCCESS;
        })) {
            pumped.awaitHandled();
        }
        assertThat(millis).singleElement().satisfies(left -> assertThat(left).isBetween(3_000_000, 3_600_000));
    }

    @Test
    void aRingWakesEveryListenerAndManyRingsAreAsGoodAsOne() throws Exception {
        CommitBell bell = new CommitBell();
        CommitBell.Listener one = bell.listener();
        CommitBell.Listener another = bell.listener();
        bell.ring();
        bell.ring();

        assertThat(one.await(Duration.ofSeconds(10))).isTrue();
        assertThat(another.await(Duration.ofSeconds(10))).isTrue();
        assertThat(one.await(Duration.ofMillis(1))).isFalse();
        assertThat(bell.listener().await(Duration.ZERO)).isFalse();
    }

    static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }
}
