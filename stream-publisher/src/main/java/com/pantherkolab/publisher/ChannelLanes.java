package com.pantherkolab.publisher;

import static java.util.function.Predicate.not;

import com.pantherkolab.common.Channel;
import com.pantherkolab.common.OutboxEntry;
import com.pantherkolab.common.Publication;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Splits entries into deliveries, one lane per channel, and runs the lanes side by side.
///
/// Ephemeral deliveries ride no lane: each gets one attempt of its own, beside the lanes. They hold nothing back:
/// what has no answer a moment after the last lane is done is given up.
///
/// A lane that stands still holds no other lane up. Between lanes there is no order, and none is needed: a
/// subscriber hears one channel.
///
/// When something breaks that has no answer, a bug, the other lanes are first run to their end and then the
/// exception is thrown: the invocation fails and is repeated; what came through stands in the ledger.
final class ChannelLanes implements Lanes {
    /// How long ephemeral attempts may outlast the lanes.
    private static final Duration MOMENT = Duration.ofMillis(500);

    private final RetryingPublisher publisher;
    private final Settlement settlement;

    /// @param settlement with the ledger of a warm instance, or, for a replay, with none
    ChannelLanes(RetryingPublisher publisher, Settlement settlement) {
        this.publisher = publisher;
        this.settlement = settlement;
    }

    @Override
    public Progress deliver(List<StreamRecord.Entry> entries, Deadline deadline) throws InterruptedException {
        Split split = split(entries);
        List<Delivery> ephemeral =
                split.ephemeral().stream().filter(not(settlement::isSettled)).toList();
        Progress skipped = settlement.skip(split.ephemeral().size() - ephemeral.size());
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Attempt> attempts = ephemeral.stream()
                    .map(delivery -> new Attempt(delivery, threads.submit(() -> publisher.attempt(delivery))))
                    .toList();
            List<Future<Progress>> runs = split.lanes().stream()
                    .map(lane -> threads.submit(() -> lane.run(publisher, settlement, deadline)))
                    .toList();
            try {
                Progress progress = skipped.and(join(runs)).and(settle(attempts));
                DeliveryLog.say(progress.settled());
                return progress;
            } catch (InterruptedException interrupted) {
                // Else closing would wait for the lanes, up to their deadline.
                threads.shutdownNow();
                throw interrupted;
            }
        }
    }

    @Override
    public void passed(List<StreamRecord.Entry> entries, Checkpoint checkpoint) {
        settlement.passed(entries, checkpoint);
    }

    /// The one attempt of an ephemeral delivery.
    private record Attempt(Delivery delivery, Future<PublishResult> result) {}

    /// All together get one moment, so that many are given up as soon as one.
    private Progress settle(List<Attempt> attempts) throws InterruptedException {
        long giveUp = System.nanoTime() + MOMENT.toNanos();
        Progress progress = Progress.NONE;
        for (Attempt attempt : attempts) {
            progress = progress.and(settlement.settleEphemeral(attempt.delivery(), result(attempt, giveUp)));
        }
        return progress;
    }

    private static PublishResult result(Attempt attempt, long giveUp) throws InterruptedException {
        try {
            return attempt.result().get(giveUp - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException _) {
            attempt.result().cancel(true);
            return new PublishResult.Retryable("OUT_OF_TIME");
        } catch (ExecutionException bug) {
            throw new IllegalStateException("an attempt broke", bug.getCause());
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
            // Nobody will tell of these: when the batch is repeated, they stand in the ledger.
            DeliveryLog.say(progress.settled());
            throw broken;
        }
        return progress;
    }

    /// What goes where.
    ///
    /// @param lanes each in the order of the entries
    /// @param ephemeral in no order
    record Split(List<Lane> lanes, List<Delivery> ephemeral) {}

    static Split split(List<StreamRecord.Entry> entries) {
        Map<Channel, List<Delivery>> lanes = new LinkedHashMap<>();
        List<Delivery> ephemeral = new ArrayList<>();
        for (StreamRecord.Entry record : entries) {
            for (Publication publication : record.entry().publications()) {
                for (Delivery delivery : deliveries(record, publication)) {
                    switch (publication.type().delivery()) {
                        case DURABLE ->
                            lanes.computeIfAbsent(delivery.channel(), _ -> new ArrayList<>())
                                    .add(delivery);
                        case EPHEMERAL -> ephemeral.add(delivery);
                    }
                }
            }
        }
        return new Split(
                lanes.entrySet().stream()
                        .map(lane -> new Lane(lane.getKey(), lane.getValue()))
                        .toList(),
                ephemeral);
    }

    private static List<Delivery> deliveries(StreamRecord.Entry record, Publication publication) {
        OutboxEntry entry = record.entry();
        // Measured once for all channels; the time of an attempt is as long as any other time.
        int bytes = PublishRequest.encodedBytes(entry.event(publication, entry.timestamp()));
        return publication.channels().stream()
                .map(channel -> new Delivery(record.at(), entry, publication, channel, bytes))
                .toList();
    }
}
