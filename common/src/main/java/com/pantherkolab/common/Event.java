package com.pantherkolab.common;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Everything that participants are told: every event is on this page, and each serialises to its `data`.
///
/// The fields of an event's data are only ever added to; a golden file per type holds that.
public sealed interface Event {

    /// Which event it is.
    @JsonIgnore
    Type eventType();

    /// The names of the events, the version of each one's shape, and how hard each is tried.
    enum Type {
        MESSAGE_SENT(1, Delivery.DURABLE),
        CONVERSATION_CREATED(1, Delivery.DURABLE),
        USER_TYPING(1, Delivery.EPHEMERAL),
        USER_STOPPED_TYPING(1, Delivery.EPHEMERAL);

        private final int version;
        private final Delivery delivery;

        Type(int version, Delivery delivery) {
            this.version = version;
            this.delivery = delivery;
        }

        /// The version of the shape of the event's data.
        public int version() {
            return version;
        }

        /// How hard the publisher tries.
        public Delivery delivery() {
            return delivery;
        }
    }

    /// How hard the publisher tries to deliver an event.
    enum Delivery {
        /// Tried until delivered, rejected or past its own expiry.
        DURABLE,
        /// Tried once; holds nothing back, and nothing is lost with it that a client cannot do without.
        EPHEMERAL
    }

    /// A message was sent; to every participant, the sender too.
    ///
    /// @param message the message
    /// @param tempId what the sender's front end calls it; to be matched together with `senderId`
    record MessageSent(
            @JsonUnwrapped Message message, @Nullable String tempId) implements Event {
        @Override
        public Type eventType() {
            return Type.MESSAGE_SENT;
        }
    }

    /// A user types, or types no more; to the other participants.
    ///
    /// @param typing which of the two
    /// @param userId who
    /// @param conversationId where
    /// @param expiresAt until when it is worth showing, so that a lost stop heals
    record Typing(@JsonIgnore boolean typing, UserId userId, String conversationId, Instant expiresAt)
            implements Event {
        @Override
        public Type eventType() {
            return typing ? Type.USER_TYPING : Type.USER_STOPPED_TYPING;
        }
    }

    /// A conversation was created; to every participant.
    ///
    /// @param conversation the new conversation
    record ConversationCreated(@JsonValue Conversation conversation) implements Event {
        @Override
        public Type eventType() {
            return Type.CONVERSATION_CREATED;
        }
    }
}
