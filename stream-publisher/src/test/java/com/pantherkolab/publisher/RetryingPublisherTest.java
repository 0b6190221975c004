package com.pantherkolab.publisher;

import static com.pantherkolab.publisher.Samples.ALICE;
import static com.pantherkolab.publisher.Samples.BOB;
import static com.pantherkolab.publisher.Samples.deliveries;
import static com.pantherkolab.publisher.Samples.entry;
import static com.pantherkolab.publisher.Samples.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.tuple;

import com.pantherkolab.common.Json;
import com.pantherkolab.publisher.PublishResult.Expired;
import com.pantherkolab.publisher.PublishResult.GivenUp;
import com.pantherkolab.publisher.PublishResult.Published;
import com.pantherkolab.publisher.PublishResult.Rejected;
import com.pantherkolab.publisher.PublishResult.Retryable;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetryingPublisherTest {
    private static final Behaviour BROKEN = Behaviour.status(503, "ServiceUnavailable");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final VirtualTime time = new VirtualTime();
    private final Deadline deadline = time.in(Duration.ofSeconds(50));
    private final Patience patience = new Patience(PATIENCE);

    @Test
    void whatIsAcknowledgedAtOnceTakesOneAttempt() throws InterruptedException {
        FakeAppSync appSync = new FakeAppSync();

        List<Handover> handovers = publish(appSync, deliveries(message("c1", 1, ALICE), message("c2", 1, ALICE)));

        assertThat(handovers)
                .extracting(Handover::result, Handover::attempts)
                .containsExactly(tuple(new Published(), 1), tuple(new Published(), 1));
        assertThat(appSync.requests()).hasSize(1);
        assertThat(time.slept()).isZero();
    }

    @Test
    void ofAPartialFailureOnlyTheFailedIsSentAgain() throws InterruptedException {
        FakeAppSync appSync = FakeAppSync.scripted(
                Behaviour.fail(3, Map.of(1, "InternalFailure")), Behaviour.fail(1, Map.of(0, "InternalFailure")));

        List<Handover> handovers =
                publish(appSync, deliveries(message("c1", 1, ALICE), message("c2", 1, ALICE), message("c3", 1, ALICE)));

        assertThat(appSync.requests())
                .extracting(FakeAppSync::ids)
                .containsExactly(List.of("c1-1", "c2-1", "c3-1"), List.of("c2-1"), List.of("c2-1"));
        assertThat(handovers).allMatch(handover -> handover.result().equals(new Published()));
        assertThat(attempts(handovers, "c2-1")).isEqualTo(3);
        assertThat(attempts(handovers, "c1-1")).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 404, 429, 500, 502, 503, 504})
    void whateverBlamesNoEventIsTriedUntilItPasses(int status) throws InterruptedException {
        Behaviour failure = Behaviour.status(status, "Something");
        FakeAppSync appSync = FakeAppSync.scripted(failure, failure, new Behaviour.Reset(), new Behaviour.Stall());

        List<Handover> handovers = publish(appSync, deliveries(message("c1", 1, ALICE)));

        assertThat(handovers)
                .singleElement()
                .extracting(Handover::result, Handover::attempts)
                .containsExactly(new Published(), 5);
    }

    @Test
    void theWaitDoublesWithEachAttempt() throws InterruptedException {
        FakeAppSync appSync = FakeAppSync.scripted(BROKEN, BROKEN, BROKEN);

        publish(appSync, deliveries(message("c1", 1, ALICE)));

        // Half of 100, 200 and 400 ms: the samples' chance is always one half.
        assertThat(time.slept()).isEqualTo(Duration.ofMillis(350));
    }

    @Test
    void aRetryAfterThatIsLongerThanTheBackoffIsKept() throws InterruptedException {
        FakeAppSync appSync = FakeAppSync.scripted(Behaviour.status(429, "LimitExceeded", Map.of("Retry-After", "9")));

        publish(appSync, deliveries(message("c1", 1, ALICE)));

        assertThat(time.slept()).isEqualTo(Duration.ofSeconds(9));
    }

    @Test
    void aRetryAfterBeyondTheDeadlineEndsAtTheDeadlineWithoutAnotherAttempt() throws InterruptedException {
        FakeAppSync appSync =
                FakeAppSync.scripted(Behaviour.status(429, "LimitExceeded", Map.of("Retry-After", "3600")));

        List<Handover> handovers = publish(appSync, deliveries(message("c1", 1, ALICE)));

        assertThat(handovers)
                .singleElement()
                .extracting(Handover::result)
                .isEqualTo(new Retryable("429 LimitExceeded"));
        assertThat(appSync.requests()).hasSize(1);
        assertThat(time.slept()).isEqualTo(Duration.ofSeconds(50));
    }

    @Test
    void whatStaysRetryableIsOpenAtTheDeadlineAndNoAttemptBeginsAfterIt() throws InterruptedException {
        FakeAppSync appSync = new FakeAppSync(request -> {
            assertThat(deadline.passed(time.instant())).isFalse();
            return BROKEN;
        });

        List<Handover> handovers = publish(appSync, deliveries(message("c1", 1, ALICE)));

        assertThat(handovers).singleElement().matches(Handover::isOpen);
        assertThat(time.slept())
                .isBetween(Duration.ofSeconds(50), Duration.ofSeconds(50).plus(Gate.WAIT));
    }

    @Test
    void whenTheTimeIsUpNothingIsSentAtAll() throws InterruptedException {
        FakeAppSync appSync = new FakeAppSync();

        List<Handover> handovers = publish(appSync, deliveries(message("c1", 1, ALICE)), new Deadline(time.instant()));

        assertThat(handovers)
                .singleElement()
                .extracting(Handover::result, Handover::attempts)
                .containsExactly(new Retryable("OUT_OF_TIME"), 0);
        assertThat(appSync.requests()).isEmpty();
    }

    @Test
    void aRejectedEventIsNotSentAgainAndItsCompanionsAreUnharmed() throws InterruptedException {
        FakeAppSync appSync =
                FakeAppSync.scripted(Behaviour.fail(3, Map.of(0, "InternalFailure", 1, "EventTooLargeException")));

        List<Handover> handovers =
                publish(appSync, deliveries(message("c1", 1, ALICE), message("c2", 1, ALICE), message("c3", 1, ALICE)));

        assertThat(appSync.requests())
                .extracting(FakeAppSync::ids)
                .containsExactly(List.of("c1-1", "c2-1", "c3-1"), List.of("c1-1"));
        assertThat(result(handovers, "c2-1")).isEqualTo(new Rejected("EventTooLargeException"));
        assertThat(result(handovers, "c1-1")).isEqualTo(new Published());
        assertThat(result(handovers, "c3-1")).isEqualTo(new Published());
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 413})
    void aPoisonedEventAmongGoodOnesIsFoundByTryingThemOneByOne(int status) throws InterruptedException {
        FakeAppSync appSync =
                new FakeAppSync(request -> FakeAppSync.ids(request).contains("c2-1")
                        ? Behaviour.status(status, "BadRequestException")
                        : Behaviour.acknowledge(request.events().size()));

        List<Handover> handovers =
                publish(appSync, deliveries(message("c1", 1, ALICE), message("c2", 1, ALICE), message("c3", 1, ALICE)));

        assertThat(result(handovers, "c1-1")).isEqualTo(new Published());
        assertThat(result(handovers, "c2-1")).isEqualTo(new Rejected(status + " BadRequestException"));
        assertThat(result(handovers, "c3-1")).isEqualTo(new Published());
        assertThat(appSync.requests())
                .extracting(FakeAppSync::ids)
                .containsExactly(List.of("c1-1", "c2-1", "c3-1"), List.of("c1-1"), List.of("c2-1"), List.of("c3-1"));
    }

    @Test
    void anEventIsNeverSentAfterItsExpiry() throws InterruptedException {
        FakeAppSync appSync = new FakeAppSync(request -> BROKEN);
        Delivery ringing = deliveries(entry("c1", 1, "{}", time.instant().plusSeconds(3), ALICE))
                .getFirst();

        List<Handover> handovers = publish(appSync, List.of(ringing));

        assertThat(handovers).singleElement().extracting(Handover::result).isEqualTo(new Expired());
        assertThat(time.slept()).isLessThan(Duration.ofSeconds(6));
        assertThat(appSync.requests()).isNotEmpty();
        assertThat(appSync.requests())
                .allSatisfy(request -> assertThat(serverTimestamp(request)).isLessThan("2026-01-09T23:06:43.000Z"));
    }

    @Test
    void anEventThatExpiresDoesNotTakeItsCompanionsAlong() throws InterruptedException {
        FakeAppSync appSync = new FakeAppSync();

        List<Handover> handovers =
                publish(appSync, deliveries(entry("c1", 1, "{}", time.instant(), ALICE), message("c2", 1, ALICE)));

        assertThat(result(handovers, "c1-1")).isEqualTo(new Expired());
        assertThat(result(handovers, "c2-1")).isEqualTo(new Published());
        assertThat(appSync.requests()).extracting(FakeAppSync::ids).containsExactly(List.of("c2-1"));
    }

    @Test
    void anEventThatExpiresWhileItWaitsAtTheGateIsNotSent() throws InterruptedException {
        FakeAppSync appSync = new FakeAppSync();
        Gate shut = new Gate(1, Duration.ofSeconds(2), time, time);
        for (int i = 0; i < 20; i++) {
            shut.pass(() -> Optional.of(new PublishAnswer.Unavailable("503", null)));
        }
        Backoff backoff = Backoff.doubling(Duration.ofMillis(100), Duration.ofSeconds(5), () -> 0);
        Delivery ringing = deliveries(entry("c1", 1, "{}", time.instant().plusSeconds(1), ALICE))
                .getFirst();

        List<Handover> handovers = new RetryingPublisher(
                        appSync, shut, backoff, new Patience(PublisherBeans.PATIENCE), time, time)
                .publish(ALICE, List.of(ringing), deadline);

        assertThat(handovers)
                .singleElement()
                .extracting(Handover::result, Handover::attempts)
                .containsExactly(new Expired(), 0);
        assertThat(appSync.requests()).isEmpty();
        assertThat(time.slept()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void eachAttemptCarriesItsOwnServerTimestamp() throws InterruptedException {
        FakeAppSync appSync = FakeAppSync.scripted(BROKEN);

        publish(appSync, deliveries(message("c1", 1, ALICE)));

        assertThat(appSync.requests())
                .extracting(RetryingPublisherTest::serverTimestamp)
                .containsExactly("2026-01-09T23:06:40.000Z", "2026-01-09T23:06:40.050Z");
    }

    @Test
    void aPublisherThatMiscountsIsABugAndNotAResult() {
        ChannelPublisher miscounting = _ -> new PublishAnswer.Answered(List.of());

        assertThatIllegalStateException().isThrownBy(() -> Samples.retrying(miscounting, time)
                .publish(ALICE, deliveries(message("c1", 1, ALICE)), deadline));
    }

    @Test
    void whatFailsOnWhileAnotherChannelSucceedsIsGivenUpAndForgotten() throws InterruptedException {
        RetryingPublisher publisher = aliceIsBroken();
        Delivery failing = deliveries(message("c1", 1, ALICE)).getFirst();

        assertThat(publisher.publish(ALICE, List.of(failing), time.in(Duration.ofSeconds(2))))
                .singleElement()
                .matches(Handover::isOpen);
        assertThat(patience.size()).isEqualTo(1);
        publisher.publish(BOB, deliveries(message("c2", 1, BOB)), deadline);
        assertThat(publisher.publish(ALICE, List.of(failing), deadline))
                .singleElement()
                .extracting(Handover::result)
                .isEqualTo(new GivenUp("RETRYABLE_TOO_LONG 503 ServiceUnavailable"));

        assertThat(time.slept()).isBetween(PATIENCE, Duration.ofSeconds(45));
        assertThat(patience.size()).isZero();
    }

    @Test
    void whileNothingSucceedsNothingIsGivenUp() throws InterruptedException {
        RetryingPublisher publisher = aliceIsBroken();

        assertThat(publisher.publish(ALICE, deliveries(message("c1", 1, ALICE)), deadline))
                .singleElement()
                .matches(Handover::isOpen);
    }

    @Test
    void whatWaitsBehindAFailureIsRemembered() {
        aliceIsBroken().holdBack(deliveries(message("c1", 2, ALICE), message("c1", 3, ALICE)));

        assertThat(patience.size()).isEqualTo(2);
    }

    private RetryingPublisher aliceIsBroken() {
        FakeAppSync appSync = new FakeAppSync(request -> request.channel().equals(ALICE)
                ? BROKEN
                : Behaviour.acknowledge(request.events().size()));
        return Samples.retrying(appSync, time, patience);
    }

    private List<Handover> publish(FakeAppSync appSync, List<Delivery> deliveries) throws InterruptedException {
        return publish(appSync, deliveries, deadline);
    }

    private List<Handover> publish(FakeAppSync appSync, List<Delivery> deliveries, Deadline until)
            throws InterruptedException {
        List<Handover> handovers = Samples.retrying(appSync, time).publish(ALICE, deliveries, until);
        assertThat(handovers).extracting(Handover::delivery).containsExactlyInAnyOrderElementsOf(deliveries);
        return handovers;
    }

    private static PublishResult result(List<Handover> handovers, String eventId) {
        return of(handovers, eventId).result();
    }

    private static int attempts(List<Handover> handovers, String eventId) {
        return of(handovers, eventId).attempts();
    }

    private static Handover of(List<Handover> handovers, String eventId) {
        return handovers.stream()
                .filter(handover -> handover.delivery().entry().eventId().equals(eventId))
                .findFirst()
                .orElseThrow();
    }

    private static String serverTimestamp(PublishRequest request) {
        return Json.mapper()
                .readTree(request.events().getFirst())
                .path("serverTimestamp")
                .asString();
    }
}
