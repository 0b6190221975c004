package com.pantherkolab.publisher;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/// Parked events in memory: what is listed is lost with the process, and only the last [#KEPT] are.
public final class MemoryParkedEvents implements ParkedEvents {
    /// How many are listed.
    public static final int KEPT = 1_000;

    private final Deque<Parked> latest = new ArrayDeque<>();

    @Override
    public synchronized void park(Parked parked) {
        if (latest.size() == KEPT) {
            latest.removeFirst();
        }
        latest.addLast(parked);
    }

    /// The latest, oldest first.
    public synchronized List<Parked> latest() {
        return List.copyOf(latest);
    }
}
