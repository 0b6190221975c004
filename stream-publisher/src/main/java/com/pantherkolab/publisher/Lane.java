package com.pantherkolab.publisher;

import com.pantherkolab.common.Aggregate;
import com.pantherkolab.common.Channel;
import com.pantherkolab.publisher.PublishResult.Expired;
import com.pantherkolab.publisher.PublishResult.Published;
import com.pantherkolab.publisher.PublishResult.Rejected;
import com.pantherkolab.publisher.PublishResult.Retryable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One channel's deliveries, handed over in stream order, one request after the other.
///
/// A request never holds two deliveries of one aggregate: should the first fail and the second not, the retry would
/// turn their order round. A lane stops at the first request of which something is left when the time is up.
///
/// @param channel where all of them go
/// @param deliveries in stream order
record Lane(Channel channel, List<Delivery> deliveries) {
    private static final Logger log = LoggerFactory.getLogger(Lane.class);

    /// Hands over what the time allows. What is refused is parked before anything behind it goes out.
    Progress run(RetryingPublisher publisher, ParkedEvents parked, PublisherMetrics metrics, Deadline deadline)
            throws InterruptedException {
        Progress progress = Progress.NONE;
        for (int next = 0; next < deliveries.size() && progress.checkpoint().isEnd(); ) {
            List<Delivery> request = request(next);
            next += request.size();
            List<Handover> handovers = publisher.publish(channel, request, deadline);
            Progress made = settle(handovers, parked);
            if (!made.checkpoint().isEnd()) {
                made = made.and(returned(deliveries.subList(next, deliveries.size())));
                log(handovers, made);
            }
            metrics.count(made.counts());
            progress = progress.and(made);
        }
        return progress;
    }

    /// The deliveries of the request that begins at an index.
    List<Delivery> request(int first) {
        List<Delivery> request = new ArrayList<>();
        Set<Aggregate> aggregates = new HashSet<>();
        int room = PublishRequest.roomFor(channel);
        for (Delivery delivery : deliveries.subList(first, deliveries.size())) {
            room -= delivery.encodedBytes();
            // The first always fits: encoding at most doubles an event, and the largest is a fifth of a body.
            boolean fits = request.isEmpty() || (room >= 0 && request.size() < PublishRequest.MAX_EVENTS);
            if (!fits || !aggregates.add(delivery.entry().aggregate())) {
                break;
            }
            request.add(delivery);
        }
        return request;
    }

    private static Progress settle(List<Handover> handovers, ParkedEvents parked) {
        Progress progress = Progress.NONE;
        for (Handover handover : handovers) {
            progress = progress.and(new Progress(Counts.of(handover), settle(handover, parked)));
        }
        return progress;
    }

    private static Checkpoint settle(Handover handover, ParkedEvents parked) {
        Delivery delivery = handover.delivery();
        return switch (handover.result()) {
            case Published(), Expired() -> Checkpoint.END;
            case Rejected(String reason) -> {
                parked.park(new Parked.Refused(
                        delivery.entry().aggregate(), delivery.entry().eventId(), delivery.channel(), reason));
                yield Checkpoint.END;
            }
            case Retryable(String _) -> new Checkpoint(delivery.at());
        };
    }

    /// One line for each lane that stops: in an outage there are many.
    private static void log(List<Handover> handovers, Progress made) {
        handovers.stream()
                .filter(Handover::isOpen)
                .findFirst()
                .ifPresent(open -> log.warn(
                        "stopped delivery=\"{}\" attempts={} result={} returned={}",
                        open.delivery(),
                        open.attempts(),
                        open.result(),
                        made.counts().returned()));
    }

    private static Progress returned(List<Delivery> deliveries) {
        return deliveries.stream()
                .map(delivery -> new Progress(Counts.RETURNED, new Checkpoint(delivery.at())))
                .reduce(Progress.NONE, Progress::and);
    }
}
