package com.pantherkolab.common;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

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
        MESSAGE_READ(1, Delivery.DURABLE),
        USER_TYPING(1, Delivery.EPHEMERAL),
        USER_STOPPED_TYPING(1, Delivery.EPHEMERAL),
        CALL_RINGING(1, Delivery.DURABLE),
        INCOMING_CALL(1, Delivery.DURABLE),
        CALL_CONNECTING(1, Delivery.DURABLE),
        CALL_CONNECTED(1, Delivery.DURABLE),
        PARTICIPANT_JOINED(1, Delivery.DURABLE),
        PARTICIPANT_LEFT(1, Delivery.DURABLE),
        PARTICIPANT_MISSED(1, Delivery.DURABLE),
        CALL_REJECTED(1, Delivery.DURABLE),
        CALL_CANCELLED(1, Delivery.DURABLE),
        CALL_ENDED(1, Delivery.DURABLE);

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

    /// A user has read up to a message; to every participant, in a large group to the reader alone.
    ///
    /// @param conversationId where
    /// @param userId who
    /// @param sequence the last message that was read; of several marks the highest counts
    /// @param readAt when
    record MessageRead(String conversationId, UserId userId, long sequence, Instant readAt) implements Event {
        @Override
        public Type eventType() {
            return Type.MESSAGE_READ;
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

    /// A change of a call. Its data has all fields of the call as it then was, with the call's version as
    /// `callVersion`.
    sealed interface OfCall extends Event {
        /// The call after the change.
        Call call();

        /// Of two events about a call the one with the higher version counts.
        @JsonProperty
        default long callVersion() {
            return call().version();
        }
    }

    /// A call rings; to the caller.
    record CallRinging(
            @JsonUnwrapped @JsonIgnoreProperties("version") Call call) implements OfCall {
        @Override
        public Type eventType() {
            return Type.CALL_RINGING;
        }
    }

    /// A call rings; to those who are called.
    ///
    /// @param callerId who calls
    /// @param callerName what they are called, `"Unknown"` without a profile
    record IncomingCall(
            @JsonUnwrapped @JsonIgnoreProperties("version") Call call, UserId callerId, String callerName)
            implements OfCall {
        @Override
        public Type eventType() {
            return Type.INCOMING_CALL;
        }
    }

    /// Somebody accepted; to everyone, so that their other devices stop ringing.
    ///
    /// @param acceptedBy who
    /// @param deviceId with which device
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record CallConnecting(
            @JsonUnwrapped @JsonIgnoreProperties("version") Call call,
            UserId acceptedBy,
            @Nullable String deviceId) implements OfCall {
        @Override
        public Type eventType() {
            return Type.CALL_CONNECTING;
        }
    }

    /// A participant can join the meeting; to that participant alone.
    ///
    /// @param meeting the Chime SDK's `Meeting`
    /// @param attendee the recipient's own, and nobody else's
    /// @param deviceId with which of their devices
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record CallConnected(
            @JsonUnwrapped @JsonIgnoreProperties("version") Call call,
            JsonNode meeting,
            Attendee attendee,
            @Nullable String deviceId)
            implements OfCall {
        @Override
        public Type eventType() {
            return Type.CALL_CONNECTED;
        }
    }

    /// Participants were connected; to everyone else.
    ///
    /// @param userIds who
    record ParticipantJoined(
            @JsonUnwrapped @JsonIgnoreProperties("version") Call call, List<UserId> userIds) implements OfCall {
        @Override
        public Type eventType() {
            return Type.PARTICIPANT_JOINED;
        }
    }

    /// Participants left, and the call goes on; to everyone.
    ///
    /// @param userIds who
    /// @param userId who, if it is one
    /// @param reason whether they left or could not be connected
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ParticipantLeft(
            @JsonUnwrapped @JsonIgnoreProperties("version") Call call,
            List<UserId> userIds,
            @Nullable UserId userId,
            Reason reason)
            implements OfCall {
        /// Why somebody is no longer in a call.
        public enum Reason {
            LEFT,
            FAILED
        }

        @Override
        public Type eventType() {
            return Type.PARTICIPANT_LEFT;
        }
    }

    /// Participants did not answer in time, and the call goes on; to everyone.
    ///
    /// @param userIds who
    /// @param userId who, if it is one
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ParticipantMissed(
            @JsonUnwrapped @JsonIgnoreProperties("version") Call call,
            List<UserId> userIds,
            @Nullable UserId userId) implements OfCall {
        @Override
        public Type eventType() {
            return Type.PARTICIPANT_MISSED;
        }
    }

    /// Somebody rejected; to everyone. Between two, this is the call's end.
    ///
    /// @param rejectedBy who
    record CallRejected(
            @JsonUnwrapped @JsonIgnoreProperties("version") Call call, UserId rejectedBy) implements OfCall {
        @Override
        public Type eventType() {
            return Type.CALL_REJECTED;
        }
    }

    /// The initiator cancelled, which is the call's end; to everyone.
    ///
    /// @param cancelledBy the initiator
    record CallCancelled(
            @JsonUnwrapped @JsonIgnoreProperties("version") Call call, UserId cancelledBy) implements OfCall {
        @Override
        public Type eventType() {
            return Type.CALL_CANCELLED;
        }
    }

    /// The call is over; to everyone.
    ///
    /// @param endedBy by whose doing, if it was anybody's
    /// @param reason why
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record CallEnded(
            @JsonUnwrapped @JsonIgnoreProperties("version") Call call,
            @Nullable UserId endedBy,
            Call.EndReason reason) implements OfCall {
        @Override
        public Type eventType() {
            return Type.CALL_ENDED;
        }
    }
}
