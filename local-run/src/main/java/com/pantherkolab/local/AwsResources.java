package com.pantherkolab.local;

import com.pantherkolab.events.template.CloudFormationTemplate;
import com.pantherkolab.events.template.CloudFormationTemplate.Resource;
import com.pantherkolab.events.template.Section;
import com.pantherkolab.local.aws.EventRule;
import com.pantherkolab.local.aws.LocalAws;
import com.pantherkolab.local.aws.QueueMapping;
import com.pantherkolab.local.aws.QueueResource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/// What `template.yaml` deploys of SQS, S3 and EventBridge.
///
/// @param buckets logical ids, which are their names here
/// @param mappings which queue feeds which function
/// @param rules which events reach which function
/// @param references which properties of the functions name which queue or bucket, by its logical id
record AwsResources(
        List<QueueResource> queues,
        List<String> buckets,
        List<QueueMapping> mappings,
        List<EventRule> rules,
        Map<String, String> references) {

    static AwsResources read(CloudFormationTemplate template) {
        List<Resource> functions = template.resources(Deployment.FUNCTION);
        List<QueueResource> queues = QueueResource.read(template);
        List<String> buckets = template.resources("AWS::S3::Bucket").stream()
                .map(Resource::logicalId)
                .toList();
        List<String> named = new ArrayList<>(buckets);
        queues.forEach(queue -> named.add(queue.logicalId()));
        return new AwsResources(
                queues,
                buckets,
                functions.stream()
                        .flatMap(function -> Deployment.events(function, "SQS")
                                .map(event -> QueueMapping.read(
                                        Deployment.bean(function),
                                        event.section("Properties").orElseThrow())))
                        .toList(),
                functions.stream()
                        .flatMap(function -> Deployment.events(function, "EventBridgeRule")
                                .map(event -> EventRule.read(
                                        Deployment.bean(function),
                                        event.section("Properties").orElseThrow())))
                        .toList(),
                references(functions, named));
    }

    /// The function beans that queues and rules invoke.
    Stream<String> functions() {
        return Stream.concat(
                mappings.stream().map(QueueMapping::function), rules.stream().map(EventRule::function));
    }

    /// Makes the queues and buckets.
    ///
    /// @return the properties that name them: a queue by its URL, a bucket by its name
    Map<String, Object> create(LocalAws aws) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (QueueResource queue : queues) {
            values.put(
                    queue.logicalId(),
                    aws.queues().create(queue.name(), queue.attributes()).toString());
        }
        for (String bucket : buckets) {
            aws.storage().create(bucket);
            values.put(bucket, bucket);
        }
        Map<String, Object> properties = new LinkedHashMap<>();
        references.forEach((property, logicalId) -> properties.put(property, values.getOrDefault(logicalId, "")));
        return properties;
    }

    /// The queue of a mapping.
    QueueResource queue(String logicalId) {
        return queues.stream()
                .filter(queue -> queue.logicalId().equals(logicalId))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("template.yaml has no queue " + logicalId));
    }

    /// `TIMERS_QUEUE_URL: !Ref TimersQueue` is the property `timers.queue.url`.
    private static Map<String, String> references(List<Resource> functions, List<String> named) {
        Map<String, String> references = new LinkedHashMap<>();
        for (Resource function : functions) {
            Section variables = Deployment.environment(function);
            variables.values().forEach((variable, value) -> {
                if (value instanceof Map<?, ?> reference
                        && reference.get("Ref") instanceof String logicalId
                        && named.contains(logicalId)) {
                    references.put(variable.toLowerCase(Locale.ROOT).replace('_', '.'), logicalId);
                }
            });
        }
        return references;
    }
}
