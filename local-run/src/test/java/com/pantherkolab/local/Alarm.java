package com.pantherkolab.local;

import com.pantherkolab.events.template.CloudFormationTemplate;
import com.pantherkolab.events.template.CloudFormationTemplate.Resource;
import com.pantherkolab.events.template.Section;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/// An alarm of `template.yaml`: what it looks at, and whether it would go off.
///
/// @param name behind the stack's
/// @param metrics by the id that the expression has for each
/// @param expression metric math
/// @param properties the whole of it
record Alarm(String name, Map<String, Stat> metrics, String expression, Section properties) {
    static final String TYPE = "AWS::CloudWatch::Alarm";

    private static final String OF_THE_STACK = "${AWS::StackName}-";

    /// A metric in CloudWatch.
    ///
    /// @param dimension the one dimension's name
    /// @param resource the logical id of what the dimension's value is of
    /// @param reference how the value is taken from it: `Ref`, or the attribute's name
    record Named(String namespace, String name, String dimension, String resource, String reference) {
        static Named of(String namespace, String name, Section dimension) {
            Object value = dimension.values().get("Value");
            Section given = dimension.section("Value").orElseThrow();
            return new Named(
                    namespace,
                    name,
                    dimension.requiredText("Name"),
                    dimension.reference("Value").orElseThrow(() -> new IllegalStateException("no reference: " + value)),
                    given.values().get("Fn::GetAtt") instanceof List<?> attribute
                            ? String.valueOf(attribute.getLast())
                            : "Ref");
        }
    }

    /// A metric over a period.
    ///
    /// @param statistic `Sum` or `Maximum`
    /// @param period in seconds
    record Stat(Named metric, String statistic, int period) {}

    static List<Alarm> of(CloudFormationTemplate template) {
        return template.resources(TYPE).stream().map(Alarm::of).toList();
    }

    private static Alarm of(Resource resource) {
        Section properties = resource.properties();
        String full = properties.section("AlarmName").orElseThrow().requiredText("Fn::Sub");
        if (!full.startsWith(OF_THE_STACK)) {
            throw new IllegalStateException(resource.logicalId() + " has a name that another stack may have too");
        }
        String name = full.substring(OF_THE_STACK.length());
        List<Section> queries = properties.sections("Metrics");
        if (queries.isEmpty()) {
            Stat only = stat(properties, properties.requiredText("Statistic"), properties);
            return new Alarm(name, Map.of("only", only), "only", properties);
        }
        Map<String, Stat> metrics = new LinkedHashMap<>();
        for (Section query : queries) {
            query.section("MetricStat")
                    .ifPresent(stat -> metrics.put(
                            query.requiredText("Id"),
                            stat(stat.section("Metric").orElseThrow(), stat.requiredText("Stat"), stat)));
        }
        List<String> expressions = queries.stream()
                .filter(query -> query.flag("ReturnData").orElse(true))
                .map(query -> query.requiredText("Expression"))
                .toList();
        if (expressions.size() != 1) {
            throw new IllegalStateException(name + " looks at more than one value, or at none");
        }
        return new Alarm(name, metrics, expressions.getFirst(), properties);
    }

    private static Stat stat(Section metric, String statistic, Section period) {
        List<Section> dimensions = metric.sections("Dimensions");
        if (dimensions.size() != 1) {
            throw new IllegalStateException(metric.path() + " has not exactly one dimension");
        }
        return new Stat(
                Named.of(metric.requiredText("Namespace"), metric.requiredText("MetricName"), dimensions.getFirst()),
                statistic,
                period.number("Period").orElseThrow());
    }

    int threshold() {
        return properties.number("Threshold").orElseThrow();
    }

    /// In how many periods one after the other it must be over the threshold.
    int periods() {
        return properties.number("EvaluationPeriods").orElseThrow();
    }

    /// The value that is compared.
    double value(ToDoubleFunction<Stat> measured) {
        return MetricMath.evaluate(
                expression,
                metrics.entrySet().stream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey, metric -> measured.applyAsDouble(metric.getValue()))));
    }

    /// Whether a period with these values is one for the alarm.
    boolean breaches(ToDoubleFunction<Stat> measured) {
        String comparison = properties.requiredText("ComparisonOperator");
        if (!comparison.equals("GreaterThanThreshold")) {
            throw new IllegalStateException("not understood: " + comparison);
        }
        return value(measured) > threshold();
    }
}
