package com.pantherkolab.api.callstate;

import com.pantherkolab.common.Attendee;
import com.pantherkolab.common.Call;
import com.pantherkolab.common.Call.EndReason;
import com.pantherkolab.common.Call.Participant;
import com.pantherkolab.common.Call.Participant.State;
import com.pantherkolab.common.Call.Status;
import com.pantherkolab.common.Event;
import com.pantherkolab.common.Event.ParticipantLeft.Reason;
import com.pantherkolab.common.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A call with all that is decided by: what everybody sees of it, and the deadlines and the meeting behind it.
///
/// A transition is a method of the states in which it is legal, so what the contract's table does not name cannot
/// be written down. Whether this user may make it now is for [CallRules] to say before it is called.
///
/// Times are whole milliseconds. A deadline is past from its own instant on.
public sealed interface CallState {
    /// A call lives no longer than this, whatever happens.
    Duration LONGEST = Duration.ofHours(24);

    /// How long a call can be found after it was placed.
    Duration KEPT = Duration.ofDays(7);

    /// What everybody sees.
    Call call();

    /// Until when it can be found; a store may hold it longer.
    default Instant keptUntil() {
        return call().createdAt().plus(KEPT);
    }

    /// The next deadline, or null if the call has none any more.
    @Nullable
    Instant deadline();

    /// What the first deadline that is past does to the call, or null while none is.
    ///
    /// It depends on the deadlines alone and not on when somebody looks; after several, it is asked again.
    @Nullable
    Moved due(Instant now);

    /// The state that a stored call is in.
    ///
    /// @param connectBy until when each participant who is connecting must be connected
    static CallState of(Call call, Map<UserId, Instant> connectBy, @Nullable Meeting meeting) {
        return switch (call.status()) {
            case RINGING -> new Ringing(call);
            case CONNECTING -> new Connecting(call, connectBy);
            case ACTIVE -> new Active(call, connectBy, Objects.requireNonNull(meeting, "an active call's meeting"));
            case ENDED -> new Ended(call, meeting);
        };
    }

    /// A call that is placed: to its initiator it rings out, to everybody else in.
    ///
    /// @param call version 1, ringing, with the initiator connecting and everybody else ringing
    /// @param callerName what those who are called are shown
    static Moved place(Call call, String callerName) {
        return new Moved(
                new Ringing(call),
                List.of(
                        new Told(new Event.CallRinging(call), List.of(call.initiatedBy()), call.ringDeadline()),
                        new Told(
                                new Event.IncomingCall(call, call.initiatedBy(), callerName),
                                everybodyBut(call, List.of(call.initiatedBy())),
                                call.ringDeadline())));
    }

    /// Nobody has accepted yet.
    record Ringing(Call call) implements CallState {
        public Ringing {
            require(call, Status.RINGING);
        }

        @Override
        public Instant deadline() {
            return call.ringDeadline();
        }

        @Override
        public @Nullable Moved due(Instant now) {
            return now.isBefore(deadline()) ? null : end(call, call.participants(), EndReason.MISSED, null, null, now);
        }

        /// The first one accepts: they and the initiator are connecting from now on.
        Moved accept(UserId user, @Nullable String deviceId, Instant connectBy) {
            Call next = NextCall.next(
                    call,
                    Status.CONNECTING,
                    NextCall.with(call, user, new Participant(user, State.CONNECTING, deviceId)));
            return Moved.tellingAll(
                    new Connecting(next, Map.of(call.initiatedBy(), connectBy, user, connectBy)),
                    new Event.CallConnecting(next, user, deviceId));
        }

        /// One rejects; when nobody is left to answer, the call is over.
        Moved reject(UserId user, Instant now) {
            List<Participant> participants = NextCall.with(call, user, State.REJECTED);
            if (participants.stream().anyMatch(other -> other.state() == State.RINGING)) {
                Call next = NextCall.next(call, Status.RINGING, participants);
                return Moved.tellingAll(new Ringing(next), new Event.CallRejected(next, user));
            }
            if (call.betweenTwo()) {
                Call over = NextCall.over(call, participants, EndReason.REJECTED, now);
                return Moved.tellingAll(new Ended(over, null), new Event.CallRejected(over, user));
            }
            return end(call, participants, EndReason.REJECTED, user, null, now);
        }

        /// The initiator thinks better of it.
        Moved cancel(Instant now) {
            Call over = NextCall.over(call, call.participants(), EndReason.CANCELLED, now);
            return Moved.tellingAll(new Ended(over, null), new Event.CallCancelled(over, call.initiatedBy()));
        }
    }

