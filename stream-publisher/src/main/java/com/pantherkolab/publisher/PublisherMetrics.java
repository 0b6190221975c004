package com.pantherkolab.publisher;

/// Where the publisher tells what it did, while it does it.
///
/// It is called from many threads, and it must not throw: a delivery that is not counted is still delivered.
interface PublisherMetrics {
    void count(Counts counts);
}
