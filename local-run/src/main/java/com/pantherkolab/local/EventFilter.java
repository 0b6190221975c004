package com.pantherkolab.local;

import com.pantherkolab.common.Json;
import com.pantherkolab.events.template.Section;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// The filters of an event source mapping: which records reach the function.
///
/// A record passes if any of the patterns matches; without patterns every record does. Of the pattern language it
/// knows nested members, exact values (a text, a number, true, false, null), `prefix`, `exists` and `anything-but`
/// of exact values. Anything else is refused when the mapping is read.
final class EventFilter {
    private static final int MAX_PATTERNS = 5;

    private final List<Predicate<JsonNode>> patterns;

    private EventFilter(List<Predicate<JsonNode>> patterns) {
        this.patterns = patterns;
    }

    /// Reads `FilterCriteria`.
    ///
    /// @throws IllegalStateException naming what local run does not carry out
    static EventFilter read(Section mapping) {
        List<Section> filters = mapping.section("FilterCriteria")
                .map(criteria -> criteria.sections("Filters"))
                .orElse(List.of());
        if (filters.size() > MAX_PATTERNS) {
            throw new IllegalStateException(
                    "%s.FilterCriteria has more than %d filters".formatted(mapping.path(), MAX_PATTERNS));
        }
        return of(filters.stream().map(filter -> filter.requiredText("Pattern")).toArray(String[]::new));
    }

    /// Reads patterns.
    ///
    /// @throws IllegalStateException naming what local run does not carry out
    static EventFilter of(String... patterns) {
        return new EventFilter(Stream.of(patterns).map(EventFilter::pattern).toList());
    }

    /// Whether a record reaches the function.
    ///
    /// @param record as Lambda sees it, see [RecordJson]
    boolean passes(JsonNode record) {
        return patterns.isEmpty() || patterns.stream().anyMatch(pattern -> pattern.test(record));
    }

    private static Predicate<JsonNode> pattern(String text) {
        try {
            return members(Json.mapper().readTree(text), text);
        } catch (JacksonException notJson) {
            throw refused(text, notJson.getOriginalMessage());
        }
    }

    /// Every member of the pattern has to match the member of the same name.
    private static Predicate<JsonNode> members(JsonNode pattern, String text) {
        if (!pattern.isObject() || pattern.isEmpty()) {
            throw refused(text, "a pattern is an object with members");
        }
        return pattern.properties().stream()
                .map(member -> {
                    Predicate<JsonNode> matches = member.getValue().isArray()
                            ? anyOf(member.getValue(), text)
                            : members(member.getValue(), text);
                    return (Predicate<JsonNode>) node -> matches.test(node.path(member.getKey()));
                })
                .reduce(Predicate::and)
                .orElseThrow();
    }

    private static Predicate<JsonNode> anyOf(JsonNode rules, String text) {
        if (rules.isEmpty()) {
            throw refused(text, "an empty list");
        }
        return rules.valueStream()
                .map(rule -> rule(rule, text))
                .reduce(Predicate::or)
                .orElseThrow();
    }

    private static Predicate<JsonNode> rule(JsonNode rule, String text) {
        if (rule.isValueNode()) {
            return values(rule::equals);
        }
        if (rule.isObject() && rule.size() == 1) {
            JsonNode prefix = rule.path("prefix");
            if (prefix.isString()) {
                return values(value -> value.isString() && value.stringValue().startsWith(prefix.stringValue()));
            }
            JsonNode exists = rule.path("exists");
            if (exists.isBoolean()) {
                // Of leaves: a member that has members of its own does not count.
                return node -> (node.isValueNode() || node.isArray()) == exists.booleanValue();
            }
            JsonNode unwanted = rule.path("anything-but");
            if (unwanted.isValueNode()) {
                return values(value -> !value.equals(unwanted));
            }
            if (unwanted.isArray() && unwanted.valueStream().allMatch(JsonNode::isValueNode)) {
                return values(value -> unwanted.valueStream().noneMatch(value::equals));
            }
        }
        throw refused(text, String.valueOf(rule));
    }

    /// A list matches if one of its elements does; what is absent matches no value.
    private static Predicate<JsonNode> values(Predicate<JsonNode> one) {
        return node -> node.isArray() ? node.valueStream().anyMatch(one) : node.isValueNode() && one.test(node);
    }

    private static IllegalStateException refused(String pattern, String what) {
        return new IllegalStateException(
                "the filter %s uses what local run does not carry out: %s".formatted(pattern, what));
    }
}
