package com.pantherkolab.api.calls;

import com.pantherkolab.api.calls.Calls.Given;
import com.pantherkolab.api.calls.Meetings.Admission;
import com.pantherkolab.api.calls.Meetings.MeetingsUnavailable;
import com.pantherkolab.api.callstate.CallState;
import com.pantherkolab.api.callstate.CallState.Ended;
import com.pantherkolab.api.callstate.CallState.Ringing;
import com.pantherkolab.api.callstate.CallState.Underway;
import com.pantherkolab.api.callstate.Meeting;
import com.pantherkolab.api.callstate.Moved;
import com.pantherkolab.api.store.Change;
import com.pantherkolab.api.store.ChangeWriter;
import com.pantherkolab.api.store.Pause;
import com.pantherkolab.api.store.StateReader;
import com.pantherkolab.common.Aggregate;
import com.pantherkolab.common.Attendee;
import com.pantherkolab.common.Call.Participant;
import com.pantherkolab.common.Call.Participant.State;
import com.pantherkolab.common.LogKey;
import com.pantherkolab.common.UserId;
import com.pantherkolab.common.metrics.Metric;
import com.pantherkolab.common.metrics.Metrics;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings a call to where it should be: its deadline remembered, its meeting made, its participants let in, and
/// what is of no use any more removed.
///
/// It promises that a call which is connecting gets one meeting, and that none outlives its call, as long as it is
/// called again after it threw. It does not promise to have done anything new: it looks at the call and does what
/// is missing, so once too often is as good as once.
public final class CallWorkflow {
    private static final Logger log = LoggerFactory.getLogger(CallWorkflow.class);

    /// Looks at the call in one run. What is not done then is the next run's.
    static final int ROUNDS = 8;

    /// How many are let in by one change: so many accounts of a call, each with the largest participant list, fit
    /// into one outbox entry.
    static final int MAX_ADMITTED = 10;

    private final StateReader state;
    private final ChangeWriter writer;
    private final Meetings meetings;
    private final Timers timers;
    private final Clock clock;
    private final Supplier<String> ids;
    private final Pause pause;
    private final Metrics metrics;

    public CallWorkflow(
            StateReader state,
            ChangeWriter writer,
            Meetings meetings,
            Timers timers,
            Clock clock,
            Supplier<String> ids,
            Pause pause,
            Metrics metrics) {
        this.state = state;
        this.writer = writer;
        this.meetings = meetings;
        this.timers = timers;
        this.clock = clock;
        this.ids = ids;
        this.pause = pause;
        this.metrics = metrics;
    }

    /// Looks at a call and does what is missing.
    ///
    /// @throws IllegalStateException if something is still missing after all rounds
    public void advance(String sessionId) {
        Map<UserId, Attendee> admitted = new HashMap<>();
        long firstSeen = 0;
        boolean over = false;
        for (int round = 1; round <= ROUNDS; round++) {
            pause.before(round);
            CallState call = state.call(sessionId);
            if (call == null) {
                return;
            }
            over = call instanceof Ended;
            if (settle(call)) {
                continue;
            }
            long version = call.call().version();
            firstSeen = firstSeen == 0 ? version : firstSeen;
            try {
                if (isDone(call, admitted)) {
                    // A newer version has a record of its own in the stream, and its timer by that.
                    if (version == firstSeen) {
                        arm(call);
                    }
                    return;
                }
            } catch (MeetingsUnavailable unavailable) {
                metrics.count(Metric.CALLS_MEETINGS_UNAVAILABLE);
                log.atWarn()
                        .addKeyValue(LogKey.AGGREGATE, Aggregate.call(sessionId))
                        .addKeyValue("round", round)
                        .addKeyValue(LogKey.REASON, reason(unavailable))
                        .log("meeting unavailable");
            } catch (RuntimeException refused) {
                noteOrphan(over);
                throw refused;
            }
        }
        noteOrphan(over);
        throw new IllegalStateException("something is left to do for a call");
    }

    /// Of a call that is over, nothing but its meeting can be left.
    private void noteOrphan(boolean over) {
        if (over) {
            metrics.count(Metric.CALLS_ORPHANED_MEETINGS);
        }
    }

    /// A call as it stands, or null.
    public @Nullable CallState call(String sessionId) {
        return state.call(sessionId);
    }

