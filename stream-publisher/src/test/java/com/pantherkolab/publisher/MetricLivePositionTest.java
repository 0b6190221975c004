package com.pantherkolab.publisher;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.Datapoint;
import software.amazon.awssdk.services.cloudwatch.model.GetMetricStatisticsRequest;
import software.amazon.awssdk.services.cloudwatch.model.GetMetricStatisticsResponse;
import software.amazon.awssdk.services.cloudwatch.model.Statistic;

/// How far the live publisher is, by its metric.
class MetricLivePositionTest {
    private static final Instant NOW = Instant.parse("2026-01-09T23:06:40.000Z");

    private final List<GetMetricStatisticsRequest> asked = new ArrayList<>();

    @Test
    void itIsNowLessTheHighestAgeOfFiveMinutesLessAMinute() {
        assertThat(position(1_500.2, 90_000, 20).passed(NOW))
                .contains(NOW.minusSeconds(90).minusSeconds(60));
        assertThat(position(0.2).passed(NOW)).contains(NOW.minusMillis(1).minusSeconds(60));
    }

    @Test
    void withoutAnyAgeItIsNotKnown() {
        assertThat(position().passed(NOW)).isEmpty();
    }

    @Test
    void theAgeIsAskedForOfThePublisher() {
        position(1).passed(NOW);

        GetMetricStatisticsRequest request = asked.getFirst();
        assertThat(request.namespace()).isEqualTo("AWS/Lambda");
        assertThat(request.metricName()).isEqualTo("IteratorAge");
        assertThat(request.dimensions()).singleElement().satisfies(dimension -> {
            assertThat(dimension.name()).isEqualTo("FunctionName");
            assertThat(dimension.value()).isEqualTo("publisher");
        });
        assertThat(request.startTime()).isEqualTo(NOW.minusSeconds(300));
        assertThat(request.endTime()).isEqualTo(NOW);
        assertThat(request.statistics()).containsExactly(Statistic.MAXIMUM);
    }

    private MetricLivePosition position(double... ages) {
        return new MetricLivePosition(
                new CloudWatchClient() {
                    @Override
                    public GetMetricStatisticsResponse getMetricStatistics(GetMetricStatisticsRequest request) {
                        asked.add(request);
                        return GetMetricStatisticsResponse.builder()
                                .datapoints(Arrays.stream(ages)
                                        .mapToObj(age ->
                                                Datapoint.builder().maximum(age).build())
                                        .toList())
                                .build();
                    }

                    @Override
                    public String serviceName() {
                        return SERVICE_NAME;
                    }

                    @Override
                    public void close() {}
                },
                "publisher");
    }
}
