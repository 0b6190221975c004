package com.pantherkolab.local;

import com.pantherkolab.local.RunningSystem.Answer;
import com.pantherkolab.local.RunningSystem.User;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Random commands of every kind by several users at once, with and without keys, as clients send them: what was
/// not answered is asked again where a key makes that safe, and only there.
///
/// What a thread asks follows from the seed and from what there is; how the threads interleave does not.
final class ProofWorkload {
    private static final int USERS = 40;

    /// How far the publisher may be behind: else most would be published after the faults have ended, in few
    /// invocations.
    private static final int BEHIND = 40;
    /// How old the answer to that may be.
    private static final Duration LOOK = Duration.ofMillis(50);

    private static final int THREADS = 4;
    private static final int TRIES = 6;

    private final RunningSystem system;
    private final HistoryRecorder history;
    private final List<User> users = new ArrayList<>();
    /// The changes that clients were told of.
    private final Set<String> changes = ConcurrentHashMap.newKeySet();
    /// The highest sequence that was seen in each conversation.
    private final Map<String, Long> sequences = new ConcurrentHashMap<>();
    private final Map<String, List<User>> conversations = new ConcurrentHashMap<>();
    private final Map<String, List<User>> calls = new ConcurrentHashMap<>();
    private final Set<String> ended = ConcurrentHashMap.newKeySet();

    private final Object looking = new Object();
    private long looked = System.nanoTime() - LOOK.toNanos();
    private long behind;

    ProofWorkload(RunningSystem system, HistoryRecorder history) {
        this.system = system;
        this.history = history;
        for (int number = 0; number < USERS; number++) {
            users.add(system.signIn("user-" + number));
        }
    }

    List<User> users() {
        return users;
    }

