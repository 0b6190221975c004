package com.pantherkolab.local.history;

import com.pantherkolab.local.history.Line.Acknowledged;
import com.pantherkolab.local.history.Line.Committed;
import com.pantherkolab.local.history.Line.Listed;
import com.pantherkolab.local.history.Line.Mark;
import com.pantherkolab.local.history.Line.Publication;
import com.pantherkolab.local.history.Line.Published;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A history, sorted for its checks.
final class Recorded {
    private final List<Commit> commits = new ArrayList<>();
    private final Map<String, Commit> byId = new HashMap<>();
    private final List<Published> published = new ArrayList<>();
    private final List<Published> firstDeliveries = new ArrayList<>();
    private final Set<Delivery> delivered = new HashSet<>();
    private final Set<Delivery> listed = new HashSet<>();
    private final Set<String> listedForAll = new HashSet<>();
    private final List<Acknowledged> acknowledged = new ArrayList<>();
    private Instant end = Instant.MIN;

    /// A change that committed, and its place among all of them.
    record Commit(int place, Committed change) {
        String aggregate() {
            return change.aggregate();
        }

        /// What it tells a channel.
        Optional<Publication> to(String channel) {
            return change.publications().stream()
                    .filter(publication -> publication.channels().contains(channel))
                    .findFirst();
        }
    }

    /// One event on one channel.
    record Delivery(String eventId, String channel) {
        @Override
        public String toString() {
            return eventId + " on " + channel;
        }
    }

    Recorded(History history) {
        for (Line line : history.lines()) {
            switch (line) {
                case Committed change -> {
                    Commit commit = new Commit(commits.size(), change);
                    commits.add(commit);
                    byId.putIfAbsent(change.eventId(), commit);
                }
                case Published event -> {
                    published.add(event);
                    if (delivered.add(new Delivery(event.id(), event.channel()))) {
                        firstDeliveries.add(event);
                    }
                }
                case Listed(String _, String eventId, String channel) -> {
                    if (channel == null) {
                        listedForAll.add(eventId);
                    } else {
                        listed.add(new Delivery(eventId, channel));
                    }
                }
                case Acknowledged answer -> acknowledged.add(answer);
                case Mark(Instant at, String _) -> end = at.isAfter(end) ? at : end;
            }
        }
    }

    List<Commit> commits() {
        return commits;
    }

    Optional<Commit> commit(String eventId) {
        return Optional.ofNullable(byId.get(eventId));
    }

    List<Published> published() {
        return published;
    }

    /// Of each event on each channel the first arrival.
    List<Published> firstDeliveries() {
        return firstDeliveries;
    }

    List<Acknowledged> acknowledged() {
        return acknowledged;
    }

    boolean isDelivered(Delivery delivery) {
        return delivered.contains(delivery);
    }

    boolean isListed(Delivery delivery) {
        return listed.contains(delivery) || listedForAll.contains(delivery.eventId());
    }

    /// Whether it was past its expiry when the history ended.
    boolean isExpired(Publication publication) {
        Instant expiresAt = publication.expiresAt();
        return expiresAt != null && !expiresAt.isAfter(end);
    }
}
