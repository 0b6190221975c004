package com.pantherkolab.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// The barrier over a log that, as DynamoDB Local in a file, may lose its last write.
class DurabilityBarrierTest {
    /// What was written, in order; the last one may be lost.
    private final List<String> log = new ArrayList<>();

    private final AtomicInteger barriers = new AtomicInteger();
    private final DurabilityBarrier barrier = new DurabilityBarrier(() -> {
        barriers.incrementAndGet();
        append("barrier");
    });

    @Test
    void anAnswerToAWriteIsGivenWhenAnotherWriteLiesBehindIt() throws Throwable {
        barrier.write(() -> append("one"));

        assertThat(safe()).contains("one");
    }

    @Test
    void aReadWhereNothingIsWrittenNeedsNoBarrier() throws Throwable {
        barrier.write(() -> append("one"));
        int before = barriers.get();

        barrier.read(log::size);
        barrier.settle();

        assertThat(barriers.get()).isEqualTo(before);
    }

    @Test
    void whoReadWhatIsNotSafeWaitsBeforeItIsTold() throws Throwable {
        CountDownLatch written = new CountDownLatch(1);
        CountDownLatch answered = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> writing = threads.submit(() -> write(() -> {
                append("one");
                written.countDown();
                // In the log, and the writer does not know it yet.
                return answered.await(30, TimeUnit.SECONDS);
            }));
            written.await();

            Object seen = barrier.read(this::copy);
            barrier.settle();

            assertThat(seen).isEqualTo(List.of("one"));
            assertThat(safe()).contains("one");
            answered.countDown();
            writing.get();
        }
    }

    @Test
    void behindItsOwnWriteAThreadWaitsForNothing() throws Throwable {
        barrier.read(this::copy);
        barrier.write(() -> append("one"));
        int before = barriers.get();
        CountDownLatch done = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            CountDownLatch begun = new CountDownLatch(1);
            Future<?> other = threads.submit(() -> write(() -> {
                begun.countDown();
                return done.await(30, TimeUnit.SECONDS);
            }));
            begun.await();

            barrier.settle();

            assertThat(barriers.get()).isEqualTo(before);
            done.countDown();
            other.get();
        }
    }

    @Test
    void aRefusalWaitsTooForItTellsOfWhatAnotherOneWrote() throws Throwable {
        append("of another writer");

        assertThatThrownBy(() -> barrier.write(() -> {
                    throw new IllegalStateException("it is there already");
                }))
                .hasMessage("it is there already");

        assertThat(safe()).contains("of another writer");
    }

    @Test
    void aBarrierThatFailsFailsItsAnswerAndTheNextOneIsWritten() throws Throwable {
        AtomicInteger outages = new AtomicInteger(1);
        DurabilityBarrier failing = new DurabilityBarrier(() -> {
            if (outages.getAndDecrement() > 0) {
                throw new IllegalStateException("no barrier");
            }
            append("barrier");
        });

        assertThatThrownBy(() -> failing.write(() -> append("one"))).hasMessage("no barrier");
        failing.write(() -> append("two"));

        assertThat(safe()).contains("one", "two");
    }

    @Test
    void amongManyWritersNoAnswerIsGivenBeforeItIsSafeAndBarriersAreShared() throws Exception {
        int writers = 16;
        int writes = 200;
        List<Future<?>> writing = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(writers)) {
            for (int writer = 0; writer < writers; writer++) {
                int number = writer;
                SplittableRandom random = new SplittableRandom(writer);
                writing.add(threads.submit(() -> {
                    for (int i = 0; i < writes; i++) {
                        String name = number + "-" + i;
                        if (random.nextInt(4) == 0) {
                            List<?> seen = (List<?>) read(this::copy);
                            barrier.settle();
                            assertThat(safe().size()).isGreaterThanOrEqualTo(withoutBarriers(seen));
                        } else {
                            write(() -> append(name));
                            assertThat(safe()).contains(name);
                        }
                    }
                }));
            }
            for (Future<?> one : writing) {
                one.get();
            }
        }
        assertThat(barriers.get()).isLessThan(writers * writes);
    }

    private synchronized Object append(String entry) {
        log.add(entry);
        return entry;
    }

    private synchronized List<String> copy() {
        return List.copyOf(log);
    }

    /// What a `kill -9` would leave.
    private synchronized List<String> safe() {
        return log.subList(0, Math.max(0, log.size() - 1)).stream()
                .filter(entry -> !entry.equals("barrier"))
                .toList();
    }

    private static int withoutBarriers(List<?> entries) {
        return (int) entries.stream().filter(entry -> !entry.equals("barrier")).count();
    }

    private Object write(DurabilityBarrier.Request request) {
        try {
            return barrier.write(request);
        } catch (Throwable failed) {
            throw new IllegalStateException(failed);
        }
    }

    private Object read(DurabilityBarrier.Request request) {
        try {
            return barrier.read(request);
        } catch (Throwable failed) {
            throw new IllegalStateException(failed);
        }
    }
}
