package com.pantherkolab.local.aws;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
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
    private final Kept kept;
    /// By the number of their coming, which is the name of their file.
    private final SortedMap<Long, QueuedMessage> messages = new TreeMap<>();
    private final Map<String, QueuedMessage> sentLately = new HashMap<>();
    private long lastSequence;

    /// @param kept the messages from before, and those from now on
    LocalQueue(String name, Instant created, QueueAttributes attributes, Supplier<String> ids, Kept kept) {
        this.name = name;
        this.created = created;
        this.attributes = attributes;
        this.ids = ids;
        this.kept = kept;
        kept.files().forEach((number, content) -> restore(Long.parseLong(number), QueuedMessage.read(content)));
    }

    private void restore(long number, QueuedMessage message) {
        messages.put(number, message);
        if (message.deduplicationId != null) {
            sentLately.put(message.deduplicationId, message);
        }
        if (message.sequenceNumber != null) {
            lastSequence = Math.max(lastSequence, Long.parseLong(message.sequenceNumber));
        }
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
        add(message);
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
        for (QueuedMessage message : List.copyOf(messages.values())) {
            if (received.size() == limit) {
                break;
            }
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
                remove(message::equals);
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
        add(message);
    }

    /// Gives away what came here as a dead letter.
    List<QueuedMessage> takeDeadLetters() {
        List<QueuedMessage> dead = messages.values().stream()
                .filter(message -> message.deadLetterOf != null)
                .toList();
        remove(dead::contains);
        return dead;
    }

    /// Takes back what had become a dead letter.
    void takeBack(QueuedMessage message, Instant now) {
        message.redriven(now);
        add(message);
    }

    /// Deletes what the receipt stands for; a receipt that another receive has replaced deletes nothing, as SQS may
    /// do.
    void delete(String receipt) {
        requireOwn(receipt);
        remove(message -> receipt.equals(message.receipt));
    }

    void changeVisibility(String receipt, Duration visibility, Instant now) {
        requireOwn(receipt);
        QueuedMessage message = messages.values().stream()
                .filter(candidate -> receipt.equals(candidate.receipt) && candidate.isInFlight(now))
                .findFirst()
                .orElseThrow(() -> QueueRefusal.named(
                        "MessageNotInflight", "The message referred to does not exist or is not in flight."));
        message.visibleAt = now.plus(visibility);
    }

    void purge() {
        remove(_ -> true);
    }

    /// When the next hidden message shows.
    Optional<Instant> nextShowing(Instant now) {
        return messages.values().stream()
                .map(message -> message.visibleAt)
                .filter(time -> time.isAfter(now))
                .min(Instant::compareTo);
    }

    /// Visible, in flight, delayed.
    record Counts(long visible, long inFlight, long delayed) {}

    Counts counts(Instant now) {
        forget(now);
        long visible = messages.values().stream()
                .filter(message -> message.isVisible(now))
                .count();
        long inFlight = messages.values().stream()
                .filter(message -> message.isInFlight(now))
                .count();
        return new Counts(visible, inFlight, messages.size() - visible - inFlight);
    }

    List<String> bodies(Instant now) {
        forget(now);
        return messages.values().stream().map(message -> message.body).toList();
    }

    private void forget(Instant now) {
        remove(message -> !message.sent.plus(attributes.retention()).isAfter(now));
    }

    private void add(QueuedMessage message) {
        long number = messages.isEmpty() ? 1 : messages.lastKey() + 1;
        kept.put(String.valueOf(number), message.toBytes());
        messages.put(number, message);
    }

    private void remove(Predicate<QueuedMessage> gone) {
        messages.entrySet().removeIf(entry -> {
            boolean removed = gone.test(entry.getValue());
            if (removed) {
                kept.remove(String.valueOf(entry.getKey()));
            }
            return removed;
        });
    }

    private void requireOwn(String receipt) {
        if (!receipt.startsWith(name + ":")) {
            throw QueueRefusal.badReceipt(receipt);
        }
    }
}