    /// Somebody has accepted. In a group others may still ring, join late, leave and join again.
    sealed interface Underway extends CallState {
        /// Until when each who is connecting must be connected.
        Map<UserId, Instant> connectBy();

        /// The meeting, once it is known.
        @Nullable
        Meeting meeting();

        /// The same state with another call and other deadlines.
        Underway with(Call call, Map<UserId, Instant> connectBy);

        /// Those who are not connected yet.
        default List<Participant> connecting() {
            return call().participants().stream()
                    .filter(participant -> participant.state() == State.CONNECTING)
                    .toList();
        }

        @Override
        default Instant deadline() {
            Instant lastDay = call().createdAt().plus(LONGEST);
            return Stream.concat(
                            Stream.of(lastDay),
                            Stream.concat(
                                    connectBy().values().stream(),
                                    rings(call()) ? Stream.of(call().ringDeadline()) : Stream.empty()))
                    .min(Instant::compareTo)
                    .orElse(lastDay);
        }

        @Override
        default @Nullable Moved due(Instant now) {
            Instant deadline = deadline();
            if (now.isBefore(deadline)) {
                return null;
            }
            if (deadline.equals(call().createdAt().plus(LONGEST))) {
                return meetingOver(now);
            }
            return rings(call()) && deadline.equals(call().ringDeadline())
                    ? ringingOver(now)
                    : connectingOver(deadline, now);
        }

        /// One more accepts: from ringing, late, or again.
        default Moved accept(UserId user, @Nullable String deviceId, Instant connectBy) {
            Call next = NextCall.next(
                    call(),
                    call().status(),
                    NextCall.with(call(), user, new Participant(user, State.CONNECTING, deviceId)));
            Map<UserId, Instant> deadlines = new HashMap<>(connectBy());
            deadlines.put(user, connectBy);
            return Moved.tellingAll(with(next, deadlines), new Event.CallConnecting(next, user, deviceId));
        }

        /// One for whom it still rings rejects.
        default Moved reject(UserId user, Instant now) {
            List<Participant> participants = NextCall.with(call(), user, State.REJECTED);
            if (isLonely(participants)) {
                return end(call(), participants, EndReason.LAST_PARTICIPANT, user, meeting(), now);
            }
            Call next = NextCall.next(call(), call().status(), participants);
            return Moved.tellingAll(with(next, connectBy()), new Event.CallRejected(next, user));
        }

        /// One leaves.
        default Moved leave(UserId user, Instant now) {
            List<Participant> participants = NextCall.with(call(), user, State.LEFT);
            return isLonely(participants)
                    ? end(call(), participants, EndReason.LAST_PARTICIPANT, user, meeting(), now)
                    : left(participants, List.of(user), Reason.LEFT);
        }

        /// The initiator ends it for everybody.
        default Moved hangUp(Instant now) {
            return end(call(), call().participants(), EndReason.HANGUP, call().initiatedBy(), meeting(), now);
        }

        /// The meeting is over, or the call's time is.
        default Moved meetingOver(Instant now) {
            return end(call(), call().participants(), EndReason.MEETING_ENDED, null, meeting(), now);
        }

        /// Some can join the meeting: each is told how, and everybody else that they are there.
        ///
        /// @param meeting the call's meeting; of an active call the one that it has
        /// @param attendees of some who are connecting, at least one
        default Moved connect(Meeting meeting, Map<UserId, Attendee> attendees) {
            List<UserId> connected = connecting().stream()
                    .map(Participant::userId)
                    .filter(attendees::containsKey)
                    .toList();
            Call next = NextCall.next(
                    call(),
                    Status.ACTIVE,
                    call().participants().stream()
                            .map(participant -> connected.contains(participant.userId())
                                    ? NextCall.inState(participant, State.CONNECTED)
                                    : participant)
                            .toList());
            List<Told> told = new ArrayList<>();
            for (UserId user : connected) {
                told.add(new Told(
                        new Event.CallConnected(
                                next,
                                meeting.json(),
                                Objects.requireNonNull(attendees.get(user)),
                                next.participant(user).orElseThrow().deviceId()),
                        List.of(user),
                        call().createdAt().plus(LONGEST)));
            }
            List<UserId> others = everybodyBut(next, connected);
            if (!others.isEmpty()) {
                told.add(new Told(new Event.ParticipantJoined(next, connected), others, null));
            }
            return new Moved(new Active(next, without(connectBy(), connected), meeting), told);
        }

