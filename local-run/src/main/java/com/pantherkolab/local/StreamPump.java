package com.pantherkolab.local;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.dynamodb.model.Shard;

/// Feeds a function with a table's stream, as Lambda's event source mapping does: each record at least once, those
/// of an item in order, by the mapping's settings. `docs/streams.md` has the rules and the test of each.
///
/// A shard is begun when its parent is handled to its end; shards that are not related run side by side.
///
/// It is faster than AWS, where a stream's latency is some 100 to 300 ms: each commit rings a bell.
final class StreamPump implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(StreamPump.class);

    /// How often it looks for new shards where none has ended.
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final StreamMapping mapping;
    private final TableStream stream;
    private final Surroundings surroundings;
    private final ScheduledThreadPoolExecutor timer;
    private final Invoker invoker;
    private final FailureDocuments documents;
    private final MappingFigures figures = new MappingFigures();
    private final Thread thread;
    private final Map<String, ShardPump> shards = new ConcurrentHashMap<>();
    private final Semaphore done = new Semaphore(0);
    private volatile boolean closed;

    /// @param function who is fed; made when it is first asked
    StreamPump(StreamMapping mapping, TableStream stream, StreamFunction function, Surroundings surroundings) {
        this.mapping = mapping;
        this.stream = stream;
        this.surroundings = surroundings;
        this.timer = new ScheduledThreadPoolExecutor(
                1,
                Thread.ofPlatform()
                        .daemon()
                        .name("pump-" + mapping.function() + "-timer")
                        .factory());
        timer.setRemoveOnCancelPolicy(true);
        this.invoker = new Invoker(mapping, stream.arn(), function, timer, surroundings.clock(), surroundings.ids());
        this.documents = new FailureDocuments(
                mapping, stream.arn(), surroundings.failures(), surroundings.clock(), surroundings.ids());
        this.thread = Thread.ofPlatform().name("pump-" + mapping.function()).unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /// Which function it feeds.
    String function() {
        return mapping.function();
    }

    boolean isRunning() {
        return thread.isAlive() && shards.values().stream().allMatch(ShardPump::isWell);
    }

    /// How many records of the stream that concern the function are not handled, read or not.
    long behind() {
        long behind = 0;
        for (Shard shard : stream.shards()) {
            ShardPump pump = shards.get(shard.shardId());
            behind += pump == null
                    ? ShardPump.unread(mapping, stream, shard.shardId(), keptPosition(shard.shardId()))
                    : pump.behind();
        }
        return behind;
    }

    /// An instant before which every record that concerns the function is handled: that of the oldest one that is
    /// not, or now.
    ///
    /// @param now a time before this call
    Instant passed(Instant now) {
        Instant passed = now;
        for (Shard shard : stream.shards()) {
            ShardPump pump = shards.get(shard.shardId());
            SequenceNumber after = pump == null ? keptPosition(shard.shardId()) : pump.position();
            Instant oldest = ShardPump.oldestUnread(mapping, stream, shard.shardId(), after);
            passed = oldest != null && oldest.isBefore(passed) ? oldest : passed;
        }
        return passed;
    }

    /// How old the oldest record is that is not handled, by the clock that records are given up by.
    Duration age() {
        Instant now = surroundings.clock().instant();
        return Duration.between(passed(now), now);
    }

    /// What was counted until now.
    MappingFigures.Snapshot figures() {
        return figures.snapshot();
    }

    /// Ends the invocations under way, which then count for nothing, and the pump.
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            // First, so that no shard is begun behind the ones that are closed.
            thread.join(Duration.ofSeconds(10));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        shards.values().forEach(ShardPump::close);
        timer.shutdownNow();
    }

    private void run() {
        try {
            while (!closed) {
                look();
                // Until a shard is done, or a while has passed: both are reasons to look again.
                done.tryAcquire(LOOK.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException _) { // Closed.
        }
    }

    private void look() {
        try {
            begin(stream.shards());
        } catch (RuntimeException failed) {
            log.warn("the stream of {} could not be described; trying again", mapping.table(), failed);
        }
    }

    /// Begins every shard whose parent is handled to its end, or is gone from the stream.
    private void begin(List<Shard> listed) {
        shards.values().stream().filter(ShardPump::isDone).forEach(ShardPump::close);
        Set<String> names = listed.stream().map(Shard::shardId).collect(Collectors.toSet());
        for (Shard shard : listed) {
            String parent = shard.parentShardId();
            ShardPump before = parent == null ? null : shards.get(parent);
            if (!shards.containsKey(shard.shardId())
                    && (parent == null || !names.contains(parent) || (before != null && before.isDone()))) {
                ShardPump pump = new ShardPump(
                        shard.shardId(), mapping, stream, invoker, documents, figures, surroundings, done::release);
                shards.put(shard.shardId(), pump);
                pump.start();
            }
        }
    }

    private SequenceNumber keptPosition(String shard) {
        return surroundings.positions().after(mapping.id(), shard);
    }
}
