package com.pantherkolab.api.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class PauseTest {
    private static final Duration FIRST = Duration.ofNanos(7);
    private static final Duration LONGEST = Duration.ofNanos(20);

    private final List<Duration> slept = new ArrayList<>();

    @Test
    void theFirstAttemptWaitsForNothing() {
        pause(drawing(0)).before(1);

        assertThat(slept).isEmpty();
    }

    @Test
    void aWaitIsDrawnFromNothingUpToTheCeilingAndNoFurther() {
        for (long draw = 0; draw <= 100; draw++) {
            pause(drawing(draw)).before(2);
        }

        assertThat(slept)
                .contains(Duration.ZERO, FIRST)
                .allMatch(time -> !time.isNegative() && time.compareTo(FIRST) <= 0);
    }

    @Test
    void anInterruptEndsTheWaitAndStaysKnown() {
        Pause pause = new Pause(FIRST, LONGEST, drawing(1), _ -> {
            throw new InterruptedException();
        });

        assertThatIllegalStateException().isThrownBy(() -> pause.before(2));
        assertThat(Thread.interrupted()).isTrue();
    }

    private Pause pause(RandomGenerator random) {
        return new Pause(FIRST, LONGEST, random, slept::add);
    }

    /// A random number that is not: the remainder of one draw.
    private static RandomGenerator drawing(long draw) {
        return new RandomGenerator() {
            @Override
            public long nextLong() {
                return draw;
            }

            @Override
            public long nextLong(long bound) {
                return draw % bound;
            }
        };
    }
}
