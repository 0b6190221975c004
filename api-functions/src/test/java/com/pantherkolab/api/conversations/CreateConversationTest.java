package com.pantherkolab.api.conversations;

import static org.assertj.core.api.Assertions.assertThat;

import com.pantherkolab.api.ApiSystem;
import com.pantherkolab.api.http.Gateway.Reply;
import com.pantherkolab.api.store.MemoryStore;
import com.pantherkolab.common.Aggregate;
import com.pantherkolab.common.Channel;
import com.pantherkolab.common.Event;
import com.pantherkolab.common.Json;
import com.pantherkolab.common.UserId;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CreateConversationTest {
    private final MemoryStore store = new MemoryStore();

    @RegisterExtension
    private final ApiSystem system =
            new ApiSystem(store, Clock.fixed(Instant.parse("2026-01-09T23:06:40Z"), ZoneOffset.UTC));

    private Reply create(String caller, String body) {
        return system.post(caller, "/api/conversations", body);
    }

    @Test
    void aGroupIsToldToEveryParticipantTheCreatorIncluded() {
        Reply reply = create(
                "alice",
                "{\"type\":\"GROUP\",\"participantIds\":[\"bob\",\"carol\",\"bob\",\"alice\"],\"name\":\"Lunch\"}");

        assertThat(reply.status()).isEqualTo(200);
        String id = reply.body().path("conversation").path("conversationId").stringValue();
        assertThat(store.outbox().getFirst().aggregate()).isEqualTo(Aggregate.conversation(id));
        assertThat(reply.body().path("conversation")).isEqualTo(Json.mapper().readTree("""
                                        {"conversationId":"%s","type":"GROUP","name":"Lunch",
                                         "participants":["alice","bob","carol"],"createdBy":"alice",
                                         "createdAt":"2026-01-09T23:06:40.000Z","lastSequence":0,"lastMessageAt":null,
                                         "lastReadSequence":0,"unreadCount":0}
                                        """.formatted(id)));
        assertThat(store.outbox().getFirst().publications()).singleElement().satisfies(publication -> {
            assertThat(publication.type()).isEqualTo(Event.Type.CONVERSATION_CREATED);
            assertThat(publication.channels())
                    .containsExactlyElementsOf(List.of("alice", "bob", "carol").stream()
                            .map(user -> Channel.chats(new UserId(user)))
                            .toList());
            assertThat(publication.data()).doesNotContain("lastReadSequence", "unreadCount");
        });
    }

    @Test
    void twoUsersHaveOneDirectConversationWhoeverBeginsIt() {
        Reply alice = create("alice", "{\"type\":\"DIRECT\",\"participantIds\":[\"bob\"]}");
        Reply bob = create("bob", "{\"type\":\"DIRECT\",\"participantIds\":[\"alice\",\"bob\"]}");

        assertThat(alice.status()).isEqualTo(200);
        assertThat(bob).isEqualTo(alice);
        assertThat(store.outbox()).hasSize(1);
        assertThat(create("alice", "{\"type\":\"DIRECT\",\"participantIds\":[\"carol\"]}")
                        .body()
                        .path("conversation")
                        .path("conversationId"))
                .isNotEqualTo(alice.body().path("conversation").path("conversationId"));
    }

    @Test
    void aGroupIsCreatedOnceForItsKeyAndTheKeyIsTheCallersOwn() {
        String body = "{\"type\":\"GROUP\",\"participantIds\":[\"bob\"],\"name\":\"Lunch\"}";
        Reply first = system.callWithKey("alice", "POST", "/api/conversations", "k-1", body);

        assertThat(system.callWithKey("alice", "POST", "/api/conversations", "k-1", body))
                .isEqualTo(first);
        assertThat(store.outbox()).hasSize(1);
        Reply other = system.callWithKey(
                "alice", "POST", "/api/conversations", "k-1", "{\"type\":\"GROUP\",\"participantIds\":[\"carol\"]}");
        assertThat(other.code()).isEqualTo("KEY_REUSED");
        Reply bobs = system.callWithKey(
                "bob", "POST", "/api/conversations", "k-1", "{\"type\":\"GROUP\",\"participantIds\":[\"alice\"]}");
        assertThat(bobs.status()).isEqualTo(200);
        assertThat(store.outbox()).hasSize(2);
    }

    @Test
    void aDirectConversationThatExistedIsAnsweredAndItsKeyRemembersNothing() {
        create("alice", "{\"type\":\"DIRECT\",\"participantIds\":[\"bob\"]}");

        Reply keyed = system.callWithKey(
                "alice", "POST", "/api/conversations", "k-1", "{\"type\":\"DIRECT\",\"participantIds\":[\"bob\"]}");
        Reply renamed = system.callWithKey(
                "alice",
                "POST",
                "/api/conversations",
                "k-1",
                "{\"type\":\"DIRECT\",\"participantIds\":[\"bob\"],\"name\":\"Us\"}");

        assertThat(keyed.status()).isEqualTo(200);
        assertThat(renamed).isEqualTo(keyed);
        assertThat(store.outbox()).hasSize(1);
    }

    @Test
    void anIllegalKeyIsNamed() {
        Reply reply = system.callWithKey(
                "alice", "POST", "/api/conversations", "", "{\"type\":\"DIRECT\",\"participantIds\":[\"bob\"]}");

        assertThat(reply.body().path("errors").findValuesAsString("field")).containsExactly("Idempotency-Key");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"participantIds\":[\"bob\"]}",
                "{\"type\":\"direct\",\"participantIds\":[\"bob\"]}",
                "{\"type\":\"GROUP\"}",
                "{\"type\":\"GROUP\",\"participantIds\":\"bob\"}",
                "{\"type\":\"GROUP\",\"participantIds\":[]}",
                "{\"type\":\"GROUP\",\"participantIds\":[\"alice\"]}",
                "{\"type\":\"GROUP\",\"participantIds\":[\"a/b\"]}",
                "{\"type\":\"DIRECT\",\"participantIds\":[\"alice\"]}",
                "{\"type\":\"DIRECT\",\"participantIds\":[\"bob\",\"carol\"]}",
                "{\"type\":\"GROUP\",\"participantIds\":[\"bob\"],\"name\":\" \"}",
                "{\"type\":\"GROUP\",\"participantIds\":[\"bob\"],\"conversationId\":\"mine\"}"
            })
    void aBadBodyWritesNothing(String body) {
        Reply reply = create("alice", body);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.body().path("errors")).hasSize(1);
        assertThat(store.outbox()).isEmpty();
    }

    @Test
    void ninetyParticipantsFitAndNinetyOneDoNot() {
        String others = IntStream.rangeClosed(1, 89)
                .mapToObj(n -> "\"u%d\"".formatted(n))
                .collect(Collectors.joining(","));

        assertThat(create("alice", "{\"type\":\"GROUP\",\"participantIds\":[%s]}".formatted(others))
                        .status())
                .isEqualTo(200);
        assertThat(create("alice", "{\"type\":\"GROUP\",\"participantIds\":[%s,\"u90\"]}".formatted(others))
                        .status())
                .isEqualTo(400);
    }
}
