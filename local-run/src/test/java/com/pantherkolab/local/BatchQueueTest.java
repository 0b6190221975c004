package com.pantherkolab.local;

import static com.pantherkolab.local.Pumped.SUCCESS;
import static com.pantherkolab.local.Pumped.failing;
import static com.pantherkolab.local.Pumped.mapping;
import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.StreamsEventResponse;
import com.amazonaws.services.lambda.runtime.events.StreamsEventResponse.BatchItemFailure;
import com.pantherkolab.local.BatchQueue.Condition;
import com.pantherkolab.local.BatchQueue.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.OperationType;

/// Lambda's rules for batches, retries and giving up, one test each; `docs/streams.md` has the table.
class BatchQueueTest {
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
    private static final Outcome FAILED = new Outcome.Failed();

    // ------------------------------------------------------------------------------------------ where a batch ends

    @Test
    void aBatchEndsAtItsBatchSize() {
        BatchQueue queue = queue("BatchSize: 2");
        queue.add(records(1, 5));

        assertThat(handAll(queue)).containsExactly(List.of(1, 2), List.of(3, 4), List.of(5));
    }

    @Test
    void aBatchEndsAtSixMegabytes() {
        BatchQueue queue = queue("BatchSize: 100");
        long third = 2L * 1024 * 1024;
        queue.add(List.of(record(1, third), record(2, third), record(3, third), record(4, 1)));

        assertThat(handAll(queue)).containsExactly(List.of(1, 2, 3), List.of(4));
    }

    @Test
    void aRecordThatIsLargerThanABatchIsHandedOverAlone() {
        BatchQueue queue = queue();
        queue.add(List.of(record(1, 7L * 1024 * 1024), record(2, 1)));

        assertThat(handAll(queue)).containsExactly(List.of(1), List.of(2));
    }

    @Test
    void aBatchThatIsNotFullWaitsUntilItsWindowEnds() {
        BatchQueue queue = queue("BatchSize: 3", "MaximumBatchingWindowInSeconds: 10");
        queue.add(records(1, 2));

        assertThat(queue.next(NOW)).isEqualTo(new Step.WaitUntil(NOW.plusSeconds(10)));
        assertThat(queue.next(NOW.plusSeconds(9))).isEqualTo(new Step.WaitUntil(NOW.plusSeconds(10)));
        assertThat(invocation(queue, NOW.plusSeconds(10))).containsExactly(1, 2);
    }

    @Test
    void aFullBatchDoesNotWaitForItsWindow() {
        BatchQueue queue = queue("BatchSize: 2", "MaximumBatchingWindowInSeconds: 10");
        queue.add(records(1, 3));

        assertThat(invocation(queue, NOW)).containsExactly(1, 2);
    }

    @Test
    void sixMegabytesDoNotWaitForTheirWindow() {
        BatchQueue queue = queue("MaximumBatchingWindowInSeconds: 10");
        queue.add(List.of(record(1, 6L * 1024 * 1024), record(2, 1)));

        assertThat(invocation(queue, NOW)).containsExactly(1);
    }

    @Test
    void whileABatchIsNotHandledNothingBehindItIsHandedOver() {
        BatchQueue queue = queue("BatchSize: 2");
        queue.add(records(1, 2));
        queue.next(NOW);
        queue.add(records(3, 4));

        queue.invoked(FAILED);
        assertThat(invocation(queue, NOW)).containsExactly(1, 2);
        queue.invoked(FAILED);
        assertThat(invocation(queue, NOW)).containsExactly(1, 2);
    }

    @Test
    void anEmptyQueueIsIdle() {
        assertThat(queue().next(NOW)).isEqualTo(new Step.Idle());
    }

    // ------------------------------------------------------------------------------------------ what a response means

    @Test
    void anAbsentAnEmptyAndANullListAreSuccess() {
        assertThat(answer(SUCCESS)).isEqualTo(3);
        assertThat(answer(new StreamsEventResponse())).isEqualTo(3);
        assertThat(answer(new StreamsEventResponse(null))).isEqualTo(3);
    }

    @Test
    void theLowestReportedNumberIsTheCheckpoint() {
        assertThat(answer(failing("3", "2"))).isEqualTo(1);
        assertThat(answer(failing("3"))).isEqualTo(2);
    }

    @Test
    void anEmptyIdentifierFailsTheWholeBatch() {
        assertThat(answer(failing("3", ""))).isZero();
    }

    @Test
    void aNullIdentifierWhichIsAlsoWhatAWrongKeyReadsAsFailsTheWholeBatch() {
        assertThat(answer(new StreamsEventResponse(List.of(new BatchItemFailure()))))
                .isZero();
    }

