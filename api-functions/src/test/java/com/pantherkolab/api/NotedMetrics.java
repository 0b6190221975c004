package com.pantherkolab.api;

import com.pantherkolab.common.metrics.Metric;
import com.pantherkolab.common.metrics.Metrics;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// Keeps what it is told.
public final class NotedMetrics implements Metrics {
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

    public synchronized List<Long> values(Metric metric) {
        return List.copyOf(noted.getOrDefault(metric, List.of()));
    }

    /// Of a count.
    public long sum(Metric metric) {
        return values(metric).stream().mapToLong(Long::longValue).sum();
    }

    /// How many invocations are over.
    public synchronized int sent() {
        return sent;
    }
}
