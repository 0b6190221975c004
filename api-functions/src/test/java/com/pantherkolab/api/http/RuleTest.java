package com.pantherkolab.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.pantherkolab.common.Json;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Where each rule ends: what just fits, and what just does not.
class RuleTest {
    private static final String FACE = "\ud83d\ude00";

    @Test
    void textIsCountedInCharactersAndMayBeEmpty() {
        assertTakes(Rule.text(3), "", " ", "abc", FACE.repeat(3));
        assertRefuses(Rule.text(3), "abcd", FACE.repeat(4));
    }

    @Test
    void aNameIsCountedInCharactersAndIsNotBlank() {
        assertTakes(Rule.name(3), "a", "abc", FACE.repeat(3));
        assertRefuses(Rule.name(3), "", " ", "\t", "abcd", FACE.repeat(4));
    }

    @Test
    void contentIsCountedInBytesOfUtf8AndIsNotBlank() {
        assertTakes(Rule.content(4), "abcd", "\u00fc\u00fc", FACE);
        assertRefuses(Rule.content(4), "", " ", "abcde", "\u00fc\u00fcx", FACE + "x");
    }

    @Test
    void aKeyIsPrintableAscii() {
        assertTakes(Rule.key(), " ", "~", "x".repeat(64));
        assertRefuses(Rule.key(), "", "x".repeat(65), "\u001f", "\u007f", "\u00fc");
    }

    @Test
    void anIdMayStandAsAChannelsSegment() {
        assertTakes(Rule.id(), "a", "x".repeat(50), "a-b");
        assertRefuses(Rule.id(), "", "x".repeat(51), "-a", "a-", "*", "a/b");
    }

    @Test
    void onlyTheSurrogatesThemselvesAndNulAreUnclean() {
        assertTakes(Rule.text(9), "\u0001", "\ud7ff", "\ue000", "\uffff", FACE);
        assertRefuses(Rule.text(9), "\u0000", "\ud800", "\udbff", "\udc00", "\udfff", "\udc00\ud800");
    }

    @Test
    void aWholeNumberGoesUpToWhereDoublesLoseCount() {
        for (String number : List.of("0", "1", "9007199254740991")) {
            assertThat(Rule.wholeNumber().read().apply(Json.mapper().readTree(number)))
                    .contains(Long.parseLong(number));
        }
        for (String number : List.of("-1", "9007199254740992", "9223372036854775808", "1.0", "\"1\"", "true")) {
            assertThat(Rule.wholeNumber().read().apply(Json.mapper().readTree(number)))
                    .isEmpty();
        }
    }

    @Test
    void aFlagIsYesOrNo() {
        assertThat(Rule.flag().read().apply(Json.mapper().readTree("true"))).contains(true);
        assertThat(Rule.flag().read().apply(Json.mapper().readTree("false"))).contains(false);
        assertThat(Rule.flag().read().apply(Json.mapper().readTree("0"))).isEmpty();
    }

    private static void assertTakes(Rule<String> rule, String... texts) {
        for (String text : texts) {
            assertThat(rule.read().apply(Json.mapper().getNodeFactory().stringNode(text)))
                    .contains(text);
        }
    }

    private static void assertRefuses(Rule<String> rule, String... texts) {
        for (String text : texts) {
            assertThat(rule.read().apply(Json.mapper().getNodeFactory().stringNode(text)))
                    .as("%s", rule.must())
                    .isEmpty();
        }
    }
}