    @Test
    void aNumberThatIsNotInTheBatchFailsTheWholeBatch() {
        assertThat(answer(failing("3", "77"))).isZero();
    }

    // ------------------------------------------------------------------------------------------ what is repeated

    @Test
    void aPartialResponseIsCutAtTheReturnedNumberAndEverythingBehindItIsRepeated() {
        BatchQueue queue = queue("BisectBatchOnFunctionError: true");
        queue.add(records(1, 4));
        queue.next(NOW);

        assertThat(numbers(queue.invoked(new Outcome.Answered(1)))).containsExactly(1);
        assertThat(invocation(queue, NOW)).containsExactly(2, 3, 4);
    }

    @Test
    void aPartialResponseThatHandledNothingIsRepeatedWholeAlsoWithBisect() {
        BatchQueue queue = queue("BisectBatchOnFunctionError: true");
        queue.add(records(1, 4));
        queue.next(NOW);

        queue.invoked(new Outcome.Answered(0));

        assertThat(invocation(queue, NOW)).containsExactly(1, 2, 3, 4);
    }

    @Test
    void anInvocationThatFailsIsRepeatedWholeWithoutBisect() {
        BatchQueue queue = queue();
        queue.add(records(1, 4));
        queue.next(NOW);

        assertThat(queue.invoked(FAILED)).isEmpty();
        assertThat(invocation(queue, NOW)).containsExactly(1, 2, 3, 4);
    }

    @Test
    void bisectHalvesAnInvocationThatFailsUntilTheBadRecordIsAlone() {
        BatchQueue queue = queue("BisectBatchOnFunctionError: true", "MaximumRetryAttempts: 0");
        queue.add(records(1, 5));

        assertThat(handAll(queue, 4))
                .containsExactly(
                        List.of(1, 2, 3, 4, 5),
                        List.of(1, 2),
                        List.of(3, 4, 5),
                        List.of(3),
                        List.of(4, 5),
                        List.of(4),
                        List.of(5));
    }

    @Test
    void halvingUsesUpNoRetries() {
        BatchQueue queue = queue("BisectBatchOnFunctionError: true", "MaximumRetryAttempts: 1");
        queue.add(records(1, 2));

        // Of two: a try. Of each half: a try and its one repeat.
        assertThat(invocation(queue, NOW)).containsExactly(1, 2);
        queue.invoked(FAILED);
        assertThat(invocation(queue, NOW)).containsExactly(1);
        queue.invoked(FAILED);
        assertThat(invocation(queue, NOW)).containsExactly(1);
        queue.invoked(FAILED);
        assertThat(queue.next(NOW)).isInstanceOfSatisfying(Step.GiveUp.class, given -> {
            assertThat(numbers(given.batch().records())).containsExactly(1);
            assertThat(given.condition()).isEqualTo(Condition.RETRY_ATTEMPTS_EXHAUSTED);
            assertThat(given.batch().invocations()).isEqualTo(3);
        });
        queue.givenUp();
        assertThat(invocation(queue, NOW)).containsExactly(2);
    }

    @Test
    void maximumRetryAttemptsCountsRepeatsOfTheSameBatch() {
        BatchQueue queue = queue("MaximumRetryAttempts: 2");
        queue.add(records(1, 3));

        for (int attempt = 0; attempt < 3; attempt++) {
            assertThat(invocation(queue, NOW)).containsExactly(1, 2, 3);
            queue.invoked(new Outcome.Answered(0));
        }
        assertThat(queue.next(NOW)).isInstanceOf(Step.GiveUp.class);
        assertThat(numbers(queue.givenUp())).containsExactly(1, 2, 3);
        assertThat(queue.next(NOW)).isEqualTo(new Step.Idle());
    }

    @Test
    void whatIsLeftOfABatchIsAnotherBatchAndHasAllItsRetries() {
        BatchQueue queue = queue("MaximumRetryAttempts: 0");
        queue.add(records(1, 3));
        queue.next(NOW);
        queue.invoked(new Outcome.Answered(1));

        assertThat(invocation(queue, NOW)).containsExactly(2, 3);
        queue.invoked(FAILED);
        assertThat(queue.next(NOW)).isInstanceOf(Step.GiveUp.class);
    }

    @Test
    void minusOneRetriesIsWithoutEnd() {
        BatchQueue queue = queue("MaximumRetryAttempts: -1");
        queue.add(records(1, 1));

        for (int attempt = 0; attempt < 20_000; attempt++) {
            assertThat(queue.next(NOW)).isInstanceOf(Step.Invoke.class);
            queue.invoked(FAILED);
        }
    }

