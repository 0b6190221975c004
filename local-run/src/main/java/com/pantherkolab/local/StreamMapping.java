package com.pantherkolab.local;

import com.pantherkolab.events.template.Section;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// The event source mapping between a table's stream and a function, as `template.yaml` sets it.
///
/// A setting that the pump does not carry out is refused here, by its name, so that local run never behaves
/// otherwise than the template says without a word.
///
/// @param id the mapping's own id; AWS draws it, here it follows from the place in the template
/// @param function the function bean that is invoked
/// @param timeout how long an invocation may take; one that runs on is a failed one
/// @param table the logical id of the table whose stream is read
/// @param batching when a batch is full
/// @param lanes `ParallelizationFactor`: how many batches of one shard are under way at once
/// @param filter what the function is not asked about
/// @param retrying what becomes of a batch that was not handled
/// @param failures the logical id of the bucket that takes what is given up; empty if nothing does
record StreamMapping(
        String id,
        String function,
        Duration timeout,
        String table,
        Batching batching,
        int lanes,
        EventFilter filter,
        Retrying retrying,
        Optional<String> failures) {
    private static final Set<String> KNOWN = Set.of(
            "Stream",
            "StartingPosition",
            "BatchSize",
            "MaximumBatchingWindowInSeconds",
            "ParallelizationFactor",
            "FunctionResponseTypes",
            "BisectBatchOnFunctionError",
            "MaximumRetryAttempts",
            "MaximumRecordAgeInSeconds",
            "FilterCriteria",
            "DestinationConfig",
            "MetricsConfig");

    /// A batch ends at whichever comes first: its size, its window, or 6 MB.
    ///
    /// @param size how many records an invocation is handed at most
    /// @param window how long a batch that is not full waits for more, from its first record on
    record Batching(int size, Duration window) {
        /// What Lambda puts into one invocation at most, counted here in the stream's own measure of its records.
        static final long MAX_BYTES = 6L * 1024 * 1024;
    }

    /// @param reportsItems whether the function's response names records; if not, there is success or failure alone
    /// @param bisect whether an invocation that fails is repeated in halves
    /// @param maxRepeats how often the same batch is repeated before it is given up; empty: without end
    /// @param maxAge how old a record may get before it is given up; empty: without end
    record Retrying(boolean reportsItems, boolean bisect, Optional<Integer> maxRepeats, Optional<Duration> maxAge) {}

    /// Reads the mapping.
    ///
    /// @param name what the function calls this event
    /// @throws IllegalStateException naming the setting that local run does not carry out
    static StreamMapping read(String name, String function, Duration timeout, Section mapping) {
        mapping.values().keySet().forEach(setting -> require(mapping, setting, KNOWN.contains(setting)));
        require(mapping, "StartingPosition", "TRIM_HORIZON".equals(mapping.requiredText("StartingPosition")));
        // Counted always; see [MappingFigures].
        mapping.section("MetricsConfig")
                .ifPresent(config ->
                        require(config, "Metrics", config.texts("Metrics").equals(List.of("EventCount"))));
        List<String> types = mapping.texts("FunctionResponseTypes");
        require(mapping, "FunctionResponseTypes", types.isEmpty() || types.equals(List.of("ReportBatchItemFailures")));
        return new StreamMapping(
                UUID.nameUUIDFromBytes((function + "/" + name).getBytes(StandardCharsets.UTF_8))
                        .toString(),
                function,
                timeout,
                mapping.reference("Stream").orElseThrow(),
                new Batching(
                        number(mapping, "BatchSize", 100, 1, 10_000),
                        Duration.ofSeconds(number(mapping, "MaximumBatchingWindowInSeconds", 0, 0, 300))),
                number(mapping, "ParallelizationFactor", 1, 1, 10),
                EventFilter.read(mapping),
                new Retrying(
                        !types.isEmpty(),
                        mapping.flag("BisectBatchOnFunctionError").orElse(false),
                        limit(mapping, "MaximumRetryAttempts", 0, 10_000),
                        limit(mapping, "MaximumRecordAgeInSeconds", 60, 604_800).map(Duration::ofSeconds)),
                destination(mapping));
    }

    private static Optional<String> destination(Section mapping) {
        return mapping.section("DestinationConfig")
                .flatMap(config -> config.section("OnFailure"))
                .map(onFailure -> {
                    // A queue or a topic would get no payload; nothing here uses one.
                    require(onFailure, "Type", onFailure.text("Type").equals(Optional.of("S3")));
                    return onFailure.reference("Destination").orElseThrow();
                });
    }

    /// A limit that is not there at −1, which is also the default.
    private static Optional<Integer> limit(Section mapping, String setting, int least, int most) {
        return mapping.number(setting).orElse(-1) == -1
                ? Optional.empty()
                : Optional.of(number(mapping, setting, -1, least, most));
    }

    private static int number(Section mapping, String setting, int otherwise, int least, int most) {
        int value = mapping.number(setting).orElse(otherwise);
        require(mapping, setting, value >= least && value <= most);
        return value;
    }

    private static void require(Section mapping, String setting, boolean known) {
        if (!known) {
            throw new IllegalStateException(
                    "%s.%s has a value that local run does not carry out".formatted(mapping.path(), setting));
        }
    }
}
