package com.pantherkolab.publisher;

import static com.pantherkolab.publisher.Samples.ALICE;
import static com.pantherkolab.publisher.Samples.message;
import static com.pantherkolab.publisher.Samples.numbered;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ForgetfulLanesTest {
    private static final Deadline NEVER = new Deadline(Instant.MAX);

    private final List<NotingLanes> made = new ArrayList<>();
    private final ForgetfulLanes lanes = new ForgetfulLanes(() -> {
        NotingLanes next = new NotingLanes();
        made.add(next);
        return next;
    });

    /// Lanes that deliver everything, and remember what they were given.
    private static final class NotingLanes implements Lanes {
        private final List<StreamRecord.Entry> delivered = new ArrayList<>();
        private final List<StreamRecord.Entry> passed = new ArrayList<>();

        @Override
        public Progress deliver(List<StreamRecord.Entry> entries, Deadline deadline) {
            delivered.addAll(entries);
            return Progress.done(Counts.PUBLISHED.times(entries.size()));
        }

        @Override
        public void passed(List<StreamRecord.Entry> entries, Checkpoint checkpoint) {
            passed.addAll(entries);
        }
    }

    @Test
    void oneInvocationAfterTheOtherIsGivenToTheSameLanes() throws InterruptedException {
        List<StreamRecord.Entry> batch = numbered(message("c1", 1, ALICE), message("c1", 2, ALICE));

        Progress progress = lanes.deliver(batch, NEVER);
        lanes.passed(batch, Checkpoint.END);
        lanes.deliver(batch, NEVER);

        assertThat(progress.counts().published()).isEqualTo(2);
        assertThat(made).hasSize(1);
        assertThat(made.getFirst().delivered).hasSize(4);
        assertThat(made.getFirst().passed).isEqualTo(batch);
    }

    @Test
    void whatIsDeliveredAfterForgettingIsGivenToLanesThatKnowNothing() throws InterruptedException {
        List<StreamRecord.Entry> before = numbered(message("c1", 1, ALICE));
        List<StreamRecord.Entry> after = numbered(message("c2", 1, ALICE));
        lanes.deliver(before, NEVER);

        lanes.forget();
        lanes.deliver(after, NEVER);
        lanes.passed(after, Checkpoint.END);

        assertThat(made).hasSize(2);
        assertThat(made.getFirst().delivered).isEqualTo(before);
        assertThat(made.getFirst().passed).isEmpty();
        assertThat(made.getLast().delivered).isEqualTo(after);
        assertThat(made.getLast().passed).isEqualTo(after);
    }
}
