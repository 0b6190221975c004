package com.pantherkolab.local.aws;

import com.pantherkolab.common.Json;
import com.pantherkolab.events.template.Section;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// A rule of EventBridge and the function that it invokes, as `template.yaml` has them.
///
/// Local run knows patterns of exact values: at each place a list, one of whose members the event must have there.
/// Content filters such as `prefix` are refused.
///
/// @param function the function bean that is invoked
/// @param pattern what an event must have
/// @param retries how often a failed invocation is repeated
public record EventRule(String function, JsonNode pattern, int retries) {
    /// AWS goes on for 24 hours with 185; here nobody waits so long.
    private static final int DEFAULT_RETRIES = 4;

    /// Reads the properties of a function's event of type `EventBridgeRule`.
    ///
    /// @throws IllegalStateException for a setting that is not carried out
    public static EventRule read(String function, Section rule) {
        // The bus of this process hands everything over, so nothing gets into a dead-letter queue.
        TemplateSettings.requireOnly(rule, Set.of("Pattern", "RetryPolicy", "DeadLetterConfig"));
        JsonNode pattern =
                Json.mapper().valueToTree(rule.section("Pattern").orElseThrow().values());
        TemplateSettings.require(rule, "Pattern", isExact(pattern));
        int retries = rule.section("RetryPolicy")
                .map(policy -> {
                    TemplateSettings.requireOnly(policy, Set.of("MaximumRetryAttempts"));
                    return policy.number("MaximumRetryAttempts").orElseThrow();
                })
                .orElse(DEFAULT_RETRIES);
        return new EventRule(function, pattern, retries);
    }

    /// Whether an event is one of those.
    public boolean matches(JsonNode event) {
        return matches(pattern, event);
    }

    private static boolean matches(JsonNode pattern, JsonNode value) {
        if (pattern.isArray()) {
            // A list in the event matches by any of its members.
            return pattern.values().stream()
                    .anyMatch(wanted -> value.isArray() ? value.values().contains(wanted) : wanted.equals(value));
        }
        return pattern.properties().stream()
                .allMatch(member -> matches(member.getValue(), value.path(member.getKey())));
    }

    private static boolean isExact(JsonNode pattern) {
        if (pattern.isArray()) {
            return !pattern.isEmpty() && pattern.values().stream().allMatch(JsonNode::isValueNode);
        }
        return pattern.isObject()
                && !pattern.isEmpty()
                && pattern.values().stream().allMatch(EventRule::isExact);
    }
}
