package com.pantherkolab.publisher;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.events.DynamodbEvent;
import com.amazonaws.services.lambda.runtime.events.DynamodbEvent.DynamodbStreamRecord;
import com.amazonaws.services.lambda.runtime.events.StreamsEventResponse;
import com.pantherkolab.common.LogKey;
import com.pantherkolab.common.Publication;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.cloud.function.adapter.aws.AWSLambdaUtils;
import org.springframework.messaging.Message;

/// The stream function: publishes what a batch of the outbox's stream brings, and says how far it came.
///
/// It promises that a record which its answer does not return was delivered to every one of its channels, has
/// expired, or is parked. It does not promise that a returned record was not delivered: the lowest undelivered one
/// is returned, and with it everything behind it comes again.
///
/// Something unexpected fails the invocation as a whole; there is no answer that hides it. So does an account that
/// does not add up: of what came in, each delivery must have become exactly one thing ([Counts#in]).
public final class StreamPublisher implements Function<Message<DynamodbEvent>, StreamsEventResponse> {
    private static final Logger log = LoggerFactory.getLogger(StreamPublisher.class);

    private final Lanes lanes;
    private final ParkedEvents parked;
    private final PublisherMetrics metrics;
    private final Figures figures;
    private final Clock clock;
    private final Duration invocationTime;
    private final Duration margin;

    /// Puts it together.
    ///
    /// @param metrics told of what became of deliveries; the figures do not tell of it by themselves
    /// @param invocationTime how long an invocation may take, where no Lambda context says it
    /// @param margin what of it is kept for the attempts that are under way at the deadline
    StreamPublisher(
            Lanes lanes,
            ParkedEvents parked,
            PublisherMetrics metrics,
            Figures figures,
            Clock clock,
            Duration invocationTime,
            Duration margin) {
        this.lanes = lanes;
        this.parked = parked;
        this.metrics = metrics;
        this.figures = figures;
        this.clock = clock;
        this.invocationTime = invocationTime;
        this.margin = margin;
    }

    /// The function as it is deployed: its deadline is Lambda's remaining time less the margin.
    @Override
    public StreamsEventResponse apply(Message<DynamodbEvent> message) {
        Duration time = message.getHeaders().get(AWSLambdaUtils.AWS_CONTEXT) instanceof Context context
                ? Duration.ofMillis(context.getRemainingTimeInMillis())
                : invocationTime;
        try {
            return publish(
                    message.getPayload(),
                    new Deadline(clock.instant().plus(time).minus(margin)));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interrupted);
        }
    }

    /// Publishes a batch.
    ///
    /// @param batch records in stream order
    /// @param deadline when no attempt may begin any more
    /// @return the lowest sequence number that still has something undelivered; an empty list when all is done
    public StreamsEventResponse publish(DynamodbEvent batch, Deadline deadline) throws InterruptedException {
        if (batch.getRecords() == null) {
            throw new IllegalArgumentException("not a stream event: it has no records");
        }
        try {
            return publish(batch.getRecords(), deadline);
        } finally {
            figures.send();
        }
    }

    private StreamsEventResponse publish(List<DynamodbStreamRecord> records, Deadline deadline)
            throws InterruptedException {
        Instant seen = clock.instant();
        long in = 0;
        Progress unreadable = Progress.NONE;
        List<StreamRecord.Entry> entries = new ArrayList<>();
        for (DynamodbStreamRecord record : records) {
            switch (StreamRecords.read(record)) {
                case StreamRecord.Entry entry -> {
                    in += deliveries(entry);
                    entries.add(entry);
                }
                case StreamRecord.Unreadable raw -> {
                    in++;
                    unreadable = unreadable.and(unreadable.checkpoint().isEnd() ? park(raw) : leave());
                }
                case StreamRecord.Ignored() -> {}
            }
        }
        figures.came(in, entries, seen);
        Progress progress = unreadable.and(lanes.deliver(entries, deadline));
        account(in, progress.counts());
        lanes.passed(entries, progress.checkpoint());
        figures.settled(entries, progress.settled(), seen);
        log(records.size(), progress);
        return progress.checkpoint().response();
    }

    private static long deliveries(StreamRecord.Entry record) {
        return record.entry().publications().stream()
                .map(Publication::channels)
                .mapToLong(List::size)
                .sum();
    }

    private Progress park(StreamRecord.Unreadable record) {
        Progress progress = Progress.done(Counts.PARKED);
        try {
            parked.park(new Parked.Unreadable(record.raw(), record.reason()));
            log.atWarn()
                    .addKeyValue("record", record.at())
                    .addKeyValue(LogKey.REASON, record.reason())
                    .log("parked");
        } catch (NotParkedException failure) {
            SequenceNumber at = record.at();
            if (at == null) {
                // There is no number to return it by: only all of the batch can come again.
                throw new IllegalStateException("an unreadable record cannot be parked", failure);
            }
            log.atWarn()
                    .addKeyValue("record", at)
                    .addKeyValue(LogKey.REASON, record.reason())
                    .addKeyValue("failure", failure.getMessage())
                    .log("not parked");
            progress = new Progress(Counts.RETURNED, new Checkpoint(at));
        }
        metrics.count(progress.counts());
        return progress;
    }

    /// Behind a record that could not be parked, the next is not tried: with that one it comes again, and trying
    /// each could take longer than the invocation has.
    private Progress leave() {
        metrics.count(Counts.RETURNED);
        return Progress.done(Counts.RETURNED);
    }

    private static void account(long in, Counts counts) {
        if (counts.in() != in) {
            throw new IllegalStateException(
                    "of %d deliveries %d are accounted for: %s".formatted(in, counts.in(), counts));
        }
    }

    private static void log(int records, Progress progress) {
        Counts counts = progress.counts();
        log.atInfo()
                .addKeyValue("records", records)
                .addKeyValue("in", counts.in())
                .addKeyValue("published", counts.published())
                .addKeyValue("skipped", counts.skipped())
                .addKeyValue("expired", counts.expired())
                .addKeyValue("dropped", counts.dropped())
                .addKeyValue("parked", counts.parked())
                .addKeyValue("returned", counts.returned())
                .addKeyValue("retried", counts.retried())
                .addKeyValue("backwards", counts.backwards())
                .addKeyValue("checkpoint", progress.checkpoint())
                .log("invocation");
    }
}
