package com.pantherkolab.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.pantherkolab.local.RunningSystem.Answer;
import com.pantherkolab.local.RunningSystem.User;
import com.pantherkolab.local.aws.LocalAws;
import com.pantherkolab.local.aws.LocalMeetings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Calls while Chime, the store and AppSync fail: whatever happened on the way, every call comes to one end that
/// everybody is told of once, and no meeting outlives it.
///
/// Deadlines are shortened to seconds. Runs are seeded, and several go side by side. One run alone: `-Dseed=…`;
/// more of them: `-Dcalls.runs=200`.
class CallFaultsTest {
    private static final int RUNS = Integer.getInteger("calls.runs", 30);
    private static final int AT_ONCE = 15;
    private static final int COMMANDS = 12;

    private static final String FAULTS = """
            {"publish": {"errorRate": 0.1, "statuses": [429, 500, 503], "lostResponseRate": 0.05,
                         "partialFailureRate": 0.05},
             "store": {"conflictRate": 0.05, "throttleRate": 0.02, "lostResponseRate": 0.05},
             "meetings": {"errorRate": 0.2, "lostResponseRate": 0.1},
             "seed": %d}
            """;

    private static RunningSystem system;

    @BeforeAll
    static void start() {
        system = RunningSystem.start("--ring-timeout-seconds=3", "--connect-timeout-seconds=2");
    }

    @AfterAll
    static void stop() {
        system.close();
    }

    @Test
    void everyCallComesToOneEndThatEverybodyIsToldOfAndNoMeetingOutlivesIt() throws Exception {
        long first = Long.getLong("seed", 1);
        int runs = System.getProperty("seed") == null ? RUNS : 1;
        int calls = 0;
        for (int batch = 0; batch < runs; batch += AT_ONCE) {
            long from = first + batch;
            calls += together(IntStream.range(0, Math.min(AT_ONCE, runs - batch))
                    .mapToObj(number -> new Run(from + number))
                    .toList());
        }
        System.out.printf("%d runs, %d calls: one end each, no meeting left%n", runs, calls);
        assertThat(calls).isGreaterThan(runs);
    }

