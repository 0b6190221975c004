package com.pantherkolab.local.history;

import com.pantherkolab.local.history.Line.Publication;
import com.pantherkolab.local.history.Line.Published;
import com.pantherkolab.local.history.Recorded.Commit;
import com.pantherkolab.local.history.Recorded.Delivery;
import com.pantherkolab.local.history.Violation.Kind;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What was published against what committed: nothing lost, nothing forged, in order, to whom it concerns, not
/// late.
final class Deliveries {
    private Deliveries() {}

    /// Every durable event that committed was published to each of its channels, or has expired, or is listed.
    static void nothingIsLost(Recorded history, BiConsumer<Kind, Object> found) {
        for (Commit commit : history.commits()) {
            for (Publication publication : commit.change().publications()) {
                if (publication.isEphemeral() || history.isExpired(publication)) {
                    continue;
                }
                for (String channel : publication.channels()) {
                    Delivery delivery = new Delivery(commit.change().eventId(), channel);
                    if (!history.isDelivered(delivery) && !history.isListed(delivery)) {
                        found.accept(
                                Kind.LOST, "%s of %s, %s".formatted(publication.type(), commit.aggregate(), delivery));
                    }
                }
            }
        }
    }

    /// Everything that was published committed, is what committed, and goes to whom the change names.
    static void nothingIsForged(Recorded history, BiConsumer<Kind, Object> found) {
        for (Published event : history.published()) {
            Delivery delivery = new Delivery(event.id(), event.channel());
            Optional<Commit> commit = history.commit(event.id());
            if (commit.isEmpty()) {
                found.accept(Kind.PHANTOM, event.type() + " " + delivery);
                continue;
            }
            Optional<Publication> told = commit.get().to(event.channel());
            if (told.isEmpty()) {
                found.accept(Kind.WRONG_RECIPIENT, event.type() + " " + delivery);
            } else if (!isSame(event, commit.get(), told.get())) {
                found.accept(Kind.FORGED, event.type() + " " + delivery);
            }
        }
    }

    private static boolean isSame(Published event, Commit commit, Publication told) {
        return event.type().equals(told.type())
                && event.version() == told.version()
                && event.timestamp().equals(commit.change().timestamp())
                && event.data().equals(told.data());
    }

    /// The first deliveries of an aggregate on a channel come in the order of their commits. What is listed comes
    /// when it is replayed, and what is ephemeral when it comes.
    static void firstDeliveriesAreInOrder(Recorded history, BiConsumer<Kind, Object> found) {
        Map<String, Commit> latest = new HashMap<>();
        for (Published event : history.firstDeliveries()) {
            Delivery delivery = new Delivery(event.id(), event.channel());
            Optional<Commit> commit = history.commit(event.id());
            if (commit.isEmpty()
                    || history.isListed(delivery)
                    || commit.get()
                            .to(event.channel())
                            .filter(Publication::isEphemeral)
                            .isPresent()) {
                continue;
            }
            String lane = commit.get().aggregate() + " " + event.channel();
            @Nullable Commit before = latest.get(lane);
            if (before != null && before.place() > commit.get().place()) {
                found.accept(
                        Kind.OUT_OF_ORDER,
                        "%s after %s".formatted(delivery, before.change().eventId()));
            } else {
                latest.put(lane, commit.get());
            }
        }
    }

    /// Nothing is sent from its expiry on.
    static void nothingIsSentExpired(Recorded history, BiConsumer<Kind, Object> found) {
        for (Published event : history.published()) {
            history.commit(event.id())
                    .flatMap(commit -> commit.to(event.channel()))
                    .map(Publication::expiresAt)
                    .filter(expiresAt -> !event.serverTimestamp().isBefore(expiresAt))
                    .ifPresent(expiresAt -> late(event, expiresAt, found));
        }
    }

    private static void late(Published event, Instant expiresAt, BiConsumer<Kind, Object> found) {
        found.accept(
                Kind.SENT_EXPIRED,
                "%s %s on %s at %s, expired %s"
                        .formatted(event.type(), event.id(), event.channel(), event.serverTimestamp(), expiresAt));
    }

    /// A channel hears of one change under one id, however often.
    static void oneChangeHasOneId(Recorded history, BiConsumer<Kind, Object> found) {
        Map<String, String> ids = new HashMap<>();
        for (Published event : history.firstDeliveries()) {
            change(event.type(), event.data()).ifPresent(change -> {
                String first = ids.putIfAbsent(event.channel() + " " + change, event.id());
                if (first != null) {
                    found.accept(
                            Kind.TWO_IDS, "%s on %s: %s and %s".formatted(change, event.channel(), first, event.id()));
                }
            });
        }
    }

    /// What a client knows a change by, besides the event's id.
    private static Optional<String> change(String type, JsonNode data) {
        if (data.has("callVersion")) {
            return Optional.of("call %s version %d"
                    .formatted(
                            data.path("sessionId").asString(""),
                            data.path("callVersion").asLong(0)));
        }
        String conversation = data.path("conversationId").asString("");
        return switch (type) {
            case "MESSAGE_SENT" ->
                Optional.of("message %s %d"
                        .formatted(conversation, data.path("sequence").asLong(0)));
            case "CONVERSATION_CREATED" -> Optional.of("conversation " + conversation);
            default -> Optional.empty();
        };
    }
}
