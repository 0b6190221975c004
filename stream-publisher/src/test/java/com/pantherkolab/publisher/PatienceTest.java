package com.pantherkolab.publisher;

import static com.pantherkolab.publisher.Samples.ALICE;
import static com.pantherkolab.publisher.Samples.deliveries;
import static com.pantherkolab.publisher.Samples.message;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class PatienceTest {
    private static final Delivery DELIVERY = deliveries(message("c1", 1, ALICE)).getFirst();
    private static final Delivery BEHIND = deliveries(message("c1", 2, ALICE)).getFirst();

    private final Patience patience = new Patience(Duration.ofMinutes(5));

    @Test
    void itEndsFiveMinutesAfterTheFirstSuccessElsewhere() {
        fail(DELIVERY, 0, 1, 2);
        patience.delivered(at(60));
        patience.delivered(at(200));

        assertThat(patience.failed(DELIVERY, at(359))).isFalse();
        assertThat(patience.failed(DELIVERY, at(360))).isTrue();
        assertThat(patience.failed(DELIVERY, at(361))).isTrue();
    }

    @Test
    void aSuccessBeforeItsFirstFailureDoesNotBeginItsTime() {
        patience.delivered(at(0));
        fail(DELIVERY, 1, 2, 3);

        assertThat(patience.failed(DELIVERY, at(36_000))).isFalse();
    }

    @Test
    void anOutageIsWaitedOutHoweverLongItTakes() {
        for (int second = 0; second < 12 * 3_600; second += 5) {
            assertThat(patience.failed(DELIVERY, at(second))).isFalse();
        }
    }

    @Test
    void itHasHadThreeAttemptsOfItsOwnAtLeast() {
        patience.heldBack(DELIVERY, at(0));
        patience.delivered(at(1));

        assertThat(patience.failed(DELIVERY, at(400))).isFalse();
        assertThat(patience.failed(DELIVERY, at(401))).isFalse();
        assertThat(patience.failed(DELIVERY, at(402))).isTrue();
    }

    @Test
    void whatWasHeldBackHasItsTimeFromThenOn() {
        fail(DELIVERY, 0);
        patience.heldBack(BEHIND, at(0));
        patience.heldBack(BEHIND, at(100));
        patience.delivered(at(10));
        fail(BEHIND, 300, 301);

        assertThat(patience.failed(BEHIND, at(309))).isFalse();
        assertThat(patience.failed(BEHIND, at(310))).isTrue();
    }

    @Test
    void itsTimeNeverBeginsBeforeItsFirstFailure() {
        fail(DELIVERY, 100, 101);
        // Another lane's clock was read before it came here.
        patience.delivered(at(10));

        assertThat(patience.failed(DELIVERY, at(399))).isFalse();
        assertThat(patience.failed(DELIVERY, at(400))).isTrue();
    }

    @Test
    void whatIsSettledIsForgotten() {
        fail(DELIVERY, 0, 1, 2);
        patience.delivered(at(3));
        patience.forget(DELIVERY);
        patience.forget(BEHIND);
        assertThat(patience.size()).isZero();

        fail(DELIVERY, 400, 401, 402);
        assertThat(patience.failed(DELIVERY, at(403))).isFalse();
    }

    @Test
    void whatWasForgottenBeforeASuccessHasNoTime() {
        fail(DELIVERY, 0);
        patience.forget(DELIVERY);
        patience.delivered(at(1));

        assertThat(patience.size()).isZero();
    }

    @Test
    void onlyTheLatestAreRemembered() {
        for (int i = 0; i <= Patience.REMEMBERED; i++) {
            fail(deliveries(message("c1", i, ALICE)).getFirst(), 0, 1, 2);
        }
        patience.delivered(at(3));

        assertThat(patience.size()).isEqualTo(Patience.REMEMBERED);
        assertThat(patience.failed(
                        deliveries(message("c1", Patience.REMEMBERED, ALICE)).getFirst(), at(400)))
                .isTrue();
        assertThat(patience.failed(deliveries(message("c1", 0, ALICE)).getFirst(), at(400)))
                .isFalse();
        assertThat(patience.size()).isEqualTo(Patience.REMEMBERED);
    }

    private void fail(Delivery delivery, int... seconds) {
        for (int second : seconds) {
            assertThat(patience.failed(delivery, at(second))).isFalse();
        }
    }

    private static Instant at(int second) {
        return VirtualTime.START.plusSeconds(second);
    }
}
