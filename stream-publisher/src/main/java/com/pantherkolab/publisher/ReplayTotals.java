package com.pantherkolab.publisher;

/// What replays did since this process was started; the publisher's own totals do not hold it.
public final class ReplayTotals implements PublisherMetrics {
    private final PublisherTotals totals = new PublisherTotals();

    /// The totals, all of the same instant.
    public Counts totals() {
        return totals.totals();
    }

    @Override
    public void count(Counts counts) {
        totals.count(counts);
    }
}
