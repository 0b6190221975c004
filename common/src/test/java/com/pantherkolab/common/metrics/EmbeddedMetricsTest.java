package com.pantherkolab.common.metrics;

import static com.pantherkolab.common.metrics.Metric.PUBLISHER_BREAKER;
import static com.pantherkolab.common.metrics.Metric.PUBLISHER_COMMIT_TO_SEEN;
import static com.pantherkolab.common.metrics.Metric.PUBLISHER_IN;
import static com.pantherkolab.common.metrics.Metric.PUBLISHER_PARKED;
import static org.assertj.core.api.Assertions.assertThat;

import com.pantherkolab.common.Json;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class EmbeddedMetricsTest {
    private final List<String> log = new ArrayList<>();
    private final EmbeddedMetrics metrics = new EmbeddedMetrics(
            "stack-StreamPublisher-1", Clock.fixed(Instant.ofEpochMilli(1_700_000_000_123L), ZoneOffset.UTC), log::add);

    @Test
    void anInvocationIsOneLineAsCloudWatchReadsIt() {
        metrics.note(PUBLISHER_IN, 3);
        metrics.note(PUBLISHER_COMMIT_TO_SEEN, 12);
        metrics.note(PUBLISHER_COMMIT_TO_SEEN, 7);
        metrics.send();

        assertThat(log)
                .containsExactly("{\"_aws\":{\"Timestamp\":1700000000123,\"CloudWatchMetrics\":[{"
                        + "\"Namespace\":\"PantherKolab/Realtime\",\"Dimensions\":[[\"function\"]],\"Metrics\":["
                        + "{\"Name\":\"publisher_in\",\"Unit\":\"Count\"},"
                        + "{\"Name\":\"publisher_commit_to_seen\",\"Unit\":\"Milliseconds\"}]}]},"
                        + "\"function\":\"stack-StreamPublisher-1\",\"publisher_in\":3,"
                        + "\"publisher_commit_to_seen\":[12,7]}");
    }

    @Test
    void countsAreAddedUpAndLevelsAndTimesAreToldEach() {
        metrics.count(PUBLISHER_PARKED);
        metrics.note(PUBLISHER_PARKED, 2);
        metrics.note(PUBLISHER_BREAKER, 2);
        metrics.note(PUBLISHER_BREAKER, 1);
        metrics.note(PUBLISHER_BREAKER, 0);
        metrics.send();

        assertThat(line(0).path("publisher_parked").intValue()).isEqualTo(3);
        assertThat(line(0).path("publisher_breaker").toString()).isEqualTo("[2,1,0]");
    }

    @Test
    void aZeroIsToldToo() {
        metrics.note(PUBLISHER_PARKED, 0);
        metrics.send();

        assertThat(line(0).path("publisher_parked").isNumber()).isTrue();
    }

    @Test
    void whatWasSentIsNotSentAgainAndNothingIsNoLine() {
        metrics.count(PUBLISHER_IN);
        metrics.send();
        metrics.send();

        assertThat(log).hasSize(1);
    }

    @Test
    void moreValuesThanALineTakesGoOnInTheNextAndCountsAreToldOnce() {
        metrics.note(PUBLISHER_IN, 250);
        IntStream.range(0, 250).forEach(value -> metrics.note(PUBLISHER_COMMIT_TO_SEEN, value));
        metrics.send();

        assertThat(log).hasSize(3);
        assertThat(IntStream.range(0, 3).mapToObj(this::line).flatMap(line -> line.path("publisher_commit_to_seen")
                        .valueStream()))
                .extracting(JsonNode::intValue)
                .containsExactlyElementsOf(IntStream.range(0, 250).boxed().toList());
        assertThat(line(0).path("publisher_in").intValue()).isEqualTo(250);
        assertThat(log.subList(1, 3)).noneMatch(line -> line.contains("publisher_in"));
    }

    @Test
    void outsideLambdaNobodyIsTold() {
        Metrics nobody = EmbeddedMetrics.onLambda(null, Clock.systemUTC(), log::add);
        nobody.count(PUBLISHER_IN);
        nobody.send();
        Metrics lambda = EmbeddedMetrics.onLambda("f", Clock.systemUTC(), log::add);
        lambda.count(PUBLISHER_IN);
        lambda.send();

        assertThat(log).singleElement().asString().contains("\"function\":\"f\"");
    }

    @Test
    void noValueIsLostBetweenThreads() {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            IntStream.range(0, 1_000)
                    .forEach(_ -> threads.execute(() -> {
                        metrics.count(PUBLISHER_IN);
                        metrics.send();
                    }));
        }

        assertThat(log.stream()
                        .mapToInt(line -> Json.mapper()
                                .readTree(line)
                                .path("publisher_in")
                                .intValue())
                        .sum())
                .isEqualTo(1_000);
    }

    @Test
    void everyMetricHasANameOfItsOwnThatBothSidesTakeAndSaysWhatItIs() {
        assertThat(Arrays.stream(Metric.values()).map(Metric::text))
                .doesNotHaveDuplicates()
                .allMatch(name -> name.matches("[a-z]+(_[a-z]+)+"));
        assertThat(Metric.values())
                .allSatisfy(metric -> assertThat(metric.meaning()).matches("[A-Z].*\\."));
    }

    private JsonNode line(int number) {
        return Json.mapper().readTree(log.get(number));
    }
}
