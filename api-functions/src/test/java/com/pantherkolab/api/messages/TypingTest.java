package com.pantherkolab.api.messages;

import static org.assertj.core.api.Assertions.assertThat;

import com.pantherkolab.api.command.Commands;
import com.pantherkolab.api.http.Edge;
import com.pantherkolab.api.http.Gateway;
import com.pantherkolab.api.http.Gateway.Reply;
import com.pantherkolab.api.http.Route;
import com.pantherkolab.api.store.Change;
import com.pantherkolab.api.store.MemoryStore;
import com.pantherkolab.api.store.Pause;
import com.pantherkolab.common.Aggregate;
import com.pantherkolab.common.Channel;
import com.pantherkolab.common.Conversation;
import com.pantherkolab.common.Event;
import com.pantherkolab.common.OutboxEntry;
import com.pantherkolab.common.Publication;
import com.pantherkolab.common.UserId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TypingTest {
    private static final UserId ALICE = new UserId("alice");
    private static final UserId BOB = new UserId("bob");

    private final MemoryStore store = new MemoryStore();
    private Instant now = Instant.parse("2026-01-09T23:06:40.100Z");
    private final Gateway gateway = new Gateway(new Edge(new Route(
            "POST",
            "/api/messages/typing",
            new TypingHandler(
                    store,
                    new Commands(
                            store,
                            store,
                            new Pause(Duration.ofMillis(1), Duration.ofMillis(1), new Random(1), _ -> {})),
                    new TestClock()))));

    /// A clock that stands where the test put it.
    private final class TestClock extends Clock {
        @Override
        public Instant instant() {
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

    private void conversation(String id, UserId... participants) {
        Conversation conversation = new Conversation(
                id, Conversation.Type.GROUP, null, List.of(participants), participants[0], now, 0, null);
        store.write(new Change.ConversationCreated(
                conversation,
                new OutboxEntry(
                        Aggregate.conversation(id),
                        "created",
                        0,
                        now,
                        List.of(Publication.of(
                                new Event.ConversationCreated(conversation),
                                List.of(Channel.chats(participants[0])))))));
    }

    private Reply type(String user, String conversation, boolean isTyping) {
        return gateway.call(
                user,
                "POST",
                "/api/messages/typing",
                "{\"conversationId\":\"%s\",\"isTyping\":%b}".formatted(conversation, isTyping));
    }

    private List<OutboxEntry> told() {
        return store.outbox().stream()
                .filter(entry -> !entry.eventId().equals("created"))
                .toList();
    }

    @Test
    void theOthersAreToldUntilWhenToShowIt() {
        conversation("c1", ALICE, BOB, new UserId("carol"));

        Reply reply = type("alice", "c1", true);

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.text()).isEqualTo("{\"success\":true}");
        assertThat(told()).singleElement().satisfies(entry -> {
            Publication publication = entry.publications().getFirst();
            assertThat(publication.type()).isEqualTo(Event.Type.USER_TYPING);
            assertThat(publication.channels()).containsExactly(Channel.chats(BOB), Channel.chats(new UserId("carol")));
            assertThat(publication.expiresAt()).isEqualTo(Instant.parse("2026-01-09T23:06:45.100Z"));
            assertThat(publication.data())
                    .isEqualTo("{\"userId\":\"alice\",\"conversationId\":\"c1\","
                            + "\"expiresAt\":\"2026-01-09T23:06:45.100Z\"}");
            assertThat(entry.keptUntil()).isEqualTo(now.plus(Duration.ofHours(1)));
        });
    }

    @Test
    void aBurstIsAnswered200AndToldOnceInItsWindowOfTwoSeconds() {
        conversation("c1", ALICE, BOB);

        type("alice", "c1", true);
        now = now.plusMillis(1_899);
        assertThat(type("alice", "c1", true).status()).isEqualTo(200);
        assertThat(told()).hasSize(1);

        now = now.plusMillis(1);
        type("alice", "c1", true);
        assertThat(told()).hasSize(2);
    }

    @Test
    void startAndStopAndEachUserHaveAWindowOfTheirOwn() {
        conversation("c1", ALICE, BOB);
        conversation("c2", ALICE, BOB);

        type("alice", "c1", true);
        type("alice", "c1", false);
        type("bob", "c1", true);
        type("alice", "c2", true);

        assertThat(told())
                .extracting(entry -> entry.publications().getFirst().type())
                .containsExactly(
                        Event.Type.USER_TYPING,
                        Event.Type.USER_STOPPED_TYPING,
                        Event.Type.USER_TYPING,
                        Event.Type.USER_TYPING);
    }

    @Test
    void upTo32ParticipantsItIsToldAndAboveItIsNot() {
        UserId[] many = Stream.concat(
                        Stream.of(ALICE), IntStream.rangeClosed(1, 32).mapToObj(number -> new UserId("u" + number)))
                .toArray(UserId[]::new);
        conversation("c32", List.of(many).subList(0, 32).toArray(UserId[]::new));
        conversation("c33", many);

        assertThat(type("alice", "c32", true).status()).isEqualTo(200);
        assertThat(told()).hasSize(1);
        assertThat(type("alice", "c33", true).status()).isEqualTo(200);
        assertThat(told()).hasSize(1);
    }

    @Test
    void aStrangersConversationAndAnUnknownOneCannotBeToldApart() {
        conversation("c1", ALICE, BOB);

        assertThat(type("mallory", "c1", true).status()).isEqualTo(404);
        assertThat(type("mallory", "c1", true)).isEqualTo(type("mallory", "c2", true));
        assertThat(told()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"conversationId\":\"c1\"}",
                "{\"isTyping\":true}",
                "{\"conversationId\":\"c1\",\"isTyping\":1}",
                "{\"conversationId\":\"c1\",\"isTyping\":\"true\"}",
                "{\"conversationId\":\"c1\",\"isTyping\":true,\"tempId\":\"t\"}"
            })
    void aBadBodyWritesNothing(String body) {
        conversation("c1", ALICE, BOB);

        assertThat(gateway.call("alice", "POST", "/api/messages/typing", body).status())
                .isEqualTo(400);
        assertThat(told()).isEmpty();
    }
}
