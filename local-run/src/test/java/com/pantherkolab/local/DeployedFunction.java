package com.pantherkolab.local;

import com.pantherkolab.events.template.CloudFormationTemplate.Resource;
import com.pantherkolab.events.template.Section;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A function as `template.yaml` deploys it, with its variables as they would be on AWS, but for what the names
/// stand for.
///
/// @param bean the function bean
/// @param codeUri its package
/// @param handler what the runtime calls
/// @param timeout how long an invocation may take
/// @param restored whether its instances are restored from a snapshot (SnapStart)
/// @param environment its variables, all of them
record DeployedFunction(
        String bean,
        String codeUri,
        String handler,
        Duration timeout,
        boolean restored,
        Map<String, String> environment) {
    private static final Pattern NAME = Pattern.compile("\\$\\{([^}]+)}");

    DeployedFunction {
        environment = Map.copyOf(environment);
    }

    /// Every function of the template.
    ///
    /// @param names what a reference is here: a logical id or a parameter, or an attribute as `${…}` has it
    static List<DeployedFunction> all(Deployment deployment, Map<String, String> names) {
        Map<String, String> known = new HashMap<>(names);
        Section root = deployment.template().root();
        root.section("Parameters")
                .ifPresent(parameters -> parameters.values().keySet().forEach(parameter -> parameters
                        .section(parameter)
                        .map(it -> it.values().get("Default"))
                        .ifPresent(value -> known.putIfAbsent(parameter, value.toString()))));
        List<Resource> functions = deployment.template().resources(Deployment.FUNCTION);
        functions.forEach(function -> known.putIfAbsent(function.logicalId(), function.logicalId()));
        Section globals =
                root.section("Globals").orElseThrow().section("Function").orElseThrow();
        return functions.stream()
                .map(function -> {
                    Section own = function.properties();
                    Map<String, String> environment = new HashMap<>();
                    globals.section("Environment")
                            .flatMap(it -> it.section("Variables"))
                            .ifPresent(it -> environment.putAll(variables(it, known)));
                    environment.putAll(variables(Deployment.environment(function), known));
                    return new DeployedFunction(
                            Deployment.bean(function),
                            own.requiredText("CodeUri"),
                            own.text("Handler").orElseGet(() -> globals.requiredText("Handler")),
                            Duration.ofSeconds(own.number("Timeout")
                                    .or(() -> globals.number("Timeout"))
                                    .orElseThrow()),
                            own.section("SnapStart")
                                    .or(() -> globals.section("SnapStart"))
                                    .map(snapshots -> snapshots.requiredText("ApplyOn"))
                                    .filter("PublishedVersions"::equals)
                                    .isPresent(),
                            environment);
                })
                .toList();
    }

    private static Map<String, String> variables(Section variables, Map<String, String> known) {
        Map<String, String> values = new HashMap<>();
        variables.values().forEach((variable, value) -> values.put(variable, value(variables, variable, value, known)));
        return values;
    }

    private static String value(Section variables, String variable, Object value, Map<String, String> known) {
        if (!(value instanceof Map<?, ?> function)) {
            return value.toString();
        }
        if (function.get("Fn::Sub") instanceof String text) {
            return NAME.matcher(text)
                    .replaceAll(name -> Matcher.quoteReplacement(named(known, name.group(1), variable)));
        }
        return named(known, variables.reference(variable).orElse(function.toString()), variable);
    }

    private static String named(Map<String, String> known, String name, String variable) {
        return Objects.requireNonNull(
                known.get(name), "%s is given %s, for which nothing stands here".formatted(variable, name));
    }
}
