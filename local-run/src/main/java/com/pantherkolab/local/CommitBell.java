package com.pantherkolab.local;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Rung at each acknowledged write, so that the pump reads the stream at once and sleeps while nothing happens.
///
/// A ring that comes while nobody waits is kept; many are as good as one.
final class CommitBell {
    private final Semaphore rung = new Semaphore(0);

    void ring() {
        if (rung.availablePermits() == 0) {
            rung.release();
        }
    }

    /// Waits for a ring, for so long at most.
    ///
    /// @return whether it rang
    boolean await(Duration longest) throws InterruptedException {
        boolean rang = rung.tryAcquire(longest.toNanos(), TimeUnit.NANOSECONDS);
        rung.drainPermits();
        return rang;
    }
}
