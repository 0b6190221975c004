package com.pantherkolab.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.pantherkolab.common.Json;
import com.pantherkolab.local.PublishRecorder.Published;
import com.pantherkolab.local.history.Report;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// `kill -9` of the whole JVM at random moments while eight users write and call each other, with `local.data-dir`.
///
/// After each restart: every change that was acknowledged is there, what is there was published to every
/// participant, and nothing was published that is not there. At the end the history of all rounds is checked, with
/// what the tables in the folder say committed. `-Dkill.rounds=…` sets how often, `-Dkill.seed=…` when.
class KillTest {
    private static final int ROUNDS = Integer.getInteger("kill.rounds", 3);
    private static final long SEED = Long.getLong("kill.seed", 20_261_123L);
    private static final List<String> WRITERS = List.of("ann", "ben", "cleo", "dan", "eve", "fay", "gus", "hal");

    private final SplittableRandom random = new SplittableRandom(SEED);
    /// The participants of every conversation whose creation was acknowledged.
    private final Map<String, Set<String>> conversations = new ConcurrentHashMap<>();
    /// The messages whose sending was acknowledged.
    private final Queue<Message> acknowledged = new ConcurrentLinkedQueue<>();
    /// The participants of every call that was acknowledged, and the latest version of it that was.
    private final Map<String, Set<String>> calls = new ConcurrentHashMap<>();
    private final Map<String, Long> versions = new ConcurrentHashMap<>();

    private final HistoryRecorder history = new HistoryRecorder();

    /// A message, by what can be seen of it in an answer, in a page and in an event.
    private record Message(String conversation, long sequence, String messageId) {
        private static Message of(JsonNode message) {
            return new Message(
                    message.path("conversationId").stringValue(),
                    message.path("sequence").longValue(),
                    message.path("messageId").stringValue());
        }
    }

    @Test
    void whatWasAcknowledgedIsThereAfterKillNineAndWhatIsThereIsPublished(@TempDir Path folder) throws Exception {
        try (PublishRecorder appSync = new PublishRecorder()) {
            KilledRun run = KilledRun.start(folder, appSync.endpoint());
            for (int round = 1; round <= ROUNDS; round++) {
                run = killAndRestart(run, folder, appSync, round);
                check(run, appSync, "seed %d, round %d".formatted(SEED, round));
            }
            endCalls(run);
            awaitPublished(run, "the end");
            run.kill();
            Report report = history(folder, appSync);
            System.out.printf(
                    "KillTest: seed %d, %d kills, %d messages, %d conversations and %d calls acknowledged%n%s",
                    SEED, ROUNDS, acknowledged.size(), conversations.size(), calls.size(), report.text());
            assertThat(report.violations()).as("seed %d", SEED).isEmpty();
            assertThat(report.counts().listed()).isZero();
        }
        assertThat(calls).hasSizeGreaterThan(ROUNDS);
        assertThat(acknowledged).hasSizeGreaterThan(ROUNDS * WRITERS.size());
    }

