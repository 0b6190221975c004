package com.pantherkolab.publisher;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/// Virtual time that all lanes share: it passes when every one of them sleeps, up to the first that wakes.
///
/// For what lanes do to each other, where [VirtualTime] lets one run far ahead of another. It is slower: a sleeper
/// looks every millisecond whether the others are asleep, or done.
final class SharedTime extends VirtualTime {
    private final Set<Thread> lanes = new HashSet<>();
    private final Map<Thread, Instant> asleep = new HashMap<>();
    private Instant now = START;
    private int expected;
    private int seen;

    /// No time passes before so many lanes of the next invocation have looked at the clock.
    synchronized SharedTime expect(int count) {
        expected = count;
        seen = 0;
        return this;
    }

    @Override
    public synchronized Instant instant() {
        // Lanes are virtual threads; the test's own waits for them.
        if (Thread.currentThread().isVirtual() && lanes.add(Thread.currentThread())) {
            seen++;
        }
        return now;
    }

    @Override
    public void sleep(Duration time) {
        Instant then = fallAsleep(time);
        while (!isAwake(then)) {
            if (Thread.currentThread().isInterrupted()) {
                throw new IllegalStateException("interrupted");
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    private synchronized Instant fallAsleep(Duration time) {
        Instant then = now.plus(time);
        asleep.put(Thread.currentThread(), then);
        return then;
    }

    private synchronized boolean isAwake(Instant then) {
        pass();
        if (now.isBefore(then)) {
            return false;
        }
        asleep.remove(Thread.currentThread());
        return true;
    }

    @Override
    void catchUp() {}

    private void pass() {
        lanes.removeIf(lane -> !lane.isAlive());
        Instant first = asleep.values().stream().min(Instant::compareTo).orElse(now);
        if (seen >= expected && first.isAfter(now) && asleep.keySet().containsAll(lanes)) {
            now = first;
        }
    }
}
