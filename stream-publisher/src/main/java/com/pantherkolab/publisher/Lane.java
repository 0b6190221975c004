package com.pantherkolab.publisher;

import static java.util.function.Predicate.not;

import com.pantherkolab.common.Aggregate;
import com.pantherkolab.common.Channel;
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

    /// Hands over what the time allows, except what was settled before.
    Progress run(RetryingPublisher publisher, Settlement settlement, Deadline deadline) throws InterruptedException {
        List<Delivery> open =
                deliveries.stream().filter(not(settlement::isSettled)).toList();
        return settlement
                .skip(deliveries.size() - open.size())
                .and(new Lane(channel, open).handOver(publisher, settlement, deadline));
    }

    private Progress handOver(RetryingPublisher publisher, Settlement settlement, Deadline deadline)
            throws InterruptedException {
        Progress progress = Progress.NONE;
        for (int next = 0; next < deliveries.size() && progress.checkpoint().isEnd(); ) {
            List<Delivery> request = request(next);
            next += request.size();
            List<Handover> handovers = publisher.publish(channel, request, deadline);
            progress = progress.and(settlement.settle(handovers));
            if (!progress.checkpoint().isEnd()) {
                List<Delivery> rest = deliveries.subList(next, deliveries.size());
                handovers.stream().filter(Handover::isOpen).findFirst().ifPresent(open -> stop(open, rest, publisher));
                progress = progress.and(settlement.leave(rest));
            }
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

    /// One line for each lane that stops: in an outage there are many.
    private static void stop(Handover open, List<Delivery> rest, RetryingPublisher publisher) {
        String reason = open.result() instanceof PublishResult.Retryable(String why) ? why : "";
        DeliveryLog.of(log.atWarn(), List.of(open.delivery()), open.attempts(), reason)
                .addKeyValue("behind", rest.size())
                .log("stopped");
        if (open.attempts() > 0) {
            publisher.holdBack(rest);
        }
    }
}
