package com.pantherkolab.local;

import com.pantherkolab.events.template.CloudFormationTemplate;
import com.pantherkolab.events.template.CloudFormationTemplate.Resource;
import com.pantherkolab.events.template.Section;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/// The environment variables of the functions, all in one, because here they share a process.
///
/// @param values the variables: a text of the template, the default of one of its parameters, or what stands for a
/// resource
record FunctionEnvironment(Map<String, String> values) {
    /// What says which function a process is; here it is all of them.
    private static final Set<String> OF_ONE_FUNCTION = Set.of("SPRING_CLOUD_FUNCTION_DEFINITION", "MAIN_CLASS");

    FunctionEnvironment {
        values = Map.copyOf(values);
    }

    /// Reads the variables, leaving out those whose value only AWS knows.
    ///
    /// @param names what a reference to a resource is here: a table's or bucket's name, a queue's URL
    static FunctionEnvironment read(CloudFormationTemplate template, Map<String, String> names) {
        Map<String, String> known = new HashMap<>(names);
        known.put("AWS::Region", LocalRun.REGION);
        template.root()
                .section("Parameters")
                .ifPresent(parameters -> parameters.values().keySet().forEach(parameter -> parameters
                        .section(parameter)
                        .map(it -> it.values().get("Default"))
                        .ifPresent(value -> known.put(parameter, value.toString()))));
        template.resources(Deployment.FUNCTION)
                .forEach(function -> known.put(function.logicalId(), function.logicalId()));
        Map<String, String> values = new LinkedHashMap<>();
        for (Resource function : template.resources(Deployment.FUNCTION)) {
            Section variables = Deployment.environment(function);
            variables.values().forEach((variable, value) -> {
                String resolved = value instanceof Map<?, ?> || value instanceof List<?>
                        ? variables.reference(variable).map(known::get).orElse(null)
                        : value.toString();
                if (resolved != null && !OF_ONE_FUNCTION.contains(variable)) {
                    String other = values.put(variable, resolved);
                    if (other != null && !Objects.equals(other, resolved)) {
                        throw new IllegalStateException(
                                "template.yaml sets %s to different values; local run has one".formatted(variable));
                    }
                }
            });
        }
        return new FunctionEnvironment(values);
    }

    /// The variables as Spring reads an environment: `TIMERS_QUEUE_URL` is the property `timers.queue-url`.
    SystemEnvironmentPropertySource propertySource() {
        return new SystemEnvironmentPropertySource(
                "template-" + StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, Map.copyOf(values));
    }
}
