package com.pantherkolab.publisher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class ReplaySettingsTest {
    private static final Map<String, String> GIVEN =
            Map.of("replay.outbox-table", "Outbox", "replay.publisher-function", "publisher");

    @Test
    void anInvocationMayTakeFourteenMinutesUnlessItIsSaid() {
        assertThat(bind(GIVEN)).isEqualTo(new ReplaySettings("Outbox", "publisher", Duration.ofMinutes(14)));
    }

    @Test
    void everyPropertyCanBeSet() {
        Map<String, String> all = new HashMap<>(GIVEN);
        all.put("replay.invocation-time", "30s");

        assertThat(bind(all)).isEqualTo(new ReplaySettings("Outbox", "publisher", Duration.ofSeconds(30)));
    }

    @ParameterizedTest
    @CsvSource({
        "replay.outbox-table, ",
        "replay.outbox-table, ' '",
        "replay.publisher-function, ",
        "replay.publisher-function, ' '",
        "replay.invocation-time, 0s",
        "replay.invocation-time, -1s"
    })
    void aWrongPropertyIsRefusedByItsName(String property, @Nullable String value) {
        Map<String, String> properties = new HashMap<>(GIVEN);
        if (value == null) {
            properties.remove(property);
        } else {
            properties.put(property, value);
        }

        assertThat(catchThrowable(() -> bind(properties)))
                .rootCause()
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(property + " must be ");
    }

    private static ReplaySettings bind(Map<String, String> properties) {
        return new Binder(new MapConfigurationPropertySource(properties)).bindOrCreate("replay", ReplaySettings.class);
    }
}
