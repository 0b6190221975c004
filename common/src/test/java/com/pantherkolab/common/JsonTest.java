package com.pantherkolab.common;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;

class JsonTest {
    record Thing(String text, long number, boolean flag, Instant time) {}

    private static final String GOOD =
            "{\"text\":\"5\",\"number\":5,\"flag\":true,\"time\":\"2026-01-09T23:06:40.000Z\"}";

    @Test
    void aRecordIsWrittenInItsOwnOrderAndReadsBack() {
        Thing thing = Json.mapper().readValue(GOOD, Thing.class);

        assertThat(Json.mapper().writeValueAsString(thing)).isEqualTo(GOOD);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"text\":5,\"number\":5,\"flag\":true,\"time\":\"2026-01-09T23:06:40.000Z\"}",
                "{\"text\":\"5\",\"number\":\"5\",\"flag\":true,\"time\":\"2026-01-09T23:06:40.000Z\"}",
                "{\"text\":\"5\",\"number\":5.0,\"flag\":true,\"time\":\"2026-01-09T23:06:40.000Z\"}",
                "{\"text\":\"5\",\"number\":5,\"flag\":1,\"time\":\"2026-01-09T23:06:40.000Z\"}",
                "{\"text\":\"5\",\"number\":5,\"flag\":\"true\",\"time\":\"2026-01-09T23:06:40.000Z\"}",
                "{\"text\":\"5\",\"number\":null,\"flag\":true,\"time\":\"2026-01-09T23:06:40.000Z\"}",
                "{\"text\":\"5\",\"number\":5,\"flag\":true,\"time\":\"2026-01-09T23:06:40.000Z\",\"more\":1}",
                "{\"text\":\"5\",\"text\":\"6\",\"number\":5,\"flag\":true,\"time\":\"2026-01-09T23:06:40.000Z\"}",
                "{\"text\":\"5\",\"number\":5,\"flag\":true,\"time\":\"2026-01-09T23:06:40.000Z\"} {}",
            })
    void whatIsNotExactlyTheRecordIsRefused(String json) {
        assertThatThrownBy(() -> Json.mapper().readValue(json, Thing.class)).isInstanceOf(JacksonException.class);
    }

    @Test
    void deepNestingIsRefusedBeforeItCostsAStack() {
        String deep = "[".repeat(Json.MAX_DEPTH + 1) + "]".repeat(Json.MAX_DEPTH + 1);

        assertThatThrownBy(() -> Json.mapper().readTree(deep)).isInstanceOf(JacksonException.class);
    }
}
