package com.pantherkolab.publisher;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MemoryParkedEventsTest extends ParkedEventsContract {
    private final MemoryParkedEvents parked = new MemoryParkedEvents();

    @Override
    ParkedEvents parkedEvents() {
        return parked;
    }

    @Override
    List<Parked> found() {
        return parked.latest();
    }

    @Test
    void onlyTheLatestAreListed() {
        for (int i = 0; i <= MemoryParkedEvents.KEPT; i++) {
            parked.park(undelivered(i));
        }

        assertThat(parked.latest())
                .hasSize(MemoryParkedEvents.KEPT)
                .startsWith(undelivered(1))
                .endsWith(undelivered(MemoryParkedEvents.KEPT));
    }
}
