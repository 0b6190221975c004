package com.pantherkolab.api.callstate;

import com.pantherkolab.api.callstate.CallCommand.Accept;
import com.pantherkolab.api.callstate.CallCommand.Cancel;
import com.pantherkolab.api.callstate.CallCommand.End;
import com.pantherkolab.api.callstate.CallCommand.Leave;
import com.pantherkolab.api.callstate.CallCommand.Reject;
import com.pantherkolab.api.callstate.CallState.Ended;
import com.pantherkolab.api.callstate.CallState.Ringing;
import com.pantherkolab.api.callstate.CallState.Underway;
import com.pantherkolab.api.callstate.Verdict.Move;
import com.pantherkolab.api.callstate.Verdict.No;
import com.pantherkolab.api.callstate.Verdict.Why;
import com.pantherkolab.common.Call;
import com.pantherkolab.common.Call.EndReason;
import com.pantherkolab.common.Call.Participant;
import com.pantherkolab.common.Call.Participant.State;
import com.pantherkolab.common.UserId;
import java.time.Instant;
import java.util.Objects;

/// The contract's table of calls: which command does what in which state.
///
/// It does not look at deadlines: whoever asks has let those that are past have their way first.
public final class CallRules {
    private static final Verdict REPEAT = new Verdict.Repeat();

    private CallRules() {}

    /// What a command does to a call.
    ///
    /// @param command of one of its participants
    /// @param now when it is decided, in whole milliseconds
    public static Verdict decide(CallState call, CallCommand command, Instant now) {
        return switch (command) {
            case Accept accept -> accept(call, accept);
            case Reject(UserId user) -> reject(call, user, now);
            case Cancel(UserId user) -> cancel(call, user, now);
            case End(UserId user) -> end(call, user, now);
            case Leave(UserId user) -> leave(call, user, now);
        };
    }

    private static Verdict accept(CallState call, Accept by) {
        Participant me = participant(call, by.user());
        return switch (call) {
            case Ringing ringing ->
                switch (me.state()) {
                    case RINGING -> new Move(ringing.accept(by.user(), by.deviceId(), by.connectBy()));
                    case REJECTED ->
                        isGroup(call) ? new Move(ringing.accept(by.user(), by.deviceId(), by.connectBy())) : illegal();
                    case CONNECTING -> isSameDevice(me, by) ? REPEAT : illegal();
                    case CONNECTED, MISSED, LEFT -> illegal();
                };
            case Underway underway ->
                switch (me.state()) {
                    case CONNECTING, CONNECTED -> isSameDevice(me, by) ? REPEAT : new No(Why.ANSWERED_ELSEWHERE);
                    case RINGING, MISSED, REJECTED, LEFT ->
                        isGroup(call) ? new Move(underway.accept(by.user(), by.deviceId(), by.connectBy())) : illegal();
                };
            case Ended _ -> over();
        };
    }

    private static Verdict reject(CallState call, UserId user, Instant now) {
        State mine = participant(call, user).state();
        if (mine == State.REJECTED) {
            return REPEAT;
        }
        return switch (call) {
            case Ringing ringing -> mine == State.RINGING ? new Move(ringing.reject(user, now)) : illegal();
            case Underway underway -> mine == State.RINGING ? new Move(underway.reject(user, now)) : illegal();
            case Ended _ -> over();
        };
    }

    private static Verdict cancel(CallState call, UserId user, Instant now) {
        if (!isInitiator(call, user)) {
            return new No(Why.NOT_THE_INITIATOR);
        }
        return switch (call) {
            case Ringing ringing -> new Move(ringing.cancel(now));
            case Underway _ -> illegal();
            case Ended ended -> wasEndedByInitiator(ended) ? REPEAT : over();
        };
    }

    private static Verdict end(CallState call, UserId user, Instant now) {
        if (!isInitiator(call, user)) {
            return new No(Why.NOT_THE_INITIATOR);
        }
        return switch (call) {
            case Ringing ringing -> new Move(ringing.cancel(now));
            case Underway underway -> new Move(underway.hangUp(now));
            case Ended ended -> wasEndedByInitiator(ended) ? REPEAT : over();
        };
    }

    private static Verdict leave(CallState call, UserId user, Instant now) {
        State mine = participant(call, user).state();
        if (mine == State.LEFT) {
            return REPEAT;
        }
        return switch (call) {
            case Ringing ringing when isInitiator(call, user) -> new Move(ringing.cancel(now));
            case Ringing ringing -> mine == State.RINGING ? new Move(ringing.reject(user, now)) : illegal();
            case Underway underway ->
                switch (mine) {
                    case CONNECTING, CONNECTED -> new Move(underway.leave(user, now));
                    case RINGING, REJECTED, MISSED, LEFT -> illegal();
                };
            case Ended _ -> over();
        };
    }

    private static Participant participant(CallState call, UserId user) {
        return call.call()
                .participant(user)
                .orElseThrow(() -> new IllegalArgumentException("only a participant commands a call"));
    }

    private static boolean isInitiator(CallState call, UserId user) {
        return call.call().initiatedBy().equals(user);
    }

    private static boolean isGroup(CallState call) {
        return !call.call().betweenTwo();
    }

    private static boolean isSameDevice(Participant me, Accept accept) {
        return Objects.equals(me.deviceId(), accept.deviceId());
    }

    private static boolean wasEndedByInitiator(Ended ended) {
        Call call = ended.call();
        return call.endReason() == EndReason.CANCELLED || call.endReason() == EndReason.HANGUP;
    }

    private static Verdict illegal() {
        return new No(Why.ILLEGAL_TRANSITION);
    }

    private static Verdict over() {
        return new No(Why.CALL_OVER);
    }
}
