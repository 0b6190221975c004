package com.pantherkolab.publisher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.amazonaws.services.lambda.runtime.events.StreamsEventResponse.BatchItemFailure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointTest {

    @ParameterizedTest
    @CsvSource({
        "9, 10",
        "99, 100",
        "12345678901234567890, 100000000000000000000",
        "4421584500000000017450439091, 4421584500000000017450439092",
        "999999999999999999999999999999999999999, 1000000000000000000000000000000000000000"
    })
    void numbersCompareAsNumbersAndNotAsTexts(String lower, String higher) {
        assertThat(at(lower).and(at(higher)).undelivered()).isEqualTo(new SequenceNumber(lower));
        assertThat(at(higher).and(at(lower)).undelivered()).isEqualTo(new SequenceNumber(lower));
    }

    @Test
    void theLowestIsTheOnlyOneThatIsReturned() {
        assertThat(at("30").and(Checkpoint.END)
                        .and(at("4"))
                        .and(at("200"))
                        .response()
                        .getBatchItemFailures())
                .extracting(BatchItemFailure::getItemIdentifier)
                .containsExactly("4");
    }

    @Test
    void whenAllIsDoneTheListIsEmptyAndNotMissing() {
        assertThat(Checkpoint.END.and(Checkpoint.END).response().getBatchItemFailures())
                .isNotNull()
                .isEmpty();
    }

    @Test
    void theIdentifierIsTheVeryTextThatCame() {
        assertThat(at("0007").response().getBatchItemFailures().getFirst().getItemIdentifier())
                .isEqualTo("0007");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "-1", "1.0", "0x1", "1 ", "99999999999999999999999999999999999999999"})
    void whatIsNoSequenceNumberNeverBecomesAnIdentifier(String text) {
        assertThat(SequenceNumber.isValid(text)).isFalse();
        assertThatIllegalArgumentException().isThrownBy(() -> new SequenceNumber(text));
    }

    private static Checkpoint at(String number) {
        return new Checkpoint(new SequenceNumber(number));
    }
}
