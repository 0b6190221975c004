package com.pantherkolab.publisher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.pantherkolab.publisher.PublishAnswer.Answered;
import com.pantherkolab.publisher.PublishAnswer.Refused;
import com.pantherkolab.publisher.PublishAnswer.Unavailable;
import com.pantherkolab.publisher.PublishResult.Retryable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class GateTest {
    private static final PublishAnswer DOWN = new Unavailable("503", null);
    private static final PublishAnswer UP = new Answered(List.of(new PublishResult.Published()));

    private static final Duration SHUT = Duration.ofSeconds(2);

    private final VirtualTime time = new VirtualTime();
    private final Gate gate = new Gate(4, SHUT, time, time);

    @Test
    void aServiceThatIsDownIsLeftAloneForItsPauseAndThenProbed() throws InterruptedException {
        pass(20, DOWN);
        Duration before = time.slept();

        while (gate.pass(() -> Optional.of(UP)).isEmpty()) {
            assertThat(time.slept()).isLessThan(Duration.ofSeconds(10));
        }

        assertThat(time.slept().minus(before)).isBetween(Duration.ofSeconds(2), Duration.ofMillis(2_500));
    }

    @Test
    void whoIsNotLetInWaitsALittleAndHasNotAttempted() throws InterruptedException {
        pass(20, DOWN);

        assertThat(gate.pass(() -> {
                    throw new AssertionError("let in");
                }))
                .isEmpty();
        assertThat(time.slept()).isEqualTo(Gate.WAIT);
    }

    @Test
    void nobodyWaitsLongerThanThePause() throws InterruptedException {
        Gate hasty = new Gate(4, Duration.ofMillis(20), time, time);
        for (int i = 0; i < 20; i++) {
            hasty.pass(() -> Optional.of(DOWN));
        }

        while (hasty.pass(() -> Optional.of(UP)).isEmpty()) {
            assertThat(time.slept()).isLessThan(Gate.WAIT);
        }

        assertThat(time.slept()).isBetween(Duration.ofMillis(20), Duration.ofMillis(40));
    }

    @Test
    void afterProbesThatSucceedTheGateIsOpen() throws InterruptedException {
        pass(20, DOWN);
        time.sleep(Duration.ofSeconds(3));

        assertThat(pass(50, UP)).isEqualTo(50);
    }

    @Test
    void oneProbeThatFailsAmongOthersThatSucceedDoesNotShutItAgain() throws InterruptedException {
        pass(20, DOWN);
        time.sleep(Duration.ofSeconds(3));
        pass(1, DOWN);
        pass(4, UP);

        assertThat(pass(50, UP)).isEqualTo(50);
    }

    @Test
    void probesOfWhichHalfFailShutItAgain() throws InterruptedException {
        pass(20, DOWN);
        time.sleep(Duration.ofSeconds(3));
        pass(3, DOWN);
        pass(2, UP);

        assertThat(pass(1, UP)).isZero();
    }

    @Test
    void failuresOfSingleEventsAndRefusalsShutItForNobody() throws InterruptedException {
        assertThat(pass(100, new Answered(List.of(new Retryable("InternalFailure")))))
                .isEqualTo(100);
        assertThat(pass(100, new Refused("400"))).isEqualTo(100);
    }

    @Test
    void aProbeThatSendsNothingOrBreaksOffGivesItsPlaceBack() throws InterruptedException {
        pass(20, DOWN);
        time.sleep(Duration.ofSeconds(3));
        for (int i = 0; i < 10; i++) {
            assertThat(gate.pass(Optional::empty)).isEmpty();
            assertThatIllegalStateException()
                    .isThrownBy(() -> gate.pass(() -> {
                        throw new IllegalStateException("a bug");
                    }));
        }

        assertThat(pass(10, UP)).isEqualTo(10);
    }

    @Test
    void noMoreRequestsAreUnderWayAtOnceThanAllowed() throws Exception {
        CountDownLatch four = new CountDownLatch(4);
        AtomicInteger underWay = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Boolean>> passes = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                passes.add(threads.submit(() -> {
                    Optional<PublishAnswer> answer = Optional.empty();
                    while (answer.isEmpty()) {
                        answer = gate.pass(() -> {
                            most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
                            four.countDown();
                            four.await();
                            underWay.decrementAndGet();
                            return Optional.of(UP);
                        });
                    }
                    return true;
                }));
            }
            for (Future<Boolean> pass : passes) {
                assertThat(pass.get()).isTrue();
            }
        }
        assertThat(most).hasValue(4);
    }

    @Test
    void anInterruptEndsTheWaitForAPlace() throws InterruptedException {
        Gate narrow = new Gate(1, SHUT, time, time);

        narrow.pass(() -> {
            Thread.currentThread().interrupt();
            assertThat(catchThrowable(() -> narrow.pass(() -> Optional.of(UP))))
                    .isInstanceOf(InterruptedException.class);
            return Optional.of(UP);
        });
    }

    @Test
    void itsStatesAreToldAsTheyChange() throws InterruptedException {
        List<Long> states = new ArrayList<>();
        gate.watch(states::add);

        pass(20, DOWN);
        time.sleep(Duration.ofSeconds(3));
        pass(5, UP);

        assertThat(states).containsExactly(0L, 2L, 1L, 0L);
    }

    /// How many of so many attempts were let in.
    private int pass(int attempts, PublishAnswer answer) throws InterruptedException {
        int in = 0;
        for (int i = 0; i < attempts; i++) {
            in += gate.pass(() -> Optional.of(answer)).isPresent() ? 1 : 0;
        }
        return in;
    }
}
