package com.pantherkolab.local;

import com.pantherkolab.local.aws.LocalQueues;
import com.pantherkolab.local.aws.QueueResource;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/// What AWS measures by itself and the alarms of `template.yaml` look at, measured here: of the streams, the queues
/// and the store. Counts are from the start of local run on.
final class AwsFigures {
    private final LocalSystem system;
    private final EmbeddedDynamo dynamo;
    private final LocalQueues queues;
    private final List<QueueResource> named;

    /// @param named the queues that are told of
    AwsFigures(LocalSystem system, EmbeddedDynamo dynamo, LocalQueues queues, List<QueueResource> named) {
        this.system = system;
        this.dynamo = dynamo;
        this.queues = queues;
        this.named = List.copyOf(named);
    }

    /// A stream and the function that it feeds.
    ///
    /// @param behind records that concern the function and are not handled
    /// @param ageMs how old the oldest of them is; CloudWatch's `IteratorAge` is of the batch that is handed over
    /// @param failed as [MappingFigures.Snapshot] has it, and so the others
    record OfStream(long behind, long ageMs, long failed, long givenUp, long undelivered, long dropped) {
        static OfStream of(StreamPump pump) {
            long behind = pump.behind();
            MappingFigures.Snapshot counted = pump.figures();
            return new OfStream(
                    behind,
                    behind == 0 ? 0 : pump.age().toMillis(),
                    counted.failed(),
                    counted.givenUp(),
                    counted.undelivered(),
                    counted.dropped());
        }
    }

    /// The store.
    ///
    /// @param throttled writes that were throttled
    record OfStore(long throttled) {}

    /// By the function that is fed.
    Map<String, OfStream> streams() {
        Map<String, OfStream> streams = new LinkedHashMap<>();
        system.pumps().forEach(pump -> streams.put(pump.function(), OfStream.of(pump)));
        return streams;
    }

    /// How many messages wait in each queue, by its logical id.
    Map<String, Long> queues() {
        Map<String, Long> waiting = new LinkedHashMap<>();
        named.forEach(queue -> waiting.put(queue.logicalId(), queues.visible(queue.name())));
        return waiting;
    }

    OfStore store() {
        return new OfStore(dynamo.throttled());
    }

    /// The same to Prometheus, from the start on: while local run begins or ends, nothing.
    ///
    /// @param fed the functions that streams feed
    MeterBinder meters(List<String> fed) {
        return registry -> {
            for (String function : fed) {
                stream(registry, "stream_behind", function, StreamPump::behind);
                stream(
                        registry,
                        "stream_age_milliseconds",
                        function,
                        pump -> pump.behind() == 0 ? 0 : pump.age().toMillis());
                counted(registry, "stream_failed", function, MappingFigures.Snapshot::failed);
                counted(registry, "stream_given_up", function, MappingFigures.Snapshot::givenUp);
                counted(registry, "stream_undelivered", function, MappingFigures.Snapshot::undelivered);
                counted(registry, "stream_dropped", function, MappingFigures.Snapshot::dropped);
            }
            for (QueueResource queue : named) {
                Gauge.builder("queue_visible", () -> queues.visible(queue.name()))
                        .tag("queue", queue.logicalId())
                        .register(registry);
            }
            FunctionCounter.builder("store_throttled", dynamo, EmbeddedDynamo::throttled)
                    .register(registry);
        };
    }

    private void stream(MeterRegistry registry, String name, String function, ToLongFunction<StreamPump> measured) {
        Gauge.builder(name, () -> of(function, measured))
                .tag("function", function)
                .register(registry);
    }

    private void counted(
            MeterRegistry registry, String name, String function, ToLongFunction<MappingFigures.Snapshot> counted) {
        FunctionCounter.builder(name, this, _ -> of(function, pump -> counted.applyAsLong(pump.figures())))
                .tag("function", function)
                .register(registry);
    }

    private long of(String function, ToLongFunction<StreamPump> measured) {
        return system.isRunning()
                ? system.pumps().stream()
                        .filter(pump -> pump.function().equals(function))
                        .mapToLong(measured)
                        .sum()
                : 0;
    }
}
