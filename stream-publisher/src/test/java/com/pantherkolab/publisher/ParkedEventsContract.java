package com.pantherkolab.publisher;

import static com.pantherkolab.publisher.Samples.ALICE;
import static org.assertj.core.api.Assertions.assertThat;

import com.pantherkolab.common.Aggregate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/// What holds of every place where events are parked.
abstract class ParkedEventsContract {
    abstract ParkedEvents parkedEvents();

    /// What can be found there, oldest first.
    abstract List<Parked> found();

    @Test
    void whatWasParkedIsFoundAsSoonAsTheCallReturns() throws NotParkedException {
        Parked undelivered = undelivered(1);
        parkedEvents().park(undelivered);
        assertThat(found()).containsExactly(undelivered);

        Parked unreadable = new Parked.Unreadable(Samples.insert("1", "{}"), "NOT_AN_ENTRY");
        parkedEvents().park(unreadable);
        assertThat(found()).containsExactly(undelivered, unreadable);
    }

    @Test
    void manyLanesParkAtOnceAndNothingIsLost() throws Exception {
        List<Future<?>> parkings = new ArrayList<>();
        try (ExecutorService lanes = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 200; i++) {
                int order = i;
                parkings.add(lanes.submit(() -> {
                    parkedEvents().park(undelivered(order));
                    return order;
                }));
            }
        }
        for (Future<?> parking : parkings) {
            parking.get();
        }

        assertThat(found()).hasSize(200).doesNotHaveDuplicates();
    }

    static Parked undelivered(int order) {
        return new Parked.Undelivered(Aggregate.conversation("c1"), "c1-" + order, ALICE, "EventTooLargeException");
    }
}
