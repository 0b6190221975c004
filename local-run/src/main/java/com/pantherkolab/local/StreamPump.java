package com.pantherkolab.local;

import com.amazonaws.services.lambda.runtime.events.DynamodbEvent;
import com.amazonaws.services.lambda.runtime.events.StreamsEventResponse;
import com.amazonaws.services.lambda.runtime.events.StreamsEventResponse.BatchItemFailure;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.dynamodb.model.Record;

/// Feeds the publisher with the outbox's stream, as Lambda's event source mapping does.
///
/// One invocation at a time, in stream order; what the filters leave out is passed over; a partial response repeats
/// everything from the lowest returned record on; an invocation that fails repeats its whole batch, halved. Nothing
/// is ever given up: the age limit of the template is longer than a local run lives.
///
/// It is faster than AWS, where a stream's latency is some 100 to 300 ms: each commit rings a bell.
final class StreamPump implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(StreamPump.class);

    /// How long after a ring the record may need to show; doubled from the first to the longest while nothing
    /// shows.
    private static final Duration FIRST_LOOK = Duration.ofMillis(2);

    private static final Duration LONGEST_SLEEP = Duration.ofMillis(250);
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofMillis(200);

    /// What Lambda puts into one invocation at most.
    private static final int MAX_BATCH_BYTES = 6 * 1024 * 1024;

    private final StreamMapping mapping;
    private final Supplier<List<Record>> stream;
    private final String streamArn;
    private final Function<DynamodbEvent, StreamsEventResponse> function;
    private final CommitBell bell;
    private final AtomicLong handled = new AtomicLong();
    private final Thread thread;

    StreamPump(
            StreamMapping mapping,
            Supplier<List<Record>> stream,
            String streamArn,
            Function<DynamodbEvent, StreamsEventResponse> function,
            CommitBell bell) {
        this.mapping = mapping;
        this.stream = stream;
        this.streamArn = streamArn;
        this.function = function;
        this.bell = bell;
        this.thread = Thread.ofPlatform().name("stream-pump").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    boolean isRunning() {
        return thread.isAlive();
    }

    /// How many records that pass the filters have been handled for good.
    long handled() {
        return handled.get();
    }

    /// Ends the invocation under way, which then counts as failed, and the pump.
    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(Duration.ofSeconds(10));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            Duration sleep = LONGEST_SLEEP;
            while (!Thread.currentThread().isInterrupted()) {
                List<Record> records = next();
                if (!records.isEmpty()) {
                    handle(records);
                    sleep = FIRST_LOOK;
                } else if (bell.await(sleep)) {
                    sleep = FIRST_LOOK;
                } else {
                    sleep = sleep.multipliedBy(2).compareTo(LONGEST_SLEEP) < 0 ? sleep.multipliedBy(2) : LONGEST_SLEEP;
                }
            }
        } catch (InterruptedException _) { // Closed.
        }
    }

    private List<Record> next() throws InterruptedException {
        try {
            return stream.get();
        } catch (RuntimeException failed) {
            log.warn("the stream could not be read; trying again", failed);
            Thread.sleep(PAUSE_AFTER_FAILURE);
            return List.of();
        }
    }

    private void handle(List<Record> records) throws InterruptedException {
        List<Record> rest = records.stream()
                .filter(record -> mapping.eventNames().contains(record.eventNameAsString()))
                .toList();
        int limit = mapping.batchSize();
        while (!rest.isEmpty()) {
            List<Record> batch = batch(rest, limit);
            int done = invoke(batch);
            handled.addAndGet(done);
            rest = rest.subList(done, rest.size());
            boolean failed = done == 0;
            limit = failed ? Math.max(1, batch.size() / 2) : mapping.batchSize();
            if (failed) {
                Thread.sleep(PAUSE_AFTER_FAILURE);
            }
        }
    }

    /// The longest beginning that one invocation may be handed; one record at least.
    private static List<Record> batch(List<Record> records, int limit) {
        long bytes = 0;
        int size = 0;
        while (size < Math.min(limit, records.size())) {
            bytes += records.get(size).dynamodb().sizeBytes();
            if (size > 0 && bytes > MAX_BATCH_BYTES) {
                break;
            }
            size++;
        }
        return records.subList(0, size);
    }

    /// Invokes the function once.
    ///
    /// @return how many records, from the first on, are done
    private int invoke(List<Record> batch) {
        try {
            StreamsEventResponse response = function.apply(LambdaRecords.event(batch, streamArn));
            return firstFailure(batch, response);
        } catch (RuntimeException failed) {
            if (Thread.currentThread().isInterrupted()) {
                return 0;
            }
            log.warn(
                    "an invocation of {} failed; its batch of {} is repeated",
                    mapping.function(),
                    batch.size(),
                    failed);
            return 0;
        }
    }

    /// Success is a response without failures; one that names a record which is not in the batch fails the batch.
    private static int firstFailure(List<Record> batch, StreamsEventResponse response) {
        List<String> sequenceNumbers =
                batch.stream().map(record -> record.dynamodb().sequenceNumber()).toList();
        List<BatchItemFailure> failures = response.getBatchItemFailures();
        int first = batch.size();
        for (BatchItemFailure failure : failures == null ? List.<BatchItemFailure>of() : failures) {
            first = Math.min(first, Math.max(0, sequenceNumbers.indexOf(failure.getItemIdentifier())));
        }
        return first;
    }
}
