package com.pantherkolab.events;

/// Decides what goes wrong. [Faults] makes one out of rates; a test that needs this fault on that request writes
/// its own. Called by many threads at once.
public interface FaultPlan {

    /// A plan by which nothing goes wrong.
    FaultPlan NONE = events -> PublishFault.NONE;

    /// Asked once for every HTTP publish that has proven its identity and can be read.
    ///
    /// @param events how many events it holds, at least one
    PublishFault onPublish(int events);

    /// Asked once for every event on its way into a socket: whether the socket is dropped instead.
    default boolean dropsSocket() {
        return false;
    }
}
