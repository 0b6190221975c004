package com.pantherkolab.api.store;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// Waiting between attempts: exponential, with full jitter, so that those who collided once do not collide again.
///
/// @param first the longest wait before the second attempt
/// @param longest the longest wait before any attempt
/// @param random where the jitter comes from
/// @param sleeper what waits
public record Pause(Duration first, Duration longest, RandomGenerator random, Sleeper sleeper) {

    /// What waits.
    @FunctionalInterface
    public interface Sleeper {
        /// Waits, or throws when the thread is interrupted.
        void sleep(Duration time) throws InterruptedException;
    }

    /// Waits before an attempt; the first one, number 1, waits for nothing.
    public void before(int attempt) {
        if (attempt == 1) {
            return;
        }
        try {
            sleeper.sleep(Duration.ofNanos(random.nextLong(ceiling(attempt).toNanos() + 1)));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted between two attempts", interrupted);
        }
    }

    /// The longest wait before an attempt: doubled with each, up to the longest.
    Duration ceiling(int attempt) {
        Duration doubled = first.multipliedBy(1L << Math.min(attempt - 2, 30));
        return doubled.compareTo(longest) < 0 ? doubled : longest;
    }
}
