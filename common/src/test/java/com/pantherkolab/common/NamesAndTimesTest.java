package com.pantherkolab.common;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamesAndTimesTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "alice",
                "0f8b1c9e-3a52-4a43-9a3a-0a1b2c3d4e5f",
                "A-1",
                "12345678901234567890123456789012345678901234567890"
            })
    void aUserIdIsAChannelSegment(String text) {
        assertThat(Channel.chats(new UserId(text)).path()).isEqualTo("/chats/" + text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-a",
                "a-",
                "a_b",
                "a.b",
                "a:b",
                "*",
                "a/b",
                " a",
                "a\n",
                "ä",
                "123456789012345678901234567890123456789012345678901"
            })
    void whatIsNoChannelSegmentIsNoUserId(String text) {
        assertThat(UserId.isValid(text)).isFalse();
        assertThatIllegalArgumentException().isThrownBy(() -> new UserId(text));
    }

    @Test
    void aChannelReadsBackFromItsPath() {
        assertThat(Channel.parse("/calls/bob")).isEqualTo(new Channel(Channel.Namespace.CALLS, new UserId("bob")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/chats", "/chats/", "/chats/a/b", "chats/a", "/users/a", "/chats/*", "/CHATS/a"})
    void whatIsNoChannelOfOursDoesNotParse(String path) {
        assertThatIllegalArgumentException().isThrownBy(() -> Channel.parse(path));
    }

    @Test
    void namesPrintAsTheyAreWritten() {
        assertThat(Channel.chats(new UserId("bob"))).hasToString("/chats/bob");
        assertThat(Aggregate.conversation("c1")).hasToString("conversation#c1");
    }

    @Test
    void userIdsSortAsTheirTexts() {
        assertThat(Stream.of("b", "B", "a-1", "a").map(UserId::new).sorted())
                .extracting(UserId::value)
                .containsExactly("B", "a", "a-1", "b");
    }

    @Test
    void aConversationHasItsParticipantsAndNobodyElse() {
        Conversation conversation = new Conversation(
                "c1",
                Conversation.Type.DIRECT,
                null,
                List.of(new UserId("alice"), new UserId("bob")),
                new UserId("alice"),
                Instant.EPOCH,
                0,
                null);

        assertThat(conversation.has(new UserId("bob"))).isTrue();
        assertThat(conversation.has(new UserId("mallory"))).isFalse();
    }

    @Test
    void timesAlwaysHaveThreeDecimals() {
        assertThat(IsoMillis.format(Instant.parse("2026-01-09T23:06:40Z"))).isEqualTo("2026-01-09T23:06:40.000Z");
        assertThat(IsoMillis.format(Instant.parse("2026-01-09T23:06:40.1239999Z")))
                .isEqualTo("2026-01-09T23:06:40.123Z");
        assertThat(IsoMillis.parse("2026-01-09T23:06:40.120Z")).isEqualTo(Instant.parse("2026-01-09T23:06:40.120Z"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-01-09T23:06:40Z",
                "2026-01-09T23:06:40.12Z",
                "2026-02-30T00:00:00.000Z",
                "2026-01-09T23:06:40.120+01:00"
            })
    void anotherTimeFormatIsRefused(String text) {
        assertThatThrownBy(() -> IsoMillis.parse(text)).isInstanceOf(DateTimeException.class);
    }
}
