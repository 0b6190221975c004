package com.pantherkolab.api.law;

import static org.assertj.core.api.Assertions.assertThat;

import com.pantherkolab.api.ApiSystem;
import com.pantherkolab.api.http.Gateway.Reply;
import com.pantherkolab.common.Json;
import com.pantherkolab.common.OutboxEntry;
import com.pantherkolab.common.Publication;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Drives generated commands through the functions and holds, for every participant, what the events told against
/// what is read back.
///
/// Every mutation route has its generator in one table; [#routes] is compared with the routes that exist, so that a
/// route that comes later is covered or fails the build.
public final class Law {
    private static final int PAGE = 7;

    private final ApiSystem system;
    private final Random random;
    private final List<String> users;
    private final Mistake mistake;
    private final Map<String, ClientState> clients = new TreeMap<>();
    private final List<String> conversations = new ArrayList<>();
    private int heard;

    /// A mistake that is planted, to show that the law finds it.
    interface Mistake {
        /// None.
        Mistake NONE = new Mistake() {};

        /// What a user hears of an event; normally the event if it is addressed to them, else nothing.
        default List<JsonNode> hears(String user, boolean isAddressed, ObjectNode event) {
            return isAddressed ? List.of(event) : List.of();
        }

        /// What a page of messages becomes.
        default List<JsonNode> page(List<JsonNode> messages) {
            return messages;
        }

        /// What a conversation that is read becomes.
        default JsonNode conversation(ObjectNode conversation) {
            return conversation;
        }
    }

    Law(ApiSystem system, long seed, Mistake mistake) {
        this.system = system;
        this.random = new Random(seed * 7_919);
        this.users = IntStream.range(0, 2 + random.nextInt(5))
                .mapToObj(number -> "u%d-%d".formatted(seed, number))
                .toList();
        this.mistake = mistake;
        users.forEach(user -> clients.put(user, new ClientState(user)));
    }

    /// Runs one sequence of commands and checks it.
    ///
    /// @throws AssertionError if what was told and what is read back differ
    public static void holds(ApiSystem system, long seed, int commands) {
        new Law(system, seed, Mistake.NONE).run(commands);
    }

    /// The mutation routes that it knows commands for.
    static List<String> routes() {
        return List.copyOf(new Law(new ApiSystem(), 0, Mistake.NONE).commands().keySet());
    }

    void run(int commands) {
        List<Consumer<String>> table = List.copyOf(commands().values());
        for (int number = 0; number < commands; number++) {
            // The first ones make something to talk about.
            Consumer<String> command = number < 2 ? this::createConversation : table.get(random.nextInt(table.size()));
            command.accept(user());
            hearEvents();
            if (number % 5 == 4) {
                check(user());
            }
        }
        users.forEach(this::check);
    }

    private Map<String, Consumer<String>> commands() {
        Map<String, Consumer<String>> commands = new TreeMap<>();
        commands.put("POST /api/conversations", this::createConversation);
        commands.put("POST /api/messages/send", this::send);
        commands.put("POST /api/messages/typing", this::type);
        commands.put("POST /api/messages/read", this::read);
        commands.put("PUT /api/users/me", this::saveProfile);
        return commands;
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

    private void hearEvents() {
        List<OutboxEntry> committed = system.committed();
        for (OutboxEntry entry : committed.subList(heard, committed.size())) {
            for (Publication publication : entry.publications()) {
                for (String user : users) {
                    boolean isAddressed = publication.channels().stream()
                            .anyMatch(channel -> channel.user().value().equals(user));
                    ObjectNode event = Json.mapper()
                            .readTree(entry.event(publication, entry.timestamp()))
                            .asObject();
                    mistake.hears(user, isAddressed, event).forEach(client(user)::receive);
                }
            }
        }
        heard = committed.size();
    }

    private void check(String user) {
        ClientState readBack = new ClientState(user);
        for (JsonNode listed : list(user)) {
            String id = listed.path("conversationId").stringValue();
            ObjectNode conversation =
                    body(user, "/api/conversations/" + id).path("conversation").asObject();
            JsonNode seen = mistake.conversation(conversation);
            ObjectNode withoutMarks = seen.deepCopy().asObject();
            withoutMarks.remove("readMarks");
            assertThat(withoutMarks).as("listed and read by itself").isEqualTo(listed);
            readBack.read(seen, messages(user, id));
        }
        assertThat(readBack.snapshot())
                .as("what %s reads back is what the events told", user)
                .isEqualTo(client(user).snapshot());
    }

    private List<JsonNode> list(String user) {
        List<JsonNode> all = new ArrayList<>();
        String[] from = {};
        while (true) {
            JsonNode page = body(user, "/api/conversations", from);
            all.addAll(page.path("conversations").values());
            if (!page.has("cursor")) {
                return all;
            }
            from = new String[] {"cursor", page.path("cursor").stringValue()};
        }
    }

    private List<JsonNode> messages(String user, String conversation) {
        List<JsonNode> all = new ArrayList<>();
        long after = 0;
        while (true) {
            JsonNode page = body(
                    user,
                    "/api/conversations/" + conversation + "/messages",
                    "afterSequence",
                    String.valueOf(after),
                    "limit",
                    String.valueOf(PAGE));
            all.addAll(mistake.page(List.copyOf(page.path("messages").values())));
            if (!page.path("hasMore").booleanValue()) {
                return all;
            }
            after += page.path("messages").size();
        }
    }

    private JsonNode body(String user, String path, String... parameters) {
        Reply reply = system.get(user, path, parameters);
        assertThat(reply.status())
                .as("%s %s", path, Arrays.toString(parameters))
                .isEqualTo(200);
        return reply.body();
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

    private ClientState client(String user) {
        return Objects.requireNonNull(clients.get(user));
    }
}
