package com.pantherkolab.local;

import com.pantherkolab.common.metrics.Metric;
import com.pantherkolab.common.metrics.Metrics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/// The metrics as Prometheus reads them here, under the names that CloudWatch has.
///
/// Prometheus' own rules add to a name: `_total` to a count, the unit to a time. Each is there from the start, at
/// zero.
final class MicrometerMetrics implements Metrics {
    private final Map<Metric, LongConsumer> meters = new EnumMap<>(Metric.class);

    MicrometerMetrics(MeterRegistry registry) {
        for (Metric metric : Metric.values()) {
            meters.put(metric, meter(metric, registry));
        }
    }

    @Override
    public void note(Metric metric, long value) {
        LongConsumer meter = meters.get(metric);
        if (meter != null) {
            meter.accept(value);
        }
    }

    /// Whoever scrapes comes by itself.
    @Override
    public void send() {}

    private static LongConsumer meter(Metric metric, MeterRegistry registry) {
        return switch (metric.kind()) {
            case COUNT -> {
                Counter counter = Counter.builder(metric.text())
                        .description(metric.meaning())
                        .register(registry);
                yield value -> counter.increment((double) value);
            }
            case LEVEL -> {
                AtomicLong level = new AtomicLong();
                Gauge.builder(metric.text(), level, AtomicLong::doubleValue)
                        .description(metric.meaning())
                        .strongReference(true)
                        .register(registry);
                yield level::set;
            }
            case TIME -> {
                DistributionSummary times = DistributionSummary.builder(metric.text())
                        .description(metric.meaning())
                        .baseUnit("milliseconds")
                        .publishPercentiles(0.5, 0.95, 0.99)
                        .register(registry);
                yield value -> times.record((double) value);
            }
        };
    }
}
