package com.pantherkolab.publisher;

import com.pantherkolab.publisher.Progress.End;
import com.pantherkolab.publisher.Progress.Settled;
import com.pantherkolab.publisher.PublishResult.Expired;
import com.pantherkolab.publisher.PublishResult.GivenUp;
import com.pantherkolab.publisher.PublishResult.Published;
import com.pantherkolab.publisher.PublishResult.Rejected;
import com.pantherkolab.publisher.PublishResult.Retryable;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What follows from what became of a delivery: it is parked, noted in the ledger, counted, or left to the next
/// invocation.
///
/// A lane settles each request before it sends the next. So what is parked is stored before anything behind it goes
/// out, and before the checkpoint passes it: a delivery that cannot be parked is returned instead.
final class Settlement {
    private static final Logger log = LoggerFactory.getLogger(Settlement.class);

    private final ParkedEvents parked;
    private final Ledger ledger;
    private final OrderWatch orders;
    private final PublisherMetrics metrics;
    private final Clock clock;

    Settlement(ParkedEvents parked, Ledger ledger, OrderWatch orders, PublisherMetrics metrics, Clock clock) {
        this.parked = parked;
        this.ledger = ledger;
        this.orders = orders;
        this.metrics = metrics;
        this.clock = clock;
    }

    /// Whether the delivery was settled in an earlier invocation.
    boolean isSettled(Delivery delivery) {
        return ledger.holds(delivery);
    }

    /// Settles a request of a lane.
    Progress settle(List<Handover> handovers) {
        return counted(handovers.stream().map(this::settle).reduce(Progress.NONE, Progress::and));
    }

    /// Settles an ephemeral delivery after its one attempt.
    Progress settleEphemeral(Delivery delivery, PublishResult result) {
        return counted(
                switch (result) {
                    case Published() -> ended(Counts.PUBLISHED, delivery, End.PUBLISHED, 1);
                    case Expired() -> ended(Counts.EXPIRED, delivery, End.EXPIRED, 0);
                    case Rejected _, Retryable _, GivenUp _ -> ended(Counts.DROPPED, delivery, End.DROPPED, 1);
                });
    }

    /// Passes over what was settled in an earlier invocation.
    Progress skip(int deliveries) {
        return counted(Progress.done(Counts.SKIPPED.times(deliveries)));
    }

    /// Leaves to the next invocation what was not attempted.
    Progress leave(List<Delivery> deliveries) {
        return counted(deliveries.stream()
                .map(delivery -> new Progress(Counts.RETURNED, new Checkpoint(delivery.at())))
                .reduce(Progress.NONE, Progress::and));
    }

    /// The mapping goes on from a checkpoint.
    void passed(Collection<StreamRecord.Entry> entries, Checkpoint checkpoint) {
        entries.stream().filter(entry -> checkpoint.passes(entry.at())).forEach(entry -> ledger.forget(entry.entry()));
    }

    private Progress settle(Handover handover) {
        Counts retries = Counts.RETRIED.times(Math.max(0, handover.attempts() - 1));
        return Progress.done(retries)
                .and(
                        switch (handover.result()) {
                            case Published() -> published(handover);
                            case Expired() ->
                                ended(Counts.EXPIRED, handover.delivery(), End.EXPIRED, handover.attempts());
                            case Rejected(String reason) -> park(handover, reason);
                            case GivenUp(String reason) -> park(handover, reason);
                            case Retryable(String _) -> returned(handover.delivery());
                        });
    }

    private Progress published(Handover handover) {
        Delivery delivery = handover.delivery();
        return ended(
                orders.wentBackwards(delivery) ? Counts.PUBLISHED.plus(Counts.BACKWARDS) : Counts.PUBLISHED,
                delivery,
                End.PUBLISHED,
                handover.attempts());
    }

    private Progress ended(Counts counts, Delivery delivery, End end, int attempts) {
        ledger.note(delivery);
        return new Progress(counts, Checkpoint.END, List.of(new Settled(delivery, end, attempts, clock.instant())));
    }

    private Progress park(Handover handover, String reason) {
        Delivery delivery = handover.delivery();
        try {
            parked.park(new Parked.Undelivered(
                    delivery.entry().aggregate(), delivery.entry().eventId(), delivery.channel(), reason));
        } catch (NotParkedException failure) {
            DeliveryLog.of(log.atWarn(), List.of(delivery), handover.attempts(), reason)
                    .addKeyValue("failure", failure.getMessage())
                    .log("not parked");
            return returned(delivery);
        }
        DeliveryLog.of(log.atWarn(), List.of(delivery), handover.attempts(), reason)
                .log("parked");
        ledger.note(delivery);
        return Progress.done(Counts.PARKED);
    }

    private static Progress returned(Delivery delivery) {
        return new Progress(Counts.RETURNED, new Checkpoint(delivery.at()));
    }

    private Progress counted(Progress progress) {
        metrics.count(progress.counts());
        return progress;
    }
}
