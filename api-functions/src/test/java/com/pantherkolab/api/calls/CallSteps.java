package com.pantherkolab.api.calls;

import com.pantherkolab.api.calls.CallRun.Job;
import com.pantherkolab.api.calls.CallRun.Wish;
import com.pantherkolab.api.calls.CallWorld.Session;
import com.pantherkolab.api.callstate.CallState.Ended;
import com.pantherkolab.api.command.Outcome;
import com.pantherkolab.common.UserId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What can happen next in a world.
///
/// A command on a call happens at once: its write is conditional on the version that it read, so whoever is first
/// makes it decide anew. Placing a call, the workflow, a reminder and Chime's word go on effect by effect, and
/// everything else can come between.
///
/// What it does not do: two runs of the workflow for one call at once, for the stream gives a call's records to one
/// at a time; a request that reaches Chime after its sender has died; clocks that differ.
final class CallSteps {
    private static final int A_LITTLE = 4;

    private final Bounds bounds;
    private final CallRun.Memory runs;

    /// What is looked at, for it must come to an end.
    ///
    /// @param placed the calls that can be placed, each by its first participant
    /// @param calls how many of them at most
    /// @param changes users act on a call below this version; what is under way goes on, and deadlines come, beyond
    /// @param badLuck how much goes wrong: crashes, lost answers, errors, duplicates, lost timers, dead meetings
    /// @param ticks how often time passes a little; from deadline to deadline it passes as often as there are any
    record Bounds(List<List<UserId>> placed, int calls, int changes, int badLuck, int ticks) {}

    /// One thing that can happen, and the world after it.
    record Step(String what, CallWorld after) {}

    CallSteps(CallMistake mistake, Bounds bounds) {
        this.bounds = bounds;
        this.runs = new CallRun.Memory(mistake);
    }

    List<Step> next(CallWorld world) {
        holdThatNoPairIsBlocked(world);
        List<Step> steps = new ArrayList<>();
        for (String sessionId : world.sessions.keySet()) {
            commands(world, sessionId, steps);
            workflow(world, sessionId, steps);
            reminder(world, sessionId, steps);
            chime(world, sessionId, steps);
            look(world, sessionId, steps);
        }
        place(world, steps);
        time(world, steps);
        return steps;
    }

    /// The next thing that happens if nobody acts and nothing goes wrong, or null when everything is at rest for
    /// good.
    @Nullable
    CallWorld byItself(CallWorld world) {
        for (UserId user : world.placing.keySet()) {
            return after(world, next -> placeOn(next, user, Objects.requireNonNull(next.placing.get(user))));
        }
        for (Map.Entry<String, Session> entry : world.sessions.entrySet()) {
            String id = entry.getKey();
            Session session = entry.getValue();
            if (session.workflow != null) {
                CallRun run = session.workflow;
                return after(world, next -> workflowOn(next, id, go(next, run)));
            }
            if (session.record) {
                return after(world, next -> startWorkflow(next, id));
            }
            if (session.reminder != null) {
                CallRun run = session.reminder;
                return after(world, next -> reminderOn(next, id, go(next, run)));
            }
            if (session.over != null) {
                return after(world, next -> hearOfTheMeeting(next, id));
            }
            if (isDue(world, session)) {
                return after(
                        world,
                        session.timer
                                ? next -> startReminder(next, id)
                                : next -> runThrough(next, new Job.Look(id, initiator(session))));
            }
        }
        CallWorld later = world.copy();
        return later.passTime() ? later : null;
    }

    private void commands(CallWorld world, String sessionId, List<Step> steps) {
        Session session = world.session(sessionId);
        boolean over = session.state instanceof Ended;
        if (!over && session.state.call().version() >= bounds.changes()) {
            return;
        }
        for (UserId user : session.state.call().users()) {
            for (Wish wish : Wish.values()) {
                Job command = new Job.Command(sessionId, user, wish);
                // Most change nothing; where one does, it has something to write.
                if (go(world, runs.start(command, world.now)).ask() != null) {
                    step(steps, world, user + " " + wish + " " + sessionId, next -> runThrough(next, command));
                }
            }
        }
    }

