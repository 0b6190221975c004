package com.pantherkolab.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

    @Test
    void quotesAsJsonStringifyDoes() {
        assertThat(Json.quote("a/\"\\\b\f\n\r\t\u0000\u001f\u007fü💙\u2028"))
                .isEqualTo("\"a/\\\"\\\\\\b\\f\\n\\r\\t\\u0000\\u001f\u007fü💙\u2028\"");
        assertThat(Json.quote("\ud83d x \udc99\ud83d")).isEqualTo("\"\\ud83d x \\udc99\\ud83d\"");
    }

    @Test
    void quotesSoThatReadingGivesTheSameText() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        for (int i = 0; i < 1_000; i++) {
            var text = new StringBuilder();
            random.ints(20, 0, 0x10000).forEach(c -> text.append((char) c));

            assertThat(Json.STRICT.readTree(Json.quote(text.toString())).stringValue())
                    .as("seed %s", seed)
                    .isEqualTo(text.toString());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", " null ", "\"\"", "{\"a\":1,\"a\":2}", "[[]]", "1e400"})
    void takesForAnEventWhatJsonParseTakes(String text) {
        assertThat(Json.isValid(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a", "'a'", "{a:1}", "01", "1 2", "NaN", "[1,]", "{", "\"\n\""})
    void refusesForAnEventWhatJsonParseRefuses(String text) {
        assertThat(Json.isValid(text)).isFalse();
    }
}
