package com.pantherkolab.publisher;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.Datapoint;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;
import software.amazon.awssdk.services.cloudwatch.model.Statistic;

/// The live position by CloudWatch: now, less the highest `IteratorAge` of the publisher in the last 5 minutes,
/// less a minute, because the metric comes late.
///
/// A publisher that was not invoked in that time has no age, whether there was nothing to do or it is stuck: then
/// the position is not known.
final class MetricLivePosition implements LivePosition {
    static final Duration LOOK_BACK = Duration.ofMinutes(5);
    static final Duration LATE = Duration.ofMinutes(1);

    private static final int PERIOD_SECONDS = 60;

    private final CloudWatchClient metrics;
    private final String function;

    /// @param function the publisher's name
    MetricLivePosition(CloudWatchClient metrics, String function) {
        this.metrics = metrics;
        this.function = function;
    }

    @Override
    public Optional<Instant> passed(Instant now) {
        return metrics
                .getMetricStatistics(get -> get.namespace("AWS/Lambda")
                        .metricName("IteratorAge")
                        .dimensions(Dimension.builder()
                                .name("FunctionName")
                                .value(function)
                                .build())
                        .startTime(now.minus(LOOK_BACK))
                        .endTime(now)
                        .period(PERIOD_SECONDS)
                        .statistics(Statistic.MAXIMUM))
                .datapoints()
                .stream()
                .map(Datapoint::maximum)
                .max(Double::compare)
                .map(age -> now.minusMillis((long) Math.ceil(age)).minus(LATE));
    }
}
