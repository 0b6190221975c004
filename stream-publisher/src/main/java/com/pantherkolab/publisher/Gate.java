package com.pantherkolab.publisher;

import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/// What every attempt of every lane goes through: a bulkhead, so that not too many are under way at once, and a
/// circuit breaker, so that a service that is down is left alone for a while.
///
/// Neither ever fails a delivery: whoever is not let in waits a little and asks again. Only
/// [PublishAnswer.Unavailable] counts against the service. A refusal and a failure of single events do not, or one
/// bad channel would shut the gate for all.
final class Gate {
    /// The longest that one waits here before looking at the time again.
    static final Duration WAIT = Duration.ofMillis(250);

    private static final int WATCHED_REQUESTS = 20;
    // So many that a channel which is bad all by itself cannot be half of them and shut the gate for everybody.
    private static final int PROBES = 5;

    private final Bulkhead bulkhead;
    private final CircuitBreaker breaker;
    private final Duration wait;
    private final Sleeper sleeper;

    /// A gate that is open.
    ///
    /// @param concurrentRequests how many requests may be under way at once
    /// @param shut how long a service that is down is left alone
    Gate(int concurrentRequests, Duration shut, Clock clock, Sleeper sleeper) {
        this.wait = shut.compareTo(WAIT) < 0 ? shut : WAIT;
        this.bulkhead = Bulkhead.of(
                "appsync",
                BulkheadConfig.custom()
                        .maxConcurrentCalls(concurrentRequests)
                        .maxWaitDuration(wait)
                        .build());
        this.breaker = CircuitBreaker.of(
                "appsync",
                CircuitBreakerConfig.custom()
                        .slidingWindowSize(WATCHED_REQUESTS)
                        .minimumNumberOfCalls(WATCHED_REQUESTS)
                        .failureRateThreshold(50)
                        .waitDurationInOpenState(shut)
                        .permittedNumberOfCallsInHalfOpenState(PROBES)
                        .recordResult(PublishAnswer.Unavailable.class::isInstance)
                        .clock(clock)
                        .build());
        this.sleeper = sleeper;
    }

    /// Tells the breaker's state, now and whenever it changes: 0 shut, which is how a circuit that works is called,
    /// 1 half open, 2 open.
    void watch(LongConsumer states) {
        states.accept(level(breaker.getState()));
        breaker.getEventPublisher()
                .onStateTransition(change ->
                        states.accept(level(change.getStateTransition().getToState())));
    }

    private static long level(CircuitBreaker.State state) {
        return switch (state) {
            case CLOSED, DISABLED, METRICS_ONLY -> 0;
            case HALF_OPEN -> 1;
            case OPEN, FORCED_OPEN -> 2;
        };
    }

    /// Makes the attempt, if it is let in within a little while.
    ///
    /// @return the attempt's answer; none, if it was not let in or had nothing to send
    Optional<PublishAnswer> pass(Attempt attempt) throws InterruptedException {
        if (!bulkhead.tryAcquirePermission()) {
            // The bulkhead waited in real time, for a place that another lane gives back; it swallows interruptions.
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            return Optional.empty();
        }
        try {
            if (breaker.tryAcquirePermission()) {
                return watched(attempt);
            }
        } finally {
            bulkhead.onComplete();
        }
        // Asleep without a place in the bulkhead.
        sleeper.sleep(wait);
        return Optional.empty();
    }

    private Optional<PublishAnswer> watched(Attempt attempt) throws InterruptedException {
        Optional<PublishAnswer> answer = Optional.empty();
        try {
            answer = attempt.make();
            return answer;
        } finally {
            // Also when the attempt broke off: a permission that is not given back would keep the gate half shut.
            answer.ifPresentOrElse(said -> breaker.onResult(0, TimeUnit.NANOSECONDS, said), breaker::releasePermission);
        }
    }

    /// One attempt; it may find that there is nothing left to send.
    @FunctionalInterface
    interface Attempt {
        Optional<PublishAnswer> make() throws InterruptedException;
    }
}