    private void look(CallWorld world, String sessionId, List<Step> steps) {
        Session session = world.session(sessionId);
        if (isDue(world, session)) {
            step(
                    steps,
                    world,
                    "look " + sessionId,
                    next -> runThrough(next, new Job.Look(sessionId, initiator(session))));
        }
    }

    private void workflow(CallWorld world, String sessionId, List<Step> steps) {
        Session session = world.session(sessionId);
        CallRun run = session.workflow;
        if (run == null) {
            if (session.record) {
                step(steps, world, "workflow " + sessionId, next -> startWorkflow(next, sessionId));
            } else {
                badLuck(steps, world, "workflow again " + sessionId, next -> startWorkflow(next, sessionId));
            }
            return;
        }
        String ask = sessionId + " workflow " + Objects.requireNonNull(run.ask());
        step(steps, world, ask, next -> workflowOn(next, sessionId, go(next, run)));
        badAnswers(steps, world, ask, run, (next, went) -> workflowOn(next, sessionId, went));
        badLuck(steps, world, "crash before " + ask, next -> {
            next.session(sessionId).workflow = null;
            next.session(sessionId).record = world.mistake.recordsComeAgain();
        });
    }

    private void reminder(CallWorld world, String sessionId, List<Step> steps) {
        Session session = world.session(sessionId);
        CallRun run = session.reminder;
        if (run == null) {
            if (session.timer) {
                if (isDue(world, session)) {
                    step(steps, world, "reminder " + sessionId, next -> startReminder(next, sessionId));
                } else {
                    badLuck(steps, world, "reminder early " + sessionId, next -> startReminder(next, sessionId));
                }
                badLuck(steps, world, "reminder lost " + sessionId, next -> {
                    next.session(sessionId).timer = false;
                    next.session(sessionId).timerLost = true;
                });
            }
            return;
        }
        String ask = sessionId + " reminder " + Objects.requireNonNull(run.ask());
        step(steps, world, ask, next -> reminderOn(next, sessionId, go(next, run)));
        badAnswers(steps, world, ask, run, (next, went) -> reminderOn(next, sessionId, went));
        badLuck(steps, world, "crash before " + ask, next -> reminderComesAgain(next, sessionId, run));
    }

    private void chime(CallWorld world, String sessionId, List<Step> steps) {
        Session session = world.session(sessionId);
        session.living
                .values()
                .forEach(meetingId -> badLuck(steps, world, "meeting dies " + meetingId, next -> {
                    next.end(meetingId);
                    next.session(sessionId).over = world.mistake.listensToChime() ? meetingId : null;
                }));
        if (session.over != null) {
            step(steps, world, "meeting over " + sessionId, next -> hearOfTheMeeting(next, sessionId));
        }
    }

    private void place(CallWorld world, List<Step> steps) {
        world.placing.forEach(
                (user, run) -> step(steps, world, user + " places " + run.ask(), next -> placeOn(next, user, run)));
        for (List<UserId> participants : bounds.placed()) {
            UserId caller = participants.getFirst();
            if (!world.placing.containsKey(caller) && world.sessions.size() + world.placing.size() < bounds.calls()) {
                String sessionId = "s" + caller.value().charAt(0)
                        + participants.getLast().value().charAt(0)
                        + world.sessions.keySet().stream()
                                .filter(id -> id.startsWith("s" + caller.value().charAt(0)
                                        + participants.getLast().value().charAt(0)))
                                .count();
                step(steps, world, caller + " places " + sessionId, next -> {
                    CallRun run = runs.start(new Job.Place(participants, sessionId), next.now);
                    placeOn(next, caller, run);
                });
            }
        }
    }

    private void time(CallWorld world, List<Step> steps) {
        if (world.sessions.isEmpty()) {
            return;
        }
        CallWorld later = world.copy();
        if (later.passTime()) {
            steps.add(new Step("time passes to " + later.now, later));
            Instant soon = world.now.plusSeconds(A_LITTLE);
            if (world.ticks > 0 && soon.isBefore(later.now)) {
                step(steps, world, "time passes a little", next -> {
                    next.ticks--;
                    next.now = soon;
                });
            }
        }
    }

    /// Placing a call goes on by one effect.
    private static void placeOn(CallWorld world, UserId user, CallRun run) {
        CallRun went = go(world, run);
        if (went.ask() == null) {
            world.placing.remove(user);
        } else {
            world.placing.put(user, went);
        }
    }

