package com.pantherkolab.publisher;

import java.time.Duration;
import java.time.Instant;

/// When an invocation has to have its answer: no attempt and no waiting begins after it.
///
/// An attempt that began before it may end after it, by the request timeout at most. Whoever sets a deadline leaves
/// a margin for that.
///
/// @param at the first instant that is too late
public record Deadline(Instant at) {

    /// Whether it is too late to begin anything.
    public boolean passed(Instant now) {
        return !now.isBefore(at);
    }

    /// The time that is left, not less than none.
    public Duration left(Instant now) {
        return passed(now) ? Duration.ZERO : Duration.between(now, at);
    }
}
