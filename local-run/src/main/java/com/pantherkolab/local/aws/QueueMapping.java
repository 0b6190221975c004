package com.pantherkolab.local.aws;

import com.pantherkolab.events.template.Section;
import java.util.Set;

/// The event source mapping between a queue and a function, as `template.yaml` sets it.
///
/// A setting that [QueuePump] does not carry out is refused here.
///
/// @param function the function bean that is invoked
/// @param queue the logical id of the queue
/// @param batchSize how many messages an invocation is handed at most
public record QueueMapping(String function, String queue, int batchSize) {
    /// Lambda's own, and the most without a batching window.
    private static final int MAX_BATCH_SIZE = 10;

    /// Reads the properties of a function's event of type `SQS`.
    ///
    /// @throws IllegalStateException for a setting that is not carried out
    public static QueueMapping read(String function, Section mapping) {
        TemplateSettings.requireOnly(
                mapping,
                Set.of("Queue", "BatchSize", "MaximumBatchingWindowInSeconds", "FunctionResponseTypes", "Enabled"));
        int batchSize = mapping.number("BatchSize").orElse(MAX_BATCH_SIZE);
        TemplateSettings.require(mapping, "BatchSize", 1 <= batchSize && batchSize <= MAX_BATCH_SIZE);
        TemplateSettings.require(
                mapping,
                "MaximumBatchingWindowInSeconds",
                mapping.number("MaximumBatchingWindowInSeconds").orElse(0) == 0);
        TemplateSettings.require(
                mapping,
                "FunctionResponseTypes",
                mapping.texts("FunctionResponseTypes").contains("ReportBatchItemFailures"));
        TemplateSettings.require(mapping, "Enabled", mapping.flag("Enabled").orElse(true));
        return new QueueMapping(function, mapping.reference("Queue").orElseThrow(), batchSize);
    }
}
