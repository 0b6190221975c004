package com.pantherkolab.api.calls;

import com.pantherkolab.api.calls.Ask.NoAnswer;
import com.pantherkolab.api.calls.CallRun.Job;
import com.pantherkolab.api.calls.Meetings.Admission;
import com.pantherkolab.api.callstate.CallState;
import com.pantherkolab.api.callstate.Meeting;
import com.pantherkolab.api.store.Change;
import com.pantherkolab.api.store.ChangeWriter.Written;
import com.pantherkolab.common.Attendee;
import com.pantherkolab.common.Call;
import com.pantherkolab.common.Call.Participant.State;
import com.pantherkolab.common.Call.Status;
import com.pantherkolab.common.Json;
import com.pantherkolab.common.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// All there is at one moment: the calls and what lies beside them in the table, the meetings at Chime, the
/// stream's records and the timers that are still to come, and who is doing what.
///
/// A step changes a copy. Two worlds with the same [#key] go on the same way: ids are named by their first
/// appearance, and times are told by their distance from now.
final class CallWorld {
    static final Instant START = Instant.parse("2026-01-09T23:06:40.000Z");

    final CallMistake mistake;
    Instant now = START;
    /// How much can still go wrong: crashes, lost answers, errors, duplicates, lost timers, dead meetings.
    int badLuck;
    /// How often time can still pass a little, with no deadline in it.
    int ticks;
    final Map<String, Session> sessions = new TreeMap<>();
    final Map<Set<UserId>, String> pairs = new HashMap<>();
    /// Who is about to place a call.
    final Map<UserId, CallRun> placing = new TreeMap<>();
    private int fresh;
    private @Nullable String key;

    /// One call and all that belongs to it.
    static final class Session {
        CallState state;
        /// The stream has a record of it that the workflow has not seen to.
        boolean record = true;
        /// A reminder of its current version is under way. One of an older version may come or not; it could do no
        /// more than somebody's look.
        boolean timer;
        boolean timerLost;

        @Nullable
        CallRun workflow;

        @Nullable
        CallRun reminder;
        /// A meeting that is over, of which Chime's word is under way.
        @Nullable
        String over;
        /// By the tokens that made them.
        final Map<String, String> living = new TreeMap<>();
        /// What stands in the table.
        final Map<UserId, Attendee> stored = new TreeMap<>();
        /// Those in the living meetings whose tokens somebody knows.
        final Map<String, UserId> inside = new TreeMap<>();

        Session(CallState state) {
            this.state = state;
        }

        Session copy() {
            Session copy = new Session(state);
            copy.record = record;
            copy.timer = timer;
            copy.timerLost = timerLost;
            copy.workflow = workflow;
            copy.reminder = reminder;
            copy.over = over;
            copy.living.putAll(living);
            copy.stored.putAll(stored);
            copy.inside.putAll(inside);
            return copy;
        }

        /// Nothing is under way for it, unless time passes or somebody acts.
        boolean isQuiet() {
            return !record && workflow == null && reminder == null && over == null;
        }
    }

    CallWorld(CallMistake mistake, int badLuck, int ticks) {
        this.mistake = mistake;
        this.badLuck = badLuck;
        this.ticks = ticks;
    }

    CallWorld copy() {
        CallWorld copy = new CallWorld(mistake, badLuck, ticks);
        copy.now = now;
        copy.fresh = fresh;
        sessions.forEach((id, session) -> copy.sessions.put(id, session.copy()));
        copy.pairs.putAll(pairs);
        copy.placing.putAll(placing);
        return copy;
    }

    Session session(String sessionId) {
        return Objects.requireNonNull(sessions.get(sessionId), sessionId);
    }

