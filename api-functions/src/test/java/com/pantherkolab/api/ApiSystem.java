package com.pantherkolab.api;

import com.pantherkolab.api.command.Commands;
import com.pantherkolab.api.http.Edge;
import com.pantherkolab.api.http.Gateway;
import com.pantherkolab.api.http.Gateway.Reply;
import com.pantherkolab.api.store.Change;
import com.pantherkolab.api.store.ChangeWriter;
import com.pantherkolab.api.store.ChangeWriter.Written;
import com.pantherkolab.api.store.MemoryStore;
import com.pantherkolab.api.store.Pause;
import com.pantherkolab.api.store.StateReader;
import com.pantherkolab.common.OutboxEntry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/// The whole writing side, both functions as they are wired, with a clock that ticks with every look.
public final class ApiSystem {
    private final List<OutboxEntry> committed = Collections.synchronizedList(new ArrayList<>());
    private final Edge messagesApi;
    private final Edge conversationsApi;
    private final Gateway messages;
    private final Gateway conversations;

    public ApiSystem() {
        this(new MemoryStore());
    }

    private ApiSystem(MemoryStore store) {
        this(store, store);
    }

    /// On any store.
    public ApiSystem(StateReader state, ChangeWriter writer) {
        Commands commands = new Commands(
                state,
                change -> recorded(change, writer.write(change)),
                new Pause(Duration.ofMillis(1), Duration.ofMillis(1), new Random(1), _ -> {}));
        ApiConfiguration wiring = new ApiConfiguration();
        Ticking clock = new Ticking();
        this.messagesApi = wiring.messagesApi(state, commands, clock);
        this.conversationsApi = wiring.conversationsApi(state, commands, clock);
        this.messages = new Gateway(messagesApi);
        this.conversations = new Gateway(conversationsApi);
    }

    /// Every entry that was committed, in order.
    public List<OutboxEntry> committed() {
        return List.copyOf(committed);
    }

    /// Every route, as `METHOD /path`.
    public List<String> routes() {
        return Stream.concat(messagesApi.routes().stream(), conversationsApi.routes().stream())
                .toList();
    }

    private Written recorded(Change change, Written written) {
        if (written instanceof Written.Committed) {
            switch (change) {
                case Change.Announced announced -> committed.add(announced.entry());
                case Change.EventOnly event -> committed.add(event.entry());
                case Change.Quiet _ -> {}
            }
        }
        return written;
    }

    /// Calls any route.
    public Reply call(String caller, String method, String path, String body) {
        return (path.startsWith("/api/messages") ? messages : conversations).call(caller, method, path, body);
    }

    public Reply post(String caller, String path, String body) {
        return call(caller, "POST", path, body);
    }

    /// Reads.
    ///
    /// @param parameters names and values in turn
    public Reply get(String caller, String path, String... parameters) {
        ObjectNode event = Gateway.event(caller, "GET", path);
        ObjectNode query = event.putObject("queryStringParameters");
        for (int i = 0; i < parameters.length; i += 2) {
            query.put(parameters[i], parameters[i + 1]);
        }
        return conversations.send(event);
    }

    /// As [#get], for a caller who has a version of the answer.
    public Reply getUnless(String etag, String caller, String path, String... parameters) {
        ObjectNode event = Gateway.event(caller, "GET", path);
        event.withObject("headers").put("if-none-match", etag);
        ObjectNode query = event.putObject("queryStringParameters");
        for (int i = 0; i < parameters.length; i += 2) {
            query.put(parameters[i], parameters[i + 1]);
        }
        return conversations.send(event);
    }

    public String group(String creator, String... others) {
        return conversation(creator, "GROUP", others);
    }

    public String direct(String creator, String other) {
        return conversation(creator, "DIRECT", other);
    }

    public Reply send(String sender, String conversation, String content) {
        return post(
                sender,
                "/api/messages/send",
                "{\"conversationId\":\"%s\",\"content\":\"%s\"}".formatted(conversation, content));
    }

    public Reply markRead(String reader, String conversation, long sequence) {
        return post(
                reader,
                "/api/messages/read",
                "{\"conversationId\":\"%s\",\"sequence\":%d}".formatted(conversation, sequence));
    }

    private String conversation(String creator, String type, String... others) {
        String ids = Arrays.stream(others).map("\"%s\""::formatted).collect(Collectors.joining(","));
        return post(creator, "/api/conversations", "{\"type\":\"%s\",\"participantIds\":[%s]}".formatted(type, ids))
                .body()
                .path("conversation")
                .path("conversationId")
                .stringValue();
    }

    private static final class Ticking extends Clock {
        private Instant now = Instant.parse("2026-01-09T23:06:40Z");

        @Override
        public synchronized Instant instant() {
            now = now.plusMillis(10);
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
    }
}
