package com.pantherkolab.local.history;

import com.pantherkolab.local.history.Line.Acknowledged;
import com.pantherkolab.local.history.Line.Publication;
import com.pantherkolab.local.history.Line.Published;
import com.pantherkolab.local.history.Recorded.Commit;
import com.pantherkolab.local.history.Violation.Kind;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What the events tell of conversations and calls: numbers without a gap, one outcome, join tokens to their
/// owners; and what was acknowledged is among it.
final class States {
    private static final String ENDED = "ENDED";

    private States() {}

    /// The messages of a conversation commit as 1, 2, 3 …
    static void sequencesHaveNoGap(Recorded history, BiConsumer<Kind, Object> found) {
        Map<String, Long> last = new HashMap<>();
        for (Commit commit : history.commits()) {
            commit.change().publications().stream()
                    .filter(publication -> publication.type().equals("MESSAGE_SENT"))
                    .findFirst()
                    .map(publication -> publication.data().path("sequence").asLong(0))
                    .ifPresent(sequence -> follows(last, commit, sequence, Kind.SEQUENCE_GAP, found));
        }
    }

    /// The changes of a call commit as its versions 1, 2, 3 …
    static void versionsRise(Recorded history, BiConsumer<Kind, Object> found) {
        Map<String, Long> last = new HashMap<>();
        for (Commit commit : history.commits()) {
            call(commit)
                    .map(publication -> publication.data().path("callVersion").asLong(0))
                    .ifPresent(version -> follows(last, commit, version, Kind.VERSION_GAP, found));
        }
    }

    private static void follows(
            Map<String, Long> last, Commit commit, long number, Kind kind, BiConsumer<Kind, Object> found) {
        long before = last.getOrDefault(commit.aggregate(), 0L);
        if (number != before + 1) {
            found.accept(kind, "%s: %d after %d".formatted(commit.aggregate(), number, before));
        }
        last.put(commit.aggregate(), number);
    }

    /// A call is over once, by one event that goes to each of its participants, and nothing comes behind it.
    static void callsHaveOneOutcome(Recorded history, BiConsumer<Kind, Object> found) {
        Map<String, Commit> ends = new HashMap<>();
        for (Commit commit : history.commits()) {
            if (call(commit).isEmpty()) {
                continue;
            }
            boolean over = ends.containsKey(commit.aggregate());
            if (isEnd(commit)) {
                if (over || !isToldToEverybody(commit)) {
                    found.accept(
                            Kind.TWO_OUTCOMES,
                            "%s: %s"
                                    .formatted(
                                            commit.aggregate(), commit.change().eventId()));
                }
                ends.putIfAbsent(commit.aggregate(), commit);
            } else if (over) {
                found.accept(
                        Kind.AFTER_THE_END,
                        "%s: %s".formatted(commit.aggregate(), commit.change().eventId()));
            }
        }
        nothingIsHeardAfterTheEnd(history, found);
    }

    private static void nothingIsHeardAfterTheEnd(Recorded history, BiConsumer<Kind, Object> found) {
        Map<String, String> heard = new HashMap<>();
        for (Published event : history.firstDeliveries()) {
            if (!event.data().has("callVersion")) {
                continue;
            }
            String call = event.data().path("sessionId").asString("") + " on " + event.channel();
            boolean end = isEnd(event.data());
            @Nullable String before = end ? heard.putIfAbsent(call, event.id()) : heard.get(call);
            if (before != null) {
                found.accept(
                        end ? Kind.TWO_OUTCOMES : Kind.AFTER_THE_END,
                        "%s: %s behind %s".formatted(call, event.id(), before));
            }
        }
    }

    private static Optional<Publication> call(Commit commit) {
        return commit.change().publications().stream()
                .filter(publication -> publication.data().has("callVersion"))
                .findFirst();
    }

    private static boolean isEnd(Commit commit) {
        return commit.change().publications().stream().anyMatch(publication -> isEnd(publication.data()));
    }

    private static boolean isEnd(JsonNode data) {
        return data.path("status").asString("").equals(ENDED);
    }

    private static boolean isToldToEverybody(Commit commit) {
        Set<String> told = new HashSet<>();
        Set<String> participants = new HashSet<>();
        for (Publication publication : commit.change().publications()) {
            told.addAll(publication.channels());
            publication
                    .data()
                    .path("participants")
                    .forEach(participant -> participants.add(
                            "/calls/" + participant.path("userId").asString("")));
        }
        return told.equals(participants);
    }

