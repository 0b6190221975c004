package com.pantherkolab.local;

import java.time.Duration;

/// Rung at each acknowledged write, so that the pumps read their streams at once and sleep while nothing happens.
///
/// A ring that comes while somebody does not listen is kept for them; many are as good as one.
final class CommitBell {
    private long rings;

    synchronized void ring() {
        rings++;
        notifyAll();
    }

    /// Somebody who hears every ring from now on.
    synchronized Listener listener() {
        return new Listener(rings);
    }

    /// One who waits for rings; for one thread.
    final class Listener {
        private long heard;

        private Listener(long heard) {
            this.heard = heard;
        }

        /// Waits for a ring, for so long at most.
        ///
        /// @return whether it rang since the last time
        boolean await(Duration longest) throws InterruptedException {
            synchronized (CommitBell.this) {
                long giveUp = System.nanoTime() + longest.toNanos();
                long left = longest.toNanos();
                while (rings == heard && left > 0) {
                    // Never zero, which would mean without end.
                    CommitBell.this.wait(left / 1_000_000, (int) (left % 1_000_000));
                    left = giveUp - System.nanoTime();
                }
                boolean rang = rings != heard;
                heard = rings;
                return rang;
            }
        }
    }
}
