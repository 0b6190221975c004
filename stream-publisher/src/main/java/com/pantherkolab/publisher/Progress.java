package com.pantherkolab.publisher;

/// What an invocation, or a part of one, has done.
///
/// @param counts in numbers
/// @param checkpoint how far the stream is done
record Progress(Counts counts, Checkpoint checkpoint) {
    static final Progress NONE = done(Counts.NONE);

    /// Something that holds no checkpoint back.
    static Progress done(Counts counts) {
        return new Progress(counts, Checkpoint.END);
    }

    Progress and(Progress other) {
        return new Progress(counts.plus(other.counts), checkpoint.and(other.checkpoint));
    }
}
