package com.pantherkolab.publisher;

import com.pantherkolab.common.Channel;
import com.pantherkolab.common.Event;
import com.pantherkolab.common.Publication;
import com.pantherkolab.common.metrics.Metric;
import com.pantherkolab.common.metrics.Metrics;
import com.pantherkolab.publisher.Progress.Settled;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.stream.Collectors;

/// What the stream function tells of itself, as metrics.
///
/// Deliveries are counted while it runs, so that an invocation that breaks has told what it did; then what came in
/// is more than what became of it, and an alarm says so. Times are told of invocations that come to an answer.
final class Figures implements PublisherMetrics {
    private final Metrics metrics;

    Figures(Metrics metrics) {
        this.metrics = metrics;
    }

    /// The figures of replays, which count by themselves.
    static PublisherMetrics ofReplays(Metrics metrics) {
        return counts -> {
            metrics.note(Metric.REPLAY_PUBLISHED, counts.published());
            metrics.note(Metric.REPLAY_EXPIRED, counts.expired());
            metrics.note(Metric.REPLAY_DROPPED, counts.dropped());
            metrics.note(Metric.REPLAY_PARKED, counts.parked());
        };
    }

    /// Notes all of them, zeros too: an expression over several must not lack one.
    @Override
    public void count(Counts counts) {
        metrics.note(Metric.PUBLISHER_PUBLISHED, counts.published());
        metrics.note(Metric.PUBLISHER_SKIPPED, counts.skipped());
        metrics.note(Metric.PUBLISHER_EXPIRED, counts.expired());
        metrics.note(Metric.PUBLISHER_DROPPED, counts.dropped());
        metrics.note(Metric.PUBLISHER_PARKED, counts.parked());
        metrics.note(Metric.PUBLISHER_RETURNED, counts.returned());
        metrics.note(Metric.PUBLISHER_RETRIED, counts.retried());
        metrics.note(Metric.PUBLISHER_BACKWARDS, counts.backwards());
    }

    /// A batch was read.
    ///
    /// @param deliveries as many as must be accounted for
    /// @param seen when the publisher had it before it
    void came(long deliveries, List<StreamRecord.Entry> entries, Instant seen) {
        metrics.note(Metric.PUBLISHER_IN, deliveries);
        count(Counts.NONE);
        metrics.note(Metric.PUBLISHER_LANE_DEPTH, deepest(entries));
        entries.forEach(entry -> metrics.note(
                Metric.PUBLISHER_COMMIT_TO_SEEN, millis(entry.entry().timestamp(), seen)));
    }

    /// A batch was settled: of each entry, the last acknowledgement counts.
    void settled(List<StreamRecord.Entry> entries, Collection<Settled> settled, Instant seen) {
        Map<SequenceNumber, Instant> last = settled.stream()
                .filter(Settled::isAcknowledged)
                .collect(Collectors.toMap(
                        one -> one.delivery().at(), Settled::when, BinaryOperator.maxBy(Instant::compareTo)));
        for (StreamRecord.Entry entry : entries) {
            Instant published = last.get(entry.at());
            if (published != null) {
                metrics.note(Metric.PUBLISHER_SEEN_TO_PUBLISHED, millis(seen, published));
                metrics.note(
                        Metric.PUBLISHER_COMMIT_TO_PUBLISHED,
                        millis(entry.entry().timestamp(), published));
            }
        }
    }

    /// An invocation is over, however.
    void send() {
        metrics.send();
    }

    private static long deepest(List<StreamRecord.Entry> entries) {
        Map<Channel, Long> lanes = new HashMap<>();
        for (StreamRecord.Entry entry : entries) {
            for (Publication publication : entry.entry().publications()) {
                if (publication.type().delivery() == Event.Delivery.DURABLE) {
                    publication.channels().forEach(channel -> lanes.merge(channel, 1L, Long::sum));
                }
            }
        }
        return lanes.values().stream().mapToLong(Long::longValue).max().orElse(0);
    }

    /// Never negative: a message's time may be a little ahead of the clock, and two clocks are never the same.
    private static long millis(Instant from, Instant to) {
        return Math.max(0, Duration.between(from, to).toMillis());
    }
}
