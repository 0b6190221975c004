package com.pantherkolab.publisher;

/// Where the publisher tells what it did, while it does it.
///
/// It is called from many threads, and it must not throw: a delivery that is not counted is still delivered.
@FunctionalInterface
interface PublisherMetrics {
    void count(Counts counts);

    /// Both are told.
    default PublisherMetrics and(PublisherMetrics other) {
        return counts -> {
            count(counts);
            other.count(counts);
        };
    }
}
