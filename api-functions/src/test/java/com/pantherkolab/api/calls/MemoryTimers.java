package com.pantherkolab.api.calls;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Timers in memory: it remembers what was armed, and reminds nobody.
public final class MemoryTimers implements Timers {
    private final List<Armed> armed = new ArrayList<>();

    /// A timer that was armed.
    public record Armed(Timer timer, Duration after) {}

    /// All that were armed, in order.
    public synchronized List<Armed> armed() {
        return List.copyOf(armed);
    }

    @Override
    public synchronized void arm(Timer timer, Duration after) {
        armed.add(new Armed(timer, after));
    }
}
