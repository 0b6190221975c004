package com.pantherkolab.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MetricMathTest {
    private static final Map<String, Double> VALUES = Map.of("a", 7.0, "b", 2.0, "none", 0.0);

    @ParameterizedTest
    @CsvSource(delimiter = '=', textBlock = """
            a - b - 1 = 4
            a + b * 2 = 11
            (a + b) * 2 = 18
            a / b = 3.5
            ABS(b - a) = 5
            a > b = 1
            b > a = 0
            b < a = 1
            FILL(a, 0) + FILL(b, 0) = 9
            IF(a > 5, 100 * b / a, 0) > 28 = 1
            IF(b > 5, 100 * a / none, 0) = 0
            """)
    void anExpressionIsWhatItComesTo(String expression, double result) {
        assertThat(MetricMath.evaluate(expression, VALUES)).isEqualTo(result);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a +", "a b", "c", "(a", "SEARCH(a, b)", "a ^ b", "ABS a", ""})
    void whatIsNotUnderstoodIsRefused(String expression) {
        assertThatThrownBy(() -> MetricMath.evaluate(expression, VALUES)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theIdsOfAnExpressionAreItsMetricsAndNotItsFunctions() {
        assertThat(MetricMath.ids("IF(failed > 5, 100 * failed / requests, 0)")).containsExactly("failed", "requests");
    }
}
