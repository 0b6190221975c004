package com.pantherkolab.local;

import com.pantherkolab.events.template.CloudFormationTemplate;
import com.pantherkolab.events.template.CloudFormationTemplate.Resource;
import com.pantherkolab.local.aws.EventRule;
import com.pantherkolab.local.aws.LocalAws;
import com.pantherkolab.local.aws.QueueMapping;
import com.pantherkolab.local.aws.QueueResource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// What `template.yaml` deploys of SQS, S3 and EventBridge.
///
/// @param buckets logical ids, which are their names here
/// @param mappings which queue feeds which function
/// @param rules which events reach which function
record AwsResources(
        List<QueueResource> queues, List<String> buckets, List<QueueMapping> mappings, List<EventRule> rules) {

    static AwsResources read(CloudFormationTemplate template) {
        List<Resource> functions = template.resources(Deployment.FUNCTION);
        List<QueueResource> queues = QueueResource.read(template);
        List<String> buckets = template.resources("AWS::S3::Bucket").stream()
                .map(Resource::logicalId)
                .toList();
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
                        .toList());
    }

    /// The function beans that queues and rules invoke.
    Stream<String> functions() {
        return Stream.concat(
                mappings.stream().map(QueueMapping::function), rules.stream().map(EventRule::function));
    }

    /// Makes the queues and buckets.
    ///
    /// @return what stands for each where a function's environment names it: a queue's URL, a bucket's name
    Map<String, String> create(LocalAws aws) {
        Map<String, String> names = new LinkedHashMap<>();
        for (QueueResource queue : queues) {
            names.put(
                    queue.logicalId(),
                    aws.queues().create(queue.name(), queue.attributes()).toString());
        }
        for (String bucket : buckets) {
            aws.storage().create(bucket);
            names.put(bucket, bucket);
        }
        return names;
    }

    /// The queue of a mapping.
    QueueResource queue(String logicalId) {
        return queues.stream()
                .filter(queue -> queue.logicalId().equals(logicalId))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("template.yaml has no queue " + logicalId));
    }
}