    /// Commits what the first deadline that is past does, if one is and nobody else was first.
    ///
    /// @return whether one was past
    /// @throws IllegalStateException if the store takes nothing now
    boolean settle(CallState call) {
        Moved due = call.due(now());
        if (due != null) {
            require(write(due, Map.of()));
        }
        return due != null;
    }

    /// Commits the end of a call whose meeting is over, if nobody else was first.
    ///
    /// @throws IllegalStateException if the store takes nothing now
    public void meetingOver(Underway call) {
        require(write(call.meetingOver(now()), Map.of()));
    }

    /// A store that takes nothing now is not asked at once again, for who reminded of the call does so again.
    private static void require(ChangeWriter.Written written) {
        if (written instanceof ChangeWriter.Written.Unavailable) {
            throw new IllegalStateException("the store takes nothing now");
        }
    }

    /// Reminds of the call's next deadline.
    void arm(CallState call) {
        Instant deadline = call.deadline();
        if (deadline != null) {
            timers.arm(
                    new Timers.Timer(call.call().sessionId(), call.call().version()),
                    Duration.between(now(), deadline));
        }
    }

    /// Writes a change that nobody asked for; who was first decides.
    private ChangeWriter.Written write(Moved moved, Map<UserId, Attendee> attendees) {
        return writer.write(Calls.change(moved, attendees, new Given(ids.get(), now())));
    }

    /// Does the next thing for a call.
    ///
    /// @return whether there was nothing more to do
    private boolean isDone(CallState call, Map<UserId, Attendee> admitted) {
        return switch (call) {
            case Ringing _ -> true;
            case Underway underway -> isConnected(underway, admitted);
            case Ended ended -> isCleared(ended);
        };
    }

    private boolean isConnected(Underway call, Map<UserId, Attendee> admitted) {
        dismissDeparted(call, admitted);
        List<UserId> waiting = call.connecting().stream()
                .map(Participant::userId)
                .limit(MAX_ADMITTED)
                .toList();
        if (waiting.isEmpty()) {
            return true;
        }
        String sessionId = call.call().sessionId();
        Meeting known = call.meeting();
        Meeting meeting = known == null ? meetings.ofCall(sessionId) : known;
        List<UserId> outside =
                waiting.stream().filter(user -> !admitted.containsKey(user)).toList();
        if (!outside.isEmpty()) {
            switch (meetings.admit(meeting.meetingId(), outside)) {
                case Admission.Admitted(Map<UserId, Attendee> attendees) -> admitted.putAll(attendees);
                case Admission.Gone() -> {
                    meetingOver(call);
                    return false;
                }
            }
        }
        Map<UserId, Attendee> connected = new HashMap<>(admitted);
        connected.keySet().retainAll(waiting);
        if (!connected.isEmpty()) {
            write(call.connect(meeting, connected), connected);
        }
        return false;
    }

    /// Takes those out of the meeting who are no longer in the call, also where they are about to join it again.
    private void dismissDeparted(Underway call, Map<UserId, Attendee> admitted) {
        Meeting meeting = call.meeting();
        if (meeting == null) {
            return;
        }
        String sessionId = call.call().sessionId();
        state.attendees(sessionId).forEach((user, attendee) -> {
            if (!isConnected(call, user)) {
                meetings.dismiss(meeting.meetingId(), attendee.attendeeId());
                writer.write(new Change.AttendeeForgotten(sessionId, user, attendee));
                admitted.remove(user);
            }
        });
    }

    private static boolean isConnected(CallState call, UserId user) {
        return call.call()
                .participant(user)
                .filter(participant -> participant.state() == State.CONNECTED)
                .isPresent();
    }

    /// No meeting outlives its call. One that the call does not know of is found by the token that made it.
    private boolean isCleared(Ended call) {
        if (call.wasUnderway()) {
            Meeting known = call.meeting();
            String sessionId = call.call().sessionId();
            meetings.end((known == null ? meetings.ofCall(sessionId) : known).meetingId());
        }
        return true;
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    /// A name and no message, which might quote what it should not.
    private static @Nullable String reason(MeetingsUnavailable unavailable) {
        Throwable cause = unavailable.getCause();
        return cause == null ? null : cause.getClass().getSimpleName();
    }
}
