package com.pantherkolab.api.law;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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

    /// The fields of a call; whatever else an event about it has belongs to the event.
    private static final List<String> CALL_FIELDS = List.of(
            "sessionId",
            "conversationId",
            "initiatedBy",
            "callType",
            "status",
            "endReason",
            "version",
            "createdAt",
            "ringDeadline",
            "endedAt",
            "participants");

    /// One call as the client knows it.
    ///
    /// @param join the meeting and the user's own attendee, while they are connected
    private record KnownCall(ObjectNode call, List<JsonNode> join) {
        long version() {
            return required(call, "version").longValue();
        }

        boolean connects(String user) {
            return !required(call, "status").stringValue().equals("ENDED")
                    && required(call, "participants")
                            .valueStream()
                            .anyMatch(participant -> required(participant, "userId")
                                            .stringValue()
                                            .equals(user)
                                    && required(participant, "state")
                                            .stringValue()
                                            .equals("CONNECTED"));
        }
    }

    private final String me;
    private final Map<String, Known> conversations = new HashMap<>();
    private final Map<String, KnownCall> calls = new HashMap<>();
    private final Set<String> gone = new HashSet<>();

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

    /// Takes a call as `GET /api/calls/{sessionId}` answered it.
    void readCall(JsonNode answer) {
        ObjectNode call = required(answer, "call").deepCopy().asObject();
        calls.put(
                required(call, "sessionId").stringValue(),
                new KnownCall(
                        call,
                        answer.has("attendee")
                                ? List.of(required(answer, "meeting"), required(answer, "attendee"))
                                : List.of()));
    }

    /// Takes it that a call is no longer to be found, which is of no account.
    void readNoCall(String sessionId) {
        gone.add(sessionId);
    }

    /// The calls of which it knows that they are over.
    Set<String> endedCalls() {
        return calls.values().stream()
                .map(KnownCall::call)
                .filter(call -> required(call, "status").stringValue().equals("ENDED"))
                .map(call -> required(call, "sessionId").stringValue())
                .collect(Collectors.toSet());
    }

    /// Forgets the calls that another one no longer found.
    void forget(ClientState other) {
        calls.keySet().removeAll(other.gone);
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
            case "CALL_RINGING",
                    "INCOMING_CALL",
                    "CALL_CONNECTING",
                    "CALL_CONNECTED",
                    "PARTICIPANT_JOINED",
                    "PARTICIPANT_LEFT",
                    "PARTICIPANT_MISSED",
                    "CALL_REJECTED",
                    "CALL_CANCELLED",
                    "CALL_ENDED" -> receiveCall(data);
            default -> throw new AssertionError("an event that the client does not know: " + event);
        }
    }

    /// An event of a version that is not higher tells nothing new.
    private void receiveCall(JsonNode data) {
        ObjectNode call = data.deepCopy().asObject();
        call.set("version", required(data, "callVersion"));
        call.retain(CALL_FIELDS);
        String sessionId = required(call, "sessionId").stringValue();
        KnownCall before = calls.get(sessionId);
        KnownCall after = new KnownCall(
                call,
                data.has("attendee")
                        ? List.of(required(data, "meeting"), required(data, "attendee"))
                        : before == null ? List.of() : before.join());
        if (before == null || after.version() > before.version()) {
            calls.put(sessionId, after.connects(me) ? after : new KnownCall(call, List.of()));
        }
    }

    /// Everybody whom it knows of.
    Set<String> people() {
        return Stream.concat(
                        conversations.values().stream().flatMap(known -> known.marks.keySet().stream()),
                        calls.values().stream()
                                .flatMap(known ->
                                        required(known.call(), "participants").valueStream())
                                .map(participant ->
                                        required(participant, "userId").stringValue()))
                .collect(Collectors.toSet());
    }

    /// All that it knows, to be compared.
    Map<String, List<Object>> snapshot() {
        Map<String, List<Object>> snapshot = new HashMap<>();
        conversations.forEach((id, known) -> snapshot.put(id, new ArrayList<>(known.snapshot(me))));
        calls.forEach((id, known) -> snapshot.put("call " + id, List.of(known.call(), known.join())));
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
