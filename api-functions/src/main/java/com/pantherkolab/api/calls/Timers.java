package com.pantherkolab.api.calls;

import java.time.Duration;

/// Reminds of deadlines.
///
/// A reminder may come early, twice, or never: the deadline itself stands in the call and holds without it.
public interface Timers {

    /// Asks to be reminded.
    ///
    /// @param after how long from now; what is longer than a timer can wait comes early
    void arm(Timer timer, Duration after);

    /// A reminder of a call's next deadline.
    ///
    /// @param sessionId of which call
    /// @param version of the call when it was armed. Each version arms a timer of its own, so one that comes early
    /// for a version that is past needs no successor.
    record Timer(String sessionId, long version) {}
}
