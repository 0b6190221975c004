package com.pantherkolab.local;

import com.pantherkolab.common.Json;
import com.pantherkolab.events.template.Section;
import java.util.HashSet;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// The event source mapping between a table's stream and a function, as `template.yaml` sets it.
///
/// A setting that the pump does not carry out is refused here, so that local run never behaves otherwise than the
/// template says without a word.
///
/// @param function the function bean that is invoked
/// @param table the logical id of the table whose stream is read
/// @param batchSize how many records an invocation is handed at most
/// @param eventNames the kinds of record that pass the filters: `INSERT`, `MODIFY`, `REMOVE`
record StreamMapping(String function, String table, int batchSize, Set<String> eventNames) {
    private static final int DEFAULT_BATCH_SIZE = 100;

    StreamMapping {
        eventNames = Set.copyOf(eventNames);
    }

    static StreamMapping read(String function, Section mapping) {
        require(mapping, "StartingPosition", "TRIM_HORIZON".equals(mapping.requiredText("StartingPosition")));
        require(
                mapping,
                "MaximumBatchingWindowInSeconds",
                mapping.number("MaximumBatchingWindowInSeconds").orElse(0) == 0);
        require(
                mapping,
                "ParallelizationFactor",
                mapping.number("ParallelizationFactor").orElse(1) == 1);
        require(
                mapping,
                "FunctionResponseTypes",
                mapping.texts("FunctionResponseTypes").contains("ReportBatchItemFailures"));
        require(
                mapping,
                "MaximumRetryAttempts",
                mapping.number("MaximumRetryAttempts").orElse(-1) == -1);
        return new StreamMapping(
                function,
                mapping.reference("Stream").orElseThrow(),
                mapping.number("BatchSize").orElse(DEFAULT_BATCH_SIZE),
                eventNames(mapping));
    }

    /// The filters, of which local run knows the form `{"eventName":["INSERT"]}`.
    private static Set<String> eventNames(Section mapping) {
        Set<String> names = new HashSet<>();
        for (Section filter : mapping.section("FilterCriteria").orElseThrow().sections("Filters")) {
            JsonNode pattern = Json.mapper().readTree(filter.requiredText("Pattern"));
            require(
                    mapping,
                    "FilterCriteria",
                    pattern.size() == 1 && pattern.path("eventName").isArray());
            pattern.path("eventName").forEach(name -> names.add(name.stringValue()));
        }
        return names;
    }

    private static void require(Section mapping, String setting, boolean known) {
        if (!known) {
            throw new IllegalStateException(
                    "%s.%s has a value that local run does not carry out".formatted(mapping.path(), setting));
        }
    }
}
