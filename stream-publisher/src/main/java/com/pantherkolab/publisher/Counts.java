package com.pantherkolab.publisher;

/// How much of what happened, in deliveries (event × channel): of a request, of an invocation, or since the start.
///
/// A repeated batch counts again: `published` counts acknowledgements, not events. A record that cannot be read
/// counts as one delivery, since nobody can say how many it holds.
///
/// The first six are all that can become of a delivery, and exclude each other: what came in is their sum.
///
/// @param published acknowledged by AppSync
/// @param skipped settled in an earlier invocation of the same instance, and not sent again
/// @param expired not sent, because no longer worth it
/// @param dropped ephemeral ones that failed or were refused at their one attempt
/// @param parked refused for good, or given up, and laid aside
/// @param returned left to the next invocation
/// @param retried attempts after the first
/// @param backwards of those published, the ones before which a later one of their aggregate was published
public record Counts(
        long published,
        long skipped,
        long expired,
        long dropped,
        long parked,
        long returned,
        long retried,
        long backwards) {
    /// Nothing yet.
    public static final Counts NONE = new Counts(0, 0, 0, 0, 0, 0, 0, 0);

    // One of each.
    static final Counts PUBLISHED = new Counts(1, 0, 0, 0, 0, 0, 0, 0);
    static final Counts SKIPPED = new Counts(0, 1, 0, 0, 0, 0, 0, 0);
    static final Counts EXPIRED = new Counts(0, 0, 1, 0, 0, 0, 0, 0);
    static final Counts DROPPED = new Counts(0, 0, 0, 1, 0, 0, 0, 0);
    static final Counts PARKED = new Counts(0, 0, 0, 0, 1, 0, 0, 0);
    static final Counts RETURNED = new Counts(0, 0, 0, 0, 0, 1, 0, 0);
    static final Counts RETRIED = new Counts(0, 0, 0, 0, 0, 0, 1, 0);
    static final Counts BACKWARDS = new Counts(0, 0, 0, 0, 0, 0, 0, 1);

    /// How many deliveries are accounted for: what came in, if nothing was lost count of.
    public long in() {
        return published + skipped + expired + dropped + parked + returned;
    }

    /// Both together.
    public Counts plus(Counts more) {
        return new Counts(
                published + more.published,
                skipped + more.skipped,
                expired + more.expired,
                dropped + more.dropped,
                parked + more.parked,
                returned + more.returned,
                retried + more.retried,
                backwards + more.backwards);
    }

    Counts times(long factor) {
        return new Counts(
                published * factor,
                skipped * factor,
                expired * factor,
                dropped * factor,
                parked * factor,
                returned * factor,
                retried * factor,
                backwards * factor);
    }
}
