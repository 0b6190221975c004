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
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

class PublisherSettingsTest {
    private static final URI ENDPOINT = URI.create("https://example.com/event");
    private static final URI QUEUE = URI.create("https://sqs.example/1/parked");

    @Test
    void theDefaultsAreThese() {
        assertThat(PublisherSettings.of(ENDPOINT, "eu-central-1", QUEUE, "failures"))
                .isEqualTo(new PublisherSettings(
                        ENDPOINT,
                        "eu-central-1",
                        QUEUE,
                        "failures",
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(2),
                        64,
                        Duration.ofMillis(100),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(2),
                        Duration.ofMinutes(1),
                        Duration.ofSeconds(8)));
    }

    @Test
    void everyPropertyCanBeSet() {
        assertThat(bind(Map.ofEntries(
                        Map.entry("publisher.endpoint", "http://localhost:8081/event"),
                        Map.entry("publisher.region", "local"),
                        Map.entry("publisher.parked-queue-url", "http://localhost:8082/1/parked"),
                        Map.entry("publisher.failure-bucket", "a-bucket"),
                        Map.entry("publisher.connect-timeout", "1s"),
                        Map.entry("publisher.request-timeout", "3s"),
                        Map.entry("publisher.park-timeout", "1500ms"),
                        Map.entry("publisher.concurrent-requests", "7"),
                        Map.entry("publisher.first-backoff", "10ms"),
                        Map.entry("publisher.longest-backoff", "2s"),
                        Map.entry("publisher.outage-pause", "1500ms"),
                        Map.entry("publisher.invocation-time", "30s"),
                        Map.entry("publisher.margin", "5500ms"))))
                .isEqualTo(new PublisherSettings(
                        URI.create("http://localhost:8081/event"),
                        "local",
                        URI.create("http://localhost:8082/1/parked"),
                        "a-bucket",
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(3),
                        Duration.ofMillis(1_500),
                        7,
                        Duration.ofMillis(10),
                        Duration.ofSeconds(2),
                        Duration.ofMillis(1_500),
                        Duration.ofSeconds(30),
                        Duration.ofMillis(5_500)));
    }

    @ParameterizedTest
    @CsvSource({
        "publisher.endpoint, ",
        "publisher.endpoint, /event",
        "publisher.endpoint, ftp://example.com/event",
        "publisher.endpoint, https:event",
        "publisher.region, ",
        "publisher.region, ' '",
        "publisher.parked-queue-url, ",
        "publisher.parked-queue-url, parked",
        "publisher.failure-bucket, ",
        "publisher.failure-bucket, ' '",
        "publisher.connect-timeout, 0s",
        "publisher.request-timeout, -1s",
        "publisher.park-timeout, 0s",
        "publisher.concurrent-requests, 0",
        "publisher.first-backoff, 0ms",
        "publisher.longest-backoff, 99ms",
        "publisher.outage-pause, 0s",
        "publisher.margin, 7999ms",
        "publisher.invocation-time, 8s"
    })
    void aWrongPropertyIsRefusedByItsName(String property, String value) {
        Map<String, Object> properties = new HashMap<>(Map.of(
                "publisher.endpoint",
                ENDPOINT,
                "publisher.region",
                "eu-central-1",
                "publisher.parked-queue-url",
                QUEUE,
                "publisher.failure-bucket",
                "failures"));
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

    @Test
    void theEnvironmentSetsThemByTheirNamesInCapitals() {
        StandardEnvironment environment = new StandardEnvironment();
        String name = StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME;
        environment
                .getPropertySources()
                .replace(
                        name,
                        new SystemEnvironmentPropertySource(
                                name,
                                Map.of(
                                        "PUBLISHER_ENDPOINT",
                                        ENDPOINT.toString(),
                                        "PUBLISHER_REGION",
                                        "eu-central-1",
                                        "PUBLISHER_PARKED_QUEUE_URL",
                                        QUEUE.toString(),
                                        "PUBLISHER_FAILURE_BUCKET",
                                        "failures")));

        assertThat(Binder.get(environment).bindOrCreate("publisher", PublisherSettings.class))
                .isEqualTo(PublisherSettings.of(ENDPOINT, "eu-central-1", QUEUE, "failures"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PUBLISHER_ENDPOINT",
                "PUBLISHER_REGION",
                "PUBLISHER_PARKED_QUEUE_URL",
                "PUBLISHER_FAILURE_BUCKET"
            })
    void whatHasNoDefaultIsInTheTemplate(String variable) throws IOException {
        assertThat(Files.readString(Path.of("..", "template.yaml"))).contains("          " + variable + ": ");
    }

    private static PublisherSettings bind(Map<String, ?> properties) {
        return new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate("publisher", PublisherSettings.class);
    }
}
