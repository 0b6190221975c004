package com.pantherkolab.publisher;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.events.DynamodbEvent;
import com.amazonaws.services.lambda.runtime.events.DynamodbEvent.DynamodbStreamRecord;
import com.amazonaws.services.lambda.runtime.events.StreamsEventResponse;
import java.time.Clock;
import java.time.Duration;
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
/// Something unexpected fails the invocation as a whole; there is no answer that hides it.
public final class StreamPublisher implements Function<Message<DynamodbEvent>, StreamsEventResponse> {
    private static final Logger log = LoggerFactory.getLogger(StreamPublisher.class);

    private final ChannelLanes lanes;
    private final ParkedEvents parked;
    private final PublisherMetrics metrics;
    private final Clock clock;
    private final Duration invocationTime;
    private final Duration margin;

    /// Puts it together.
    ///
    /// @param invocationTime how long an invocation may take, where no Lambda context says it
    /// @param margin what of it is kept for the attempts that are under way at the deadline
    StreamPublisher(
            ChannelLanes lanes,
            ParkedEvents parked,
            PublisherMetrics metrics,
            Clock clock,
            Duration invocationTime,
            Duration margin) {
        this.lanes = lanes;
        this.parked = parked;
        this.metrics = metrics;
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
        Progress unreadable = Progress.NONE;
        List<StreamRecord.Entry> entries = new ArrayList<>();
        for (DynamodbStreamRecord record : batch.getRecords()) {
            switch (StreamRecords.read(record)) {
                case StreamRecord.Entry entry -> entries.add(entry);
                case StreamRecord.Unreadable(DynamodbStreamRecord raw, String reason) -> {
                    parked.park(new Parked.Unreadable(raw, reason));
                    metrics.count(Counts.UNREADABLE);
                    unreadable = unreadable.and(new Progress(Counts.UNREADABLE, Checkpoint.END));
                }
                case StreamRecord.Ignored() -> {}
            }
        }
        Progress progress = unreadable.and(lanes.deliver(entries, deadline));
        Counts counts = progress.counts();
        log.info(
                "invocation records={} published={} parked={} expired={} dropped={} returned={} retried={}"
                        + " checkpoint={}",
                batch.getRecords().size(),
                counts.published(),
                counts.parked(),
                counts.expired(),
                counts.dropped(),
                counts.returned(),
                counts.retried(),
                progress.checkpoint());
        return progress.checkpoint().response();
    }
}
