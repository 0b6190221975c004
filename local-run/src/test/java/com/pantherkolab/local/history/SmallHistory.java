package com.pantherkolab.local.history;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A sound history of a conversation of two and a call of theirs, to plant violations in.
final class SmallHistory {
    static final String MESSAGE_1 = "message-1";
    static final String MESSAGE_2 = "message-2";
    static final String TYPING = "typing-1";
    static final String RINGING = "call-1";
    static final String CONNECTING = "call-2";
    static final String CONNECTED = "call-3";
    static final String ENDED = "call-4";

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String DECIDED = "2026-01-01T10:00:00.000Z";

    private final List<ObjectNode> lines = new ArrayList<>();

    SmallHistory() {
        commit("conversation#c", "created", told("CONVERSATION_CREATED", conversation(), "/chats/ann", "/chats/ben"));
        commit("conversation#c", MESSAGE_1, told("MESSAGE_SENT", message(1), "/chats/ann", "/chats/ben"));
        commit(
                "conversation#c",
                TYPING,
                expiring(told("USER_TYPING", "{\"userId\":\"ann\"}", "/chats/ben"), "10:00:05"));
        commit("conversation#c", MESSAGE_2, told("MESSAGE_SENT", message(2), "/chats/ann", "/chats/ben"));
        commit(
                "conversation#c",
                "read-1",
                told(
                        "MESSAGE_READ",
                        "{\"conversationId\":\"c\",\"userId\":\"ben\",\"sequence\":1}",
                        "/chats/ann",
                        "/chats/ben"));
        commit(
                "call#s",
                RINGING,
                expiring(told("CALL_RINGING", call(1, "RINGING"), "/calls/ann"), "10:00:45"),
                expiring(told("INCOMING_CALL", call(1, "RINGING"), "/calls/ben"), "10:00:45"));
        commit("call#s", CONNECTING, told("CALL_CONNECTING", call(2, "CONNECTING"), "/calls/ann", "/calls/ben"));
        commit(
                "call#s",
                CONNECTED,
                told("CALL_CONNECTED", join("ann"), "/calls/ann"),
                told("CALL_CONNECTED", join("ben"), "/calls/ben"));
        commit("call#s", ENDED, told("CALL_ENDED", call(4, "ENDED"), "/calls/ann", "/calls/ben"));
        commit("conversation#c", "key-alone");
        for (ObjectNode commit : List.copyOf(lines)) {
            publishAll(commit.path("entry"));
        }
        publish("/chats/ben", MESSAGE_1, "10:00:02");
        acknowledge("ann", "POST /api/messages/send", "{}", "{\"message\":" + message(1) + "}");
        acknowledge("ann", "POST /api/conversations", "{}", "{\"conversation\":{\"conversationId\":\"c\"}}");
        acknowledge(
                "ben",
                "POST /api/messages/read",
                "{\"conversationId\":\"c\",\"sequence\":1}",
                "{\"lastReadSequence\":1}");
        acknowledge(
                "ben",
                "POST /api/calls/accept",
                "{}",
                "{\"call\":" + call(2, "CONNECTING").replace("callVersion", "version") + "}");
        acknowledge("ben", "POST /api/messages/typing", "{}", "{\"success\":true}");
        mark("10:01:00", "the end");
    }

    Report check() {
        return HistoryChecker.check(History.of(lines));
    }

    List<String> text() {
        return lines.stream().map(JsonNode::toString).toList();
    }

    void commit(String aggregate, String eventId, ObjectNode... publications) {
        ObjectNode line = line("committed");
        ObjectNode entry = line.putObject("entry")
                .put("aggregate", aggregate)
                .put("eventId", eventId)
                .put("timestamp", DECIDED);
        ArrayNode all = entry.putArray("publications");
        List.of(publications).forEach(all::add);
    }

