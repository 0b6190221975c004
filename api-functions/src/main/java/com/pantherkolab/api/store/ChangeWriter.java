package com.pantherkolab.api.store;

import com.pantherkolab.common.OutboxEntry;

/// The one place that writes.
///
/// A change is written whole or not at all. Writing under an event id that has committed before, the same change or
/// another, writes nothing and hands back the entry that stands.
public interface ChangeWriter {

    /// Writes a change.
    ///
    /// It waits and retries where the store asks for it, so it may take a second. It does not read the state again
    /// and does not decide: an overtaken change is the caller's to decide anew.
    ///
    /// @return what became of it; never an exception for what a store does on a bad day
    Written write(Change change);

    /// What became of a change.
    sealed interface Written {
        /// It is there, by this call.
        record Committed() implements Written {}

        /// Something was committed under this event id before, and this call wrote nothing.
        ///
        /// @param entry what it told the world
        record CommittedBefore(OutboxEntry entry) implements Written {}

        /// Nothing was written: the state is no longer the one that was read.
        record Overtaken() implements Written {}

        /// Nothing was written: the store would not take it now.
        record Unavailable() implements Written {}

        /// It may be there or not, and asking again did not tell.
        record Unknown() implements Written {}
    }
}