    /// What the outside answers on a good day.
    @Nullable
    Object answer(Ask ask) {
        return switch (ask) {
            case Ask.ReadCall(String sessionId) -> {
                Session session = sessions.get(sessionId);
                yield session == null ? null : session.state;
            }
            case Ask.ReadPair(UserId one, UserId other) -> pairs.get(Set.of(one, other));
            case Ask.ReadAttendees(String sessionId) -> Map.copyOf(session(sessionId).stored);
            case Ask.Write(Change change) -> write(change);
            case Ask.MakeMeeting(String sessionId) -> make(sessionId);
            case Ask.Admit(String meetingId, List<UserId> users) -> admit(meetingId, users);
            case Ask.Dismiss(String meetingId, String attendeeId) -> {
                if (mistake.dismisses()) {
                    sessions.values().forEach(session -> session.inside.remove(attendeeId));
                }
                yield meetingId;
            }
            case Ask.EndMeeting(String meetingId) -> {
                if (mistake.endsMeetings()) {
                    end(meetingId);
                }
                yield meetingId;
            }
            case Ask.Arm(Timers.Timer timer, Duration ignored) -> {
                Session session = session(timer.sessionId());
                if (mistake.armsTimers() && session.state.call().version() == timer.version()) {
                    session.timer = true;
                    session.timerLost = false;
                }
                yield null;
            }
        };
    }

    /// What it answers on bad days, each with what happened nevertheless.
    List<Map.Entry<Object, CallWorld>> badAnswers(Ask ask) {
        List<Map.Entry<Object, CallWorld>> answers = new ArrayList<>();
        switch (ask) {
            case Ask.ReadCall ignored -> {}
            case Ask.ReadPair ignored -> {}
            case Ask.ReadAttendees ignored -> {}
            case Ask.Arm ignored -> {}
            case Ask.Write ignored -> answers.add(Map.entry(new Written.Unavailable(), copy()));
            case Ask.MakeMeeting ignored -> addNoAnswer(ask, answers);
            case Ask.Dismiss ignored -> addNoAnswer(ask, answers);
            case Ask.EndMeeting ignored -> addNoAnswer(ask, answers);
            case Ask.Admit(String meetingId, List<UserId> users) -> {
                addNoAnswer(ask, answers);
                for (UserId refused : users) {
                    CallWorld world = copy();
                    answers.add(Map.entry(
                            world.admit(
                                    meetingId,
                                    users.stream()
                                            .filter(user -> !user.equals(refused))
                                            .toList()),
                            world));
                }
            }
        }
        return answers;
    }

    private void addNoAnswer(Ask ask, List<Map.Entry<Object, CallWorld>> answers) {
        answers.add(Map.entry(new NoAnswer(), copy()));
        CallWorld happened = copy();
        happened.answer(ask);
        answers.add(Map.entry(new NoAnswer(), happened));
    }

    /// The one meeting of a token, as long as it lives.
    private Meeting make(String sessionId) {
        Session session = session(sessionId);
        String token = mistake.meetingToken(sessionId, "t" + fresh);
        String meetingId = session.living.computeIfAbsent(token, _ -> "m" + ++fresh);
        return new Meeting(meetingId, Json.mapper().createObjectNode());
    }

    private Admission admit(String meetingId, List<UserId> users) {
        if (sessions.values().stream().noneMatch(session -> session.living.containsValue(meetingId))) {
            return new Admission.Gone();
        }
        Map<UserId, Attendee> attendees = new HashMap<>();
        for (UserId user : users) {
            String id = "a" + ++fresh;
            attendees.put(user, new Attendee(id, "user#" + user, CallLaws.TOKEN + user + "-" + id));
        }
        return new Admission.Admitted(attendees);
    }

    /// A meeting is over, and everybody out of it.
    boolean end(String meetingId) {
        boolean ended = false;
        for (Session session : sessions.values()) {
            if (session.living.values().remove(meetingId)) {
                session.inside.clear();
                ended = true;
            }
        }
        return ended;
    }

