package com.pantherkolab.api.messages;

import static org.assertj.core.api.Assertions.assertThat;

import com.pantherkolab.api.ApiSystem;
import com.pantherkolab.api.http.Gateway.Reply;
import com.pantherkolab.common.Channel;
import com.pantherkolab.common.Event;
import com.pantherkolab.common.OutboxEntry;
import com.pantherkolab.common.UserId;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MarkReadTest {
    @RegisterExtension
    private final ApiSystem system = new ApiSystem();

    private String conversation = "";

    @BeforeEach
    void aConversationOfThreeMessages() {
        conversation = system.group("alice", "bob");
        for (int number = 1; number <= 3; number++) {
            system.send("alice", conversation, "message " + number);
        }
    }

    private List<OutboxEntry> told() {
        return system.committed().stream()
                .filter(entry -> entry.publications().getFirst().type() == Event.Type.MESSAGE_READ)
                .toList();
    }

    @Test
    void aMarkIsToldToEveryParticipant() {
        Reply reply = system.markRead("bob", conversation, 2);

        assertThat(reply.text()).isEqualTo("{\"success\":true,\"lastReadSequence\":2}");
        assertThat(told()).singleElement().satisfies(entry -> {
            assertThat(entry.publications().getFirst().channels())
                    .containsExactly(Channel.chats(new UserId("alice")), Channel.chats(new UserId("bob")));
            assertThat(entry.publications().getFirst().data())
                    .startsWith("{\"conversationId\":\"%s\",\"userId\":\"bob\",\"sequence\":2,\"readAt\":"
                            .formatted(conversation));
        });
    }

    @Test
    void aMarkThatIsThereAlreadyIsAnsweredAndToldToNobody() {
        system.markRead("bob", conversation, 2);

        assertThat(system.markRead("bob", conversation, 2).text())
                .isEqualTo("{\"success\":true,\"lastReadSequence\":2}");
        assertThat(system.markRead("bob", conversation, 1).text())
                .isEqualTo("{\"success\":true,\"lastReadSequence\":2}");
        assertThat(system.markRead("alice", conversation, 0).text())
                .isEqualTo("{\"success\":true,\"lastReadSequence\":0}");
        assertThat(told()).hasSize(1);
    }

    @Test
    void aMarkBeyondTheLastMessageIsRefused() {
        Reply reply = system.markRead("bob", conversation, 4);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.body().path("errors").findValuesAsString("field")).containsExactly("sequence");
        assertThat(told()).isEmpty();
    }

    @Test
    void aboveThirtyTwoParticipantsOnlyTheReaderIsTold() {
        String[] others =
                IntStream.rangeClosed(1, 32).mapToObj(number -> "u" + number).toArray(String[]::new);
        String large = system.group("alice", others);
        String fits = system.group("alice", Arrays.copyOf(others, 31));
        system.send("alice", large, "hello");
        system.send("alice", fits, "hello");

        system.markRead("u1", large, 1);
        system.markRead("u1", fits, 1);

        assertThat(told().getFirst().publications().getFirst().channels())
                .containsExactly(Channel.chats(new UserId("u1")));
        assertThat(told().getLast().publications().getFirst().channels()).hasSize(32);
    }

    @Test
    void aStrangersConversationAndAnUnknownOneCannotBeToldApart() {
        assertThat(system.markRead("mallory", conversation, 1).status()).isEqualTo(404);
        assertThat(system.markRead("mallory", conversation, 1)).isEqualTo(system.markRead("mallory", "unknown", 1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"sequence\":1}",
                "{\"conversationId\":\"c\"}",
                "{\"conversationId\":\"c\",\"sequence\":-1}",
                "{\"conversationId\":\"c\",\"sequence\":\"1\"}"
            })
    void aBadBodyWritesNothing(String body) {
        assertThat(system.post("bob", "/api/messages/read", body).status()).isEqualTo(400);
        assertThat(told()).isEmpty();
    }
}
