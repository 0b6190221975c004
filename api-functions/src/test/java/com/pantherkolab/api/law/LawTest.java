package com.pantherkolab.api.law;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.pantherkolab.api.ApiSystem;
import com.pantherkolab.common.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class LawTest {
    private static final int COMMANDS = 50;

    /// One sequence alone: `-Dseed=…`; more of them: `-Dlaw.sequences=10000`.
    private static final int SEQUENCES = Integer.getInteger("law.sequences", 1_000);

    private static final long FIRST_SEED = Long.getLong("seed", 1);

    @Test
    void oldStatePlusTheEventsReceivedIsTheNewStateReadBack() {
        long last = System.getProperty("seed") == null ? SEQUENCES : FIRST_SEED;
        for (long seed = FIRST_SEED; seed <= last; seed++) {
            Throwable broken = failure(seed, Mistake.NONE);
            assertThat(broken).as("seed %d", seed).isNull();
        }
    }

    @Test
    void everyMutationRouteHasItsCommands() {
        assertThat(new ApiSystem().routes())
                .filteredOn(route -> !route.startsWith("GET "))
                .containsExactlyInAnyOrderElementsOf(GeneratedCommands.routes());
    }

    @ParameterizedTest
    @CsvSource({
        "CONVERSATION_CREATED,conversationId",
        "CONVERSATION_CREATED,type",
        "CONVERSATION_CREATED,name",
        "CONVERSATION_CREATED,participants",
        "CONVERSATION_CREATED,createdBy",
        "CONVERSATION_CREATED,createdAt",
        "CONVERSATION_CREATED,lastSequence",
        "CONVERSATION_CREATED,lastMessageAt",
        "MESSAGE_SENT,conversationId",
        "MESSAGE_SENT,sequence",
        "MESSAGE_SENT,timestamp",
        "MESSAGE_SENT,messageId",
        "MESSAGE_SENT,senderId",
        "MESSAGE_SENT,type",
        "MESSAGE_SENT,content",
        "MESSAGE_SENT,mediaUrl",
        "MESSAGE_SENT,fileName",
        "MESSAGE_SENT,fileSize",
        "MESSAGE_SENT,duration",
        "MESSAGE_SENT,replyTo",
        "MESSAGE_SENT,readBy",
        "MESSAGE_SENT,reactions",
        "MESSAGE_SENT,deleted",
        "MESSAGE_SENT,createdAt",
        "MESSAGE_READ,conversationId",
        "MESSAGE_READ,userId",
        "MESSAGE_READ,sequence"
    })
    void withoutAnyFieldThatCarriesStateTheLawFails(String type, String field) {
        assertFindsWithout(type, field);
    }

    @ParameterizedTest
    @MethodSource("fieldsOfCalls")
    void withoutAnyFieldOfACallTheLawFails(String type, String field) {
        assertFindsWithout(type, field);
    }

    private static Stream<Arguments> fieldsOfCalls() {
        List<String> always = List.of(
                "sessionId",
                "conversationId",
                "initiatedBy",
                "callType",
                "status",
                "callVersion",
                "createdAt",
                "ringDeadline",
                "participants");
        Map<String, List<String>> more = Map.of(
                "CALL_RINGING", List.of(),
                "INCOMING_CALL", List.of(),
                "CALL_CONNECTING", List.of(),
                "CALL_CONNECTED", List.of("meeting", "attendee"),
                "PARTICIPANT_JOINED", List.of(),
                "PARTICIPANT_LEFT", List.of(),
                "PARTICIPANT_MISSED", List.of(),
                "CALL_REJECTED", List.of("endReason", "endedAt"),
                "CALL_CANCELLED", List.of("endReason", "endedAt"),
                "CALL_ENDED", List.of("endReason", "endedAt"));
        return more.entrySet().stream().flatMap(type -> Stream.concat(always.stream(), type.getValue().stream())
                .map(field -> Arguments.of(type.getKey(), field)));
    }

    private static void assertFindsWithout(String type, String field) {
        assertFinds(new Mistake() {
            @Override
            public List<JsonNode> hears(String user, boolean isAddressed, ObjectNode event) {
                if (event.path("type").stringValue().equals(type)) {
                    event.path("data").asObject().remove(field);
                }
                return isAddressed ? List.of(event) : List.of();
            }
        });
    }

    @Test
    void aPageThatDropsItsLastItemIsFound() {
        assertFinds(new Mistake() {
            @Override
            public List<JsonNode> page(List<JsonNode> messages) {
                return messages.isEmpty() ? messages : messages.subList(0, messages.size() - 1);
            }
        });
    }

    @Test
    void aMarkThatGoesBackIsFound() {
        assertFinds(new Mistake() {
            @Override
            public JsonNode conversation(ObjectNode conversation) {
                ObjectNode marks = conversation.path("readMarks").asObject();
                List.copyOf(marks.propertyNames())
                        .forEach(user ->
                                marks.put(user, Math.max(0, marks.path(user).longValue() - 1)));
                return conversation;
            }
        });
    }

    @Test
    void anEventThatGoesToAllButOneIsFound() {
        assertFinds(new Mistake() {
            @Override
            public List<JsonNode> hears(String user, boolean isAddressed, ObjectNode event) {
                return isAddressed && !user.endsWith("-1") ? List.of(event) : List.of();
            }
        });
    }

    @Test
    void anEventThatAlsoGoesToAStrangerIsFound() {
        assertFinds(new Mistake() {
            @Override
            public List<JsonNode> hears(String user, boolean isAddressed, ObjectNode event) {
                return List.of(event);
            }
        });
    }

    @Test
    void anEventThatComesTwiceDoesNoHarm() {
        Mistake twice = new Mistake() {
            @Override
            public List<JsonNode> hears(String user, boolean isAddressed, ObjectNode event) {
                List<JsonNode> heard = new ArrayList<>();
                // A creation is the one event that is not merged: a client drops an id that it has seen.
                int times = event.path("type").stringValue().equals("CONVERSATION_CREATED") ? 1 : 2;
                for (int time = 0; isAddressed && time < times; time++) {
                    heard.add(Json.mapper().readTree(event.toString()));
                }
                return heard;
            }
        };

        assertThat(LongStream.rangeClosed(1, 20).mapToObj(seed -> failure(seed, twice)))
                .containsOnlyNulls();
    }

    /// A planted mistake shows in one of a few sequences at the latest.
    private static void assertFinds(Mistake mistake) {
        assertThat(LongStream.rangeClosed(1, 300)
                        .mapToObj(seed -> failure(seed, mistake))
                        .anyMatch(AssertionError.class::isInstance))
                .isTrue();
    }

    private static Throwable failure(long seed, Mistake mistake) {
        return catchThrowable(() -> new GeneratedCommands(new ApiSystem(), seed, mistake).run(COMMANDS));
    }
}
