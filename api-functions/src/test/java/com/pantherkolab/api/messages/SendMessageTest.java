package com.pantherkolab.api.messages;

import static org.assertj.core.api.Assertions.assertThat;

import com.pantherkolab.api.ApiSystem;
import com.pantherkolab.api.http.Gateway.Reply;
import com.pantherkolab.api.store.MemoryStore;
import com.pantherkolab.common.Channel;
import com.pantherkolab.common.Event;
import com.pantherkolab.common.Json;
import com.pantherkolab.common.Message;
import com.pantherkolab.common.OutboxEntry;
import com.pantherkolab.common.UserId;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SendMessageTest {
    private static final Instant NOW = Instant.parse("2026-01-09T23:06:40.123456Z");
    private static final UserId ALICE = new UserId("alice");
    private static final UserId BOB = new UserId("bob");

    private final MemoryStore store = new MemoryStore();

    @RegisterExtension
    private final ApiSystem system = new ApiSystem(store, Clock.fixed(NOW, ZoneOffset.UTC));

    private String conversation = "";

    @BeforeEach
    void aliceAndBobHaveAConversation() {
        conversation = system.direct("alice", "bob");
    }

    private Reply send(String sender, String body) {
        return system.post(sender, "/api/messages/send", inConversation(body));
    }

    private Reply sendWithKey(String sender, String key, String body) {
        return system.callWithKey(sender, "POST", "/api/messages/send", key, inConversation(body));
    }

    /// `c1` stands for the conversation.
    private String inConversation(String body) {
        return body.replace("\"c1\"", "\"" + conversation + "\"");
    }

    @Test
    void aMessageIsCommittedWithItsEntryAndAnsweredAsCommitted() {
        Reply reply = send(
                "alice",
                "{\"conversationId\":\"c1\",\"content\":\"hello\",\"type\":\"FILE\",\"mediaUrl\":\"https://e.com/a\","
                        + "\"fileName\":\"a\",\"fileSize\":1,\"duration\":2,\"replyTo\":\"m\",\"tempId\":\"t-1\"}");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body().path("tempId").stringValue()).isEqualTo("t-1");
        Message message = store.messages(conversation).getFirst();
        assertThat(reply.body().path("message").toString())
                .isEqualTo(Json.mapper().writeValueAsString(message));
        assertThat(message.sequence()).isEqualTo(1);
        assertThat(message.timestamp()).isEqualTo(Instant.parse("2026-01-09T23:06:40.123Z"));
        assertThat(message.senderId()).isEqualTo(ALICE);
        assertThat(message.type()).isEqualTo(Message.Type.FILE);

        OutboxEntry entry = store.outbox().getLast();
        assertThat(entry.order()).isEqualTo(1);
        assertThat(entry.publications()).singleElement().satisfies(publication -> {
            assertThat(publication.type()).isEqualTo(Event.Type.MESSAGE_SENT);
            assertThat(publication.channels()).containsExactly(Channel.chats(ALICE), Channel.chats(BOB));
            assertThat(publication.data())
                    .isEqualTo(Json.mapper().writeValueAsString(new Event.MessageSent(message, "t-1")));
        });
    }

    @Test
    void sequencesHaveNoGapAndTimestampsRiseWhereTheClockStandsStill() {
        send("alice", "{\"conversationId\":\"c1\",\"content\":\"one\"}");
        send("bob", "{\"conversationId\":\"c1\",\"content\":\"two\"}");
        send("alice", "{\"conversationId\":\"c1\",\"content\":\"three\"}");

        assertThat(store.messages(conversation)).extracting(Message::sequence).containsExactly(1L, 2L, 3L);
        assertThat(store.messages(conversation))
                .extracting(message -> message.timestamp().toString())
                .containsExactly("2026-01-09T23:06:40.123Z", "2026-01-09T23:06:40.124Z", "2026-01-09T23:06:40.125Z");
    }

    @Test
    void aStrangersConversationAndAnUnknownOneCannotBeToldApart() {
        Reply stranger = send("mallory", "{\"conversationId\":\"c1\",\"content\":\"hi\"}");
        Reply unknown = send("mallory", "{\"conversationId\":\"c2\",\"content\":\"hi\"}");

        assertThat(stranger.status()).isEqualTo(404);
        assertThat(stranger).isEqualTo(unknown);
        assertThat(store.messages(conversation)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"content\":\"hi\"}",
                "{\"conversationId\":\"c1\"}",
                "{\"conversationId\":\"*\",\"content\":\"hi\"}",
                "{\"conversationId\":\"c1\",\"content\":\" \"}",
                "{\"conversationId\":\"c1\",\"content\":\"hi\",\"type\":\"STICKER\"}",
                "{\"conversationId\":\"c1\",\"content\":\"hi\",\"tempId\":\"\"}",
                "{\"conversationId\":\"c1\",\"content\":\"hi\",\"readBy\":[]}"
            })
    void aBadBodyWritesNothing(String body) {
        assertThat(send("alice", body).status()).isEqualTo(400);
        assertThat(store.messages(conversation)).isEmpty();
        assertThat(store.outbox()).hasSize(1);
    }

    @Test
    void contentOf32KibFitsAndOneByteMoreDoesNot() {
        String fits = "ü".repeat(16 * 1024);

        assertThat(send("alice", "{\"conversationId\":\"c1\",\"content\":\"%s\"}".formatted(fits))
                        .status())
                .isEqualTo(200);
        assertThat(send("alice", "{\"conversationId\":\"c1\",\"content\":\"%sx\"}".formatted(fits))
                        .status())
                .isEqualTo(400);
    }

    @Test
    void sendingAsSomebodyElseIsForbidden() {
        assertThat(send("alice", "{\"conversationId\":\"c1\",\"content\":\"hi\",\"senderId\":\"bob\"}")
                        .status())
                .isEqualTo(403);
        assertThat(store.messages(conversation)).isEmpty();
    }

    @Test
    void theSameTempIdGetsTheFirstAnswerAgainAndSendsNothingTwice() {
        String body = "{\"conversationId\":\"c1\",\"content\":\"hello\",\"tempId\":\"t-1\"}";
        Reply first = send("alice", body);
        send("bob", "{\"conversationId\":\"c1\",\"content\":\"between\"}");

        assertThat(send("alice", body)).isEqualTo(first);
        assertThat(sendWithKey("alice", "t-1", body)).isEqualTo(first);
        assertThat(store.messages(conversation)).hasSize(2);
        assertThat(store.outbox()).hasSize(3);
    }

    @Test
    void ignoredFieldsAreNoPartOfTheCommand() {
        Reply first = send("alice", "{\"conversationId\":\"c1\",\"content\":\"hello\",\"tempId\":\"t-1\"}");

        assertThat(send(
                        "alice",
                        "{\"tempId\":\"t-1\",\"timestamp\":\"later\",\"senderId\":\"alice\",\"content\":\"hello\","
                                + "\"conversationId\":\"c1\"}"))
                .isEqualTo(first);
    }

    @Test
    void theSameTempIdWithAnotherBodyIsRefused() {
        send("alice", "{\"conversationId\":\"c1\",\"content\":\"hello\",\"tempId\":\"t-1\"}");

        Reply reply = send("alice", "{\"conversationId\":\"c1\",\"content\":\"other\",\"tempId\":\"t-1\"}");

        assertThat(reply.status()).isEqualTo(409);
        assertThat(reply.code()).isEqualTo("KEY_REUSED");
        assertThat(store.messages(conversation)).hasSize(1);
    }

    @Test
    void anotherSendersTempIdIsAnotherKey() {
        String body = "{\"conversationId\":\"c1\",\"content\":\"hello\",\"tempId\":\"t-1\"}";

        assertThat(send("bob", body)).isNotEqualTo(send("alice", body));
        assertThat(store.messages(conversation)).hasSize(2);
    }

    @Test
    void theHeaderIsAKeyAndMustEqualTheTempIdWhereBothAreThere() {
        String body = "{\"conversationId\":\"c1\",\"content\":\"hello\"}";
        Reply first = sendWithKey("alice", "k-1", body);

        assertThat(first.status()).isEqualTo(200);
        assertThat(sendWithKey("alice", "k-1", body)).isEqualTo(first);
        Reply differing =
                sendWithKey("alice", "k-1", "{\"conversationId\":\"c1\",\"content\":\"hello\",\"tempId\":\"t-1\"}");
        assertThat(differing.body().path("errors").findValuesAsString("field")).containsExactly("tempId");
        Reply tooLong = sendWithKey("alice", "k".repeat(65), body);
        assertThat(tooLong.body().path("errors").findValuesAsString("field")).containsExactly("Idempotency-Key");
    }

    @Test
    void theLargestKeyedMessageFitsIntoItsItemWhereEveryCharacterIsEscaped() {
        String worst = "\\u0001".repeat(32 * 1024);

        assertThat(send("alice", "{\"conversationId\":\"c1\",\"content\":\"%s\",\"tempId\":\"t-1\"}".formatted(worst))
                        .status())
                .isEqualTo(200);
        assertThat(store.outbox().getLast().toJson().length()).isLessThan(OutboxEntry.MAX_ENTRY_BYTES);
    }

    @Test
    void aStoreThatDoesNotAnswerIsUnavailable() {
        store.goDown();

        Reply reply = send("alice", "{\"conversationId\":\"c1\",\"content\":\"hi\"}");

        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.code()).isEqualTo("UNAVAILABLE");
        store.comeBack();
    }
}
