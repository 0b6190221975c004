package com.pantherkolab.publisher;

import com.pantherkolab.common.Aggregate;
import com.pantherkolab.common.Channel;
import com.pantherkolab.common.OutboxEntry;
import com.pantherkolab.common.Publication;
import java.time.Instant;

/// One event for one channel: the unit that is delivered, retried, parked and counted.
///
/// Its text never holds the event's data, so that a delivery may stand in a log.
///
/// @param at the place of its entry in the stream
/// @param entry the entry it comes from
/// @param publication the one of the entry's publications that names the channel
/// @param channel where it goes
/// @param encodedBytes what it takes up in the body of a request
record Delivery(SequenceNumber at, OutboxEntry entry, Publication publication, Channel channel, int encodedBytes) {

    /// What it is known by, whichever batch brings it: an entry has one event at most for a channel.
    record Id(Aggregate aggregate, String eventId, Channel channel) {}

    Id id() {
        return new Id(entry.aggregate(), entry.eventId(), channel);
    }

    /// The event as it goes out.
    ///
    /// @param serverTimestamp when this attempt is made
    String event(Instant serverTimestamp) {
        return entry.event(publication, serverTimestamp);
    }

    /// Whether the event is no longer worth sending.
    boolean expiredAt(Instant now) {
        return publication.expiresAt() != null && !now.isBefore(publication.expiresAt());
    }

    @Override
    public String toString() {
        return "%s %s to %s at %s".formatted(publication.type(), entry.eventId(), channel, at);
    }
}
