package com.pantherkolab.publisher;

import com.pantherkolab.common.Aggregate;
import com.pantherkolab.common.Channel;
import com.pantherkolab.common.Event;
import com.pantherkolab.common.OutboxEntry;
import com.pantherkolab.common.Publication;
import com.pantherkolab.common.UserId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which deliveries a replay wants. An empty set wants all.
///
/// @param users whose channels
/// @param aggregates of which conversations and calls
/// @param types of which events
/// @param from the first instant that counts; none, from the beginning
/// @param until the first instant that does not
record ReplayFilter(
        Set<UserId> users,
        Set<Aggregate> aggregates,
        Set<Event.Type> types,
        @Nullable Instant from,
        Instant until) {

    ReplayFilter {
        users = Set.copyOf(users);
        aggregates = Set.copyOf(aggregates);
        types = Set.copyOf(types);
    }

    /// What is left of an entry.
    ///
    /// @param entry with the deliveries that are wanted and no others; none, if no delivery is
    /// @param without what was left out, and why
    record Judged(@Nullable OutboxEntry entry, ReplaySummary without) {
        long deliveries() {
            return entry == null ? 0 : Replayable.deliveries(entry);
        }
    }

    /// Takes from an entry what is not wanted, not yet safe, or no longer worth it.
    Judged judge(Replayable.Entry found, Instant now) {
        OutboxEntry entry = found.entry();
        long all = Replayable.deliveries(entry);
        // The entry's own time, which its events tell as well. The stream's is rounded down, and would leave out what
        // was
        // committed in the same second.
        Instant at = entry.timestamp();
        if (!wants(aggregates, entry.aggregate()) || (from != null && at.isBefore(from))) {
            return new Judged(null, ReplaySummary.FILTERED.times(all));
        }
        if (!at.isBefore(until)) {
            return new Judged(null, ReplaySummary.NOT_YET_SAFE.times(all));
        }
        ReplaySummary without = ReplaySummary.NONE;
        List<Publication> wanted = new ArrayList<>();
        for (Publication publication : entry.publications()) {
            List<Channel> channels = wants(types, publication.type())
                    ? publication.channels().stream()
                            .filter(channel -> wants(users, channel.user()))
                            .toList()
                    : List.of();
            boolean expired = publication.expiresAt() != null && !now.isBefore(publication.expiresAt());
            without = without.plus(
                            ReplaySummary.FILTERED.times(publication.channels().size() - channels.size()))
                    .plus(ReplaySummary.EXPIRED.times(expired ? channels.size() : 0));
            if (!expired && !channels.isEmpty()) {
                wanted.add(Replayable.narrowed(publication, channels));
            }
        }
        return new Judged(wanted.isEmpty() ? null : Replayable.narrowed(entry, wanted), without);
    }

    private static <T> boolean wants(Set<T> some, T one) {
        return some.isEmpty() || some.contains(one);
    }
}
