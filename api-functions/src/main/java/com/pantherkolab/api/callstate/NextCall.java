package com.pantherkolab.api.callstate;

import com.pantherkolab.common.Call;
import com.pantherkolab.common.Call.EndReason;
import com.pantherkolab.common.Call.Participant;
import com.pantherkolab.common.Call.Participant.State;
import com.pantherkolab.common.Call.Status;
import com.pantherkolab.common.UserId;
import java.time.Instant;
import java.util.List;

/// What becomes of a call by a change: the same, one version on.
final class NextCall {
    private NextCall() {}

    /// Whoever still rings has missed it; all other states stay.
    static Call over(Call call, List<Participant> participants, EndReason reason, Instant now) {
        return new Call(
                call.sessionId(),
                call.conversationId(),
                call.initiatedBy(),
                call.callType(),
                Status.ENDED,
                reason,
                call.version() + 1,
                call.createdAt(),
                call.ringDeadline(),
                now,
                participants.stream()
                        .map(participant ->
                                participant.state() == State.RINGING ? inState(participant, State.MISSED) : participant)
                        .toList());
    }

    static Call next(Call call, Status status, List<Participant> participants) {
        return new Call(
                call.sessionId(),
                call.conversationId(),
                call.initiatedBy(),
                call.callType(),
                status,
                null,
                call.version() + 1,
                call.createdAt(),
                call.ringDeadline(),
                null,
                participants);
    }

    static List<Participant> with(Call call, UserId user, State state) {
        return with(call, List.of(user), state);
    }

    static List<Participant> with(Call call, List<UserId> users, State state) {
        return call.participants().stream()
                .map(participant -> users.contains(participant.userId()) ? inState(participant, state) : participant)
                .toList();
    }

    static List<Participant> with(Call call, UserId user, Participant changed) {
        return call.participants().stream()
                .map(participant -> participant.userId().equals(user) ? changed : participant)
                .toList();
    }

    static Participant inState(Participant participant, State state) {
        return new Participant(participant.userId(), state, participant.deviceId());
    }
}
