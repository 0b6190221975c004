package com.pantherkolab.local.aws;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// One queue. Not safe by itself: [LocalQueues] holds its lock.
final class LocalQueue {
    private static final Duration DEDUPLICATION = Duration.ofMinutes(5);

    /// A message as it is sent.
    ///
    /// @param delay how long it is hidden; the queue's own delay when absent
    record Sending(
            String body,
            JsonNode attributes,
            Optional<Duration> delay,
            @Nullable String group,
            @Nullable String deduplicationId) {}

    private final String name;
    private final Instant created;
    private final QueueAttributes attributes;
    private final Supplier<String> ids;
    private final List<QueuedMessage> messages = new ArrayList<>();
    private final Map<String, QueuedMessage> sentLately = new HashMap<>();
    private long lastSequence;

    LocalQueue(String name, Instant created, QueueAttributes attributes, Supplier<String> ids) {
        this.name = name;
        this.created = created;
        this.attributes = attributes;
        this.ids = ids;
    }

    String name() {
        return name;
    }

    String arn() {
        return LocalQueues.arn(name);
    }

    Instant created() {
        return created;
    }

    QueueAttributes attributes() {
        return attributes;
    }

    /// Adds a message.
    ///
    /// @return the message; the first one when this one is its repeat in a FIFO queue
    QueuedMessage send(Sending sending, Instant now) {
        sentLately.values().removeIf(sent -> !sent.sent.plus(DEDUPLICATION).isAfter(now));
        String deduplicationId = sending.deduplicationId();
        QueuedMessage before = deduplicationId == null ? null : sentLately.get(deduplicationId);
        if (before != null) {
            return before;
        }
        QueuedMessage message = new QueuedMessage(
                ids.get(),
                sending.body(),
                sending.attributes(),
                now,
                now.plus(sending.delay().orElse(attributes.delay())),
                sending.group(),
                deduplicationId,
                attributes.fifo() ? "%020d".formatted(++lastSequence) : null);
        messages.add(message);
        if (deduplicationId != null) {
            sentLately.put(deduplicationId, message);
        }
        return message;
    }

    /// Hides and gives messages, the oldest first; of a group none while an earlier one of it is in flight. What
    /// was received too often is moved instead.
    ///
    /// @param dead takes what is moved
    List<QueuedMessage> receive(int limit, Duration visibility, Instant now, DeadLetters dead) {
        forget(now);
        List<QueuedMessage> received = new ArrayList<>();
        Set<String> held = new HashSet<>();
        for (Iterator<QueuedMessage> each = messages.iterator(); each.hasNext() && received.size() < limit; ) {
            QueuedMessage message = each.next();
            String group = attributes.fifo() ? message.group : null;
            if (group != null && held.contains(group)) {
                continue;
            }
            if (!message.isVisible(now)) {
                if (group != null) {
                    held.add(group);
                }
                continue;
            }
            if (attributes.redrive().isPresent()
                    && message.receiveCount >= attributes.redrive().get().maxReceiveCount()
                    && dead.take(attributes.redrive().get().queue(), message)) {
                each.remove();
                continue;
            }
            message.received(name + ":" + message.id + ":" + ids.get(), now, now.plus(visibility));
            received.add(message);
        }
        return received;
    }

    /// Where dead letters go.
    interface DeadLetters {
        /// Takes a message, if the queue exists.
        ///
        /// @return whether it has it now
        boolean take(String queue, QueuedMessage message);
    }

    void addDeadLetter(QueuedMessage message, String from, Instant now) {
        message.deadLetter(from, now);
        messages.add(message);
    }

    /// Deletes what the receipt stands for; a receipt that another receive has replaced deletes nothing, as SQS may
    /// do.
    void delete(String receipt) {
        requireOwn(receipt);
        messages.removeIf(message -> receipt.equals(message.receipt));
    }

    void changeVisibility(String receipt, Duration visibility, Instant now) {
        requireOwn(receipt);
        QueuedMessage message = messages.stream()
                .filter(candidate -> receipt.equals(candidate.receipt) && candidate.isInFlight(now))
                .findFirst()
                .orElseThrow(() -> QueueRefusal.named(
                        "MessageNotInflight", "The message referred to does not exist or is not in flight."));
        message.visibleAt = now.plus(visibility);
    }

    void purge() {
        messages.clear();
    }

    /// When the next hidden message shows.
    Optional<Instant> nextShowing(Instant now) {
        return messages.stream()
                .map(message -> message.visibleAt)
                .filter(time -> time.isAfter(now))
                .min(Instant::compareTo);
    }

    /// Visible, in flight, delayed.
    record Counts(long visible, long inFlight, long delayed) {}

    Counts counts(Instant now) {
        forget(now);
        long visible =
                messages.stream().filter(message -> message.isVisible(now)).count();
        long inFlight =
                messages.stream().filter(message -> message.isInFlight(now)).count();
        return new Counts(visible, inFlight, messages.size() - visible - inFlight);
    }

    List<String> bodies(Instant now) {
        forget(now);
        return messages.stream().map(message -> message.body).toList();
    }

    private void forget(Instant now) {
        messages.removeIf(message -> !message.sent.plus(attributes.retention()).isAfter(now));
    }

    private void requireOwn(String receipt) {
        if (!receipt.startsWith(name + ":")) {
            throw QueueRefusal.badReceipt(receipt);
        }
    }
}
