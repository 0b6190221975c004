package com.pantherkolab.common;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Optional;

/// What an outbox entry is about: the unit within which events have an order.
///
/// @param key the partition key of the outbox, `conversation#…` or `call#…`
public record Aggregate(@JsonValue String key) {

    private static final String CALL = "call#";

    @JsonCreator
    public Aggregate {}

    /// The aggregate of a conversation.
    public static Aggregate conversation(String conversationId) {
        return new Aggregate("conversation#" + conversationId);
    }

    /// The aggregate of a call.
    public static Aggregate call(String sessionId) {
        return new Aggregate(CALL + sessionId);
    }

    /// The call that it is, if it is one.
    public Optional<String> callId() {
        return key.startsWith(CALL) ? Optional.of(key.substring(CALL.length())) : Optional.empty();
    }

    @Override
    public String toString() {
        return key;
    }
}
