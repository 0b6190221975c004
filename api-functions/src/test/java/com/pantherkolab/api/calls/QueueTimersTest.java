package com.pantherkolab.api.calls;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueueTimersTest {
    @ParameterizedTest
    @CsvSource({"PT-5S,0", "PT0S,0", "PT0.001S,1", "PT45S,45", "PT44.001S,45", "PT15M,900", "PT24H,900", "PT899.5S,900"
    })
    void aDelayIsInWholeSecondsNeverEarlyByAFractionAndAtMostAQuarterOfAnHour(Duration after, int seconds) {
        assertThat(QueueTimers.delaySeconds(after)).isEqualTo(seconds);
    }
}
