package com.pantherkolab.publisher;

import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/// What an invocation, or a part of one, has done.
///
/// @param counts in numbers
/// @param checkpoint how far the stream is done
/// @param acknowledged when its durable deliveries were acknowledged
record Progress(Counts counts, Checkpoint checkpoint, List<Acknowledged> acknowledged) {
    static final Progress NONE = done(Counts.NONE);

    /// A delivery was acknowledged.
    ///
    /// @param at the place of its entry in the stream
    record Acknowledged(SequenceNumber at, Instant when) {}

    /// Something without acknowledgements.
    Progress(Counts counts, Checkpoint checkpoint) {
        this(counts, checkpoint, List.of());
    }

    /// Something that holds no checkpoint back.
    static Progress done(Counts counts) {
        return new Progress(counts, Checkpoint.END);
    }

    Progress and(Progress other) {
        return new Progress(
                counts.plus(other.counts), checkpoint.and(other.checkpoint), both(acknowledged, other.acknowledged));
    }

    private static List<Acknowledged> both(List<Acknowledged> some, List<Acknowledged> more) {
        if (some.isEmpty() || more.isEmpty()) {
            return some.isEmpty() ? more : some;
        }
        return Stream.concat(some.stream(), more.stream()).toList();
    }
}