    /// A join token is heard on the channel of the one that it lets in, and on no other.
    static void tokensStayWithTheirOwners(Recorded history, BiConsumer<Kind, Object> found) {
        Map<String, String> owners = new HashMap<>();
        for (Published event : history.published()) {
            attendees(event.data())
                    .forEach(attendee -> owners.put(
                            attendee.path("JoinToken").asString(""),
                            attendee.path("ExternalUserId").asString("")));
        }
        for (Published event : history.published()) {
            String user = event.channel().substring(event.channel().lastIndexOf('/') + 1);
            for (String text : texts(event.data())) {
                String owner = owners.get(text);
                if (owner != null && !owner.equals("user#" + user)) {
                    found.accept(Kind.FOREIGN_TOKEN, "%s of %s on %s".formatted(event.id(), owner, event.channel()));
                }
            }
        }
    }

    private static List<JsonNode> attendees(JsonNode node) {
        return node.findParents("JoinToken");
    }

    private static Set<String> texts(JsonNode node) {
        if (node.isString()) {
            return Set.of(node.stringValue());
        }
        return node.valueStream().flatMap(child -> texts(child).stream()).collect(Collectors.toSet());
    }

    /// What a client was answered with success is in a change that committed: the message, the conversation, the
    /// read mark, the call as it was answered. Typing and profiles are not held to it.
    static void acknowledgedIsCommitted(Recorded history, BiConsumer<Kind, Object> found) {
        Set<String> facts = new HashSet<>();
        Map<String, JsonNode> calls = new HashMap<>();
        for (Commit commit : history.commits()) {
            for (Publication publication : commit.change().publications()) {
                fact(publication).ifPresent(facts::add);
                if (publication.data().has("callVersion")) {
                    calls.put(call(publication.data(), "callVersion"), publication.data());
                }
            }
        }
        for (Acknowledged answer : history.acknowledged()) {
            if (!claims(answer).stream().allMatch(facts::contains) || !isAsAnswered(answer.answer(), calls)) {
                found.accept(
                        Kind.ACKNOWLEDGED_LOST, "%s %s: %s".formatted(answer.user(), answer.route(), answer.answer()));
            }
        }
    }

    private static Optional<String> fact(Publication publication) {
        JsonNode data = publication.data();
        return switch (publication.type()) {
            case "MESSAGE_SENT" -> Optional.of(message(data));
            case "CONVERSATION_CREATED" -> Optional.of(conversation(data));
            case "MESSAGE_READ" ->
                Optional.of(mark(
                        data,
                        data.path("userId").asString(""),
                        data.path("sequence").asLong(0)));
            default -> Optional.empty();
        };
    }

    private static List<String> claims(Acknowledged acknowledged) {
        JsonNode answer = acknowledged.answer();
        if (answer.has("message")) {
            return List.of(message(answer.path("message")));
        }
        if (answer.has("conversation")) {
            return List.of(conversation(answer.path("conversation")));
        }
        long read = answer.path("lastReadSequence").asLong(0);
        return read == 0 ? List.of() : List.of(mark(acknowledged.body(), acknowledged.user(), read));
    }

    private static boolean isAsAnswered(JsonNode answer, Map<String, JsonNode> calls) {
        JsonNode call = answer.path("call");
        if (call.isMissingNode()) {
            return true;
        }
        JsonNode told = calls.get(call(call, "version"));
        return told != null
                && call.properties().stream()
                        .allMatch(field -> field.getKey().equals("version")
                                || field.getValue().equals(told.get(field.getKey())));
    }

    private static String message(JsonNode message) {
        return "message %s %d %s %s"
                .formatted(
                        message.path("conversationId").asString(""),
                        message.path("sequence").asLong(0),
                        message.path("messageId").asString(""),
                        message.path("content").asString(""));
    }

    private static String conversation(JsonNode conversation) {
        return "conversation " + conversation.path("conversationId").asString("");
    }

    private static String mark(JsonNode in, String user, long sequence) {
        return "mark %s %s %d".formatted(in.path("conversationId").asString(""), user, sequence);
    }

    private static String call(JsonNode call, String version) {
        return "%s %d"
                .formatted(
                        call.path("sessionId").asString(""), call.path(version).asLong(0));
    }
}
