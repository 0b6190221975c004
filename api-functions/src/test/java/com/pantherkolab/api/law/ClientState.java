package com.pantherkolab.api.law;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What one user's client knows: built from what it read and the events that it received, by the contract alone.
///
/// It never imports the server's decisions, so that a mistake of theirs cannot be repeated here.
final class ClientState {

    /// The most participants who are told of each other's marks.
    private static final int SMALL_GROUP = 32;

    /// One conversation as the client knows it.
    private static final class Known {
        private final ObjectNode description;
        private final Map<Long, JsonNode> messages = new TreeMap<>();
        private final Map<String, Long> marks = new TreeMap<>();

        Known(JsonNode conversation) {
            this.description = conversation.deepCopy().asObject();
            description.remove(List.of("lastReadSequence", "unreadCount", "readMarks"));
            conversation.path("participants").values().forEach(user -> marks.put(user.stringValue(), 0L));
        }

        List<Object> snapshot(String me) {
            long lastSequence = required(description, "lastSequence").longValue();
            long read = marks.getOrDefault(me, 0L);
            // In a large group a mark is told to its reader alone.
            Map<String, Long> told = marks.size() > SMALL_GROUP ? Map.of(me, read) : Map.copyOf(marks);
            return List.of(description, List.copyOf(messages.values()), told, read, lastSequence - read);
        }
    }

    private final String me;
    private final Map<String, Known> conversations = new HashMap<>();

    ClientState(String me) {
        this.me = me;
    }

    /// Takes a conversation as `GET /api/conversations/{conversationId}` answered it, with all of its messages.
    void read(JsonNode conversation, List<JsonNode> messages) {
        Known known = new Known(conversation);
        messages.forEach(
                message -> known.messages.put(required(message, "sequence").longValue(), message));
        conversation
                .path("readMarks")
                .properties()
                .forEach(mark -> known.marks.put(mark.getKey(), mark.getValue().longValue()));
        conversations.put(required(conversation, "conversationId").stringValue(), known);
    }

    /// Takes an event.
    void receive(JsonNode event) {
        JsonNode data = event.path("data");
        switch (event.path("type").stringValue()) {
            case "CONVERSATION_CREATED" ->
                conversations.put(required(data, "conversationId").stringValue(), new Known(data));
            case "MESSAGE_SENT" -> {
                Known known = known(data);
                ObjectNode message = data.deepCopy().asObject();
                message.remove("tempId");
                long sequence = required(message, "sequence").longValue();
                known.messages.put(sequence, message);
                if (sequence > required(known.description, "lastSequence").longValue()) {
                    known.description.set("lastSequence", required(message, "sequence"));
                    known.description.set("lastMessageAt", required(message, "timestamp"));
                }
            }
            case "MESSAGE_READ" ->
                known(data)
                        .marks
                        .merge(
                                required(data, "userId").stringValue(),
                                required(data, "sequence").longValue(),
                                Math::max);
            case "USER_TYPING", "USER_STOPPED_TYPING" -> {
                // Shown for a moment; no state that is read back.
            }
            default -> throw new AssertionError("an event that the client does not know: " + event);
        }
    }

    /// Everybody whom it knows of.
    Set<String> people() {
        return conversations.values().stream()
                .flatMap(known -> known.marks.keySet().stream())
                .collect(Collectors.toSet());
    }

    /// All that it knows, to be compared.
    Map<String, List<Object>> snapshot() {
        Map<String, List<Object>> snapshot = new HashMap<>();
        conversations.forEach((id, known) -> snapshot.put(id, new ArrayList<>(known.snapshot(me))));
        return snapshot;
    }

    private Known known(JsonNode data) {
        Known known = conversations.get(required(data, "conversationId").stringValue());
        if (known == null) {
            throw new AssertionError("an event about a conversation that the client does not know");
        }
        return known;
    }

    private static JsonNode required(JsonNode object, String field) {
        JsonNode value = object.get(field);
        if (value == null) {
            throw new AssertionError("there is no " + field);
        }
        return value;
    }
}
