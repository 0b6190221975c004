package com.pantherkolab.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.DynamodbEvent;
import com.amazonaws.services.lambda.runtime.events.StreamsEventResponse;
import com.amazonaws.services.lambda.runtime.events.StreamsEventResponse.BatchItemFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.OperationType;
import software.amazon.awssdk.services.dynamodb.model.Record;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;

/// How the pump carries out the mapping, on a stream that the test writes.
class StreamPumpTest {
    private static final StreamsEventResponse SUCCESS = new StreamsEventResponse(List.of());

    private final Deque<List<Record>> stream = new ArrayDeque<>();
    private final List<List<String>> invocations = new ArrayList<>();
    private final CountDownLatch lastRecordSeen = new CountDownLatch(1);

    @Test
    void recordsAreHandedOverInStreamOrderUpToTheBatchSize() throws Exception {
        stream.add(inserts(1, 5));

        long handled = run(2, _ -> SUCCESS, 5);

        assertThat(invocations).containsExactly(List.of("1", "2"), List.of("3", "4"), List.of("5"));
        assertThat(handled).isEqualTo(5);
    }

    @Test
    void whatTheFiltersLeaveOutIsPassedOverAndNotCounted() throws Exception {
        stream.add(List.of(
                record(1, OperationType.INSERT), record(2, OperationType.REMOVE), record(3, OperationType.INSERT)));

        long handled = run(10, _ -> SUCCESS, 3);

        assertThat(invocations).containsExactly(List.of("1", "3"));
        assertThat(handled).isEqualTo(2);
    }

    @Test
    void aPartialResponseRepeatsEverythingFromTheLowestReturnedRecordOn() throws Exception {
        stream.add(inserts(1, 4));
        Deque<StreamsEventResponse> responses = new ArrayDeque<>(List.of(failing("4", "3"), SUCCESS));

        run(10, _ -> responses.remove(), 4);

        assertThat(invocations).containsExactly(List.of("1", "2", "3", "4"), List.of("3", "4"));
    }

    @Test
    void aResponseThatNamesNoRecordOfTheBatchRepeatsTheWholeBatch() throws Exception {
        stream.add(inserts(1, 2));
        Deque<StreamsEventResponse> responses = new ArrayDeque<>(List.of(failing("77"), SUCCESS, SUCCESS));

        run(10, _ -> responses.remove(), 2);

        assertThat(invocations.getFirst()).containsExactly("1", "2");
        assertThat(invocations.get(1)).startsWith("1");
    }

    @Test
    void aResponseWithoutAListIsSuccess() throws Exception {
        stream.add(inserts(1, 1));

        long handled = run(10, _ -> new StreamsEventResponse(), 1);

        assertThat(handled).isEqualTo(1);
    }

    @Test
    void anInvocationThatFailsIsRepeatedInHalves() throws Exception {
        stream.add(inserts(1, 4));

        long handled = run(
                10,
                batch -> {
                    if (batch.getRecords().size() > 1) {
                        throw new IllegalStateException("too much");
                    }
                    return SUCCESS;
                },
                4);

        assertThat(invocations.subList(0, 3))
                .containsExactly(List.of("1", "2", "3", "4"), List.of("1", "2"), List.of("1"));
        assertThat(handled).isEqualTo(4);
    }

    @Test
    void aStreamThatCannotBeReadIsReadAgain() throws Exception {
        stream.add(inserts(1, 1));
        Deque<RuntimeException> failures = new ArrayDeque<>(List.of(new IllegalStateException("no stream")));

        long handled = run(
                () -> {
                    if (!failures.isEmpty()) {
                        throw failures.remove();
                    }
                    return read();
                },
                10,
                _ -> SUCCESS,
                1);

        assertThat(handled).isEqualTo(1);
    }

    @Test
    void aRingWakesASleeperAndManyRingsAreAsGoodAsOne() throws Exception {
        CommitBell bell = new CommitBell();
        bell.ring();
        bell.ring();

        assertThat(bell.await(Duration.ofSeconds(10))).isTrue();
        assertThat(bell.await(Duration.ZERO)).isFalse();
    }

    private long run(int batchSize, Function<DynamodbEvent, StreamsEventResponse> function, int lastRecord)
            throws InterruptedException {
        return run(this::read, batchSize, function, lastRecord);
    }

    /// Runs the pump until the function has done the last record, and tells how many it has handled.
    private long run(
            Supplier<List<Record>> records,
            int batchSize,
            Function<DynamodbEvent, StreamsEventResponse> function,
            int lastRecord)
            throws InterruptedException {
        StreamPump pump = new StreamPump(
                new StreamMapping("streamPublisher", "OutboxTable", batchSize, Set.of("INSERT")),
                records,
                "arn",
                batch -> invoked(batch, function, lastRecord),
                new CommitBell());
        pump.start();
        boolean seen = lastRecordSeen.await(10, TimeUnit.SECONDS);
        pump.close();
        assertThat(seen).as("the last record was done").isTrue();
        return pump.handled();
    }

    private synchronized List<Record> read() {
        List<Record> next = stream.poll();
        return next == null ? List.of() : next;
    }

    private synchronized StreamsEventResponse invoked(
            DynamodbEvent batch, Function<DynamodbEvent, StreamsEventResponse> function, int lastRecord) {
        List<String> numbers = batch.getRecords().stream()
                .map(record -> record.getDynamodb().getSequenceNumber())
                .toList();
        invocations.add(numbers);
        StreamsEventResponse response = function.apply(batch);
        if (response.getBatchItemFailures() == null
                || response.getBatchItemFailures().isEmpty()) {
            if (numbers.getLast().equals(String.valueOf(lastRecord))) {
                lastRecordSeen.countDown();
            }
        }
        return response;
    }

    private static StreamsEventResponse failing(String... sequenceNumbers) {
        return new StreamsEventResponse(
                Arrays.stream(sequenceNumbers).map(BatchItemFailure::new).toList());
    }

    private static List<Record> inserts(int first, int last) {
        return IntStream.rangeClosed(first, last)
                .mapToObj(number -> record(number, OperationType.INSERT))
                .toList();
    }

    private static Record record(int number, OperationType type) {
        return Record.builder()
                .eventID("e" + number)
                .eventName(type)
                .dynamodb(change -> change.sequenceNumber(String.valueOf(number))
                        .sizeBytes(100L)
                        .streamViewType(StreamViewType.NEW_IMAGE)
                        .approximateCreationDateTime(Instant.EPOCH)
                        .keys(Map.of("aggregate", AttributeValue.fromS("conversation#c"))))
                .build();
    }
}
