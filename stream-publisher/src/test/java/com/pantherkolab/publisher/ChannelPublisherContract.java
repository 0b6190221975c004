package com.pantherkolab.publisher;

import static com.pantherkolab.publisher.Samples.ALICE;
import static org.assertj.core.api.Assertions.assertThat;

import com.pantherkolab.publisher.PublishAnswer.Answered;
import com.pantherkolab.publisher.PublishAnswer.Refused;
import com.pantherkolab.publisher.PublishAnswer.Unavailable;
import com.pantherkolab.publisher.PublishResult.Published;
import com.pantherkolab.publisher.PublishResult.Rejected;
import com.pantherkolab.publisher.PublishResult.Retryable;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What holds of every way to the channels: run on the fake, so that it may stand for the real one, and on the real
/// one.
abstract class ChannelPublisherContract {
    private static final PublishRequest THREE =
            new PublishRequest(ALICE, List.of("{\"id\":\"0\"}", "{\"id\":\"1\"}", "{\"id\":\"2\"}"));

    abstract ChannelPublisher publisher();

    /// How the other end behaves from now on.
    abstract void behave(Behaviour behaviour);

    /// The events that reached the other end's channels.
    abstract List<String> taken();

    @Test
    void whatIsAcknowledgedIsPublishedAndArrivesAsItWasGiven() throws InterruptedException {
        String event = "{\"id\":\"e\",\"data\":\"\\u0001 \\\"quoted\\\" \uD83D\uDE00 \u2028 /\"}";
        behave(Behaviour.acknowledge(1));

        assertThat(publisher().publish(new PublishRequest(ALICE, List.of(event))))
                .isEqualTo(new Answered(List.of(new Published())));
        assertThat(taken()).containsExactly(event);
    }

    @Test
    void a200CanHideFailuresAndEachEventHasItsOwnResult() throws InterruptedException {
        behave(Behaviour.fail(3, Map.of(0, "InternalFailure", 2, "EventTooLargeException")));

        assertThat(publisher().publish(THREE))
                .isEqualTo(new Answered(List.of(
                        new Retryable("InternalFailure"), new Published(), new Rejected("EventTooLargeException"))));
        assertThat(taken()).containsExactly("{\"id\":\"1\"}");
    }

    @ParameterizedTest
    @CsvSource({"400, BadRequestException", "413, RequestEntityTooLarge"})
    void aRefusalOfTheContentConcernsTheRequestAsAWhole(int status, String errorType) throws InterruptedException {
        behave(Behaviour.status(status, errorType));

        assertThat(publisher().publish(THREE)).isEqualTo(new Refused(status + " " + errorType));
        assertThat(taken()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"401, UnauthorizedException", "403, AccessDeniedException", "404, ResourceNotFound"})
    void aFaultOfTheConfigurationBlamesNoEvent(int status, String errorType) throws InterruptedException {
        behave(Behaviour.status(status, errorType));

        Retryable later = new Retryable(status + " " + errorType);
        assertThat(publisher().publish(THREE)).isEqualTo(new Answered(List.of(later, later, later)));
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 301, 408, 429, 500, 502, 503, 504})
    void everyOtherStatusIsTheServicesFault(int status) throws InterruptedException {
        behave(new Behaviour.Answer(status, Map.of("Retry-After", "7"), "", List.of()));

        assertThat(publisher().publish(THREE))
                .isEqualTo(new Unavailable(String.valueOf(status), Duration.ofSeconds(7)));
    }

    @Test
    void aConnectionThatBreaksIsNoAnswer() throws InterruptedException {
        behave(new Behaviour.Reset());

        assertThat(publisher().publish(THREE)).isInstanceOf(Unavailable.class);
        assertThat(taken()).isEmpty();
    }

    @Test
    void aLostAnswerIsNoAnswerThoughEverythingArrived() throws InterruptedException {
        behave(new Behaviour.LoseAnswer());

        assertThat(publisher().publish(THREE)).isInstanceOf(Unavailable.class);
        assertThat(taken()).hasSize(3);
    }

    @Test
    void afterABrokenConnectionTheNextAttemptIsMadeOnAnotherOne() throws InterruptedException {
        behave(Behaviour.acknowledge(3));
        publisher().publish(THREE);
        behave(new Behaviour.Reset());
        publisher().publish(THREE);
        behave(Behaviour.acknowledge(3));

        assertThat(publisher().publish(THREE)).isInstanceOf(Answered.class);
        assertThat(taken()).hasSize(6);
    }
}
