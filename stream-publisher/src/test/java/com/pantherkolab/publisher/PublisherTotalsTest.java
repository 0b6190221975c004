package com.pantherkolab.publisher;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class PublisherTotalsTest {

    @Test
    void manyLanesCountAtOnceAndNothingIsLost() {
        PublisherTotals totals = new PublisherTotals();
        try (ExecutorService lanes = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 1_000; i++) {
                lanes.execute(() -> totals.count(new Counts(1, 2, 3, 4, 5, 6, 7, 8)));
            }
        }

        assertThat(totals.totals()).isEqualTo(new Counts(1_000, 2_000, 3_000, 4_000, 5_000, 6_000, 7_000, 8_000));
    }
}
