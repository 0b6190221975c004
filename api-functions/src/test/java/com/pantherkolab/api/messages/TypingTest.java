package com.pantherkolab.api.messages;

import static org.assertj.core.api.Assertions.assertThat;

import com.pantherkolab.api.ApiSystem;
import com.pantherkolab.api.http.Gateway.Reply;
import com.pantherkolab.api.store.MemoryStore;
import com.pantherkolab.common.Channel;
import com.pantherkolab.common.Event;
import com.pantherkolab.common.OutboxEntry;
import com.pantherkolab.common.Publication;
import com.pantherkolab.common.UserId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TypingTest {
    private Instant now = Instant.parse("2026-01-09T23:06:40.100Z");

    @RegisterExtension
    private final ApiSystem system = new ApiSystem(new MemoryStore(), new TestClock());

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

    private Reply type(String user, String conversation, boolean isTyping) {
        return system.post(
                user,
                "/api/messages/typing",
                "{\"conversationId\":\"%s\",\"isTyping\":%b}".formatted(conversation, isTyping));
    }

    private List<OutboxEntry> told() {
        return system.committed().stream()
                .filter(entry -> entry.publications().getFirst().type() != Event.Type.CONVERSATION_CREATED)
                .toList();
    }

    @Test
    void theOthersAreToldUntilWhenToShowIt() {
        String conversation = system.group("alice", "bob", "carol");

        Reply reply = type("alice", conversation, true);

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.text()).isEqualTo("{\"success\":true}");
        assertThat(told()).singleElement().satisfies(entry -> {
            Publication publication = entry.publications().getFirst();
            assertThat(publication.type()).isEqualTo(Event.Type.USER_TYPING);
            assertThat(publication.channels())
                    .containsExactly(Channel.chats(new UserId("bob")), Channel.chats(new UserId("carol")));
            assertThat(publication.expiresAt()).isEqualTo(Instant.parse("2026-01-09T23:06:45.100Z"));
            assertThat(publication.data())
                    .isEqualTo(("{\"userId\":\"alice\",\"conversationId\":\"%s\","
                                    + "\"expiresAt\":\"2026-01-09T23:06:45.100Z\"}")
                            .formatted(conversation));
            assertThat(entry.keptUntil()).isEqualTo(now.plus(Duration.ofHours(1)));
        });
    }

    @Test
    void aBurstIsAnswered200AndToldOnceInItsWindowOfTwoSeconds() {
        String conversation = system.group("alice", "bob");

        type("alice", conversation, true);
        now = now.plusMillis(1_899);
        assertThat(type("alice", conversation, true).status()).isEqualTo(200);
        assertThat(told()).hasSize(1);

        now = now.plusMillis(1);
        type("alice", conversation, true);
        assertThat(told()).hasSize(2);
    }

    @Test
    void startAndStopAndEachUserHaveAWindowOfTheirOwn() {
        String conversation = system.group("alice", "bob");
        String another = system.group("alice", "bob");

        type("alice", conversation, true);
        type("alice", conversation, false);
        type("bob", conversation, true);
        type("alice", another, true);

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
        String[] others =
                IntStream.rangeClosed(1, 32).mapToObj(number -> "u" + number).toArray(String[]::new);
        String fits = system.group("alice", Arrays.copyOf(others, 31));
        String large = system.group("alice", others);

        assertThat(type("alice", fits, true).status()).isEqualTo(200);
        assertThat(told()).hasSize(1);
        assertThat(type("alice", large, true).status()).isEqualTo(200);
        assertThat(told()).hasSize(1);
    }

    @Test
    void aStrangersConversationAndAnUnknownOneCannotBeToldApart() {
        String conversation = system.group("alice", "bob");

        assertThat(type("mallory", conversation, true).status()).isEqualTo(404);
        assertThat(type("mallory", conversation, true)).isEqualTo(type("mallory", "unknown", true));
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
        String conversation = system.group("alice", "bob");

        assertThat(system.post("alice", "/api/messages/typing", body.replace("\"c1\"", "\"" + conversation + "\""))
                        .status())
                .isEqualTo(400);
        assertThat(told()).isEmpty();
    }
}