    @Test
    void throttledOrUnableToInvokeDoesNotCountAsARetryAndIsNotHalved() {
        BatchQueue queue = queue("MaximumRetryAttempts: 0", "BisectBatchOnFunctionError: true");
        queue.add(records(1, 2));

        for (int attempt = 0; attempt < 100; attempt++) {
            assertThat(invocation(queue, NOW)).containsExactly(1, 2);
            queue.invoked(new Outcome.NotInvoked());
        }
    }

    // ------------------------------------------------------------------------------------------ what is too old

    @Test
    void aRecordOlderThanTheMaximumAgeIsGivenUpAndTheYoungerOnesGoOn() {
        BatchQueue queue = queue("MaximumRecordAgeInSeconds: 60");
        queue.add(List.of(old(1, 61), old(2, 61), old(3, 59)));

        assertThat(queue.next(NOW)).isInstanceOfSatisfying(Step.GiveUp.class, given -> {
            assertThat(numbers(given.batch().records())).containsExactly(1, 2);
            assertThat(given.condition()).isEqualTo(Condition.RECORD_AGE_EXCEEDED);
            assertThat(given.batch().invocations()).isZero();
        });
        queue.givenUp();
        assertThat(invocation(queue, NOW)).containsExactly(3);
    }

    @Test
    void theAgeCountsThroughRepeatsAndThrottling() {
        BatchQueue queue = queue("MaximumRecordAgeInSeconds: 60");
        queue.add(List.of(old(1, 0)));

        for (int seconds = 0; seconds <= 60; seconds += 20) {
            assertThat(invocation(queue, NOW.plusSeconds(seconds))).containsExactly(1);
            queue.invoked(seconds == 20 ? new Outcome.NotInvoked() : FAILED);
        }
        assertThat(queue.next(NOW.plusSeconds(61))).isInstanceOfSatisfying(Step.GiveUp.class, given -> {
            assertThat(given.condition()).isEqualTo(Condition.RECORD_AGE_EXCEEDED);
            assertThat(given.batch().invocations()).isEqualTo(3);
        });
    }

    @Test
    void withoutAMaximumAgeNothingIsTooOld() {
        BatchQueue queue = queue();
        queue.add(List.of(old(1, 365 * 24 * 3600)));

        assertThat(invocation(queue, NOW)).containsExactly(1);
    }

    // ------------------------------------------------------------------------------------------ helpers

    private static BatchQueue queue(String... settings) {
        StreamMapping mapping = mapping(settings);
        return new BatchQueue(mapping.batching(), mapping.retrying());
    }

    private static int answer(StreamsEventResponse response) {
        return Outcome.answered(records(1, 3), response).handled();
    }

    /// The batches of every invocation, of which those with the bad record fail.
    private static List<List<Integer>> handAll(BatchQueue queue, int... bad) {
        List<List<Integer>> batches = new ArrayList<>();
        while (true) {
            switch (queue.next(NOW)) {
                case Step.Invoke(BatchQueue.Batch batch) -> {
                    List<Integer> numbers = numbers(batch.records());
                    batches.add(numbers);
                    boolean fails = Arrays.stream(bad).anyMatch(numbers::contains);
                    queue.invoked(fails ? FAILED : new Outcome.Answered(numbers.size()));
                }
                case Step.GiveUp _ -> queue.givenUp();
                case Step.Idle(), Step.WaitUntil _ -> {
                    return batches;
                }
            }
        }
    }

    private static List<Integer> invocation(BatchQueue queue, Instant now) {
        assertThat(queue.next(now)).isInstanceOf(Step.Invoke.class);
        return queue.next(now) instanceof Step.Invoke(BatchQueue.Batch batch) ? numbers(batch.records()) : List.of();
    }

    private static List<Integer> numbers(List<Incoming> records) {
        return records.stream()
                .map(incoming -> Integer.valueOf(incoming.sequence().text()))
                .toList();
    }

    private static List<Incoming> records(int first, int last) {
        return IntStream.rangeClosed(first, last)
                .mapToObj(number -> record(number, 100))
                .toList();
    }

    private static Incoming record(int number, long bytes) {
        return new Incoming(ScriptedStreams.record(number, OperationType.INSERT, "item", bytes, NOW), NOW);
    }

    private static Incoming old(int number, int seconds) {
        return new Incoming(
                ScriptedStreams.record(
                        number, OperationType.INSERT, "item", 100, NOW.minus(Duration.ofSeconds(seconds))),
                NOW);
    }
}
