package com.pantherkolab.api.calls;

import com.amazonaws.services.lambda.runtime.events.DynamodbEvent;
import com.amazonaws.services.lambda.runtime.events.DynamodbEvent.DynamodbStreamRecord;
import com.amazonaws.services.lambda.runtime.events.StreamsEventResponse;
import com.amazonaws.services.lambda.runtime.events.StreamsEventResponse.BatchItemFailure;
import com.amazonaws.services.lambda.runtime.events.models.dynamodb.AttributeValue;
import com.pantherkolab.api.store.CallRecords;
import com.pantherkolab.api.trace.Causes;
import com.pantherkolab.common.Aggregate;
import com.pantherkolab.common.LogKey;
import com.pantherkolab.common.metrics.Metric;
import com.pantherkolab.common.metrics.Metrics;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.messaging.Message;

/// The function `callWorkflow`: has the workflow look at every call of which a batch of the stream of the Calls
/// table says that it changed.
///
/// Each call is looked at once, all side by side, so that one for which Chime does not answer does not delay the
/// others. It promises that a call whose records its answer does not return was brought to where it should be.
public final class CallStream implements Function<Message<DynamodbEvent>, StreamsEventResponse> {
    private static final Logger log = LoggerFactory.getLogger(CallStream.class);

    private final Consumer<String> workflow;
    private final Causes causes;
    private final Metrics metrics;

    public CallStream(CallWorkflow workflow, Causes causes, Metrics metrics) {
        this(workflow::advance, causes, metrics);
    }

    CallStream(Consumer<String> workflow, Causes causes, Metrics metrics) {
        this.workflow = workflow;
        this.causes = causes;
        this.metrics = metrics;
    }

    @Override
    public StreamsEventResponse apply(Message<DynamodbEvent> batch) {
        List<DynamodbStreamRecord> records = batch.getPayload().getRecords();
        if (records == null) {
            throw new IllegalArgumentException("not a stream event: it has no records");
        }
        List<Optional<String>> calls = records.stream().map(CallStream::call).toList();
        Set<String> seenTo =
                lookAt(calls.stream().flatMap(Optional::stream).distinct().toList());
        metrics.send();
        // The lowest one is what counts; what comes again behind it is looked at once more, which does no harm.
        return new StreamsEventResponse(IntStream.range(0, records.size())
                .filter(number ->
                        calls.get(number).filter(call -> !seenTo.contains(call)).isPresent())
                .limit(1)
                .mapToObj(number ->
                        new BatchItemFailure(records.get(number).getDynamodb().getSequenceNumber()))
                .toList());
    }

    /// Looks at calls, all side by side.
    ///
    /// @return those that are where they should be
    private Set<String> lookAt(List<String> calls) {
        Set<String> seenTo = ConcurrentHashMap.newKeySet();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            calls.forEach(call -> threads.execute(() -> {
                if (causes.function("callWorkflow").during(() -> isSeenTo(call))) {
                    seenTo.add(call);
                }
            }));
        }
        return seenTo;
    }

    private boolean isSeenTo(String call) {
        try {
            workflow.accept(call);
            return true;
        } catch (RuntimeException failed) {
            metrics.count(Metric.CALLS_RETURNED);
            log.atWarn()
                    .addKeyValue(LogKey.AGGREGATE, Aggregate.call(call))
                    .addKeyValue(LogKey.REASON, failed.getClass().getSimpleName())
                    .log("call returned");
            return false;
        }
    }

    /// The filter lets the records of calls through and no others; should it be lost, there is nothing to do for
    /// them.
    private static Optional<String> call(DynamodbStreamRecord record) {
        Map<String, AttributeValue> keys =
                record.getDynamodb() == null ? null : record.getDynamodb().getKeys();
        return keys == null || "REMOVE".equals(record.getEventName())
                ? Optional.empty()
                : CallRecords.sessionId(text(keys, "subject"), text(keys, "part"));
    }

    private static String text(Map<String, AttributeValue> keys, String name) {
        AttributeValue value = keys.get(name);
        String text = value == null ? null : value.getS();
        return text == null ? "" : text;
    }
}
