package com.pantherkolab.publisher;

import io.github.resilience4j.core.IntervalFunction;
import java.time.Duration;
import java.util.function.DoubleSupplier;

/// How long to wait after a failed attempt: a random part of a time that doubles with each attempt up to a longest.
///
/// Random from zero on ("full jitter"), so that lanes which failed together do not come back together.
///
/// @param ceiling the longest wait in milliseconds after the first, second … attempt
/// @param random draws from 0 (included) to 1 (excluded); called from many threads
record Backoff(IntervalFunction ceiling, DoubleSupplier random) {

    static Backoff doubling(Duration first, Duration longest, DoubleSupplier random) {
        return new Backoff(IntervalFunction.ofExponentialBackoff(first, 2, longest), random);
    }

    /// The wait after an attempt.
    ///
    /// @param attempt which, the first is 1
    Duration after(int attempt) {
        return Duration.ofMillis((long) (ceiling.apply(attempt) * random.getAsDouble()));
    }
}
