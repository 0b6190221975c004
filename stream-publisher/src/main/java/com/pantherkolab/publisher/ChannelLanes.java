package com.pantherkolab.publisher;

import com.pantherkolab.common.Channel;
import com.pantherkolab.common.OutboxEntry;
import com.pantherkolab.common.Publication;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// Splits entries into deliveries, one lane per channel, and runs the lanes side by side.
///
/// A lane that stands still holds no other lane up. Between lanes there is no order, and none is needed: a subscriber
/// hears one channel.
///
/// When something breaks that has no answer (a bug, or a parking that failed), the other lanes are first run to their
/// end and then the exception is thrown: the invocation fails, and what came through is published again.
final class ChannelLanes {
    private final RetryingPublisher publisher;
    private final ParkedEvents parked;
    private final PublisherMetrics metrics;

    ChannelLanes(RetryingPublisher publisher, ParkedEvents parked, PublisherMetrics metrics) {
        this.publisher = publisher;
        this.parked = parked;
        this.metrics = metrics;
    }

    /// Delivers what the time allows.
    ///
    /// @param entries in stream order
    Progress deliver(List<StreamRecord.Entry> entries, Deadline deadline) throws InterruptedException {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Progress>> runs = new ArrayList<>();
            for (Lane lane : split(entries)) {
                runs.add(threads.submit(() -> lane.run(publisher, parked, metrics, deadline)));
            }
            try {
                return join(runs);
            } catch (InterruptedException interrupted) {
                // Else closing would wait for the lanes, up to their deadline.
                threads.shutdownNow();
                throw interrupted;
            }
        }
    }

    private static Progress join(List<Future<Progress>> runs) throws InterruptedException {
        Progress progress = Progress.NONE;
        @Nullable IllegalStateException broken = null;
        for (Future<Progress> run : runs) {
            try {
                progress = progress.and(run.get());
            } catch (ExecutionException failure) {
                broken = broken == null ? new IllegalStateException("a lane broke") : broken;
                broken.addSuppressed(failure.getCause());
            }
        }
        if (broken != null) {
            throw broken;
        }
        return progress;
    }

    /// The lanes, each in the order of the entries.
    static List<Lane> split(List<StreamRecord.Entry> entries) {
        Map<Channel, List<Delivery>> lanes = new LinkedHashMap<>();
        for (StreamRecord.Entry record : entries) {
            OutboxEntry entry = record.entry();
            for (Publication publication : entry.publications()) {
                // Another class of delivery rides no lane: whoever adds one is asked here where it goes.
                switch (publication.type().delivery()) {
                    case DURABLE -> {}
                }
                // Measured once for all channels; the time of an attempt is as long as any other time.
                int bytes = PublishRequest.encodedBytes(entry.event(publication, entry.timestamp()));
                for (Channel channel : publication.channels()) {
                    lanes.computeIfAbsent(channel, _ -> new ArrayList<>())
                            .add(new Delivery(record.at(), entry, publication, channel, bytes));
                }
            }
        }
        return lanes.entrySet().stream()
                .map(lane -> new Lane(lane.getKey(), lane.getValue()))
                .toList();
    }
}
