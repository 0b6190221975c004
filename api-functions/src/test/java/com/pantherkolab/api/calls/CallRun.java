package com.pantherkolab.api.calls;

import com.pantherkolab.api.calls.Calls.Given;
import com.pantherkolab.api.calls.Calls.Initiation;
import com.pantherkolab.api.calls.Calls.Known;
import com.pantherkolab.api.callstate.CallCommand;
import com.pantherkolab.api.callstate.CallState;
import com.pantherkolab.api.callstate.Meeting;
import com.pantherkolab.api.command.Commands;
import com.pantherkolab.api.command.Idempotency;
import com.pantherkolab.api.command.Outcome;
import com.pantherkolab.api.store.Change;
import com.pantherkolab.api.store.ChangeWriter;
import com.pantherkolab.api.store.Pause;
import com.pantherkolab.api.trace.Causes;
import com.pantherkolab.common.Aggregate;
import com.pantherkolab.common.Attendee;
import com.pantherkolab.common.Call;
import com.pantherkolab.common.Json;
import com.pantherkolab.common.UserId;
import com.pantherkolab.common.metrics.Metrics;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Production code on its way, stopped where it asks the world for something.
///
/// It is what it was answered so far: to go on, the code runs again from its start, is given those answers and the
/// next one, and is cut off at its next ask. So it can be stopped between any two effects, be overtaken there, or
/// never go on, which is a crash. Each run is worked out once and then remembered.
///
/// The clock is no ask: it shows the time of the answer before it.
final class CallRun {
    static final CallSettings SETTINGS = new CallSettings(15, 10);

    /// What runs.
    sealed interface Job {
        record Workflow(String sessionId) implements Job {}

        record Reminder(Timers.Timer timer) implements Job {}

        record MeetingOver(String sessionId, String meetingId) implements Job {}

        record Command(String sessionId, UserId user, Wish wish) implements Job {}

        record Look(String sessionId, UserId user) implements Job {}

        record Place(List<UserId> participants, String sessionId) implements Job {}
    }

    /// What a user can want of a call.
    enum Wish {
        ACCEPT,
        REJECT,
        CANCEL,
        END,
        LEAVE
    }

    private record Answered(@Nullable Object answer, Instant at) {}

    private record Asked(Ask ask, Answered answered) {}

    private final CallMistake mistake;
    private final Job job;
    private final Instant started;
    private final List<Asked> path;
    private final Map<Answered, CallRun> next = new HashMap<>();
    private @Nullable Ask ask;
    private boolean failed;
    private @Nullable Outcome outcome;
    private long firstSeen;
    private final Map<UserId, Attendee> admitted = new HashMap<>();

    private CallRun(CallMistake mistake, Job job, Instant started, List<Asked> path) {
        this.mistake = mistake;
        this.job = job;
        this.started = started;
        this.path = List.copyOf(path);
        run();
    }

    /// Runs that were worked out before.
    static final class Memory {
        private final CallMistake mistake;
        private final Map<Map.Entry<Job, Instant>, CallRun> roots = new HashMap<>();

        Memory(CallMistake mistake) {
            this.mistake = mistake;
        }

        CallRun start(Job job, Instant now) {
            return roots.computeIfAbsent(
                    Map.entry(job, now), key -> new CallRun(mistake, key.getKey(), key.getValue(), List.of()));
        }
    }

    Job job() {
        return job;
    }

    /// What it waits for, or null when it is through.
    @Nullable
    Ask ask() {
        return ask;
    }

    /// Whether it threw, or asked to be called again.
    boolean failed() {
        return failed;
    }

    /// What a user was answered, once it is through.
    @Nullable
    Outcome outcome() {
        return outcome;
    }

    CallRun answered(@Nullable Object answer, Instant now) {
        return next.computeIfAbsent(new Answered(answer, now), answered -> {
            List<Asked> longer = new ArrayList<>(path);
            longer.add(new Asked(Objects.requireNonNull(ask), answered));
            return new CallRun(mistake, job, started, longer);
        });
    }

