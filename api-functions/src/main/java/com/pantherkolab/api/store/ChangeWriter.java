package com.pantherkolab.api.store;

/// The one place that writes.
///
/// A change is written whole or not at all. Writing the same change again, under the same event id, is safe: what
/// committed before is found again and reported as committed.
public interface ChangeWriter {

    /// Writes a change.
    ///
    /// It waits and retries where the store asks for it, so it may take a second. It does not read the state again
    /// and does not decide: an overtaken change is the caller's to decide anew.
    ///
    /// @return what became of it; never an exception for what a store does on a bad day
    Written write(Change change);

    /// What became of a change.
    enum Written {
        /// It is there, by this call or by an earlier one under the same event id.
        COMMITTED,
        /// Nothing was written: the state is no longer the one that was read.
        OVERTAKEN,
        /// Nothing was written: the store would not take it now.
        UNAVAILABLE,
        /// It may be there or not, and asking again did not tell.
        UNKNOWN
    }
}
