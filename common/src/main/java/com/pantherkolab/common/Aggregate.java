package com.pantherkolab.common;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/// What an outbox entry is about: the unit within which events have an order.
///
/// @param key the partition key of the outbox, `conversation#…` or `call#…`
public record Aggregate(@JsonValue String key) {

    @JsonCreator
    public Aggregate {}

    /// The aggregate of a conversation.
    public static Aggregate conversation(String conversationId) {
        return new Aggregate("conversation#" + conversationId);
    }

    /// The aggregate of a call.
    public static Aggregate call(String sessionId) {
        return new Aggregate("call#" + sessionId);
    }

    @Override
    public String toString() {
        return key;
    }
}
