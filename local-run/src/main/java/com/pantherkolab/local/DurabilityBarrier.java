package com.pantherkolab.local;

import software.amazon.awssdk.core.exception.AbortedException;

/// Lets nobody see what a `kill -9` could still take back.
///
/// DynamoDB Local in a file can lose the last transaction that it acknowledged, because its journal is still hot;
/// what lies before another acknowledged write is safe. So an answer waits until a further write, the barrier, has
/// been acknowledged behind all that the answer may tell of. Whoever waits at the same time shares one.
///
/// An answer to a read waits too while a write is not safe: what it says may be that write. Where nothing is being
/// written no barrier is.
final class DurabilityBarrier {
    private final Runnable write;
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
            settle();
        }
    }

    /// Sends a request that reads.
    ///
    /// @return its answer, when all that it tells is safe
    Object read(Request request) throws Throwable {
        try {
            return request.send();
        } finally {
            settle();
        }
    }

    /// Waits until everything that could be seen before is safe.
    void settle() {
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
