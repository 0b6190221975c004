package com.pantherkolab.local.aws;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// A clock that a test puts forward.
final class VirtualClock implements InstantSource {
    private volatile Instant now = Instant.parse("2026-11-23T10:00:00Z");

    @Override
    public Instant instant() {
        return now;
    }

    synchronized void forward(Duration time) {
        now = now.plus(time);
    }
}
