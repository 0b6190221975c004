package com.pantherkolab.local;

import com.pantherkolab.common.metrics.Metric;
import com.pantherkolab.local.Alarm.Named;
import com.pantherkolab.local.Alarm.Stat;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// What a running local run measures, under the names that CloudWatch has for it: ours from `/actuator/prometheus`,
/// AWS's own from what stands in for them there and in `/local/status`.
final class LocalCloudWatch {
    private static final Pattern ANSWERS =
            Pattern.compile("(?m)^http_server_requests_seconds_count\\{(.*)} ([0-9.E+]+)$");
    private static final Pattern STATUS = Pattern.compile("status=\"(\\d+)\"");
    private static final Pattern NOT_THE_API = Pattern.compile("uri=\"/(local|functions|actuator|\\.well-known)/");

    private final RunningSystem system;

    LocalCloudWatch(RunningSystem system) {
        this.system = system;
    }

    /// All of it at one moment; counts are from the start on.
    record Moment(Map<Metric, Long> ours, JsonNode status, double answers, double failedAnswers) {}

    Moment now() {
        String scraped = system.send(system.request("/actuator/prometheus").GET())
                .response()
                .body();
        double[] answers = new double[2];
        ANSWERS.matcher(scraped).results().forEach(line -> {
            var status = STATUS.matcher(line.group(1));
            if (status.find() && !NOT_THE_API.matcher(line.group(1)).find()) {
                double count = Double.parseDouble(line.group(2));
                answers[0] += count;
                answers[1] += status.group(1).startsWith("5") ? count : 0;
            }
        });
        return new Moment(system.metrics(), system.status(), answers[0], answers[1]);
    }

    /// The values of a period: of a sum what was counted in it, of a maximum what it is at its end.
    ToDoubleFunction<Stat> between(Moment begin, Moment end) {
        return stat -> switch (stat.statistic()) {
            case "Sum" -> value(stat.metric(), end) - value(stat.metric(), begin);
            case "Maximum" -> value(stat.metric(), end);
            default -> throw new IllegalArgumentException(stat.toString());
        };
    }

    private double value(Named metric, Moment moment) {
        if (metric.namespace().equals(Metric.NAMESPACE)) {
            return Arrays.stream(Metric.values())
                    .filter(one -> one.text().equals(metric.name()))
                    .mapToDouble(one -> moment.ours().getOrDefault(one, 0L))
                    .sum();
        }
        return switch (metric.namespace() + " " + metric.name()) {
            case "AWS/Lambda IteratorAge" -> stream(metric, moment, "ageMs");
            case "AWS/Lambda Errors" -> stream(metric, moment, "failed");
            case "AWS/Lambda OnFailureDestinationDeliveredEventCount" -> stream(metric, moment, "givenUp");
            case "AWS/SQS ApproximateNumberOfMessagesVisible" ->
                number(moment.status().path("queues").path(metric.resource()), metric);
            case "AWS/ApiGateway Count" -> moment.answers();
            case "AWS/ApiGateway 5xx" -> moment.failedAnswers();
            // Not counted by table here, and all that is written writes an entry.
            case "AWS/DynamoDB WriteThrottleEvents" ->
                metric.resource().equals("OutboxTable")
                        ? number(moment.status().path("store").path("throttled"), metric)
                        : 0;
            default -> throw new IllegalArgumentException("local run does not measure " + metric);
        };
    }

    /// By the function, or by its mapping, whose name begins with the function's.
    private static double stream(Named metric, Moment moment, String figure) {
        for (var stream : moment.status().path("streams").properties()) {
            if (metric.resource()
                    .toLowerCase(Locale.ROOT)
                    .startsWith(stream.getKey().toLowerCase(Locale.ROOT))) {
                return number(stream.getValue().path(figure), metric);
            }
        }
        throw new IllegalArgumentException("local run does not measure " + metric);
    }

    private static double number(JsonNode value, Named metric) {
        if (!value.isNumber()) {
            throw new IllegalArgumentException("local run does not measure " + metric);
        }
        return value.doubleValue();
    }
}
