package com.pantherkolab.api.callstate;

/// What the table of calls says to a command.
public sealed interface Verdict {

    /// It is done.
    record Move(Moved moved) implements Verdict {}

    /// It was done before: the call stands as it should, and nobody is told anything.
    record Repeat() implements Verdict {}

    /// It cannot be.
    record No(Why why) implements Verdict {}

    /// Why a command cannot be carried out.
    enum Why {
        /// Only the initiator may.
        NOT_THE_INITIATOR,
        /// The call is over.
        CALL_OVER,
        /// They take part with another device.
        ANSWERED_ELSEWHERE,
        /// Not from here.
        ILLEGAL_TRANSITION
    }
}
