package com.pantherkolab.api.law;

import com.pantherkolab.api.ApiSystem;
import com.pantherkolab.api.http.Gateway.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/// Drives generated commands through the functions and has the [Law] held on the way and at the end.
///
/// Every mutation route has its commands in one table; [#routes] is compared with the routes that exist, so that a
/// route that comes later is covered or fails the build.
public final class GeneratedCommands {
    private final ApiSystem system;
    private final Random random;
    private final List<String> users;
    private final Law law;
    private final List<String> conversations = new ArrayList<>();
    private final List<String> calls = new ArrayList<>();

    GeneratedCommands(ApiSystem system, long seed, Mistake mistake) {
        this.system = system;
        this.random = new Random(seed * 7_919);
        this.users = IntStream.range(0, 2 + random.nextInt(5))
                .mapToObj(number -> "u%d-%d".formatted(seed, number))
                .toList();
        this.law = new Law(system, users, mistake);
    }

    /// Runs one sequence of commands under the law.
    ///
    /// @throws AssertionError if what was told and what is read back differ
    public static void run(ApiSystem system, long seed, int commands) {
        new GeneratedCommands(system, seed, Mistake.NONE).run(commands);
    }

    /// The mutation routes that it knows commands for.
    static List<String> routes() {
        return List.copyOf(new GeneratedCommands(new ApiSystem(), 0, Mistake.NONE)
                .commands()
                .keySet());
    }

    void run(int commands) {
        List<Consumer<String>> table = List.copyOf(commands().values());
        for (int number = 0; number < commands; number++) {
            // The first ones make something to talk about.
            Consumer<String> command = number < 2 ? this::createConversation : table.get(random.nextInt(table.size()));
            command.accept(user());
            if (random.nextBoolean()) {
                system.connectCalls();
            }
            if (random.nextInt(12) == 0) {
                system.pass(Duration.ofSeconds(random.nextBoolean() ? 11 : 46));
            }
            if (number % 5 == 4) {
                law.holdsFor(user());
            }
        }
        law.holdsForEverybody();
    }

    private Map<String, Consumer<String>> commands() {
        Map<String, Consumer<String>> commands = new TreeMap<>();
        commands.put("POST /api/conversations", this::createConversation);
        commands.put("POST /api/messages/send", this::send);
        commands.put("POST /api/messages/typing", this::type);
        commands.put("POST /api/messages/read", this::read);
        commands.put("PUT /api/users/me", this::saveProfile);
        commands.put("POST /api/calls/initiate", this::initiateCall);
        for (String command : List.of("accept", "reject", "cancel", "end", "leave")) {
            commands.put("POST /api/calls/" + command, user -> onCall(user, command));
        }
        return commands;
    }

    private void initiateCall(String user) {
        String conversation = conversation();
        Reply found = system.get(user, "/api/conversations/" + conversation);
        boolean ofConversation = found.status() == 200 && random.nextBoolean();
        List<String> participants = ofConversation
                ? found.body()
                        .path("conversation")
                        .path("participants")
                        .valueStream()
                        .map(JsonNode::stringValue)
                        .toList()
                : users.stream().filter(_ -> random.nextBoolean()).toList();
        String body = "{\"callType\":\"AUDIO\",\"participantIds\":[%s]%s%s}"
                .formatted(
                        String.join(
                                ",",
                                participants.stream().map("\"%s\""::formatted).toList()),
                        ofConversation ? ",\"conversationId\":\"%s\"".formatted(conversation) : "",
                        device());
        Reply reply = random.nextBoolean()
                ? system.call(user, "POST", "/api/calls/initiate", body)
                : system.callWithKey(user, "POST", "/api/calls/initiate", "k" + random.nextInt(4), body);
        if (reply.status() == 200) {
            calls.add(reply.body().path("call").path("sessionId").stringValue());
        }
    }

    private void onCall(String user, String command) {
        String sessionId = calls.isEmpty() || random.nextInt(10) == 0
                ? "unknown"
                // Mostly one of the last, which are not over yet.
                : calls.get(Math.max(0, calls.size() - 1 - random.nextInt(3)));
        String body = "{\"sessionId\":\"%s\"%s}".formatted(sessionId, command.equals("accept") ? device() : "");
        if (random.nextInt(3) == 0) {
            system.callWithKey(user, "POST", "/api/calls/" + command, "k" + random.nextInt(4), body);
        } else {
            system.call(user, "POST", "/api/calls/" + command, body);
        }
    }

    private String device() {
        return random.nextBoolean() ? "" : ",\"deviceId\":\"d%d\"".formatted(random.nextInt(2));
    }

    private void createConversation(String user) {
        boolean direct = random.nextBoolean();
        List<String> others = users.stream()
                .filter(other -> !other.equals(user))
                .filter(_ -> direct || random.nextBoolean())
                .limit(direct ? 1 : users.size())
                .toList();
        Reply reply = system.call(
                user,
                "POST",
                "/api/conversations",
                "{\"type\":\"%s\",\"participantIds\":[%s]}"
                        .formatted(
                                direct ? "DIRECT" : "GROUP",
                                String.join(
                                        ",",
                                        others.stream().map("\"%s\""::formatted).toList())));
        if (reply.status() == 200) {
            conversations.add(
                    reply.body().path("conversation").path("conversationId").stringValue());
        }
    }

    private void send(String user) {
        system.call(
                user,
                "POST",
                "/api/messages/send",
                "{\"conversationId\":\"%s\",\"content\":\"%d\",\"fileSize\":%d%s}"
                        .formatted(
                                conversation(),
                                random.nextInt(),
                                random.nextInt(100),
                                random.nextBoolean() ? "" : ",\"tempId\":\"t%d\"".formatted(random.nextInt(5))));
    }

    private void type(String user) {
        system.call(
                user,
                "POST",
                "/api/messages/typing",
                "{\"conversationId\":\"%s\",\"isTyping\":%b}".formatted(conversation(), random.nextBoolean()));
    }

    private void read(String user) {
        system.call(
                user,
                "POST",
                "/api/messages/read",
                "{\"conversationId\":\"%s\",\"sequence\":%d}".formatted(conversation(), random.nextInt(12)));
    }

    private void saveProfile(String user) {
        system.call(
                user, "PUT", "/api/users/me", "{\"firstName\":\"%d\",\"lastName\":\"B\"}".formatted(random.nextInt(9)));
    }

    private String user() {
        return users.get(random.nextInt(users.size()));
    }

    /// Mostly one that exists, though not always one that the caller is in.
    private String conversation() {
        return conversations.isEmpty() || random.nextInt(10) == 0
                ? "unknown"
                : conversations.get(random.nextInt(conversations.size()));
    }
}
