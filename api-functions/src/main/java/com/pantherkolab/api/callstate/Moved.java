package com.pantherkolab.api.callstate;

import com.pantherkolab.common.Call;
import com.pantherkolab.common.Event;
import java.util.List;

/// A change of a call: the state after it, and what its participants are told.
///
/// Every participant is told of every change, by one event each, so that nobody's account of the call stands still.
///
/// @param after the state after the change, one version on
/// @param told the events; together they go to every participant once
public record Moved(CallState after, List<Told> told) {
    public Moved {
        told = List.copyOf(told);
    }

    /// A change of which everybody is told the same.
    static Moved tellingAll(CallState after, Event.OfCall event) {
        return new Moved(after, List.of(new Told(event, after.call().users(), null)));
    }

    /// The call after the change.
    public Call call() {
        return after.call();
    }
}
