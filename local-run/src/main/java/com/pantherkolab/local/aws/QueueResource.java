package com.pantherkolab.local.aws;

import com.pantherkolab.common.Json;
import com.pantherkolab.events.template.CloudFormationTemplate;
import com.pantherkolab.events.template.CloudFormationTemplate.Resource;
import com.pantherkolab.events.template.Section;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A queue of `template.yaml`.
///
/// @param logicalId its name inside the template
/// @param name its name here: the logical id, with `.fifo` where it is a FIFO queue
/// @param attributes by the names of SQS
public record QueueResource(String logicalId, String name, Map<String, String> attributes) {
    private static final String TYPE = "AWS::SQS::Queue";
    private static final List<String> NUMBERS =
            List.of("VisibilityTimeout", "MessageRetentionPeriod", "DelaySeconds", "ReceiveMessageWaitTimeSeconds");
    private static final List<String> FLAGS = List.of("FifoQueue", "ContentBasedDeduplication");

    /// What changes nothing on one machine.
    private static final Set<String> WITHOUT_EFFECT =
            Set.of("SqsManagedSseEnabled", "KmsMasterKeyId", "Tags", "RedriveAllowPolicy");

    /// Copies the attributes.
    public QueueResource {
        attributes = Map.copyOf(attributes);
    }

    /// The queues of a template.
    ///
    /// @throws IllegalStateException for a setting that the stand-in does not carry out
    public static List<QueueResource> read(CloudFormationTemplate template) {
        List<Resource> queues = template.resources(TYPE);
        Map<String, String> names = new LinkedHashMap<>();
        queues.forEach(queue -> names.put(queue.logicalId(), name(queue)));
        return queues.stream()
                .map(queue -> new QueueResource(queue.logicalId(), name(queue), attributes(queue.properties(), names)))
                .toList();
    }

    private static String name(Resource queue) {
        return queue.properties().flag("FifoQueue").orElse(false) ? queue.logicalId() + ".fifo" : queue.logicalId();
    }

    private static Map<String, String> attributes(Section properties, Map<String, String> names) {
        Map<String, String> attributes = new LinkedHashMap<>();
        NUMBERS.forEach(
                name -> properties.number(name).ifPresent(number -> attributes.put(name, String.valueOf(number))));
        FLAGS.forEach(name -> properties.flag(name).ifPresent(flag -> attributes.put(name, String.valueOf(flag))));
        properties
                .section("RedrivePolicy")
                .ifPresent(policy -> attributes.put("RedrivePolicy", redrive(policy, names)));
        for (String setting : properties.values().keySet()) {
            TemplateSettings.require(
                    properties, setting, attributes.containsKey(setting) || WITHOUT_EFFECT.contains(setting));
        }
        return attributes;
    }

    private static String redrive(Section policy, Map<String, String> names) {
        String target = policy.reference("deadLetterTargetArn").orElseThrow();
        TemplateSettings.require(policy, "deadLetterTargetArn", names.containsKey(target));
        return Json.mapper()
                .createObjectNode()
                .put("deadLetterTargetArn", LocalQueues.arn(names.getOrDefault(target, target)))
                .put("maxReceiveCount", policy.number("maxReceiveCount").orElseThrow())
                .toString();
    }
}