        private Moved ringingOver(Instant now) {
            List<UserId> missed = call().participants().stream()
                    .filter(participant -> participant.state() == State.RINGING)
                    .map(Participant::userId)
                    .toList();
            List<Participant> participants = NextCall.with(call(), missed, State.MISSED);
            if (isLonely(participants)) {
                return end(call(), participants, EndReason.LAST_PARTICIPANT, null, meeting(), now);
            }
            Call next = NextCall.next(call(), call().status(), participants);
            return Moved.tellingAll(with(next, connectBy()), new Event.ParticipantMissed(next, missed, theOne(missed)));
        }

        private Moved connectingOver(Instant deadline, Instant now) {
            List<UserId> failed = call().users().stream()
                    .filter(user -> deadline.equals(connectBy().get(user)))
                    .toList();
            List<Participant> participants = NextCall.with(call(), failed, State.LEFT);
            return isLonely(participants)
                    ? end(call(), participants, EndReason.FAILED, null, meeting(), now)
                    : left(participants, failed, Reason.FAILED);
        }

        private Moved left(List<Participant> participants, List<UserId> users, Reason reason) {
            Call next = NextCall.next(call(), call().status(), participants);
            return Moved.tellingAll(
                    with(next, without(connectBy(), users)),
                    new Event.ParticipantLeft(next, users, theOne(users), reason));
        }
    }

    /// Somebody has accepted, and nobody is connected yet.
    record Connecting(Call call, Map<UserId, Instant> connectBy) implements Underway {
        public Connecting {
            require(call, Status.CONNECTING);
            connectBy = Map.copyOf(connectBy);
        }

        @Override
        public @Nullable Meeting meeting() {
            return null;
        }

        @Override
        public Connecting with(Call call, Map<UserId, Instant> connectBy) {
            return new Connecting(call, connectBy);
        }
    }

    /// There is a meeting.
    record Active(Call call, Map<UserId, Instant> connectBy, Meeting meeting) implements Underway {
        public Active {
            require(call, Status.ACTIVE);
            connectBy = Map.copyOf(connectBy);
        }

        @Override
        public Active with(Call call, Map<UserId, Instant> connectBy) {
            return new Active(call, connectBy, meeting);
        }
    }

    /// Over, for good: it has no transition.
    ///
    /// @param meeting the meeting that it had, as far as it was known
    record Ended(Call call, @Nullable Meeting meeting) implements CallState {
        public Ended {
            require(call, Status.ENDED);
        }

        @Override
        public @Nullable Instant deadline() {
            return null;
        }

        @Override
        public @Nullable Moved due(Instant now) {
            return null;
        }

        /// Whether it was ever more than ringing, so that a meeting may have been made that it does not know.
        public boolean wasUnderway() {
            return call.participants().stream()
                    .filter(participant -> !participant.userId().equals(call.initiatedBy()))
                    .anyMatch(participant -> switch (participant.state()) {
                        case CONNECTING, CONNECTED, LEFT -> true;
                        case RINGING, REJECTED, MISSED -> false;
                    });
        }
    }

    private static void require(Call call, Status status) {
        if (call.status() != status) {
            throw new IllegalArgumentException("a call that is " + call.status() + " is not " + status);
        }
    }

    private static boolean rings(Call call) {
        return call.participants().stream().anyMatch(participant -> participant.state() == State.RINGING);
    }

    /// The rule of leave: at most one is left who talks, and nobody rings.
    private static boolean isLonely(List<Participant> participants) {
        return participants.stream()
                                .filter(participant -> participant.state() == State.CONNECTING
                                        || participant.state() == State.CONNECTED)
                                .count()
                        <= 1
                && participants.stream().noneMatch(participant -> participant.state() == State.RINGING);
    }

    /// The end by which everybody is told that it is the end.
    private static Moved end(
            Call call,
            List<Participant> participants,
            EndReason reason,
            @Nullable UserId endedBy,
            @Nullable Meeting meeting,
            Instant now) {
        Call over = NextCall.over(call, participants, reason, now);
        return Moved.tellingAll(new Ended(over, meeting), new Event.CallEnded(over, endedBy, reason));
    }

    private static List<UserId> everybodyBut(Call call, List<UserId> users) {
        return call.users().stream().filter(user -> !users.contains(user)).toList();
    }

    private static Map<UserId, Instant> without(Map<UserId, Instant> deadlines, List<UserId> users) {
        Map<UserId, Instant> left = new HashMap<>(deadlines);
        users.forEach(left::remove);
        return left;
    }

    private static @Nullable UserId theOne(List<UserId> users) {
        return users.size() == 1 ? users.getFirst() : null;
    }
}
