package com.pantherkolab.publisher;

import static java.util.function.Predicate.not;

import com.pantherkolab.common.Channel;
import com.pantherkolab.publisher.PublishAnswer.Answered;
import com.pantherkolab.publisher.PublishAnswer.Refused;
import com.pantherkolab.publisher.PublishAnswer.Unavailable;
import com.pantherkolab.publisher.PublishResult.Expired;
import com.pantherkolab.publisher.PublishResult.GivenUp;
import com.pantherkolab.publisher.PublishResult.Published;
import com.pantherkolab.publisher.PublishResult.Rejected;
import com.pantherkolab.publisher.PublishResult.Retryable;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Hands one request's deliveries over, and retries what failed and only that, until each is delivered, rejected,
/// expired, given up, or the time is up.
///
/// It returns when all of them are settled, so that whoever calls it with the next request keeps the order. Within
/// a request it keeps none: of two deliveries whose order matters, only one may be in it.
///
/// An event is not sent after its expiry, and no attempt begins after the deadline.
final class RetryingPublisher {
    private static final PublishAnswer NOT_SENT = new Unavailable("NOT_SENT", null);

    private final ChannelPublisher channels;
    private final Gate gate;
    private final Backoff backoff;
    private final Patience patience;
    private final Sleeper sleeper;
    private final Clock clock;

    RetryingPublisher(
            ChannelPublisher channels, Gate gate, Backoff backoff, Patience patience, Sleeper sleeper, Clock clock) {
        this.channels = channels;
        this.gate = gate;
        this.backoff = backoff;
        this.patience = patience;
        this.sleeper = sleeper;
        this.clock = clock;
    }

    /// Hands deliveries over.
    ///
    /// @param deliveries what fits into one request, all of it for this channel
    /// @return one handover for each delivery; those that are still open ran out of time
    List<Handover> publish(Channel channel, List<Delivery> deliveries, Deadline deadline) throws InterruptedException {
        List<Handover> handovers =
                settle(channel, deliveries.stream().map(Handover::begin).toList(), deadline);
        handovers.stream().filter(not(Handover::isOpen)).map(Handover::delivery).forEach(patience::forget);
        return handovers;
    }

    /// Takes note of what waits behind a delivery that failed.
    void holdBack(List<Delivery> deliveries) {
        Instant now = clock.instant();
        deliveries.forEach(delivery -> patience.heldBack(delivery, now));
    }

    /// Hands one ephemeral delivery over: one attempt, however it ends. Whoever is not let through the gate has had
    /// it.
    PublishResult attempt(Delivery delivery) throws InterruptedException {
        Handover handover = Handover.begin(delivery);
        if (delivery.expiredAt(clock.instant())) {
            return new Expired();
        }
        return switch (gate.pass(() -> send(delivery.channel(), List.of(handover)))
                .orElse(NOT_SENT)) {
            case Answered(List<PublishResult> results) -> results.getFirst();
            case Refused(String reason) -> new Rejected(reason);
            case Unavailable unavailable -> new Retryable(unavailable.reason());
        };
    }

    private List<Handover> settle(Channel channel, List<Handover> handovers, Deadline deadline)
            throws InterruptedException {
        List<Handover> settled = new ArrayList<>();
        List<Handover> open = handovers;
        while (true) {
            Instant now = clock.instant();
            open = setAside(settled, expire(open, now));
            if (open.isEmpty() || deadline.passed(now)) {
                settled.addAll(open);
                return settled;
            }
            List<Handover> sent = open;
            Optional<PublishAnswer> answer = gate.pass(() -> send(channel, sent));
            if (answer.isEmpty()) {
                continue;
            }
            switch (answer.get()) {
                case Answered(List<PublishResult> results) -> {
                    open = setAside(settled, weigh(attempted(sent, results)));
                    pauseBeforeRetry(open, null, deadline);
                }
                case Unavailable(String reason, Duration retryAfter) -> {
                    open = setAside(settled, weigh(attempted(sent, new Retryable(reason))));
                    pauseBeforeRetry(open, retryAfter, deadline);
                }
                case Refused(String reason)
                when sent.size() == 1 -> open = setAside(settled, attempted(sent, new Rejected(reason)));
                // One of them is to blame, or each: only one by one does it show which.
                case Refused(String reason) -> {
                    for (Handover one : attempted(sent, new Retryable(reason))) {
                        settled.addAll(settle(channel, List.of(one), deadline));
                    }
                    return settled;
                }
            }
        }
    }

    private Optional<PublishAnswer> send(Channel channel, List<Handover> handovers) throws InterruptedException {
        Instant now = clock.instant();
        // The way through the gate may have taken a while.
        if (handovers.stream().anyMatch(handover -> handover.delivery().expiredAt(now))) {
            return Optional.empty();
        }
        return Optional.of(channels.publish(new PublishRequest(
                channel,
                handovers.stream()
                        .map(handover -> handover.delivery().event(now))
                        .toList())));
    }

    /// What succeeded begins the time of what fails elsewhere; what has failed for too long is given up.
    private List<Handover> weigh(List<Handover> attempted) {
        Instant now = clock.instant();
        if (attempted.stream().anyMatch(handover -> handover.result() instanceof Published)) {
            patience.delivered(now);
        }
        return attempted.stream().map(handover -> weigh(handover, now)).toList();
    }

    private Handover weigh(Handover attempted, Instant now) {
        return attempted.result() instanceof Retryable(String reason) && patience.failed(attempted.delivery(), now)
                ? attempted.now(new GivenUp("RETRYABLE_TOO_LONG " + reason))
                : attempted;
    }

    private void pauseBeforeRetry(List<Handover> open, @Nullable Duration retryAfter, Deadline deadline)
            throws InterruptedException {
        if (open.isEmpty()) {
            return;
        }
        Duration pause = backoff.after(open.getFirst().attempts());
        if (retryAfter != null && retryAfter.compareTo(pause) > 0) {
            pause = retryAfter;
        }
        // A pause that does not fit is cut, not skipped: the mapping would come back at once with the same records.
        Duration left = deadline.left(clock.instant());
        sleeper.sleep(pause.compareTo(left) < 0 ? pause : left);
    }

    /// Moves what is settled into the one list and returns what is open.
    private static List<Handover> setAside(List<Handover> settled, List<Handover> handovers) {
        var parts = handovers.stream().collect(Collectors.partitioningBy(Handover::isOpen));
        settled.addAll(parts.getOrDefault(false, List.of()));
        return parts.getOrDefault(true, List.of());
    }

    private static List<Handover> expire(List<Handover> open, Instant now) {
        return open.stream()
                .map(handover -> handover.delivery().expiredAt(now) ? handover.now(new Expired()) : handover)
                .toList();
    }

    private static List<Handover> attempted(List<Handover> sent, PublishResult result) {
        return sent.stream().map(handover -> handover.attempted(result)).toList();
    }

    private static List<Handover> attempted(List<Handover> sent, List<PublishResult> results) {
        if (sent.size() != results.size()) {
            throw new IllegalStateException("%d results for %d events".formatted(results.size(), sent.size()));
        }
        List<Handover> handovers = new ArrayList<>();
        for (int i = 0; i < sent.size(); i++) {
            handovers.add(sent.get(i).attempted(results.get(i)));
        }
        return handovers;
    }
}
