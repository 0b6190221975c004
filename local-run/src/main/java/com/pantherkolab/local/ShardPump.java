package com.pantherkolab.local;

import com.pantherkolab.local.BatchQueue.Step;
import com.pantherkolab.local.ShardReader.Page;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.Record;

/// Hands one shard's records to the function: a thread that reads, and one for each lane.
///
/// A record goes into the lane that its item's key says, so that the records of one item stay in order; each lane
/// has one invocation under way at most. The position moves on behind the lowest record that no lane has handled.
final class ShardPump implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ShardPump.class);

    /// How long it sleeps while nothing rings: for writers that do not ring, and for the end of the shard.
    private static final Duration SLEEP = Duration.ofMillis(250);

    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofMillis(200);

    /// Room for a full invocation and the page behind it; what is beyond waits in the stream.
    private static final long MAX_BYTES = StreamMapping.Batching.MAX_BYTES + 2 * 1024 * 1024;

    private final String shard;
    private final StreamMapping mapping;
    private final TableStream stream;
    private final Invoker invoker;
    private final FailureDocuments documents;
    private final MappingFigures figures;
    private final Surroundings surroundings;
    private final Runnable whenDone;

    private final SequenceNumber from;
    private final ShardProgress progress;
    private final List<Lane> lanes;
    private final Thread reading;
    private final Object room = new Object();
    private final Object keeping = new Object();
    private long bytes;
    private int records;
    private SequenceNumber kept;
    private volatile boolean ended;
    private volatile boolean closed;

    /// @param whenDone called when the shard is closed and all of it is handled
    ShardPump(
            String shard,
            StreamMapping mapping,
            TableStream stream,
            Invoker invoker,
            FailureDocuments documents,
            MappingFigures figures,
            Surroundings surroundings,
            Runnable whenDone) {
        this.shard = shard;
        this.mapping = mapping;
        this.stream = stream;
        this.invoker = invoker;
        this.documents = documents;
        this.figures = figures;
        this.surroundings = surroundings;
        this.whenDone = whenDone;
        this.from = surroundings.positions().after(mapping.id(), shard);
        this.kept = from;
        this.progress = new ShardProgress(from);
        this.lanes = IntStream.range(0, mapping.lanes()).mapToObj(Lane::new).toList();
        this.reading = thread("reader", this::read);
    }

    void start() {
        threads().forEach(Thread::start);
    }

    /// The shard is closed, and all of it is handled.
    boolean isDone() {
        return ended && progress.snapshot().open() == 0;
    }

    /// It does its work, or there is none left.
    boolean isWell() {
        return isDone() || (lanes.stream().allMatch(lane -> lane.thread.isAlive()) && (ended || reading.isAlive()));
    }

    /// Everything up to and with this sequence number is handled.
    SequenceNumber position() {
        return progress.position();
    }

    /// How many of the shard's records that concern the function are not handled, read or not.
    int behind() {
        ShardProgress.Snapshot now = progress.snapshot();
        return now.open() + unread(mapping, stream, shard, now.read());
    }

    /// How many records behind a place concern the function.
    static int unread(StreamMapping mapping, TableStream stream, String shard, SequenceNumber after) {
        ShardReader reader = stream.reader(shard, after);
        int unread = 0;
        Page page;
        do {
            page = reader.next();
            unread += (int) page.records().stream()
                    .filter(record -> mapping.filter().passes(RecordJson.record(record, stream.arn())))
                    .count();
        } while (!page.records().isEmpty() && !page.end());
        return unread;
    }

    /// When the first record behind a place was written that concerns the function; none, if there is none.
    static @Nullable Instant oldestUnread(
            StreamMapping mapping, TableStream stream, String shard, SequenceNumber after) {
        ShardReader reader = stream.reader(shard, after);
        Page page;
        do {
            page = reader.next();
            for (Record record : page.records()) {
                if (mapping.filter().passes(RecordJson.record(record, stream.arn()))) {
                    return LambdaRecords.createdAt(record.dynamodb());
                }
            }
        } while (!page.records().isEmpty() && !page.end());
        return null;
    }

    /// Ends the invocations under way, which then count for nothing.
    @Override
    public void close() {
        closed = true;
        threads().forEach(Thread::interrupt);
        try {
            for (Thread thread : threads()) {
                thread.join(Duration.ofSeconds(10));
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void read() {
        try {
            ShardReader reader = stream.reader(shard, from);
            CommitBell.Listener bell = surroundings.bell().listener();
            while (!closed && !ended) {
                awaitRoom();
                Page page = next(reader);
                if (!page.records().isEmpty()) {
                    handOver(page.records());
                } else if (!page.end()) {
                    bell.await(SLEEP);
                }
                if (page.end()) {
                    ended = true;
                    tellWhenDone();
                }
            }
        } catch (InterruptedException _) { // Closed.
        }
    }

    private Page next(ShardReader reader) throws InterruptedException {
        try {
            return reader.next();
        } catch (RuntimeException failed) {
            if (!closed) {
                log.warn("the stream of {} could not be read; trying again", mapping.table(), failed);
            }
            Thread.sleep(PAUSE_AFTER_FAILURE);
            return new Page(List.of(), false);
        }
    }

    private void handOver(List<Record> page) {
        Instant now = surroundings.clock().instant();
        List<Incoming> passed = page.stream()
                .filter(record -> mapping.filter().passes(RecordJson.record(record, stream.arn())))
                .map(record -> new Incoming(record, now))
                .toList();
        synchronized (room) {
            records += passed.size();
            bytes += passed.stream().mapToLong(Incoming::bytes).sum();
        }
        progress.read(
                SequenceNumber.of(page.getLast()),
                passed.stream().map(Incoming::sequence).toList());
        List<List<Incoming>> byLane =
                lanes.stream().<List<Incoming>>map(_ -> new ArrayList<>()).toList();
        passed.forEach(incoming ->
                byLane.get(lane(incoming.record().dynamodb().keys())).add(incoming));
        lanes.forEach(lane -> lane.add(byLane.get(lane.number)));
    }

    /// The same for every record of an item.
    private int lane(Map<String, AttributeValue> key) {
        int hash = key.hashCode();
        return Math.floorMod(hash ^ (hash >>> 16), lanes.size());
    }

    private void awaitRoom() throws InterruptedException {
        int most = Math.max(1_000, mapping.batching().size() * lanes.size());
        synchronized (room) {
            while (bytes >= MAX_BYTES || records >= most) {
                room.wait();
            }
        }
    }

    private void handled(List<Incoming> handled) {
        progress.handled(handled.stream().map(Incoming::sequence).toList());
        keepPosition();
        synchronized (room) {
            records -= handled.size();
            bytes -= handled.stream().mapToLong(Incoming::bytes).sum();
            room.notifyAll();
        }
        tellWhenDone();
    }

    /// One that could not be kept is no loss: what is behind an older one is handed over again.
    private void keepPosition() {
        synchronized (keeping) {
            SequenceNumber position = progress.position();
            if (position.compareTo(kept) > 0) {
                try {
                    surroundings.positions().keep(mapping.id(), shard, position);
                    kept = position;
                } catch (RuntimeException failed) {
                    log.warn("the position of {} could not be kept", mapping.function(), failed);
                }
            }
        }
    }

    private void tellWhenDone() {
        if (isDone()) {
            whenDone.run();
        }
    }

    private List<Thread> threads() {
        return Stream.concat(Stream.of(reading), lanes.stream().map(lane -> lane.thread))
                .toList();
    }

    private Thread thread(String role, Runnable work) {
        return Thread.ofPlatform()
                .name("pump-%s-%s".formatted(mapping.function(), role))
                .unstarted(work);
    }

    /// One sequence of invocations.
    private final class Lane {
        private final int number;
        private final Thread thread;
        private final BatchQueue queue = new BatchQueue(mapping.batching(), mapping.retrying());

        private Lane(int number) {
            this.number = number;
            this.thread = thread("lane-" + number, this::run);
        }

        private synchronized void add(List<Incoming> more) {
            if (!more.isEmpty()) {
                queue.add(more);
                notifyAll();
            }
        }

        private void run() {
            try {
                while (!closed) {
                    switch (next()) {
                        case Step.Invoke(BatchQueue.Batch batch) -> invoke(batch);
                        case Step.GiveUp(BatchQueue.Batch batch, BatchQueue.Condition condition) ->
                            giveUp(batch, condition);
                    }
                }
            } catch (InterruptedException _) { // Closed.
            }
        }

        /// The next thing to do, as soon as there is one.
        private synchronized Step.Work next() throws InterruptedException {
            while (true) {
                Instant now = surroundings.clock().instant();
                switch (queue.next(now)) {
                    case Step.Idle() -> wait();
                    case Step.WaitUntil(Instant time) ->
                        wait(Math.max(1, Duration.between(now, time).toMillis()));
                    case Step.Work work -> {
                        return work;
                    }
                }
            }
        }

        private void invoke(BatchQueue.Batch batch) throws InterruptedException {
            Outcome outcome = invoker.invoke(batch.records());
            if (outcome instanceof Outcome.Failed && !closed) {
                figures.failed();
            }
            List<Incoming> done;
            synchronized (this) {
                done = queue.invoked(outcome);
            }
            handled(done);
            if (done.isEmpty()) {
                Thread.sleep(PAUSE_AFTER_FAILURE);
            }
        }

        private void giveUp(BatchQueue.Batch batch, BatchQueue.Condition condition) throws InterruptedException {
            try {
                documents.keep(shard, batch, condition);
            } catch (RuntimeException failed) {
                figures.undelivered();
                log.warn("what {} gives up could not be stored; trying again", mapping.function(), failed);
                Thread.sleep(PAUSE_AFTER_FAILURE);
                return;
            }
            if (mapping.failures().isPresent()) {
                figures.givenUp(batch.records().size());
            } else {
                figures.dropped(batch.records().size());
            }
            synchronized (this) {
                queue.givenUp();
            }
            handled(batch.records());
        }
    }
}
