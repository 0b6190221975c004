package com.pantherkolab.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.pantherkolab.common.metrics.Metric;
import com.pantherkolab.events.template.CloudFormationTemplate;
import com.pantherkolab.events.template.CloudFormationTemplate.Resource;
import com.pantherkolab.events.template.Section;
import com.pantherkolab.local.Alarm.Named;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/// The metrics that may be named in `template.yaml`: ours, and those of AWS's documents that its resources have.
final class KnownMetrics {
    private static final Of FUNCTION = new Of("FunctionName", Deployment.FUNCTION, "Ref");
    private static final Of MAPPING = new Of("EventSourceMappingUUID", "AWS::Lambda::EventSourceMapping", "Ref");
    private static final Of QUEUE = new Of("QueueName", "AWS::SQS::Queue", "QueueName");
    private static final Of API = new Of("ApiId", "AWS::Serverless::HttpApi", "Ref");
    private static final Of TABLE = new Of("TableName", "AWS::DynamoDB::Table", "Ref");

    private static final Map<String, Of> AWS = Map.ofEntries(
            Map.entry("AWS/Lambda IteratorAge", FUNCTION),
            Map.entry("AWS/Lambda Invocations", FUNCTION),
            Map.entry("AWS/Lambda Errors", FUNCTION),
            Map.entry("AWS/Lambda Throttles", FUNCTION),
            Map.entry("AWS/Lambda Duration", FUNCTION),
            Map.entry("AWS/Lambda DestinationDeliveryFailures", FUNCTION),
            Map.entry("AWS/Lambda OnFailureDestinationDeliveredEventCount", MAPPING),
            Map.entry("AWS/Lambda DroppedEventCount", MAPPING),
            Map.entry("AWS/SQS ApproximateNumberOfMessagesVisible", QUEUE),
            Map.entry("AWS/SQS ApproximateAgeOfOldestMessage", QUEUE),
            Map.entry("AWS/ApiGateway Count", API),
            Map.entry("AWS/ApiGateway 4xx", API),
            Map.entry("AWS/ApiGateway 5xx", API),
            Map.entry("AWS/ApiGateway Latency", API),
            Map.entry("AWS/DynamoDB WriteThrottleEvents", TABLE),
            Map.entry("AWS/DynamoDB ReadThrottleEvents", TABLE));

    private final Map<String, String> types = new HashMap<>();
    private final Map<String, Section> mappings = new HashMap<>();

    /// @param template what there is to measure
    KnownMetrics(CloudFormationTemplate template) {
        template.resources().forEach(resource -> types.put(resource.logicalId(), resource.type()));
        for (Resource function : template.resources(Deployment.FUNCTION)) {
            function.properties().section("Events").ifPresent(events -> events.values()
                    .keySet()
                    .forEach(name -> mapping(
                            function.logicalId() + name, events.section(name).orElseThrow())));
        }
    }

    /// What a metric is measured of.
    ///
    /// @param type of the resource
    /// @param reference what gives the dimension's value
    private record Of(String dimension, String type, String reference) {}

    /// SAM makes a mapping of it, under this name.
    private void mapping(String logicalId, Section event) {
        if (Stream.of("DynamoDB", "SQS").anyMatch(event.requiredText("Type")::equals)) {
            types.put(logicalId, MAPPING.type());
            mappings.put(logicalId, event.section("Properties").orElseThrow());
        }
    }

    /// Holds that this one is measured where it is deployed.
    void require(Named named) {
        if (named.namespace().equals(Metric.NAMESPACE)) {
            assertThat(Arrays.stream(Metric.values()).map(Metric::text))
                    .as(named.toString())
                    .contains(named.name());
            assertThat(named).extracting(Named::dimension).isEqualTo(Metric.DIMENSION);
            assertThat(types.get(named.resource())).as(named.toString()).isEqualTo(Deployment.FUNCTION);
            assertThat(named.reference()).as(named.toString()).isEqualTo("Ref");
            return;
        }
        String name = named.namespace() + " " + named.name();
        assertThat(AWS).as(named.toString()).containsKey(name);
        Of of = Objects.requireNonNull(AWS.get(name));
        assertThat(new Of(named.dimension(), types.getOrDefault(named.resource(), "nothing"), named.reference()))
                .as(named.toString())
                .isEqualTo(of);
        if (of.equals(MAPPING)) {
            // Nothing is counted of a mapping unless it is asked for.
            assertThat(Objects.requireNonNull(mappings.get(named.resource()))
                            .section("MetricsConfig")
                            .map(config -> config.texts("Metrics")))
                    .as(named.resource())
                    .contains(List.of("EventCount"));
        }
    }
}
