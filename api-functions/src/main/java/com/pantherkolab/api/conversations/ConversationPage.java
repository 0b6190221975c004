package com.pantherkolab.api.conversations;

import com.pantherkolab.api.store.Head;
import com.pantherkolab.api.store.Membership;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One page of a user's conversations: which ones, in the order in which they were last written to. Pure.
///
/// @param memberships of the page, in order
/// @param next where the next page begins; null if this is the last
record ConversationPage(
        List<Membership> memberships, @Nullable Cursor next) {

    /// A conversation's place in the list: the latest first, and in one millisecond by id.
    private record Place(Instant at, Membership membership) implements Comparable<Place> {
        private static final Comparator<Place> ORDER =
                Comparator.comparing(Place::at).reversed().thenComparing(place -> place.membership.conversationId());

        static Place of(Membership membership, Head head) {
            Instant written = head.lastMessageAt();
            return new Place(written == null ? membership.joinedAt() : written, membership);
        }

        /// Not moved since the first page was made, and not on a page before. One that moved is told of by its
        /// event.
        boolean isBehind(Cursor cursor) {
            return !at.isAfter(cursor.asOf())
                    && (at.isBefore(cursor.at())
                            || (at.equals(cursor.at())
                                    && membership.conversationId().compareTo(cursor.conversationId()) > 0));
        }

        @Override
        public int compareTo(Place other) {
            return ORDER.compare(this, other);
        }
    }

    /// The page after a cursor, or the first.
    ///
    /// @param memberships all of the user's, with the heads of their conversations
    static ConversationPage of(
            List<Membership> memberships, Map<String, Head> heads, ListConversations query, Instant now) {
        Cursor cursor = query.cursor();
        List<Place> places = memberships.stream()
                .filter(membership -> heads.containsKey(membership.conversationId()))
                .map(membership -> Place.of(membership, Objects.requireNonNull(heads.get(membership.conversationId()))))
                .filter(place -> cursor == null || place.isBehind(cursor))
                .sorted()
                .toList();
        if (places.size() <= query.limit()) {
            return new ConversationPage(places.stream().map(Place::membership).toList(), null);
        }
        List<Place> page = places.subList(0, query.limit());
        Place last = page.getLast();
        // A clock that is ahead of ours may have dated the latest message.
        Instant asOf = cursor == null ? later(now, page.getFirst().at()) : cursor.asOf();
        return new ConversationPage(
                page.stream().map(Place::membership).toList(),
                new Cursor(asOf, last.at(), last.membership().conversationId()));
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
