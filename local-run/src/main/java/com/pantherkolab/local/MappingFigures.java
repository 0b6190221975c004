package com.pantherkolab.local;

import java.util.concurrent.atomic.AtomicLong;

/// What AWS measures of a mapping and of the function that it feeds, counted here from the start of local run on.
///
/// It may be used by many threads.
final class MappingFigures {
    private final AtomicLong failed = new AtomicLong();
    private final AtomicLong givenUp = new AtomicLong();
    private final AtomicLong undelivered = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();

    /// The figures of one moment.
    ///
    /// @param failed invocations that failed or ran out of time: `Errors` in CloudWatch
    /// @param givenUp records that the failure destination took: `OnFailureDestinationDeliveredEventCount`
    /// @param undelivered how often the destination did not take them: `DestinationDeliveryFailures`
    /// @param dropped records that were given up and kept nowhere: `DroppedEventCount`
    record Snapshot(long failed, long givenUp, long undelivered, long dropped) {}

    void failed() {
        failed.incrementAndGet();
    }

    void givenUp(int records) {
        givenUp.addAndGet(records);
    }

    void undelivered() {
        undelivered.incrementAndGet();
    }

    void dropped(int records) {
        dropped.addAndGet(records);
    }

    Snapshot snapshot() {
        return new Snapshot(failed.get(), givenUp.get(), undelivered.get(), dropped.get());
    }
}
