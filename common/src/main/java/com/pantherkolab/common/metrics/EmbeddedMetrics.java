package com.pantherkolab.common.metrics;

import com.pantherkolab.common.Json;
import java.io.StringWriter;
import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/// Metrics in CloudWatch's embedded metric format: a line of JSON in the log of a Lambda function, from which
/// CloudWatch takes the values. There is no request to wait for, and none that can fail.
///
/// What is noted is kept until [#send]. It promises that every value is told; a process that is ended before, as by
/// Lambda's timeout, tells nothing.
public final class EmbeddedMetrics implements Metrics {
    /// The most values of a metric that CloudWatch takes from one line.
    static final int MOST_VALUES = 100;

    private final String function;
    private final Clock clock;
    private final Consumer<String> log;
    private final Map<Metric, List<Long>> noted = new EnumMap<>(Metric.class);

    /// @param function the value of the dimension: the name of the Lambda function
    /// @param log takes a line; standard output, on Lambda
    public EmbeddedMetrics(String function, Clock clock, Consumer<String> log) {
        this.function = function;
        this.clock = clock;
        this.log = log;
    }

    /// Where a deployable tells its metrics.
    ///
    /// @param function the environment variable by which Lambda names the function; elsewhere there is none, and
    /// then nobody is told
    public static Metrics onLambda(@Nullable String function, Clock clock, Consumer<String> log) {
        return function == null ? NONE : new EmbeddedMetrics(function, clock, log);
    }

    @Override
    public synchronized void note(Metric metric, long value) {
        List<Long> values = noted.computeIfAbsent(metric, _ -> new ArrayList<>());
        switch (metric.kind()) {
            case COUNT -> {
                long sum = values.isEmpty() ? 0 : values.removeLast();
                values.add(sum + value);
            }
            case LEVEL, TIME -> values.add(value);
        }
    }

    @Override
    public synchronized void send() {
        while (!noted.isEmpty()) {
            Map<Metric, List<Long>> line = new EnumMap<>(Metric.class);
            noted.forEach((metric, values) ->
                    line.put(metric, List.copyOf(values.subList(0, Math.min(values.size(), MOST_VALUES)))));
            line.forEach((metric, told) -> {
                List<Long> rest = noted.getOrDefault(metric, List.of());
                if (rest.size() == told.size()) {
                    noted.remove(metric);
                } else {
                    rest.subList(0, told.size()).clear();
                }
            });
            log.accept(line(line));
        }
    }

    private String line(Map<Metric, List<Long>> values) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = Json.mapper().createGenerator(text)) {
            json.writeStartObject();
            json.writeObjectPropertyStart("_aws");
            json.writeNumberProperty("Timestamp", clock.millis());
            json.writeArrayPropertyStart("CloudWatchMetrics");
            json.writeStartObject();
            json.writeStringProperty("Namespace", Metric.NAMESPACE);
            json.writeArrayPropertyStart("Dimensions");
            json.writeStartArray();
            json.writeString(Metric.DIMENSION);
            json.writeEndArray();
            json.writeEndArray();
            json.writeArrayPropertyStart("Metrics");
            values.keySet().forEach(metric -> {
                json.writeStartObject();
                json.writeStringProperty("Name", metric.text());
                json.writeStringProperty("Unit", metric.kind().unit());
                json.writeEndObject();
            });
            json.writeEndArray();
            json.writeEndObject();
            json.writeEndArray();
            json.writeEndObject();
            json.writeStringProperty(Metric.DIMENSION, function);
            values.forEach((metric, told) -> {
                json.writeName(metric.text());
                write(json, told);
            });
            json.writeEndObject();
        }
        return text.toString();
    }

    private static void write(JsonGenerator json, List<Long> values) {
        if (values.size() == 1) {
            json.writeNumber(values.getFirst());
        } else {
            json.writeStartArray();
            values.forEach(json::writeNumber);
            json.writeEndArray();
        }
    }
}
