package com.pantherkolab.publisher;

import com.pantherkolab.common.Channel;
import com.pantherkolab.common.OutboxEntry;
import com.pantherkolab.common.Publication;
import java.util.List;

/// Something that a source of a replay holds.
sealed interface Replayable {

    /// An outbox entry, or the part of one that is meant.
    ///
    /// @param entry with the deliveries that the source speaks of
    record Entry(OutboxEntry entry) implements Replayable {}

    /// Something that this version cannot read.
    record Unreadable() implements Replayable {}

    /// A pointer to an entry that is not there any more.
    record Missing() implements Replayable {}

    /// A thing at its place.
    ///
    /// @param position where the source goes on behind it
    /// @param what what it is
    record Found(String position, Replayable what) {}

    /// How many deliveries an entry stands for.
    static long deliveries(OutboxEntry entry) {
        return entry.publications().stream()
                .map(Publication::channels)
                .mapToLong(List::size)
                .sum();
    }

    /// The same entry, with the same id, of these publications alone.
    static OutboxEntry narrowed(OutboxEntry entry, List<Publication> publications) {
        return new OutboxEntry(entry.aggregate(), entry.eventId(), entry.order(), entry.timestamp(), publications)
                .tracedBy(entry.trace());
    }

    /// The same publication, to these channels alone.
    static Publication narrowed(Publication publication, List<Channel> channels) {
        return new Publication(
                publication.type(), publication.version(), publication.data(), channels, publication.expiresAt());
    }
}
