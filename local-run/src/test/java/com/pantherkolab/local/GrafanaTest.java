package com.pantherkolab.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.pantherkolab.common.Json;
import com.pantherkolab.common.metrics.Metric;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// `docs/grafana.json`, and what local run gives to Prometheus of its own.
class GrafanaTest {
    /// What has an underscore is no function of Prometheus'.
    private static final Pattern METRIC = Pattern.compile("\\b[a-z]+(?:_[a-z]+)+\\b");

    private final RunningSystem system = RunningSystem.shared();
    private final List<String> expressions =
            Json.mapper().readTree(new Repository().text(Path.of("docs/grafana.json"))).path("panels").values().stream()
                    .flatMap(panel -> panel.path("targets").values().stream())
                    .map(target -> target.path("expr").stringValue(""))
                    .toList();

    @Test
    void everyExpressionIsOverMetricsThatLocalRunGives() {
        // Requests are counted from the first one on.
        system.signIn("alice");
        Set<String> given =
                scraped().stream().map(line -> line.replaceFirst("[{ ].*", "")).collect(Collectors.toSet());
        List<String> named = expressions.stream()
                .flatMap(expression -> METRIC.matcher(expression).results())
                .map(found -> found.group())
                .toList();

        assertThat(named).hasSizeGreaterThanOrEqualTo(25).allMatch(given::contains);
    }

    @Test
    void everyMetricOfOursIsThere() {
        assertThat(Arrays.stream(Metric.values())
                        .map(metric -> RunningSystem.inPrometheus(metric).replace("_count", "")))
                .allSatisfy(name -> assertThat(expressions).anyMatch(expression -> expression.contains(name)));
    }

    @Test
    void whatStandsInForAwsIsTheSameInTheStatus() {
        system.awaitPublished();
        JsonNode status = system.status();
        List<String> lines = scraped();

        assertThat(status.path("streams").propertyNames()).hasSize(2);
        status.path("streams").properties().forEach(stream -> {
            String function = "{function=\"%s\"} ".formatted(stream.getKey());
            JsonNode figures = stream.getValue();
            assertThat(lines)
                    .contains(
                            "stream_behind" + function + figures.path("behind").doubleValue(),
                            "stream_age_milliseconds" + function
                                    + figures.path("ageMs").doubleValue(),
                            "stream_failed_total" + function
                                    + figures.path("failed").doubleValue(),
                            "stream_given_up_total" + function
                                    + figures.path("givenUp").doubleValue(),
                            "stream_undelivered_total" + function
                                    + figures.path("undelivered").doubleValue(),
                            "stream_dropped_total" + function
                                    + figures.path("dropped").doubleValue());
        });
        assertThat(status.path("queues").propertyNames()).hasSize(4);
        status.path("queues").properties().forEach(queue -> assertThat(lines)
                .contains("queue_visible{queue=\"%s\"} %s"
                        .formatted(queue.getKey(), queue.getValue().doubleValue())));
        assertThat(lines)
                .contains(
                        "store_throttled_total " + status.at("/store/throttled").doubleValue());
    }

    private List<String> scraped() {
        return system.send(system.request("/actuator/prometheus").GET())
                .response()
                .body()
                .lines()
                .toList();
    }
}
