package com.pantherkolab.publisher;

import com.pantherkolab.common.Event;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/// What an invocation, or a part of one, has done.
///
/// @param counts in numbers
/// @param checkpoint how far the stream is done
/// @param settled the deliveries that came to their end, parked ones apart
record Progress(Counts counts, Checkpoint checkpoint, List<Settled> settled) {
    static final Progress NONE = done(Counts.NONE);

    /// How a delivery came to its end.
    enum End {
        /// Acknowledged by AppSync.
        PUBLISHED,
        /// Not sent, because no longer worth it.
        EXPIRED,
        /// Ephemeral, and failed at its one attempt.
        DROPPED
    }

    /// A delivery came to its end.
    ///
    /// @param attempts how many were made
    record Settled(Delivery delivery, End end, int attempts, Instant when) {

        /// Whether AppSync acknowledged what had to arrive.
        boolean isAcknowledged() {
            return end == End.PUBLISHED && delivery.publication().type().delivery() == Event.Delivery.DURABLE;
        }
    }

    /// Something without deliveries that are told of.
    Progress(Counts counts, Checkpoint checkpoint) {
        this(counts, checkpoint, List.of());
    }

    /// Something that holds no checkpoint back.
    static Progress done(Counts counts) {
        return new Progress(counts, Checkpoint.END);
    }

    Progress and(Progress other) {
        return new Progress(counts.plus(other.counts), checkpoint.and(other.checkpoint), both(settled, other.settled));
    }

    private static List<Settled> both(List<Settled> some, List<Settled> more) {
        if (some.isEmpty() || more.isEmpty()) {
            return some.isEmpty() ? more : some;
        }
        return Stream.concat(some.stream(), more.stream()).toList();
    }
}