    private static int together(List<Run> runs) throws Exception {
        for (Run run : runs) {
            run.listen();
        }
        system.faults(FAULTS.formatted(runs.getFirst().seed));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> under = new ArrayList<>();
            for (Run run : runs) {
                under.add(threads.submit(() -> {
                    run.drive();
                    return null;
                }));
            }
            for (Future<?> run : under) {
                run.get();
            }
        }
        system.clearFaults();
        int calls = 0;
        for (Run run : runs) {
            try {
                calls += run.check();
            } catch (AssertionError broken) {
                throw new AssertionError("seed %d".formatted(run.seed), broken);
            } finally {
                run.close();
            }
        }
        return calls;
    }

    /// Three users who call each other and themselves over each other.
    private static final class Run {
        private final long seed;
        private final Random random;
        private final List<User> users;
        private final Map<String, Subscriber> subscribers = new HashMap<>();
        private final List<RawClient> clients = new ArrayList<>();
        private final Set<String> calls = Collections.synchronizedSet(new HashSet<>());

        Run(long seed) {
            this.seed = seed;
            this.random = new Random(seed * 104_729);
            this.users = IntStream.range(0, 3)
                    .mapToObj(number -> system.signIn("faults-%d-%d-%d".formatted(RUNS, seed, number)))
                    .toList();
        }

        void listen() throws Exception {
            for (User user : users) {
                Subscriber subscriber = new Subscriber();
                subscribers.put(user.userId(), subscriber);
                clients.add(RawClient.subscribe(system, user, "calls", subscriber));
            }
        }

        void close() {
            clients.forEach(RawClient::close);
        }

        /// Some commands one after the other, some at once.
        void drive() throws Exception {
            List<Future<?>> commands = new ArrayList<>();
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int command = 0; command < COMMANDS; command++) {
                    commands.add(threads.submit(command()));
                    if (random.nextInt(3) > 0) {
                        commands.getLast().get();
                        Thread.sleep(Duration.ofMillis(random.nextInt(random.nextInt(5) == 0 ? 2_000 : 150)));
                    }
                }
            }
            for (Future<?> command : commands) {
                command.get();
            }
        }

        private Runnable command() {
            return commandOf(users.get(random.nextInt(users.size())), random.nextInt(6));
        }

        private Runnable commandOf(User user, int kind) {
            if (calls.isEmpty() || kind == 0) {
                List<User> others = new ArrayList<>(users);
                Collections.shuffle(others, random);
                others.remove(user);
                return initiate(user, random.nextBoolean() ? others : others.subList(0, 1));
            }
            List<String> known = List.copyOf(calls);
            String call = known.get(random.nextInt(known.size()));
            String command = List.of("accept", "accept", "reject", "leave", "end", "cancel")
                    .get(random.nextInt(6));
            return () -> note(system.post(user, "/api/calls/" + command, "{\"sessionId\":\"%s\"}".formatted(call)));
        }

        private Runnable initiate(User user, List<User> others) {
            String body = "{\"callType\":\"AUDIO\",\"participantIds\":[%s]}"
                    .formatted(String.join(
                            ",",
                            others.stream()
                                    .map(other -> "\"%s\"".formatted(other.userId()))
                                    .toList()));
            return () -> note(system.post(user, "/api/calls/initiate", body));
        }

        /// No command of ours is refused for its form, and no fault is anything but a 503 or a conflict.
        private void note(Answer answer) {
            assertThat(answer.status()).isIn(200, 403, 404, 409, 503);
            if (answer.status() == 200) {
                calls.add(answer.at("call").path("sessionId").stringValue());
            }
        }

        /// Waits until all is quiet, hangs up what is still under way, and looks.
        int check() throws Exception {
            Set<String> all = new HashSet<>(calls);
            users.forEach(user -> heard(user)
                    .forEach(event ->
                            all.add(event.path("data").path("sessionId").stringValue())));
            for (String call : all) {
                await("the end of " + call, () -> hasEnded(call));
            }
            system.awaitPublished();
            await("the end of the meetings", () -> meetings().alive().stream()
                    .noneMatch(meeting -> all.contains(meeting.externalMeetingId())));
            for (String call : all) {
                for (User user : users) {
                    if (reads(user, call).status() == 200) {
                        holds(user, call);
                    }
                }
            }
            return all.size();
        }

        /// A call that is still connected is hung up by its initiator; everything else ends by its deadlines.
        private boolean hasEnded(String call) {
            for (User user : users) {
                Answer answer = reads(user, call);
                if (answer.status() == 200) {
                    JsonNode read = answer.at("call");
                    boolean connects = read.path("participants")
                            .valueStream()
                            .anyMatch(participant ->
                                    participant.path("state").stringValue().equals("CONNECTING"));
                    if (read.path("status").stringValue().equals("ACTIVE") && !connects) {
                        users.stream()
                                .filter(other -> other.userId()
                                        .equals(read.path("initiatedBy").stringValue()))
                                .forEach(initiator -> system.post(
                                        initiator, "/api/calls/end", "{\"sessionId\":\"%s\"}".formatted(call)));
                    }
                    return read.path("status").stringValue().equals("ENDED");
                }
            }
            throw new AssertionError("nobody can read " + call);
        }

        /// What this user was told of the call, by the highest version, is what they read; of its end they were
        /// told under one id, and of every version once.
        private void holds(User user, String call) throws InterruptedException {
            ObjectNode read = reads(user, call).at("call").asObject();
            long last = read.path("version").longValue();
            await("%s's event of version %d of %s".formatted(user.userId(), last, call), () -> told(user, call)
                    .containsKey(last));
            Map<Long, Set<String>> ids = new HashMap<>();
            for (JsonNode event : heard(user)) {
                if (event.path("data").path("sessionId").stringValue().equals(call)) {
                    ids.computeIfAbsent(event.path("data").path("callVersion").longValue(), _ -> new HashSet<>())
                            .add(event.path("id").stringValue());
                }
            }
            assertThat(ids.values()).allMatch(ofVersion -> ofVersion.size() == 1);
            assertThat(ids.keySet())
                    .as("no change is told of that is not there")
                    .allMatch(version -> version <= last);
            ObjectNode told = Objects.requireNonNull(told(user, call).get(last));
            assertThat(read.path("status").stringValue()).isEqualTo("ENDED");
            assertThat(read.path("participants").toString()).doesNotContain("RINGING");
            read.propertyNames().stream()
                    .filter(field -> !field.equals("version"))
                    .forEach(field -> assertThat(told.path(field)).as(field).isEqualTo(read.path(field)));
            for (User other : users) {
                if (!other.equals(user)) {
                    assertThat(Collections.disjoint(tokens(user), tokens(other)))
                            .as("a token of another's")
                            .isTrue();
                }
            }
        }

        private List<String> tokens(User user) {
            return heard(user).stream()
                    .map(event -> event.path("data").path("attendee").path("JoinToken"))
                    .filter(JsonNode::isString)
                    .map(JsonNode::stringValue)
                    .toList();
        }

        private Map<Long, ObjectNode> told(User user, String call) {
            Map<Long, ObjectNode> told = new HashMap<>();
            for (JsonNode event : heard(user)) {
                JsonNode data = event.path("data");
                if (data.path("sessionId").stringValue().equals(call)) {
                    told.put(data.path("callVersion").longValue(), data.asObject());
                }
            }
            return told;
        }

        private List<JsonNode> heard(User user) {
            return Objects.requireNonNull(subscribers.get(user.userId())).heard();
        }

        private static Answer reads(User user, String call) {
            return system.get(user, "/api/calls/" + call);
        }
    }

    private static LocalMeetings meetings() {
        return system.bean(LocalAws.class).meetings();
    }

    private static void await(String what, BooleanSupplier condition) throws InterruptedException {
        Instant giveUp = Instant.now().plusSeconds(40);
        while (!condition.getAsBoolean()) {
            if (Instant.now().isAfter(giveUp)) {
                throw new AssertionError("waited in vain for " + what);
            }
            Thread.sleep(Duration.ofMillis(50));
        }
    }
}
