package com.pantherkolab.local;

import com.pantherkolab.local.StreamMapping.Batching;
import com.pantherkolab.local.StreamMapping.Retrying;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;

/// The records of one lane in stream order, and what the mapping says is to be done about them next.
///
/// It decides and does nothing: no clock, no thread, no function. Each of Lambda's rules is one branch here. It is
/// for one thread at a time.
final class BatchQueue {
    private final Batching batching;
    private final Retrying retrying;
    private final Deque<Incoming> waiting = new ArrayDeque<>();
    /// What was made into batches and is not handled, the next one first.
    private final Deque<Batch> made = new ArrayDeque<>();

    BatchQueue(Batching batching, Retrying retrying) {
        this.batching = batching;
        this.retrying = retrying;
    }

    /// Records that belong together.
    ///
    /// @param repeats how often exactly these were asked about again
    /// @param invocations how often the function was asked about them, also among others
    /// @param failed whether the last of these invocations failed
    record Batch(List<Incoming> records, int repeats, int invocations, boolean failed) {
        Batch {
            records = List.copyOf(records);
        }

        private Batch part(int from, int to) {
            return new Batch(records.subList(from, to), 0, invocations, failed);
        }
    }

    /// Why records are given up; the name is what a failure document says.
    enum Condition {
        RETRY_ATTEMPTS_EXHAUSTED("RetryAttemptsExhausted"),
        RECORD_AGE_EXCEEDED("RecordAgeExceeded");

        private final String text;

        Condition(String text) {
            this.text = text;
        }

        String text() {
            return text;
        }
    }

    /// What is to be done next.
    sealed interface Step {
        /// Nothing, until a record comes.
        record Idle() implements Step {}

        /// Nothing, until a record comes or the time has.
        record WaitUntil(Instant time) implements Step {}

        /// Something.
        sealed interface Work extends Step {}

        /// Ask the function, then tell of it by [#invoked].
        record Invoke(Batch batch) implements Work {}

        /// Store these, then tell of it by [#givenUp].
        record GiveUp(Batch batch, Condition condition) implements Work {}
    }

    /// Records in stream order, behind those that are there.
    void add(Collection<Incoming> records) {
        waiting.addAll(records);
    }

    /// What is to be done next.
    Step next(Instant now) {
        if (made.isEmpty()) {
            if (waiting.isEmpty()) {
                return new Step.Idle();
            }
            Instant windowEnds = waiting.getFirst().arrived().plus(batching.window());
            int size = size();
            if (size == waiting.size() && size < batching.size() && now.isBefore(windowEnds)) {
                return new Step.WaitUntil(windowEnds);
            }
            List<Incoming> records = new ArrayList<>();
            while (records.size() < size) {
                records.add(waiting.removeFirst());
            }
            made.add(new Batch(records, 0, 0, false));
        }
        Batch batch = made.getFirst();
        int old = tooOld(batch, now);
        if (old > 0) {
            cut(old);
            return new Step.GiveUp(made.getFirst(), Condition.RECORD_AGE_EXCEEDED);
        }
        return retrying.maxRepeats().filter(most -> batch.repeats() > most).isPresent()
                ? new Step.GiveUp(batch, Condition.RETRY_ATTEMPTS_EXHAUSTED)
                : new Step.Invoke(batch);
    }

    /// Takes in what came of the batch that was to be invoked.
    ///
    /// @return the records that are handled now
    List<Incoming> invoked(Outcome outcome) {
        Batch asked = made.removeFirst();
        Batch batch =
                new Batch(asked.records(), asked.repeats(), asked.invocations() + 1, outcome instanceof Outcome.Failed);
        int size = batch.records().size();
        return switch (outcome) {
            case Outcome.Answered(int handled) -> {
                if (handled == 0) {
                    made.addFirst(repeated(batch));
                } else if (handled < size) {
                    made.addFirst(batch.part(handled, size));
                }
                yield batch.records().subList(0, handled);
            }
            case Outcome.Failed() -> {
                if (retrying.bisect() && size > 1) {
                    made.addFirst(batch.part(size / 2, size));
                    made.addFirst(batch.part(0, size / 2));
                } else {
                    made.addFirst(repeated(batch));
                }
                yield List.of();
            }
            case Outcome.NotInvoked() -> {
                made.addFirst(asked);
                yield List.of();
            }
        };
    }

    /// Takes in that the batch that was to be given up is stored.
    ///
    /// @return its records, which are handled now
    List<Incoming> givenUp() {
        return made.removeFirst().records();
    }

    private static Batch repeated(Batch batch) {
        return new Batch(batch.records(), batch.repeats() + 1, batch.invocations(), batch.failed());
    }

    /// How many of the waiting records one invocation may be handed; at least one.
    private int size() {
        long bytes = 0;
        int size = 0;
        for (Incoming incoming : waiting) {
            bytes += incoming.bytes();
            if (size == batching.size() || (size > 0 && bytes > Batching.MAX_BYTES)) {
                break;
            }
            size++;
        }
        return size;
    }

    /// How many records from the first on are past their age.
    private int tooOld(Batch batch, Instant now) {
        Duration maxAge = retrying.maxAge().orElse(null);
        int old = 0;
        while (maxAge != null
                && old < batch.records().size()
                && batch.records().get(old).createdAt().plus(maxAge).isBefore(now)) {
            old++;
        }
        return old;
    }

    /// Makes two batches of the first.
    private void cut(int at) {
        Batch batch = made.removeFirst();
        int size = batch.records().size();
        if (at < size) {
            made.addFirst(batch.part(at, size));
        }
        made.addFirst(new Batch(batch.records().subList(0, at), batch.repeats(), batch.invocations(), batch.failed()));
    }
}
