package com.pantherkolab.publisher;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ReplaySummaryTest {
    private static final ReplaySummary SOME = new ReplaySummary(1, 254, 2, 4, 8, 16, 32, 64, 128, 0, 256);
    private static final ReplaySummary MORE = new ReplaySummary(3, 45, 1, 2, 3, 4, 5, 6, 7, 17, 8);

    @Test
    void aSumIsTakenFieldByField() {
        assertThat(SOME.plus(MORE)).isEqualTo(new ReplaySummary(4, 299, 3, 6, 11, 20, 37, 70, 135, 17, 264));
        assertThat(MORE.plus(ReplaySummary.NONE)).isEqualTo(MORE);
    }

    @Test
    void soIsAMultiple() {
        assertThat(MORE.times(3)).isEqualTo(MORE.plus(MORE).plus(MORE));
    }

    @Test
    void itAddsUpWhereEverythingItCameAcrossBecameExactlyOneThing() {
        assertThat(SOME.addsUp()).isTrue();
        assertThat(MORE.addsUp()).isTrue();
        assertThat(ReplaySummary.EVENT.addsUp()).isTrue();
    }

    @ParameterizedTest
    @MethodSource
    void itDoesNotWhereOneIsMissedOrCountedTwice(ReplaySummary one) {
        assertThat(MORE.plus(one).addsUp()).isFalse();
    }

    static Stream<ReplaySummary> itDoesNotWhereOneIsMissedOrCountedTwice() {
        return Stream.of(
                new ReplaySummary(0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0),
                new ReplaySummary(0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0),
                new ReplaySummary(0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0),
                new ReplaySummary(0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0),
                new ReplaySummary(0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0),
                new ReplaySummary(0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0),
                new ReplaySummary(0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0),
                new ReplaySummary(0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0),
                new ReplaySummary(0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0));
    }
}
