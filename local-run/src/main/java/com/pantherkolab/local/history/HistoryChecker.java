package com.pantherkolab.local.history;

import com.pantherkolab.local.history.Line.Publication;
import com.pantherkolab.local.history.Recorded.Commit;
import com.pantherkolab.local.history.Recorded.Delivery;
import java.util.ArrayList;
import java.util.List;

/// Holds a history against the contract.
///
/// It finds what the history shows. What nobody recorded it cannot know: a commit that is missing from the history
/// makes its events phantoms, an event that is missing is lost.
public final class HistoryChecker {
    private static final List<Check> CHECKS = List.of(
            Deliveries::nothingIsLost,
            Deliveries::nothingIsForged,
            Deliveries::firstDeliveriesAreInOrder,
            Deliveries::nothingIsSentExpired,
            Deliveries::oneChangeHasOneId,
            States::sequencesHaveNoGap,
            States::versionsRise,
            States::callsHaveOneOutcome,
            States::tokensStayWithTheirOwners,
            States::acknowledgedIsCommitted);

    private HistoryChecker() {}

    /// Checks everything, and goes on after what it finds.
    public static Report check(History history) {
        Recorded recorded = new Recorded(history);
        List<Violation> violations = new ArrayList<>();
        CHECKS.forEach(
                check -> check.hold(recorded, (kind, where) -> violations.add(new Violation(kind, where.toString()))));
        return new Report(counts(recorded), violations);
    }

    private static Report.Counts counts(Recorded recorded) {
        long changes = 0;
        long durable = 0;
        long ephemeral = 0;
        long dropped = 0;
        long expired = 0;
        long listed = 0;
        for (Commit commit : recorded.commits()) {
            boolean announced = false;
            for (Publication publication : commit.change().publications()) {
                announced |= !publication.isEphemeral();
                for (String channel : publication.channels()) {
                    Delivery delivery = new Delivery(commit.change().eventId(), channel);
                    boolean out = recorded.isDelivered(delivery);
                    if (publication.isEphemeral()) {
                        ephemeral++;
                        dropped += out ? 0 : 1;
                    } else {
                        durable++;
                        listed += !out && recorded.isListed(delivery) ? 1 : 0;
                        expired += !out && !recorded.isListed(delivery) && recorded.isExpired(publication) ? 1 : 0;
                    }
                }
            }
            changes += announced ? 1 : 0;
        }
        long first = recorded.firstDeliveries().size();
        return new Report.Counts(
                changes,
                recorded.acknowledged().size(),
                durable,
                ephemeral,
                first,
                recorded.published().size() - first,
                dropped,
                expired,
                listed);
    }
}
