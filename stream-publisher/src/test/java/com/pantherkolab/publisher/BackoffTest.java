package com.pantherkolab.publisher;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackoffTest {

    @ParameterizedTest
    @CsvSource({"1, 100", "2, 200", "3, 400", "4, 800", "6, 3200", "7, 5000", "8, 5000", "100000, 5000"})
    void theLongestWaitDoublesUpToItsLimit(int attempt, long millis) {
        assertThat(backoff(() -> 1).after(attempt)).isEqualTo(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "0.25, 100", "0.5, 200", "0.999, 399"})
    void theWaitIsARandomPartOfItFromNothingOn(double chance, long millis) {
        assertThat(backoff(() -> chance).after(3)).isEqualTo(Duration.ofMillis(millis));
    }

    @Test
    void eachWaitDrawsAnew() {
        double[] chances = {0.1, 0.9};
        int[] next = {0};
        Backoff backoff = backoff(() -> chances[next[0]++]);

        assertThat(backoff.after(1)).isEqualTo(Duration.ofMillis(10));
        assertThat(backoff.after(1)).isEqualTo(Duration.ofMillis(90));
    }

    private static Backoff backoff(DoubleSupplier random) {
        return Backoff.doubling(Duration.ofMillis(100), Duration.ofSeconds(5), random);
    }
}
