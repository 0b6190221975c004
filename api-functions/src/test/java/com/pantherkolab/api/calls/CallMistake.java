package com.pantherkolab.api.calls;

import com.pantherkolab.api.calls.Calls.Given;
import com.pantherkolab.api.calls.Calls.Initiation;
import com.pantherkolab.api.calls.Calls.Known;
import com.pantherkolab.api.callstate.CallCommand;
import com.pantherkolab.api.callstate.CallState;
import com.pantherkolab.api.command.Decision;
import com.pantherkolab.api.command.Idempotency;
import com.pantherkolab.api.store.Change;
import com.pantherkolab.common.OutboxEntry;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What production decides and does, and where a mistake can be planted in it, to show that the check finds it.
/// Every method as it stands here is production's.
interface CallMistake {
    /// None: production as it is.
    CallMistake NONE = new CallMistake() {};

    /// What a command is decided to do.
    default Decision decide(@Nullable CallState state, CallCommand command, Idempotency once, Given given) {
        return Calls.decide(state, command, once, given);
    }

    /// What an initiation is decided to do.
    default Decision initiate(Known known, Initiation initiation, CallSettings settings, Given given) {
        return Calls.initiate(known, initiation, settings, given);
    }

    /// What a change of a call is, as the transition makes it.
    default Change.CallMoved moved(Change.CallMoved change) {
        return change;
    }

    /// What is put into the outbox with a change.
    default List<OutboxEntry> entries(Change.Announced change) {
        return List.of(change.entry());
    }

    /// Whether a change is written only if the version is the one before.
    default boolean isConditional(Change.CallMoved change) {
        return true;
    }

    /// Whether the end of a call releases its pair.
    default boolean releasesPair() {
        return true;
    }

    /// By which token a call's meeting is made.
    default String meetingToken(String sessionId, String fresh) {
        return sessionId;
    }

    /// Whether a meeting that shall be ended is.
    default boolean endsMeetings() {
        return true;
    }

    /// Whether who shall be taken out of a meeting is.
    default boolean dismisses() {
        return true;
    }

    /// Whether a timer that shall be armed is.
    default boolean armsTimers() {
        return true;
    }

    /// Whether a change is written at all.
    default boolean isWritten(Change.CallMoved change) {
        return true;
    }

    /// Whether the stream brings a change to the workflow.
    default boolean isInStream(Change.CallMoved change) {
        return true;
    }

    /// Whether Chime's word that a meeting is over is listened to.
    default boolean listensToChime() {
        return true;
    }

    /// Whether a record of the stream comes again after the workflow failed on it.
    default boolean recordsComeAgain() {
        return true;
    }
}
