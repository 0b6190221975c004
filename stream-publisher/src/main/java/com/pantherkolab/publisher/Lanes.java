package com.pantherkolab.publisher;

import java.util.List;

/// Where the stream function, and a replay, hand their entries over.
interface Lanes {

    /// Delivers what the time allows.
    ///
    /// @param entries in stream order
    /// @return an account of every delivery of every entry
    Progress deliver(List<StreamRecord.Entry> entries, Deadline deadline) throws InterruptedException;

    /// Says how far the stream goes on: what is before it will not come again.
    ///
    /// @param entries the batch
    void passed(List<StreamRecord.Entry> entries, Checkpoint checkpoint);
}
