package com.pantherkolab.publisher;

import com.pantherkolab.common.Json;
import com.pantherkolab.common.OutboxEntry;
import com.pantherkolab.common.Publication;
import com.pantherkolab.publisher.Replayable.Found;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import tools.jackson.core.JacksonException;

/// The parked-events queue, and the entries that its pointers lead to.
///
/// Up to [#AT_ONCE] pointers are taken at a time and brought into the order of their aggregates; between one such
/// heap and the next there is no order, for the queue has none. Doubles of a pointer count once.
///
/// While a replay is under way its messages are hidden from others, for [#HIDDEN] at most. A message is deleted
/// when its delivery was published or has expired; everything else shows again when the replay ends. A message
/// whose deletion did not come about shows again, and is replayed again.
final class ParkedSource implements ReplaySource {
    /// How many pointers are ordered among each other.
    static final int AT_ONCE = 1_000;

    /// Longer than an invocation may take.
    static final Duration HIDDEN = Duration.ofMinutes(20);

    private static final int BATCH = 10;

    private final SqsClient client;
    private final URI queue;
    private final Outbox outbox;
    private final long expected;

    /// The receipts of the messages that are hidden, by what they are known by.
    private final Map<String, List<String>> hidden = new LinkedHashMap<>();
    private final Set<String> passed = new HashSet<>();
    private final Set<String> settled = new HashSet<>();

    ParkedSource(SqsClient client, URI queue, Outbox outbox) {
        this.client = client;
        this.queue = queue;
        this.outbox = outbox;
        this.expected = Long.parseLong(client.getQueueAttributes(get -> get.queueUrl(queue.toString())
                        .attributeNames(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES))
                .attributes()
                .getOrDefault(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES, "0"));
    }

    @Override
    public Page next() throws InterruptedException {
        List<String> unreadable = new ArrayList<>();
        Map<String, ParkedPointer> pointers = new LinkedHashMap<>();
        boolean end = false;
        for (int taken = 0; !end && taken < AT_ONCE; ) {
            List<Message> messages = receive();
            for (Message message : messages) {
                ParkedPointer pointer = read(message.body());
                String id = pointer == null ? message.messageId() : pointer.id();
                if (settled.contains(id)) {
                    delete(List.of(message.receiptHandle()));
                    continue;
                }
                List<String> receipts = hidden.computeIfAbsent(id, _ -> new ArrayList<>());
                if (receipts.isEmpty() && pointer == null) {
                    unreadable.add(id);
                } else if (receipts.isEmpty() && pointer != null) {
                    pointers.put(id, pointer);
                }
                receipts.add(message.receiptHandle());
            }
            taken += messages.size();
            // Not where only doubles come: others may be behind them.
            end = messages.isEmpty();
        }
        List<Found> found = new ArrayList<>();
        for (String id : unreadable) {
            found.add(new Found(id, new Replayable.Unreadable()));
        }
        found.addAll(found(pointers));
        return new Page(found, end);
    }

    private List<Found> found(Map<String, ParkedPointer> pointers) throws InterruptedException {
        List<Map<String, AttributeValue>> keys =
                pointers.values().stream().map(ParkedSource::key).distinct().toList();
        Map<Map<String, AttributeValue>, String> texts = new HashMap<>();
        for (int from = 0; from < keys.size(); from += Outbox.BATCH) {
            texts.putAll(outbox.entries(keys.subList(from, Math.min(from + Outbox.BATCH, keys.size()))));
        }
        List<Found> found = new ArrayList<>();
        pointers.forEach((id, pointer) -> found.add(new Found(id, lead(pointer, texts.get(key(pointer))))));
        found.sort(Comparator.comparing(
                one -> one.what() instanceof Replayable.Entry(OutboxEntry entry) ? entry : null,
                Comparator.nullsFirst(Comparator.comparing(
                                (OutboxEntry entry) -> entry.aggregate().key())
                        .thenComparing(OutboxEntry::order)
                        .thenComparing(OutboxEntry::timestamp))));
        return found;
    }

    private static Replayable lead(ParkedPointer pointer, @Nullable String text) {
        if (text == null) {
            return new Replayable.Missing();
        }
        OutboxEntry entry = StreamRecords.entry(text);
        if (entry == null) {
            return new Replayable.Unreadable();
        }
        List<Publication> meant = entry.publications().stream()
                .filter(publication -> publication.channels().contains(pointer.channel()))
                .map(publication -> Replayable.narrowed(publication, List.of(pointer.channel())))
                .toList();
        return meant.isEmpty() ? new Replayable.Missing() : new Replayable.Entry(Replayable.narrowed(entry, meant));
    }

    @Override
    public void done(List<Found> found, List<Found> gone) {
        List<String> receipts = new ArrayList<>();
        for (Found one : gone) {
            settled.add(one.position());
            receipts.addAll(hidden.getOrDefault(one.position(), List.of()));
            hidden.remove(one.position());
        }
        found.stream().map(Found::position).filter(hidden::containsKey).forEach(passed::add);
        delete(receipts);
    }

    /// What was looked at and stays is shown again at the very end only, so that whoever goes on does not meet it
    /// again; what was not looked at is shown at once.
    @Override
    public void close(boolean end) {
        List<String> receipts = hidden.entrySet().stream()
                .filter(message -> end || !passed.contains(message.getKey()))
                .flatMap(message -> message.getValue().stream())
                .toList();
        for (int from = 0; from < receipts.size(); from += BATCH) {
            List<String> batch = receipts.subList(from, Math.min(from + BATCH, receipts.size()));
            client.changeMessageVisibilityBatch(change -> change.queueUrl(queue.toString())
                    .entries(batch.stream()
                            .map(receipt -> ChangeMessageVisibilityBatchRequestEntry.builder()
                                    .id(String.valueOf(batch.indexOf(receipt)))
                                    .receiptHandle(receipt)
                                    .visibilityTimeout(0)
                                    .build())
                            .toList()));
        }
    }

    @Override
    public OptionalLong expected() {
        return OptionalLong.of(expected);
    }

    private List<Message> receive() {
        return client.receiveMessage(receive -> receive.queueUrl(queue.toString())
                        .maxNumberOfMessages(BATCH)
                        .waitTimeSeconds(1)
                        .visibilityTimeout(Math.toIntExact(HIDDEN.toSeconds())))
                .messages();
    }

    private void delete(List<String> receipts) {
        for (int from = 0; from < receipts.size(); from += BATCH) {
            List<String> batch = receipts.subList(from, Math.min(from + BATCH, receipts.size()));
            client.deleteMessageBatch(delete -> delete.queueUrl(queue.toString())
                    .entries(batch.stream()
                            .map(receipt -> DeleteMessageBatchRequestEntry.builder()
                                    .id(String.valueOf(batch.indexOf(receipt)))
                                    .receiptHandle(receipt)
                                    .build())
                            .toList()));
        }
    }

    private static Map<String, AttributeValue> key(ParkedPointer pointer) {
        return Outbox.key(pointer.aggregate().key(), pointer.eventId());
    }

    private static @Nullable ParkedPointer read(String body) {
        try {
            @Nullable ParkedPointer pointer = Json.mapper().readValue(body, ParkedPointer.class);
            return pointer == null
                            || pointer.id() == null
                            || pointer.aggregate() == null
                            || pointer.eventId() == null
                            || pointer.channel() == null
                    ? null
                    : pointer;
        } catch (JacksonException | IllegalArgumentException unreadable) {
            return null;
        }
    }
}
