package com.pantherkolab.local;

import software.amazon.awssdk.core.exception.AbortedException;

/// Lets nobody be told what a `kill -9` could still take back.
///
/// DynamoDB Local in a file can lose the last transaction that it acknowledged, because its journal is still hot;
/// what lies before another acknowledged write is safe. So a write is answered when a further one, the barrier, has
/// been acknowledged behind it. Whoever waits at the same time shares one.
///
/// What was read may be a write that is not safe yet. Reads do not wait, but who tells others of what it read calls
/// [#settle] first; that waits for nothing where nothing is being written, or where the thread's last request was a
/// write. A request and its answer have to be of one thread.
final class DurabilityBarrier {
    private final Runnable write;
    private final ThreadLocal<Boolean> unsettled = ThreadLocal.withInitial(() -> false);
    private int writing;
    /// Writes that have ended, and how many of these a barrier has been written behind.
    private long ended;
    private long safe;
    /// Barriers that were begun, and the last that has ended well.
    private long begun;
    private long written;
    private boolean underWay;

    /// @param write writes the barrier; returns when it is acknowledged
    DurabilityBarrier(Runnable write) {
        this.write = write;
    }

    /// A request to the store.
    @FunctionalInterface
    interface Request {
        Object send() throws Throwable;
    }

    /// Sends a request that writes.
    ///
    /// @return its answer, when it is safe
    Object write(Request request) throws Throwable {
        synchronized (this) {
            writing++;
        }
        try {
            return request.send();
        } finally {
            synchronized (this) {
                writing--;
                ended++;
            }
            // Also behind a refusal, which tells of what another one wrote.
            unsettled.set(true);
            settle();
        }
    }

    /// Sends a request that reads.
    ///
    /// @return its answer, which may tell of what is not safe
    Object read(Request request) throws Throwable {
        try {
            return request.send();
        } finally {
            unsettled.set(true);
        }
    }

    /// Waits until everything that this thread has seen is safe.
    void settle() {
        if (unsettled.get()) {
            waitForBarrier();
            unsettled.set(false);
        }
    }

    private void waitForBarrier() {
        long needed;
        synchronized (this) {
            if (writing == 0 && safe == ended) {
                return;
            }
            // One that is under way may have begun before what was seen.
            needed = begun + 1;
        }
        while (!isWritten(needed)) {
            lead();
        }
    }

    /// @return whether it is; if not, it is this thread's to write
    private synchronized boolean isWritten(long needed) {
        try {
            while (written < needed && underWay) {
                wait();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw AbortedException.create("interrupted before it was safe", interrupted);
        }
        if (written < needed) {
            underWay = true;
            return false;
        }
        return true;
    }

    private void lead() {
        long number;
        long covers;
        synchronized (this) {
            number = ++begun;
            covers = ended;
        }
        boolean well = false;
        try {
            write.run();
            well = true;
        } finally {
            synchronized (this) {
                underWay = false;
                if (well) {
                    written = number;
                    safe = covers;
                }
                notifyAll();
            }
        }
    }
}