    /// What it knows and will act on: the answers since it last looked, and what a workflow carries from look to
    /// look. Two runs that know the same go on the same way.
    List<Object> knows() {
        List<Object> known = new ArrayList<>();
        if (ask != null) {
            known.add(ask);
        }
        if (job instanceof Job.Workflow) {
            known.add(firstSeen);
            known.add(admitted);
        }
        if (!(ask instanceof Ask.ReadCall && !(job instanceof Job.Place))) {
            int from = path.size() - 1;
            while (from > 0
                    && !(job instanceof Job.Place
                            ? path.get(from).ask() instanceof Ask.ReadPair
                            : path.get(from).ask() instanceof Ask.ReadCall)) {
                from--;
            }
            for (Asked asked : path.subList(Math.max(from, 0), path.size())) {
                Object answer = asked.answered().answer();
                known.add(answer == null ? "nothing" : answer);
            }
        }
        return known;
    }

    private void run() {
        World world = new World();
        try {
            failed = !job(world);
        } catch (Cut cut) {
            // It waits for an answer.
        } catch (CallLaw.Broken broken) {
            throw broken;
        } catch (RuntimeException thrown) {
            failed = true;
        }
    }

    private boolean job(World world) {
        Supplier<String> ids = new Supplier<>() {
            private int drawn;

            @Override
            public String get() {
                return "e" + ++drawn;
            }
        };
        Pause pause = new Pause(Duration.ofMillis(1), Duration.ofMillis(1), new Random(1), _ -> {});
        CallWorkflow workflow = new CallWorkflow(world, world, world, world, world.clock(), ids, pause, Metrics.NONE);
        Commands commands = new Commands(world, world, pause);
        return switch (job) {
            case Job.Workflow(String sessionId) -> {
                workflow.advance(sessionId);
                yield true;
            }
            case Job.Reminder(Timers.Timer timer) -> {
                ObjectNode event = Json.mapper().createObjectNode();
                event.putArray("Records")
                        .addObject()
                        .put("messageId", "1")
                        .put("body", Json.mapper().writeValueAsString(timer));
                yield !invoke(workflow, event).contains("\"1\"");
            }
            case Job.MeetingOver(String sessionId, String meetingId) -> {
                ObjectNode event = Json.mapper().createObjectNode();
                event.putObject("detail")
                        .put("eventType", "chime:MeetingEnded")
                        .put("externalMeetingId", sessionId)
                        .put("meetingId", meetingId);
                invoke(workflow, event);
                yield true;
            }
            case Job.Command(String sessionId, UserId user, Wish wish) -> {
                Idempotency once = Idempotency.unkeyed(Aggregate.call(sessionId), ids.get());
                outcome = commands.run(once, Calls::called, () -> {
                    CallState call = world.call(sessionId);
                    return mistake.decide(call, command(user, wish, world.now), once, new Given(ids.get(), world.now));
                });
                yield true;
            }
            case Job.Look(String sessionId, UserId user) -> {
                outcome = commands.run(
                        Idempotency.unkeyed(Aggregate.call(sessionId), ids.get()),
                        Calls::called,
                        () -> Calls.look(
                                world.call(sessionId), user, Calls.Called::of, new Given(ids.get(), world.now)));
                yield true;
            }
            case Job.Place(List<UserId> participants, String sessionId) -> {
                InitiateCall command = new InitiateCall(participants, Call.Media.AUDIO, null, null);
                Idempotency once = Idempotency.unkeyed(Aggregate.call(sessionId), ids.get());
                outcome = commands.run(once, Calls::called, () -> {
                    String paired = participants.size() == 2
                            ? world.pairedCall(participants.getFirst(), participants.getLast())
                            : null;
                    Known known = new Known(null, "Unknown", paired, paired == null ? null : world.call(paired));
                    return mistake.initiate(
                            known,
                            new Initiation(participants.getFirst(), command, sessionId, once),
                            SETTINGS,
                            new Given(ids.get(), world.now));
                });
                yield true;
            }
        };
    }