    /// Whose last call is past its deadlines can place a new one at once.
    private void holdThatNoPairIsBlocked(CallWorld world) {
        world.pairs.forEach((pair, sessionId) -> {
            if (CallLaws.settled(world.session(sessionId).state, world) instanceof Ended) {
                List<UserId> both = world.session(sessionId).state.call().users();
                for (List<UserId> participants : List.of(both, both.reversed())) {
                    CallRun run = runThrough(world.copy(), new Job.Place(participants, "another"));
                    CallLaw.A_PAIR_IS_NEVER_BLOCKED.require(
                            run.outcome() instanceof Outcome.Done, pair + " by " + sessionId);
                }
            }
        });
    }

    private void startWorkflow(CallWorld world, String sessionId) {
        world.session(sessionId).record = false;
        workflowOn(world, sessionId, go(world, runs.start(new Job.Workflow(sessionId), world.now)));
    }

    private void workflowOn(CallWorld world, String sessionId, CallRun went) {
        Session session = world.session(sessionId);
        session.workflow = went.ask() == null ? null : went;
        session.record |= went.failed() && world.mistake.recordsComeAgain();
    }

    private void startReminder(CallWorld world, String sessionId) {
        Session session = world.session(sessionId);
        session.timer = false;
        Timers.Timer timer = new Timers.Timer(sessionId, session.state.call().version());
        reminderOn(world, sessionId, go(world, runs.start(new Job.Reminder(timer), world.now)));
    }

    private void reminderOn(CallWorld world, String sessionId, CallRun went) {
        world.session(sessionId).reminder = went.ask() == null ? null : went;
        if (went.failed()) {
            reminderComesAgain(world, sessionId, went);
        }
    }

    private static void reminderComesAgain(CallWorld world, String sessionId, CallRun run) {
        Session session = world.session(sessionId);
        session.reminder = null;
        session.timer |= run.job() instanceof Job.Reminder(Timers.Timer timer)
                && timer.version() == session.state.call().version();
    }

    private void hearOfTheMeeting(CallWorld world, String sessionId) {
        Session session = world.session(sessionId);
        String meetingId = Objects.requireNonNull(session.over);
        session.over = null;
        CallRun run = runThrough(world, new Job.MeetingOver(sessionId, meetingId));
        if (run.failed()) {
            world.session(sessionId).over = meetingId;
        }
    }

    private CallRun runThrough(CallWorld world, Job job) {
        CallRun run = runs.start(job, world.now);
        while (run.ask() != null) {
            run = go(world, run);
        }
        return run;
    }

    /// Goes on with what the world answers on a good day.
    private static CallRun go(CallWorld world, CallRun run) {
        return run.answered(world.answer(Objects.requireNonNull(run.ask())), world.now);
    }

    private interface Went {
        void on(CallWorld world, CallRun run);
    }

    private static void badAnswers(List<Step> steps, CallWorld world, String ask, CallRun run, Went went) {
        if (world.badLuck > 0) {
            world.badAnswers(Objects.requireNonNull(run.ask())).forEach(answer -> {
                CallWorld next = answer.getValue();
                next.badLuck--;
                went.on(next, run.answered(answer.getKey(), next.now));
                steps.add(new Step(ask + ": " + answer.getKey(), next));
            });
        }
    }

    private static void badLuck(List<Step> steps, CallWorld world, String what, Consumer<CallWorld> change) {
        if (world.badLuck > 0) {
            step(steps, world, what, next -> {
                next.badLuck--;
                change.accept(next);
            });
        }
    }

    private static void step(List<Step> steps, CallWorld world, String what, Consumer<CallWorld> change) {
        steps.add(new Step(what, after(world, change)));
    }

    private static CallWorld after(CallWorld world, Consumer<CallWorld> change) {
        CallWorld after = world.copy();
        change.accept(after);
        return after;
    }

    private static boolean isDue(CallWorld world, Session session) {
        Instant deadline = session.state.deadline();
        return deadline != null && !world.now.isBefore(deadline);
    }

    private static UserId initiator(Session session) {
        return session.state.call().initiatedBy();
    }
}
