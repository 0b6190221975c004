package com.pantherkolab.publisher;

/// What a replay did, in deliveries (event × channel). What it came across and could not read, or could not find,
/// counts as one delivery.
///
/// `considered` is the sum of all the others but `events` and `failed`.
///
/// @param events entries that had something to publish
/// @param considered what it came across
/// @param published acknowledged by AppSync; in a dry run, what would be sent
/// @param expired left out, because no longer worth sending
/// @param filtered left out, because not asked for
/// @param notYetSafe left out, because the live publisher may still be at it
/// @param unreadable records that this version cannot read
/// @param missing pointers to entries that are gone
/// @param dropped ephemeral ones that failed at their one attempt
/// @param parked refused again, or given up, and laid aside
/// @param failed tried and not settled when the time was up; the replay goes on before them
record ReplaySummary(
        long events,
        long considered,
        long published,
        long expired,
        long filtered,
        long notYetSafe,
        long unreadable,
        long missing,
        long dropped,
        long parked,
        long failed) {
    static final ReplaySummary NONE = new ReplaySummary(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    // One of each.
    static final ReplaySummary EVENT = new ReplaySummary(1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    static final ReplaySummary PUBLISHED = new ReplaySummary(0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0);
    static final ReplaySummary EXPIRED = new ReplaySummary(0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0);
    static final ReplaySummary FILTERED = new ReplaySummary(0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0);
    static final ReplaySummary NOT_YET_SAFE = new ReplaySummary(0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0);
    static final ReplaySummary UNREADABLE = new ReplaySummary(0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0);
    static final ReplaySummary MISSING = new ReplaySummary(0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0);

    /// What became of deliveries that went the publisher's way, all of them settled.
    static ReplaySummary of(Counts counts) {
        return new ReplaySummary(
                0, counts.in(), counts.published(), counts.expired(), 0, 0, 0, 0, counts.dropped(), counts.parked(), 0);
    }

    ReplaySummary plus(ReplaySummary more) {
        return new ReplaySummary(
                events + more.events,
                considered + more.considered,
                published + more.published,
                expired + more.expired,
                filtered + more.filtered,
                notYetSafe + more.notYetSafe,
                unreadable + more.unreadable,
                missing + more.missing,
                dropped + more.dropped,
                parked + more.parked,
                failed + more.failed);
    }

    ReplaySummary times(long factor) {
        return new ReplaySummary(
                events * factor,
                considered * factor,
                published * factor,
                expired * factor,
                filtered * factor,
                notYetSafe * factor,
                unreadable * factor,
                missing * factor,
                dropped * factor,
                parked * factor,
                failed * factor);
    }

    ReplaySummary withFailed(long deliveries) {
        return new ReplaySummary(
                events,
                considered,
                published,
                expired,
                filtered,
                notYetSafe,
                unreadable,
                missing,
                dropped,
                parked,
                deliveries);
    }

    /// Whether everything that it came across became exactly one thing.
    boolean addsUp() {
        return considered == published + expired + filtered + notYetSafe + unreadable + missing + dropped + parked;
    }
}
