package com.pantherkolab.publisher;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/// Time that passes only where somebody sleeps.
///
/// Each thread lives in its own time, as lanes do that wait side by side: what one sleeps costs the others nothing.
/// [#catchUp] is the end of an invocation: the time of the one that took longest is everybody's from then on.
class VirtualTime extends Clock implements Sleeper {
    static final Instant START = Instant.parse("2026-01-09T23:06:40.000Z");

    private final ThreadLocal<Instant> now = ThreadLocal.withInitial(this::beginning);
    private Instant beginning = START;
    private Instant latest = START;

    @Override
    @SuppressWarnings("ThreadPriorityCheck")
    public void sleep(Duration time) {
        Instant then = instant().plus(time);
        now.set(then);
        synchronized (this) {
            latest = then.isAfter(latest) ? then : latest;
        }
        // Who waits for another thread lets it run.
        Thread.yield();
    }

    void catchUp() {
        synchronized (this) {
            beginning = latest;
        }
        now.set(beginning());
    }

    /// How long this thread has slept.
    Duration slept() {
        return Duration.between(START, instant());
    }

    Deadline in(Duration time) {
        return new Deadline(instant().plus(time));
    }

    @Override
    public Instant instant() {
        return now.get();
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }

    private synchronized Instant beginning() {
        return beginning;
    }
}