    /// Publishes an event of the history once more, with the publisher's clock at a time of the day.
    void publish(String channel, String eventId, String time) {
        JsonNode entry = entry(eventId);
        for (JsonNode publication : entry.path("publications")) {
            if (publication.path("channels").toString().contains('"' + channel + '"')) {
                publish(channel, entry, publication, time);
            }
        }
    }

    void publish(String channel, String eventId, String type, String data) {
        publish(
                channel,
                JSON.createObjectNode().put("eventId", eventId).put("timestamp", DECIDED),
                told(type, data, channel),
                "10:00:02");
    }

    void acknowledge(String user, String route, String body, String answer) {
        ObjectNode line = line("acknowledged").put("user", user).put("route", route);
        line.set("body", JSON.readTree(body));
        line.set("answer", JSON.readTree(answer));
    }

    void list(String eventId, String channel) {
        line("listed").put("where", "parked").put("eventId", eventId).put("channel", channel);
    }

    void listAll(String eventId) {
        line("listed").put("where", "failure-destination").put("eventId", eventId);
    }

    void mark(String time, String what) {
        line("mark").put("at", time(time)).put("what", what);
    }

    /// Takes lines of the history away.
    void forget(Predicate<String> lines) {
        this.lines.removeIf(line -> lines.test(line.toString()));
    }

    void forgetPublished(String eventId, String channel) {
        forget(line -> line.contains("\"published\"") && line.contains(eventId) && line.contains('"' + channel + '"'));
    }

    /// Moves the first publication of an event on a channel to the end.
    void delay(String eventId, String channel) {
        forgetPublished(eventId, channel);
        publish(channel, eventId, "10:00:03");
    }

    static ObjectNode told(String type, String data, String... channels) {
        ObjectNode publication =
                JSON.createObjectNode().put("type", type).put("version", 1).put("data", data);
        ArrayNode all = publication.putArray("channels");
        List.of(channels).forEach(all::add);
        return publication;
    }

    static ObjectNode expiring(ObjectNode publication, String time) {
        return publication.put("expiresAt", time(time));
    }

    static String message(long sequence) {
        return "{\"conversationId\":\"c\",\"sequence\":%d,\"messageId\":\"m%d\",\"content\":\"hello\"}"
                .formatted(sequence, sequence);
    }

    static String call(long version, String status) {
        return "{\"sessionId\":\"s\",\"status\":\"%s\",\"callVersion\":%d,\"participants\":[{\"userId\":\"ann\"},{\"userId\":\"ben\"}]}"
                .formatted(status, version);
    }

    static String join(String user) {
        return call(3, "ACTIVE").replaceFirst("}$", "")
                + ",\"attendee\":{\"ExternalUserId\":\"user#%s\",\"JoinToken\":\"token-of-%s\"}}".formatted(user, user);
    }

    private static String conversation() {
        return "{\"conversationId\":\"c\"}";
    }

    private JsonNode entry(String eventId) {
        return lines.stream()
                .map(line -> line.path("entry"))
                .filter(entry -> entry.path("eventId").asString("").equals(eventId))
                .findFirst()
                .orElseThrow();
    }

    private void publishAll(JsonNode entry) {
        for (JsonNode publication : entry.path("publications")) {
            for (JsonNode channel : publication.path("channels")) {
                publish(channel.stringValue(), entry, publication, "10:00:01");
            }
        }
    }

    private void publish(String channel, JsonNode entry, JsonNode publication, String time) {
        ObjectNode event = JSON.createObjectNode();
        event.set("id", entry.path("eventId"));
        event.set("type", publication.path("type"));
        event.set("version", publication.path("version"));
        event.set("timestamp", entry.path("timestamp"));
        event.put("serverTimestamp", time(time));
        event.set("data", JSON.readTree(publication.path("data").stringValue()));
        line("published").put("at", time(time)).put("channel", channel).put("event", event.toString());
    }

    private ObjectNode line(String kind) {
        ObjectNode line = JSON.createObjectNode().put("kind", kind);
        lines.add(line);
        return line;
    }

    private static String time(String time) {
        return "2026-01-01T" + time + ".000Z";
    }
}