    private Written write(Change change) {
        return switch (change) {
            case Change.CallPlaced placed -> place(placed);
            case Change.CallMoved moved -> move(mistake.moved(moved));
            case Change.AttendeeForgotten(String sessionId, UserId user, Attendee attendee) -> {
                session(sessionId).stored.remove(user, attendee);
                yield new Written.Committed();
            }
            case Change.ProfileSaved ignored -> throw new IllegalStateException("not of a call");
            case Change.EventOnly ignored -> throw new IllegalStateException("not of a call");
            case Change.ConversationCreated ignored -> throw new IllegalStateException("not of a call");
            case Change.MessageAppended ignored -> throw new IllegalStateException("not of a call");
            case Change.MarkMoved ignored -> throw new IllegalStateException("not of a call");
        };
    }

    private Written place(Change.CallPlaced placed) {
        Call call = placed.state().call();
        Set<UserId> pair = Set.copyOf(call.users());
        if (sessions.containsKey(call.sessionId())
                || (call.betweenTwo() && !Objects.equals(pairs.get(pair), placed.pairBefore()))) {
            return new Written.Overtaken();
        }
        CallLaws.committed(null, placed.state(), mistake.entries(placed));
        if (call.betweenTwo()) {
            pairs.put(pair, call.sessionId());
        }
        sessions.put(call.sessionId(), new Session(placed.state()));
        return new Written.Committed();
    }

    private Written move(Change.CallMoved moved) {
        Call call = moved.state().call();
        Session session = session(call.sessionId());
        if (!mistake.isWritten(moved)
                || (mistake.isConditional(moved) && session.state.call().version() != call.version() - 1)) {
            return new Written.Overtaken();
        }
        CallLaws.committed(session.state, moved.state(), mistake.entries(moved));
        session.state = moved.state();
        session.record |= mistake.isInStream(moved);
        session.timer = false;
        session.timerLost = false;
        moved.attendees().forEach((user, attendee) -> {
            session.stored.put(user, attendee);
            if (!session.living.isEmpty()) {
                session.inside.put(attendee.attendeeId(), user);
            }
        });
        if (call.status() == Status.ENDED && call.betweenTwo() && mistake.releasesPair()) {
            pairs.remove(Set.copyOf(call.users()), call.sessionId());
        }
        return new Written.Committed();
    }

    /// Moves time on to the next moment at which something falls due.
    ///
    /// @return whether there is one
    boolean passTime() {
        Instant next = sessions.values().stream()
                .flatMap(session -> deadlines(session.state))
                .filter(deadline -> deadline.isAfter(now))
                .min(Instant::compareTo)
                .orElse(null);
        if (next == null) {
            return false;
        }
        now = next;
        return true;
    }

    private static Stream<Instant> deadlines(CallState state) {
        Call call = state.call();
        return switch (state) {
            case CallState.Ended ignored -> Stream.empty();
            case CallState.Ringing ignored -> Stream.of(call.ringDeadline());
            case CallState.Underway underway ->
                Stream.concat(
                        underway.connectBy().values().stream(),
                        Stream.of(
                                rings(call) ? call.ringDeadline() : START,
                                call.createdAt().plus(CallState.LONGEST)));
        };
    }

    static boolean rings(Call call) {
        return call.participants().stream().anyMatch(participant -> participant.state() == State.RINGING);
    }

    /// What tells this world from others; from now on it stays as it is.
    String key() {
        String text = key == null ? new Key().text() : key;
        key = text;
        return text;
    }

    private final class Key {
        private final StringBuilder text = new StringBuilder(200);
        private final Map<String, Integer> names = new HashMap<>();

