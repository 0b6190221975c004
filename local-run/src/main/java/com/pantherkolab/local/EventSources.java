package com.pantherkolab.local;

import com.pantherkolab.local.aws.EventBus;
import com.pantherkolab.local.aws.Invocations;
import com.pantherkolab.local.aws.LocalAws;
import com.pantherkolab.local.aws.QueuePump;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.SmartLifecycle;
import software.amazon.awssdk.services.sqs.SqsClient;

/// What invokes functions besides the gateway and the streams: queues and EventBridge's rules. The end of a meeting
/// is an event of the bus.
final class EventSources implements SmartLifecycle, HealthIndicator {
    private final AwsResources resources;
    private final LocalAws aws;
    private final Supplier<SqsClient> queues;
    private final Invocations functions;
    private volatile @Nullable Running running;

    private record Running(EventBus bus, List<QueuePump> pumps) {}

    /// @param queues asked only if a queue feeds a function: a client costs time and memory
    EventSources(AwsResources resources, LocalAws aws, Supplier<SqsClient> queues, Invocations functions) {
        this.resources = resources;
        this.aws = aws;
        this.queues = queues;
        this.functions = functions;
    }

    @Override
    public void start() {
        EventBus bus = new EventBus(resources.rules(), functions, Thread::sleep);
        List<QueuePump> pumps = resources.mappings().stream()
                .map(mapping -> new QueuePump(
                        mapping,
                        queues,
                        aws.queues()
                                .url(resources.queue(mapping.queue()).name())
                                .toString(),
                        functions.of(mapping.function())))
                .toList();
        running = new Running(bus, pumps);
        aws.meetings().onEnded(ended -> bus.put(ended.json()));
        pumps.forEach(QueuePump::start);
    }

    @Override
    public void stop() {
        Running stopping = running;
        running = null;
        if (stopping != null) {
            stopping.pumps().forEach(QueuePump::close);
            stopping.bus().close();
        }
    }

    @Override
    public boolean isRunning() {
        return running != null;
    }

    @Override
    public Health health() {
        Running now = running;
        return now != null && aws.isRunning() && now.pumps().stream().allMatch(QueuePump::isRunning)
                ? Health.up().build()
                : Health.down().build();
    }
}
