package com.pantherkolab.common;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;

/// What one change tells the world: the record in the outbox that the publisher reads.
///
/// It is written once, in the transaction that changes the state, and never changed. Its publications are complete:
/// the publisher looks nothing up. An entry that AppSync would refuse for an event's size cannot be built; an
/// illegal channel cannot even be named ([Channel]).
///
/// It does not say whether it was published: the position in the stream is that state.
///
/// @param aggregate what it is about
/// @param eventId the id of the event, the same for every recipient and every redelivery
/// @param order its place within the aggregate: a message's sequence, 0 for a conversation's creation, a call's
/// version
/// @param timestamp when the change was decided
/// @param publications the events and whom they go to, at most one for each recipient
/// @param commandHash what the command said, where the caller gave a key: by it a repeat is told from another
/// command
/// @param answer what the caller was answered, as JSON, where the events do not tell it: an entry may hold nothing
/// but a key and its answer, and then it has no publications
/// @param trace the trace of the request that caused it; none in entries from before there were traces, and of no
/// effect on what is published
public record OutboxEntry(
        Aggregate aggregate,
        String eventId,
        long order,
        Instant timestamp,
        List<Publication> publications,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String commandHash,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String answer,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Trace trace) {

    /// The most bytes of UTF-8 that an event has, envelope included. AppSync says 240 KB; this is the smaller
    /// reading.
    public static final int MAX_EVENT_BYTES = 240_000;

    /// The most bytes of UTF-8 that an entry has as JSON. DynamoDB takes items of 400 KB.
    public static final int MAX_ENTRY_BYTES = 390_000;

    private static final Duration KEPT = Duration.ofDays(7);
    private static final Duration EPHEMERAL_KEPT = Duration.ofHours(1);
    private static final Duration WITH_TOKENS_KEPT = Duration.ofHours(25);

    public OutboxEntry {
        // The compiler holds our own code to this; an entry that is read back may be anything.
        Objects.requireNonNull(aggregate, "aggregate");
        Objects.requireNonNull(eventId, "eventId");
        Objects.requireNonNull(timestamp, "timestamp");
        publications = List.copyOf(publications);
        for (Publication publication : publications) {
            int bytes = render(eventId, timestamp, publication, timestamp).getBytes(StandardCharsets.UTF_8).length;
            if (bytes > MAX_EVENT_BYTES) {
                throw new IllegalArgumentException("an event of %d bytes is too large".formatted(bytes));
            }
        }
    }

    /// An entry of a command without a key.
    public OutboxEntry(
            Aggregate aggregate, String eventId, long order, Instant timestamp, List<Publication> publications) {
        this(aggregate, eventId, order, timestamp, publications, null, null, null);
    }

    /// An entry of a command that may have had a key, and is answered with what its events tell.
    public OutboxEntry(
            Aggregate aggregate,
            String eventId,
            long order,
            Instant timestamp,
            List<Publication> publications,
            @Nullable String commandHash) {
        this(aggregate, eventId, order, timestamp, publications, commandHash, null, null);
    }

    /// An entry of a command that may have had a key, with an answer that its events do not tell.
    public OutboxEntry(
            Aggregate aggregate,
            String eventId,
            long order,
            Instant timestamp,
            List<Publication> publications,
            @Nullable String commandHash,
            @Nullable String answer) {
        this(aggregate, eventId, order, timestamp, publications, commandHash, answer, null);
    }

    /// The same entry, as a part of a trace.
    public OutboxEntry tracedBy(@Nullable Trace trace) {
        return new OutboxEntry(aggregate, eventId, order, timestamp, publications, commandHash, answer, trace);
    }

    /// The entry as the text that stands in the table.
    ///
    /// @throws IllegalStateException if DynamoDB would refuse it for its size; the contract's limits stay below
    // that
    public String toJson() {
        String json = Json.mapper().writeValueAsString(this);
        if (json.getBytes(StandardCharsets.UTF_8).length > MAX_ENTRY_BYTES) {
            throw new IllegalStateException("an entry is too large for an item");
        }
        return json;
    }

    /// Reads what [#toJson] writes.
    ///
    /// @throws IllegalArgumentException if the text is no entry, or one that this version cannot publish
    public static OutboxEntry fromJson(String json) {
        try {
            return Objects.requireNonNull(Json.mapper().readValue(json, OutboxEntry.class));
        } catch (JacksonException | NullPointerException unreadable) {
            throw new IllegalArgumentException("not an outbox entry", unreadable);
        }
    }

    /// When the table may drop the entry: after 7 days, for replay and for the repeats of its writer; after an hour
    /// where it is ephemeral; after 25 hours where it holds join tokens, which are of no use longer than a call.
    public Instant keptUntil() {
        return timestamp.plus(isEphemeral() ? EPHEMERAL_KEPT : holdsTokens() ? WITH_TOKENS_KEPT : KEPT);
    }

    private boolean holdsTokens() {
        return publications.stream().anyMatch(publication -> publication.type() == Event.Type.CALL_CONNECTED);
    }

    private boolean isEphemeral() {
        return !publications.isEmpty()
                && publications.stream()
                        .allMatch(publication -> publication.type().delivery() == Event.Delivery.EPHEMERAL);
    }

    /// The text that is published to each of the publication's channels.
    ///
    /// @param publication one of this entry's
    /// @param serverTimestamp when this publication is made
    public String event(Publication publication, Instant serverTimestamp) {
        return render(eventId, timestamp, publication, serverTimestamp);
    }

    private static String render(String eventId, Instant timestamp, Publication publication, Instant serverTimestamp) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = Json.mapper().createGenerator(text)) {
            json.writeStartObject();
            json.writeStringProperty("id", eventId);
            json.writeStringProperty("type", publication.type().name());
            json.writeNumberProperty("version", publication.version());
            json.writeStringProperty("timestamp", IsoMillis.format(timestamp));
            json.writeStringProperty("serverTimestamp", IsoMillis.format(serverTimestamp));
            json.writeName("data");
            json.writeRawValue(publication.data());
            json.writeEndObject();
        }
        return text.toString();
    }
}
