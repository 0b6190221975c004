package com.pantherkolab.publisher;

import com.pantherkolab.common.metrics.Metric;
import com.pantherkolab.common.metrics.Metrics;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// Keeps what it is told.
final class NotedMetrics implements Metrics {
    private final Map<Metric, List<Long>> noted = new EnumMap<>(Metric.class);
    private int sent;

    @Override
    public synchronized void note(Metric metric, long value) {
        noted.computeIfAbsent(metric, _ -> new ArrayList<>()).add(value);
    }

    @Override
    public synchronized void send() {
        sent++;
    }

    synchronized List<Long> values(Metric metric) {
        return List.copyOf(noted.getOrDefault(metric, List.of()));
    }

    /// Of a count.
    long sum(Metric metric) {
        return values(metric).stream().mapToLong(Long::longValue).sum();
    }

    /// How many invocations are over.
    synchronized int sent() {
        return sent;
    }
}
