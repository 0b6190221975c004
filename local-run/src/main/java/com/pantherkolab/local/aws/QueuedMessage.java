package com.pantherkolab.local.aws;

import com.pantherkolab.common.Json;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A message in a queue. Mutable, and guarded by its queue's lock.
final class QueuedMessage {
    final String id;
    final String body;
    final JsonNode attributes;
    final Instant sent;

    /// Of FIFO queues: the group, and the place in the queue.
    final @Nullable String group;

    final @Nullable String deduplicationId;
    final @Nullable String sequenceNumber;

    /// Hidden before, by its delay or by whoever received it.
    Instant visibleAt;

    int receiveCount;

    /// While it is hidden by a receive: what deletes it.
    @Nullable
    String receipt;

    @Nullable
    Instant firstReceived;

    /// The queue from which it came here as a dead letter.
    @Nullable
    String deadLetterOf;

    QueuedMessage(
            String id,
            String body,
            JsonNode attributes,
            Instant sent,
            Instant visibleAt,
            @Nullable String group,
            @Nullable String deduplicationId,
            @Nullable String sequenceNumber) {
        this.id = id;
        this.body = body;
        this.attributes = attributes;
        this.sent = sent;
        this.visibleAt = visibleAt;
        this.group = group;
        this.deduplicationId = deduplicationId;
        this.sequenceNumber = sequenceNumber;
    }

    /// A message as a file has it: as it came into its queue.
    private record Filed(
            String id,
            String body,
            JsonNode attributes,
            Instant sent,
            Instant visibleAt,
            @Nullable String group,
            @Nullable String deduplicationId,
            @Nullable String sequenceNumber,
            @Nullable String deadLetterOf) {}

    /// Reads what [#toBytes] gives.
    static QueuedMessage read(byte[] file) {
        Filed filed = Json.mapper().readValue(file, Filed.class);
        QueuedMessage message = new QueuedMessage(
                filed.id(),
                filed.body(),
                filed.attributes(),
                filed.sent(),
                filed.visibleAt(),
                filed.group(),
                filed.deduplicationId(),
                filed.sequenceNumber());
        message.deadLetterOf = filed.deadLetterOf();
        return message;
    }

    byte[] toBytes() {
        return Json.mapper()
                .writeValueAsBytes(new Filed(
                        id, body, attributes, sent, visibleAt, group, deduplicationId, sequenceNumber, deadLetterOf));
    }

    boolean isVisible(Instant now) {
        return !visibleAt.isAfter(now);
    }

    /// Received and not yet given up by its receiver.
    boolean isInFlight(Instant now) {
        return receipt != null && visibleAt.isAfter(now);
    }

    void received(String handle, Instant now, Instant hiddenUntil) {
        receipt = handle;
        receiveCount++;
        visibleAt = hiddenUntil;
        if (firstReceived == null) {
            firstReceived = now;
        }
    }

    /// Starts anew in another queue; when it was sent stays.
    void deadLetter(String from, Instant now) {
        deadLetterOf = from;
        receipt = null;
        receiveCount = 0;
        firstReceived = null;
        visibleAt = now;
    }

    /// Starts anew in the queue that it came from.
    void redriven(Instant now) {
        deadLetterOf = null;
        receipt = null;
        receiveCount = 0;
        firstReceived = null;
        visibleAt = now;
    }

    /// As a receive gives it, with all system attributes: those that nobody asked for are left out by the caller.
    ObjectNode json() {
        ObjectNode json = Json.mapper()
                .createObjectNode()
                .put("MessageId", id)
                .put("ReceiptHandle", receipt)
                .put("MD5OfBody", Md5.of(body))
                .put("Body", body);
        if (!attributes.isEmpty()) {
            json.set("MessageAttributes", attributes);
            json.put("MD5OfMessageAttributes", Md5.ofAttributes(attributes));
        }
        ObjectNode system = json.putObject("Attributes")
                .put("SenderId", "AIDALOCAL")
                .put("SentTimestamp", String.valueOf(sent.toEpochMilli()))
                .put("ApproximateReceiveCount", String.valueOf(receiveCount))
                .put(
                        "ApproximateFirstReceiveTimestamp",
                        String.valueOf(firstReceived == null ? 0 : firstReceived.toEpochMilli()));
        putUnlessNull(system, "MessageGroupId", group);
        putUnlessNull(system, "MessageDeduplicationId", deduplicationId);
        putUnlessNull(system, "SequenceNumber", sequenceNumber);
        putUnlessNull(system, "DeadLetterQueueSourceArn", deadLetterOf);
        return json;
    }

    private static void putUnlessNull(ObjectNode json, String name, @Nullable String value) {
        if (value != null) {
            json.put(name, value);
        }
    }
}
