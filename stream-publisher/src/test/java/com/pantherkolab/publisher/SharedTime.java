package com.pantherkolab.publisher;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// Virtual time that all lanes share: it passes when every one of them sleeps, up to the first that wakes.
///
/// For what lanes do to each other, where [VirtualTime] lets one run far ahead of another. It is slower: a sleeper
/// looks every millisecond whether the others are asleep, or done.
final class SharedTime extends VirtualTime {
    private final Set<Thread> lanes = new HashSet<>();
    private final Map<Thread, Instant> asleep = new HashMap<>();
    private Instant now = START;

    @Override
    public synchronized Instant instant() {
        // Lanes are virtual threads; the test's own waits for them.
        if (Thread.currentThread().isVirtual()) {
            lanes.add(Thread.currentThread());
        }
        return now;
    }

    @Override
    public synchronized void sleep(Duration time) {
        Instant then = now.plus(time);
        lanes.add(Thread.currentThread());
        asleep.put(Thread.currentThread(), then);
        try {
            while (now.isBefore(then)) {
                pass();
                wait(1);
            }
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        } finally {
            asleep.remove(Thread.currentThread());
        }
    }

    @Override
    void catchUp() {}

    private void pass() {
        lanes.removeIf(lane -> !lane.isAlive());
        Instant first = asleep.values().stream().min(Instant::compareTo).orElse(now);
        if (first.isAfter(now) && asleep.keySet().containsAll(lanes)) {
            now = first;
            notifyAll();
        }
    }
}