    private static String invoke(CallWorkflow workflow, ObjectNode event) {
        byte[] input = Json.mapper().writeValueAsString(event).getBytes(StandardCharsets.UTF_8);
        return new String(
                new CallTimers(workflow, new Causes(UUID::randomUUID), Metrics.NONE)
                        .apply(new ByteArrayInputStream(input)),
                StandardCharsets.UTF_8);
    }

    private static CallCommand command(UserId user, Wish wish, Instant now) {
        return switch (wish) {
            case ACCEPT -> new CallCommand.Accept(user, null, now.plus(SETTINGS.connectTimeout()));
            case REJECT -> new CallCommand.Reject(user);
            case CANCEL -> new CallCommand.Cancel(user);
            case END -> new CallCommand.End(user);
            case LEAVE -> new CallCommand.Leave(user);
        };
    }

    /// No outage, but the end of what is known so far.
    private static final class Cut extends Error {
        private static final long serialVersionUID = 1;

        private Cut() {
            super(null, null, false, false);
        }
    }

    /// The outside as this run saw it.
    private final class World extends CallsOnly implements ChangeWriter, Meetings, Timers {
        private int asks;
        private Instant now = started;

        private @Nullable Object answer(Ask asked) {
            if (asks == path.size()) {
                ask = asked;
                throw new Cut();
            }
            Answered answered = path.get(asks++).answered();
            now = answered.at();
            return answered.answer();
        }

        private Object heard(Ask asked) {
            Object answer = answer(asked);
            if (answer == null || answer instanceof Ask.NoAnswer) {
                throw new MeetingsUnavailable(new IllegalStateException("a bad day"));
            }
            return answer;
        }

        private Clock clock() {
            return new Clock() {
                @Override
                public Instant instant() {
                    return now;
                }

                @Override
                public ZoneId getZone() {
                    return ZoneOffset.UTC;
                }

                @Override
                public Clock withZone(ZoneId zone) {
                    return this;
                }
            };
        }

        @Override
        public @Nullable CallState call(String sessionId) {
            CallState call = (CallState) answer(new Ask.ReadCall(sessionId));
            if (firstSeen == 0 && call != null && call.due(now) == null) {
                firstSeen = call.call().version();
            }
            return call;
        }

        @Override
        public @Nullable String pairedCall(UserId one, UserId other) {
            return (String) answer(new Ask.ReadPair(one, other));
        }

        @Override
        @SuppressWarnings("unchecked")
        public Map<UserId, Attendee> attendees(String sessionId) {
            return (Map<UserId, Attendee>) Objects.requireNonNull(answer(new Ask.ReadAttendees(sessionId)));
        }

        @Override
        public Written write(Change change) {
            Written written = (Written) Objects.requireNonNull(answer(new Ask.Write(change)));
            if (change instanceof Change.AttendeeForgotten forgotten) {
                admitted.remove(forgotten.user());
            }
            return written;
        }

        @Override
        public Meeting ofCall(String sessionId) {
            return (Meeting) heard(new Ask.MakeMeeting(sessionId));
        }

        @Override
        public Admission admit(String meetingId, List<UserId> users) {
            Admission admission = (Admission) heard(new Ask.Admit(meetingId, users));
            if (admission instanceof Admission.Admitted(Map<UserId, Attendee> attendees)) {
                admitted.putAll(attendees);
            }
            return admission;
        }

        @Override
        public void dismiss(String meetingId, String attendeeId) {
            heard(new Ask.Dismiss(meetingId, attendeeId));
        }

        @Override
        public void end(String meetingId) {
            heard(new Ask.EndMeeting(meetingId));
        }

        @Override
        public void arm(Timer timer, Duration after) {
            answer(new Ask.Arm(timer, after));
        }
    }
}
