package com.pantherkolab.publisher;

import java.util.List;
import java.util.function.Supplier;

/// Lanes that can be told to forget: the ledger, the breaker, the patience with what fails, the order that was
/// seen.
///
/// They are made anew then. Nothing is right or wrong by what is forgotten: what was settled and comes again is
/// delivered again, under its own event id. It must not be told while a batch is under way.
final class ForgetfulLanes implements Lanes {
    private final Supplier<Lanes> make;
    private volatile Lanes made;

    /// @param make makes lanes that remember nothing
    ForgetfulLanes(Supplier<Lanes> make) {
        this.make = make;
        this.made = make.get();
    }

    /// Goes on as a new instance would.
    void forget() {
        made = make.get();
    }

    @Override
    public Progress deliver(List<StreamRecord.Entry> entries, Deadline deadline) throws InterruptedException {
        return made.deliver(entries, deadline);
    }

    @Override
    public void passed(List<StreamRecord.Entry> entries, Checkpoint checkpoint) {
        made.passed(entries, checkpoint);
    }
}
