package com.pantherkolab.events;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Who listens to what. Events of one publication reach every subscription in their order, and all subscriptions
/// see concurrent publications in the same order.
final class Subscriptions {

    /// A subscriber takes a frame without ever waiting for its client.
    interface Subscriber {

        /// Takes one event.
        ///
        /// @param subscriptionId the id that the client gave this subscription
        /// @param quotedEvent the event as a JSON string literal
        void deliver(String subscriptionId, String quotedEvent);
    }

    record Subscription(Subscriber subscriber, String id) {}

    private final Map<ChannelPattern, Set<Subscription>> byPattern = new HashMap<>();

    synchronized void add(ChannelPattern pattern, Subscription subscription) {
        byPattern.computeIfAbsent(pattern, unused -> new LinkedHashSet<>()).add(subscription);
    }

    synchronized void remove(ChannelPattern pattern, Subscription subscription) {
        byPattern.computeIfPresent(pattern, (unused, subscriptions) -> {
            subscriptions.remove(subscription);
            return subscriptions.isEmpty() ? null : subscriptions;
        });
    }

    synchronized void deliver(Channel channel, List<String> events) {
        // Collected first: a subscriber that is dropped on the way removes itself from these sets.
        List<Subscription> reached = ChannelPattern.reaching(channel).stream()
                .flatMap(pattern -> byPattern.getOrDefault(pattern, Set.of()).stream())
                .toList();
        if (reached.isEmpty()) {
            return;
        }
        for (String event : events) {
            String quoted = Json.quote(event);
            reached.forEach(it -> it.subscriber().deliver(it.id(), quoted));
        }
    }
}
