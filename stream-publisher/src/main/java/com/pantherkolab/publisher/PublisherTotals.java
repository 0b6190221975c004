package com.pantherkolab.publisher;

/// What the publisher did since it was started, in this process; nothing of it survives that.
public final class PublisherTotals implements PublisherMetrics {
    private Counts totals = Counts.NONE;

    /// The totals, all of the same instant.
    public synchronized Counts totals() {
        return totals;
    }

    @Override
    public synchronized void count(Counts counts) {
        totals = totals.plus(counts);
    }
}
