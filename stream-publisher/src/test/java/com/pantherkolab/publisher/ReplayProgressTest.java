package com.pantherkolab.publisher;

import static org.assertj.core.api.Assertions.assertThat;

import com.pantherkolab.publisher.ReplayAnswer.Replayed;
import java.io.BufferedWriter;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// One line, written over again and again, as a terminal gets it.
class ReplayProgressTest {
    private final StringWriter terminal = new StringWriter();
    private final ReplayProgress progress = new ReplayProgress(new PrintWriter(new BufferedWriter(terminal)));

    @Test
    void theBarIsFullAtTheEndAndNeverBefore() {
        assertThat(ReplayProgress.line(replayed(false, 50, 100L))).startsWith("[###############...............]  50 %");
        assertThat(ReplayProgress.line(replayed(false, 500, 100L)))
                .startsWith("[##############################] 100 %");
        assertThat(ReplayProgress.line(replayed(true, 1, 100L))).startsWith("[##############################] 100 %");
        assertThat(ReplayProgress.line(replayed(false, 7, null))).isEqualTo("considered 7, published 7");
    }

    @Test
    void whatIsShownIsSeenAtOnceAndOverwritesWhatWasLonger() {
        progress.show(replayed(false, 1_000, null));
        assertThat(terminal.toString()).isEqualTo("\rconsidered 1000, published 1000");

        progress.show(replayed(false, 7, null));
        assertThat(terminal.toString()).isEqualTo("\rconsidered 1000, published 1000\rconsidered 7, published 7      ");
    }

    @Test
    void aLineIsEndedOnceAndOnlyWhereThereIsOne() {
        progress.end();
        assertThat(terminal.toString()).isEmpty();

        progress.show(replayed(false, 7, null));
        progress.end();
        progress.end();
        assertThat(terminal.toString()).isEqualTo("\rconsidered 7, published 7" + System.lineSeparator());
    }

    private static Replayed replayed(boolean done, int published, @Nullable Long expected) {
        return new Replayed(
                done, null, false, VirtualTime.START, ReplaySummary.PUBLISHED.times(published), null, expected, null);
    }
}
