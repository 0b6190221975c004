package com.pantherkolab.local;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;

/// The time of day, or so much later as a test wants it.
final class LaterClock extends Clock {
    private volatile Duration later = Duration.ZERO;

    void later(Duration by) {
        later = by;
    }

    /// How much later it is.
    Duration passed() {
        return later;
    }

    @Override
    public Instant instant() {
        return Clock.systemUTC().instant().plus(later);
    }

    @Override
    public ZoneId getZone() {
        return Clock.systemUTC().getZone();
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
