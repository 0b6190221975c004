package com.pantherkolab.local;

import com.pantherkolab.common.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// What one user has heard, in the order of arrival.
final class Subscriber {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final List<JsonNode> heard = new ArrayList<>();

    /// Takes an event, the text of a JSON object.
    void hear(String event) {
        hear(Json.mapper().readTree(event));
    }

    synchronized void hear(JsonNode event) {
        heard.add(event);
        notifyAll();
    }

    /// Waits until so many messages have been heard, or ten seconds: what AppSync has acknowledged may still be on
    /// its way to the socket.
    synchronized void awaitMessages(int count) throws InterruptedException {
        long giveUp = System.nanoTime() + PATIENCE.toNanos();
        long left = PATIENCE.toMillis();
        while (messages().size() < count && left > 0) {
            wait(left);
            left = (giveUp - System.nanoTime()) / 1_000_000;
        }
    }

    /// Waits for an event of a type, or ten seconds.
    ///
    /// @return its data
    synchronized JsonNode await(String type) throws InterruptedException {
        long giveUp = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            for (JsonNode event : heard) {
                if (event.path("type").stringValue().equals(type)) {
                    return event.path("data");
                }
            }
            long left = (giveUp - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                throw new AssertionError("%s was not heard, but %s".formatted(type, heard));
            }
            wait(left);
        }
    }

    /// What `MESSAGE_SENT` told so far.
    synchronized List<JsonNode> messages() {
        return heard.stream()
                .filter(event -> event.path("type").stringValue().equals("MESSAGE_SENT"))
                .map(event -> event.path("data"))
                .toList();
    }

    /// All events so far.
    synchronized List<JsonNode> heard() {
        return List.copyOf(heard);
    }
}
