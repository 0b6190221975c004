package com.pantherkolab.publisher;

import org.jspecify.annotations.Nullable;

/// Where a replay takes its events from.
sealed interface ReplayFrom {

    /// The outbox's stream: the last 24 hours, in stream order, every shard after its parents.
    ///
    /// @param first the first sequence number that counts; none, from the horizon on
    /// @param last the last one that counts; none, up to where the stream is now
    record Stream(@Nullable SequenceNumber first, @Nullable SequenceNumber last) implements ReplayFrom {
        boolean covers(SequenceNumber at) {
            return (first == null || at.compareTo(first) >= 0) && (last == null || at.compareTo(last) <= 0);
        }
    }

    /// The outbox table: the last 7 days. Entries of an aggregate come in the order of their aggregate; where the
    /// aggregates are named only they are read, else the whole table is.
    ///
    /// @param readUnits how many read units a second it may take
    record Table(int readUnits) implements ReplayFrom {}

    /// The documents of the failure bucket: what the mapping gave up, and what could not be read.
    record Failures() implements ReplayFrom {}

    /// The queue of parked deliveries.
    record Parked() implements ReplayFrom {}
}
