package com.pantherkolab.publisher;

import com.pantherkolab.publisher.PublishResult.Expired;
import com.pantherkolab.publisher.PublishResult.Published;
import com.pantherkolab.publisher.PublishResult.Rejected;
import com.pantherkolab.publisher.PublishResult.Retryable;

/// How much of what happened, in deliveries (event × channel): of a request, of an invocation, or since the start.
///
/// A repeated batch counts again: `published` counts acknowledgements, not events. A record that cannot be read
/// counts as one parked delivery, since nobody can say how many it holds.
///
/// @param published acknowledged by AppSync
/// @param parked refused for good and laid aside
/// @param expired not sent, because no longer worth it
/// @param dropped ephemeral ones that failed or were refused at their one attempt
/// @param returned left to the next invocation
/// @param retried attempts after the first
public record Counts(long published, long parked, long expired, long dropped, long returned, long retried) {
    /// Nothing yet.
    public static final Counts NONE = new Counts(0, 0, 0, 0, 0, 0);

    /// One record that could not be read.
    static final Counts UNREADABLE = new Counts(0, 1, 0, 0, 0, 0);

    /// One delivery that was not attempted.
    static final Counts RETURNED = new Counts(0, 0, 0, 0, 1, 0);

    static Counts of(Handover handover) {
        long retries = Math.max(0, handover.attempts() - 1);
        return switch (handover.result()) {
            case Published() -> new Counts(1, 0, 0, 0, 0, retries);
            case Rejected(String _) -> new Counts(0, 1, 0, 0, 0, retries);
            case Expired() -> new Counts(0, 0, 1, 0, 0, retries);
            case Retryable(String _) -> new Counts(0, 0, 0, 0, 1, retries);
        };
    }

    /// An ephemeral delivery after its one attempt.
    static Counts ofEphemeral(PublishResult result) {
        return switch (result) {
            case Published() -> new Counts(1, 0, 0, 0, 0, 0);
            case Expired() -> new Counts(0, 0, 1, 0, 0, 0);
            case Rejected _, Retryable _ -> new Counts(0, 0, 0, 1, 0, 0);
        };
    }

    /// Both together.
    public Counts plus(Counts more) {
        return new Counts(
                published + more.published,
                parked + more.parked,
                expired + more.expired,
                dropped + more.dropped,
                returned + more.returned,
                retried + more.retried);
    }
}