        String text() {
            text.append(badLuck).append(ticks);
            sessions.forEach((id, session) -> {
                text.append('\n').append(id);
                call(session.state);
                text.append(session.record ? 'R' : '-')
                        .append(session.timer ? 'T' : '-')
                        .append(session.timerLost ? 'L' : '-');
                session.living.values().forEach(this::name);
                if (session.over != null) {
                    text.append('!');
                    name(session.over);
                }
                session.stored.forEach((user, attendee) -> {
                    text.append(user.value().charAt(0));
                    name(attendee.attendeeId());
                });
                text.append('/');
                session.inside.keySet().forEach(this::name);
                run(session.workflow, session.state);
                run(session.reminder, session.state);
            });
            new TreeSet<>(pairs.values()).forEach(id -> text.append('&').append(id));
            placing.forEach((user, run) -> {
                text.append('#').append(user);
                run(run, null);
            });
            return text.toString();
        }

        private void run(@Nullable CallRun run, @Nullable CallState current) {
            text.append(';');
            if (run != null) {
                if (run.job() instanceof Job.Reminder(Timers.Timer timer)) {
                    text.append(timer.version());
                }
                if (run.job() instanceof Job.Place(List<UserId> ignored, String sessionId)) {
                    text.append(sessionId);
                }
                run.knows().forEach(known -> known(known, current));
            }
        }

        private void known(Object known, @Nullable CallState current) {
            text.append(',');
            switch (known) {
                case CallState state -> {
                    if (state.equals(current)) {
                        text.append('=');
                    } else {
                        call(state);
                    }
                }
                case Meeting meeting -> name(meeting.meetingId());
                case Admission.Admitted(Map<UserId, Attendee> attendees) -> attendees(attendees);
                case Map<?, ?> attendees -> attendees(attendees);
                case Ask.Write(Change.CallMoved moved) -> call(moved.state());
                case Ask.Write(Change.CallPlaced placed) -> text.append(placed.pairBefore());
                case Ask.Write(Change ignored) -> text.append('w');
                case Ask.Dismiss(String ignored, String attendeeId) -> name(attendeeId);
                case Ask.Arm(Timers.Timer timer, Duration ignored) -> text.append(timer.version());
                case Ask ask -> text.append(ask.getClass().getSimpleName());
                case String told -> {
                    // The answer of Chime's that something is gone now; which one was asked for is known.
                    text.append(sessions.containsKey(told) ? told : "ok");
                }
                default ->
                    text.append(known instanceof Long ? known : known.getClass().getSimpleName());
            }
        }

        private void attendees(Map<?, ?> attendees) {
            new TreeMap<>(attendees).forEach((user, attendee) -> {
                text.append(user);
                name(((Attendee) attendee).attendeeId());
            });
        }

        private void call(CallState state) {
            Call call = state.call();
            text.append(call.status().name(), 0, 2).append(call.version());
            call.participants().forEach(participant -> {
                text.append(participant.state().name().charAt(0));
                // Left and connecting begin as nothing else does; connected does not.
                text.append(participant.state() == State.CONNECTED ? 'D' : '.');
            });
            switch (state) {
                case CallState.Ended(Call ignored, Meeting meeting) -> {
                    text.append(call.endReason());
                    meeting(meeting);
                }
                case CallState.Ringing ignored -> deadline(call.ringDeadline());
                case CallState.Underway underway -> {
                    if (rings(call)) {
                        deadline(call.ringDeadline());
                    }
                    call.users().forEach(user -> {
                        Instant connectBy = underway.connectBy().get(user);
                        if (connectBy != null) {
                            deadline(connectBy);
                        }
                    });
                    if (!now.isBefore(call.createdAt().plus(CallState.LONGEST))) {
                        text.append("day");
                    }
                    meeting(underway.meeting());
                }
            }
        }

        private void meeting(@Nullable Meeting meeting) {
            if (meeting != null) {
                name(meeting.meetingId());
            }
        }

        private void deadline(Instant deadline) {
            text.append('@').append(Duration.between(now, deadline).toSeconds());
        }

        private void name(String id) {
            text.append('$').append(names.computeIfAbsent(id, _ -> names.size()));
        }
    }
}
