package com.pantherkolab.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChannelPatternTest {

    @ParameterizedTest
    @CsvSource({
        "a/b,   a/b,       true",
        "a/b,   /a/b/,     true",
        "a/b,   a/b/c,     false",
        "a/b,   A/b,       false",
        "a/*,   a/b,       true",
        "a/*,   a/b/c/d/e, true",
        "a/*,   a,         false",
        "a/*,   ab/c,      false",
        "a/b/*, a/b/c,     true",
        "a/b/*, a/c/b,     false"
    })
    void reachesOneChannelOrEverythingBelowOne(String pattern, String channel, boolean reached) {
        assertThat(ChannelPattern.reaching(value(Channel.parse(channel))))
                .satisfies(patterns -> assertThat(patterns.contains(value(ChannelPattern.parse(pattern))))
                        .isEqualTo(reached));
    }

    @Test
    void isShownToHandlersWithOneLeadingSlash() {
        var pattern = value(ChannelPattern.parse("a/b/*/"));

        assertThat(pattern.path()).isEqualTo("/a/b/*");
        assertThat(pattern.segments()).isEqualTo(List.of("a", "b", "*"));
    }

    @Test
    void takesUuidsAndFiftyCharacters() {
        value(ChannelPattern.parse("chats/0f7a6c1e-0000-4000-8000-00000000000a"));
        value(ChannelPattern.parse("chats/" + "a".repeat(50)));
        assertThat(ChannelPattern.parse("chats/" + "a".repeat(51))).isInstanceOf(Outcome.Refused.class);
    }

    private static <T> T value(Outcome<T> outcome) {
        return switch (outcome) {
            case Outcome.Done<T>(T value) -> value;
            case Outcome.Refused<T>(Refusal refusal) -> throw new AssertionError(refusal.message());
        };
    }
}