    /// Works until clients have been told of so many changes.
    void run(long seed, int wanted) throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        List<Future<?>> working = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int thread = 0; thread < THREADS; thread++) {
                Client client = new Client(random.split());
                working.add(threads.submit(() -> {
                    while (changes.size() < wanted) {
                        client.command();
                        waitForThePublisher();
                    }
                    return client;
                }));
            }
        }
        for (Future<?> done : working) {
            done.get();
        }
    }

    private void waitForThePublisher() throws InterruptedException {
        while (behind() > BEHIND) {
            Thread.sleep(20);
        }
    }

    /// Looked up by one thread for all of them and not for every command: the looks would be most of the work.
    private long behind() {
        synchronized (looking) {
            if (System.nanoTime() - looked > LOOK.toNanos()) {
                behind = system.status().path("stream").path("behind").longValue();
                looked = System.nanoTime();
            }
            return behind;
        }
    }

    /// Ends every call that is not over, so that nothing is due any more; also those that were committed without an
    /// answer.
    void endCalls() {
        for (User user : users) {
            for (JsonNode call : system.get(user, "/api/calls").at("calls")) {
                if (!call.path("status").stringValue().equals("ENDED")) {
                    String body = "{\"sessionId\":\"%s\"}"
                            .formatted(call.path("sessionId").stringValue());
                    ask(user, "/api/calls/leave", body, null);
                    ask(user, "/api/calls/end", body, null);
                }
            }
        }
    }

    /// Asks, and writes a success down.
    private Answer ask(User user, String path, String body, @Nullable String key) {
        Answer answer = send(user, path, body, key);
        for (int again = 1; key != null && answer.status() == 503 && again < TRIES; again++) {
            answer = send(user, path, body, key);
        }
        if (answer.status() == 200) {
            history.acknowledged(user.userId(), "POST " + path, body, answer.body());
            remember(user, path, body, answer.body());
        } else if (answer.status() >= 500 && answer.status() != 503) {
            throw new AssertionError(
                    "%s %s: %s".formatted(path, body, answer.response().body()));
        }
        return answer;
    }

    private Answer send(User user, String path, String body, @Nullable String key) {
        HttpRequest.Builder request = system.as(user, path).POST(BodyPublishers.ofString(body));
        return system.send(key == null ? request : request.header("idempotency-key", key));
    }

    private void remember(User user, String path, String body, JsonNode answer) {
        JsonNode message = answer.path("message");
        if (!message.isMissingNode()) {
            changes.add(message.path("messageId").stringValue());
            sequences.merge(
                    message.path("conversationId").stringValue(),
                    message.path("sequence").longValue(),
                    Math::max);
        }
        JsonNode conversation = answer.path("conversation");
        if (!conversation.isMissingNode()) {
            String id = conversation.path("conversationId").stringValue();
            changes.add(id);
            conversations.put(
                    id,
                    named(conversation
                            .path("participants")
                            .valueStream()
                            .map(JsonNode::stringValue)
                            .toList()));
        }
        JsonNode call = answer.path("call");
        if (!call.isMissingNode()) {
            String id = call.path("sessionId").stringValue();
            changes.add(id + " " + call.path("version"));
            calls.put(
                    id,
                    named(call.path("participants")
                            .valueStream()
                            .map(participant -> participant.path("userId").stringValue())
                            .toList()));
            if (call.path("status").stringValue().equals("ENDED")) {
                ended.add(id);
            }
        }
        if (answer.has("lastReadSequence") && path.endsWith("/read")) {
            changes.add(user.userId() + body);
        }
    }

    private List<User> named(List<String> ids) {
        return users.stream().filter(user -> ids.contains(user.userId())).toList();
    }

    /// One thread's share.
    private final class Client {
        private final SplittableRandom random;
        private int number;

        private Client(SplittableRandom random) {
            this.random = random;
        }

        private void command() {
            number++;
            int draw = random.nextInt(100);
            if (conversations.isEmpty() || draw < 4) {
                create();
            } else if (draw < 54) {
                sendMessage();
            } else if (draw < 60) {
                typing();
            } else if (draw < 70) {
                read();
            } else if (draw < 72) {
                profile();
            } else if (draw < 80 || calls.isEmpty()) {
                initiate();
            } else {
                onCall();
            }
        }

        private void create() {
            List<String> others = some(1 + random.nextInt(4));
            String type = others.size() == 1 ? "DIRECT" : "GROUP";
            User creator = one(users);
            if (!others.contains(creator.userId())) {
                ask(
                        creator,
                        "/api/conversations",
                        "{\"type\":\"%s\",\"participantIds\":%s}".formatted(type, list(others)),
                        maybeKey());
            }
        }

        private void sendMessage() {
            String conversation = one(conversations.keySet());
            User sender = one(of(conversations, conversation));
            String key = maybeKey();
            String body = "{\"conversationId\":\"%s\",\"content\":\"message %d\"%s}"
                    .formatted(conversation, number, key == null ? "" : ",\"tempId\":\"" + key + "\"");
            ask(sender, "/api/messages/send", body, key);
            if (key != null && random.nextInt(10) == 0) {
                ask(sender, "/api/messages/send", body, key);
            }
        }

        private void typing() {
            String conversation = one(conversations.keySet());
            ask(
                    one(of(conversations, conversation)),
                    "/api/messages/typing",
                    "{\"conversationId\":\"%s\",\"isTyping\":%s}".formatted(conversation, random.nextBoolean()),
                    null);
        }

        private void read() {
            String conversation = one(conversations.keySet());
            long last = sequences.getOrDefault(conversation, 0L);
            if (last > 0) {
                ask(
                        one(of(conversations, conversation)),
                        "/api/messages/read",
                        "{\"conversationId\":\"%s\",\"sequence\":%d}"
                                .formatted(conversation, 1 + random.nextLong(last)),
                        null);
            }
        }

        private void profile() {
            system.send(system.as(one(users), "/api/users/me")
                    .PUT(BodyPublishers.ofString("{\"firstName\":\"F%d\",\"lastName\":\"L\"}".formatted(number))));
        }

        private void initiate() {
            List<String> others = some(1 + random.nextInt(3));
            User caller = one(users);
            if (!others.contains(caller.userId())) {
                ask(
                        caller,
                        "/api/calls/initiate",
                        "{\"callType\":\"AUDIO\",\"participantIds\":%s}".formatted(list(others)),
                        maybeKey());
            }
        }

        private void onCall() {
            List<String> open = calls.keySet().stream()
                    .filter(call -> !ended.contains(call))
                    .toList();
            // Now and then one that is over: a refusal changes nothing.
            String call = open.isEmpty() || random.nextInt(20) == 0 ? one(calls.keySet()) : one(open);
            List<String> commands =
                    List.of("accept", "accept", "accept", "accept", "reject", "cancel", "end", "leave", "leave");
            ask(
                    one(of(calls, call)),
                    "/api/calls/" + commands.get(random.nextInt(commands.size())),
                    "{\"sessionId\":\"%s\"}".formatted(call),
                    maybeKey());
        }

        private @Nullable String maybeKey() {
            return random.nextBoolean() ? Long.toHexString(random.nextLong()) : null;
        }

        private List<String> some(int howMany) {
            return random.ints(0, USERS)
                    .distinct()
                    .limit(howMany)
                    .mapToObj(user -> users.get(user).userId())
                    .toList();
        }

        private <T> T one(Iterable<T> all) {
            List<T> list = new ArrayList<>();
            all.forEach(list::add);
            return list.get(random.nextInt(list.size()));
        }
    }

    private static List<User> of(Map<String, List<User>> map, String id) {
        return Objects.requireNonNull(map.get(id));
    }

    private static String list(List<String> ids) {
        return "[\"" + String.join("\",\"", ids) + "\"]";
    }

    /// What each user reads back: their messages and their calls, by the routes alone. So what was committed
    /// without an answer is among it, of which nobody here was told.
    Map<String, Set<String>> readBack() {
        Map<String, Set<String>> readBack = new HashMap<>();
        for (User user : users) {
            Set<String> own = new HashSet<>();
            for (String conversation : conversations(user)) {
                messages(user, conversation).forEach(message -> own.add(message(message)));
            }
            system.get(user, "/api/calls").at("calls").forEach(call -> own.add(call(call, "version")));
            readBack.put(user.userId(), own);
        }
        return readBack;
    }

    /// A message, by what a client has of it from an event and from a page alike.
    static String message(JsonNode message) {
        return "message %s %d %s"
                .formatted(
                        message.path("conversationId").stringValue(),
                        message.path("sequence").longValue(),
                        message.path("content").stringValue());
    }

    /// A call, likewise.
    static String call(JsonNode call, String version) {
        return "call %s %d %s %s"
                .formatted(
                        call.path("sessionId").stringValue(),
                        call.path(version).longValue(),
                        call.path("status").stringValue(),
                        call.path("participants"));
    }

    private List<String> conversations(User user) {
        List<String> conversations = new ArrayList<>();
        String next = "";
        do {
            JsonNode page =
                    system.get(user, "/api/conversations?limit=100" + next).body();
            page.path("conversations")
                    .forEach(one -> conversations.add(one.path("conversationId").stringValue()));
            next = page.has("cursor") ? "&cursor=" + page.path("cursor").stringValue() : "";
        } while (!next.isEmpty());
        return conversations;
    }

    private List<JsonNode> messages(User user, String conversation) {
        List<JsonNode> messages = new ArrayList<>();
        JsonNode page;
        do {
            page = system.get(
                            user,
                            "/api/conversations/%s/messages?afterSequence=%d&limit=200"
                                    .formatted(conversation, messages.size()))
                    .body();
            page.path("messages").forEach(messages::add);
        } while (page.path("hasMore").booleanValue());
        return messages;
    }
}