    private KilledRun killAndRestart(KilledRun run, Path folder, PublishRecorder appSync, int round) throws Exception {
        int before = acknowledged.size();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> writing = new ArrayList<>();
            for (String writer : WRITERS) {
                SplittableRandom choices = random.split();
                writing.add(threads.submit(() -> {
                    write(run, writer, round, choices);
                    return writer;
                }));
            }
            long wait = random.nextLong(50, 1_500);
            // From the first answers on: a machine that is slow is killed at work too.
            while (acknowledged.size() < before + 2 * WRITERS.size()) {
                Thread.sleep(5);
            }
            Thread.sleep(Duration.ofMillis(wait));
            run.kill();
            history.mark("kill -9");
            for (Future<?> one : writing) {
                one.get();
            }
        }
        return KilledRun.start(folder, appSync.endpoint());
    }

    /// Writes until nobody answers.
    private void write(KilledRun run, String writer, int round, SplittableRandom choices) throws InterruptedException {
        try {
            for (int number = 0; ; number++) {
                List<String> own = conversations.entrySet().stream()
                        .filter(conversation -> conversation.getValue().contains(writer))
                        .map(Map.Entry::getKey)
                        .sorted()
                        .toList();
                if (own.isEmpty() || choices.nextInt(20) == 0) {
                    create(run, writer, choices);
                } else if (choices.nextInt(4) == 0) {
                    call(run, writer, choices);
                } else {
                    send(run, writer, own.get(choices.nextInt(own.size())), "%d-%d".formatted(round, number));
                }
            }
        } catch (IOException _) { // It was killed.
        }
    }

    private void create(KilledRun run, String writer, SplittableRandom choices)
            throws IOException, InterruptedException {
        ask(
                run,
                writer,
                "/api/conversations",
                "{\"type\":\"GROUP\",\"participantIds\":[\"%s\"]}".formatted(others(writer, choices)));
    }

    /// Lets a phone ring, or answers or ends a call that is known.
    private void call(KilledRun run, String writer, SplittableRandom choices) throws IOException, InterruptedException {
        List<String> own = calls.entrySet().stream()
                .filter(call -> call.getValue().contains(writer))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
        if (own.isEmpty() || choices.nextInt(3) == 0) {
            ask(
                    run,
                    writer,
                    "/api/calls/initiate",
                    "{\"callType\":\"AUDIO\",\"participantIds\":[\"%s\"]}".formatted(others(writer, choices)));
        } else {
            List<String> commands = List.of("accept", "accept", "reject", "leave", "end");
            ask(
                    run,
                    writer,
                    "/api/calls/" + commands.get(choices.nextInt(commands.size())),
                    session(own.get(choices.nextInt(own.size()))));
        }
    }

    /// So that nothing is due when the last run is killed.
    private void endCalls(KilledRun run) throws IOException, InterruptedException {
        for (Map.Entry<String, Set<String>> call : calls.entrySet()) {
            for (String participant : call.getValue()) {
                ask(run, participant, "/api/calls/leave", session(call.getKey()));
                ask(run, participant, "/api/calls/end", session(call.getKey()));
            }
        }
    }

    private static String session(String call) {
        return "{\"sessionId\":\"%s\"}".formatted(call);
    }

    private static String others(String writer, SplittableRandom choices) {
        List<String> others = WRITERS.stream()
                .filter(other -> !other.equals(writer) && choices.nextInt(3) == 0)
                .toList();
        return others.isEmpty() ? "zoe" : String.join("\",\"", others);
    }

    /// Asks, and remembers a success.
    private void ask(KilledRun run, String user, String path, String body) throws IOException, InterruptedException {
        HttpResponse<String> response = run.post(user, path, body);
        if (response.statusCode() != 200) {
            return;
        }
        JsonNode answer = Json.mapper().readTree(response.body());
        history.acknowledged(user, "POST " + path, body, answer);
        if (answer.has("message")) {
            acknowledged.add(Message.of(answer.path("message")));
        }
        if (answer.has("conversation")) {
            JsonNode conversation = answer.path("conversation");
            conversations.put(
                    conversation.path("conversationId").stringValue(),
                    participants(conversation.path("participants").valueStream()));
        }
        if (answer.has("call")) {
            JsonNode call = answer.path("call");
            String id = call.path("sessionId").stringValue();
            versions.merge(id, call.path("version").longValue(), Math::max);
            calls.put(
                    id,
                    participants(
                            call.path("participants").valueStream().map(participant -> participant.path("userId"))));
        }
    }

    private void send(KilledRun run, String writer, String conversation, String content)
            throws IOException, InterruptedException {
        ask(
                run,
                writer,
                "/api/messages/send",
                "{\"conversationId\":\"%s\",\"content\":\"%s\"}".formatted(conversation, content));
    }

    /// The history of all rounds: what the folder says committed, and what was accepted outside.
    private Report history(Path folder, PublishRecorder appSync) throws Exception {
        try (DataDir kept = DataDir.open(folder);
                EmbeddedDynamo dynamo = EmbeddedDynamo.open(
                        kept.database(), Deployment.read(Deployment.find()).tables(), () -> {})) {
            CommittedEntries.of(dynamo, DeployedHere.TABLES.outbox()).forEach(history::committed);
        }
        appSync.published()
                .forEach(one ->
                        history.accepted(one.channel(), List.of(one.event().toString())));
        history.mark("the end");
        Report report = history.check();
        if (!report.isClean()) {
            history.write(Path.of("target/proof/kill-%d.jsonl".formatted(SEED)));
        }
        return report;
    }

    private void check(KilledRun run, PublishRecorder appSync, String where) throws Exception {
        awaitPublished(run, where);
        Map<String, Set<String>> published = new TreeMap<>();
        Set<Message> sent = new HashSet<>();
        for (Published one : appSync.published()) {
            JsonNode data = one.event().path("data");
            String type = one.event().path("type").stringValue();
            if (type.equals("MESSAGE_SENT")) {
                sent.add(Message.of(data));
            }
            published
                    .computeIfAbsent(one.channel(), _ -> new HashSet<>())
                    .add(type + " " + data.path("conversationId").asString("") + " "
                            + data.path("sequence").longValue(0));
        }

        Set<Message> there = new HashSet<>();
        for (Map.Entry<String, Set<String>> conversation : conversations.entrySet()) {
            String reader = conversation.getValue().iterator().next();
            assertThat(run.get(reader, "/api/conversations/" + conversation.getKey())
                            .statusCode())
                    .as("an acknowledged conversation, %s", where)
                    .isEqualTo(200);
            List<Message> messages = messages(run, reader, conversation.getKey());
            assertThat(messages.stream().map(Message::sequence))
                    .as("sequences, %s", where)
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, messages.size()).boxed().toList());
            there.addAll(messages);
            Set<String> expected = messages.stream()
                    .map(message -> "MESSAGE_SENT %s %d".formatted(conversation.getKey(), message.sequence()))
                    .collect(Collectors.toSet());
            expected.add("CONVERSATION_CREATED %s 0".formatted(conversation.getKey()));
            for (String participant : conversation.getValue()) {
                assertThat(published.getOrDefault("/chats/" + participant, Set.of()))
                        .as("published to %s, %s", participant, where)
                        .containsAll(expected);
            }
        }
        assertThat(there).as("acknowledged and lost, %s", where).containsAll(acknowledged);
        for (Map.Entry<String, Set<String>> call : calls.entrySet()) {
            String reader = call.getValue().iterator().next();
            String read = run.get(reader, "/api/calls/" + call.getKey()).body();
            assertThat(Json.mapper().readTree(read).path("call").path("version").longValue())
                    .as("an acknowledged call, %s: %s", where, read)
                    .isGreaterThanOrEqualTo(Objects.requireNonNull(versions.get(call.getKey())));
        }
        assertThat(sent.stream().filter(message -> conversations.containsKey(message.conversation())))
                .as("published and not there, %s", where)
                .allMatch(there::contains);
    }

    private static void awaitPublished(KilledRun run, String where) throws Exception {
        Instant giveUp = Instant.now().plusSeconds(60);
        String status;
        do {
            status = run.get("/local/status").body();
            assertThat(Instant.now()).as("still behind, %s: %s", where, status).isBefore(giveUp);
            Thread.sleep(20);
        } while (Json.mapper().readTree(status).path("stream").path("behind").longValue() > 0);
    }

    private static List<Message> messages(KilledRun run, String reader, String conversation) throws Exception {
        List<Message> messages = new ArrayList<>();
        JsonNode page;
        do {
            long after = messages.isEmpty() ? 0 : messages.getLast().sequence();
            page = Json.mapper()
                    .readTree(run.get(
                                    reader,
                                    "/api/conversations/%s/messages?afterSequence=%d".formatted(conversation, after))
                            .body());
            page.path("messages").forEach(message -> messages.add(Message.of(message)));
        } while (page.path("hasMore").booleanValue());
        return messages;
    }

    private static Set<String> participants(Stream<JsonNode> users) {
        return users.map(JsonNode::stringValue).collect(Collectors.toSet());
    }
}
