package com.pantherkolab.local;

import com.pantherkolab.common.Json;
import com.pantherkolab.events.template.CloudFormationTemplate;
import com.pantherkolab.events.template.CloudFormationTemplate.Resource;
import com.pantherkolab.events.template.Section;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What `template.yaml` keeps data in, as a template of its own that CloudFormation can deploy without SAM.
///
/// The resources are those of `template.yaml`, with every property that they have there, and so are its parameters
/// and conditions. Only that the resources outlive their stack is left out.
///
/// @param context the parameters and conditions, by section
/// @param resources by logical id
record StatefulResources(Map<String, Object> context, Map<String, Section> resources) {
    private static final Set<String> CONTEXT = Set.of("Parameters", "Conditions");

    private static final Set<String> TYPES = Set.of("AWS::DynamoDB::Table", "AWS::SQS::Queue", "AWS::S3::Bucket");

    private static final Set<String> OUTLIVING = Set.of("DeletionPolicy", "UpdateReplacePolicy");

    static StatefulResources of(CloudFormationTemplate template) {
        Section all = template.root().section("Resources").orElseThrow();
        Map<String, Section> resources = new LinkedHashMap<>();
        for (Resource resource : template.resources()) {
            if (TYPES.contains(resource.type())) {
                resources.put(
                        resource.logicalId(), all.section(resource.logicalId()).orElseThrow());
            }
        }
        Map<String, Object> context = new LinkedHashMap<>(template.root().values());
        context.keySet().retainAll(CONTEXT);
        return new StatefulResources(context, resources);
    }

    /// These alone.
    StatefulResources only(List<String> logicalIds) {
        Map<String, Section> left = new LinkedHashMap<>(resources);
        left.keySet().retainAll(logicalIds);
        return new StatefulResources(context, left);
    }

    String json() {
        Map<String, Object> deployed = new LinkedHashMap<>();
        resources.forEach((logicalId, resource) -> {
            Map<String, Object> members = new HashMap<>(resource.values());
            members.keySet().removeAll(OUTLIVING);
            deployed.put(logicalId, members);
        });
        Map<String, Object> template = new LinkedHashMap<>(context);
        template.put("AWSTemplateFormatVersion", "2010-09-09");
        template.put("Resources", deployed);
        return Json.mapper().writeValueAsString(template);
    }
}
