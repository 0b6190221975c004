package com.pantherkolab.publisher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class PublisherSettingsTest {
    private static final URI ENDPOINT = URI.create("https://example.com/event");

    @Test
    void theDefaultsAreThese() {
        assertThat(PublisherSettings.of(ENDPOINT, "eu-central-1"))
                .isEqualTo(new PublisherSettings(
                        ENDPOINT,
                        "eu-central-1",
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(5),
                        64,
                        Duration.ofMillis(100),
                        Duration.ofSeconds(5),
                        Duration.ofMinutes(1),
                        Duration.ofSeconds(8)));
    }

    @Test
    void everyPropertyCanBeSet() {
        assertThat(bind(Map.of(
                        "publisher.endpoint", "http://localhost:8081/event",
                        "publisher.region", "local",
                        "publisher.connect-timeout", "1s",
                        "publisher.request-timeout", "3s",
                        "publisher.concurrent-requests", "7",
                        "publisher.first-backoff", "10ms",
                        "publisher.longest-backoff", "2s",
                        "publisher.invocation-time", "30s",
                        "publisher.margin", "4s")))
                .isEqualTo(new PublisherSettings(
                        URI.create("http://localhost:8081/event"),
                        "local",
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(3),
                        7,
                        Duration.ofMillis(10),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(4)));
    }

    @ParameterizedTest
    @CsvSource({
        "publisher.endpoint, ",
        "publisher.endpoint, /event",
        "publisher.endpoint, ftp://example.com/event",
        "publisher.endpoint, https:event",
        "publisher.region, ",
        "publisher.region, ' '",
        "publisher.connect-timeout, 0s",
        "publisher.request-timeout, -1s",
        "publisher.concurrent-requests, 0",
        "publisher.first-backoff, 0ms",
        "publisher.longest-backoff, 99ms",
        "publisher.margin, 5999ms",
        "publisher.invocation-time, 8s"
    })
    void aWrongPropertyIsRefusedByItsName(String property, String value) {
        Map<String, Object> properties =
                new HashMap<>(Map.of("publisher.endpoint", ENDPOINT, "publisher.region", "eu-central-1"));
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

    @ParameterizedTest
    @ValueSource(strings = {"PUBLISHER_ENDPOINT", "PUBLISHER_REGION"})
    void whatHasNoDefaultIsInTheTemplate(String variable) throws IOException {
        assertThat(Files.readString(Path.of("..", "template.yaml"))).contains("          " + variable + ": ");
    }

    private static PublisherSettings bind(Map<String, ?> properties) {
        return new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate("publisher", PublisherSettings.class);
    }
}
