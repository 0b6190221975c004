package com.pantherkolab.publisher;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Parked events in a log and in memory.
///
/// What is listed is lost with the process, and only the last [#KEPT] are; the log has a line for each.
public final class MemoryParkedEvents implements ParkedEvents {
    /// How many are listed.
    public static final int KEPT = 1_000;

    private static final Logger log = LoggerFactory.getLogger(MemoryParkedEvents.class);

    private final Deque<Parked> latest = new ArrayDeque<>();

    @Override
    public synchronized void park(Parked parked) {
        log.warn("parked {}", parked);
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
