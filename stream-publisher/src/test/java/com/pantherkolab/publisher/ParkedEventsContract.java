package com.pantherkolab.publisher;

import static com.pantherkolab.publisher.Samples.ALICE;
import static org.assertj.core.api.Assertions.assertThat;

import com.pantherkolab.common.Aggregate;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/// What holds of every place where events are parked.
abstract class ParkedEventsContract {
    abstract ParkedEvents parkedEvents();

    /// What can be found there, oldest first.
    abstract List<Parked> found();

    @Test
    void whatWasParkedIsFoundAsSoonAsTheCallReturns() {
        Parked refused = refused(1);
        parkedEvents().park(refused);
        assertThat(found()).containsExactly(refused);

        Parked unreadable = new Parked.Unreadable(Samples.insert("1", "{}"), "NOT_AN_ENTRY");
        parkedEvents().park(unreadable);
        assertThat(found()).containsExactly(refused, unreadable);
    }

    @Test
    void manyLanesParkAtOnceAndNothingIsLost() {
        try (ExecutorService lanes = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 200; i++) {
                int order = i;
                lanes.execute(() -> parkedEvents().park(refused(order)));
            }
        }

        assertThat(found()).hasSize(200).doesNotHaveDuplicates();
    }

    static Parked refused(int order) {
        return new Parked.Refused(Aggregate.conversation("c1"), "c1-" + order, ALICE, "EventTooLargeException");
    }
}
