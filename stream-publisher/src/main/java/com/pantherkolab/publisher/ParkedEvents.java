package com.pantherkolab.publisher;

/// Where that is laid aside which can never be delivered.
///
/// When [#park] returns, it is stored: the checkpoint passes it from then on. If it cannot be stored, it throws,
/// and the stream repeats the record; so the same may be parked more than once. It is called from many threads.
interface ParkedEvents {

    /// Stores it.
    ///
    /// @throws NotParkedException if that did not come about, or is not known to have
    void park(Parked parked) throws NotParkedException;
}
