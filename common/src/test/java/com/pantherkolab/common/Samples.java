package com.pantherkolab.common;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/// Committed things to test with.
final class Samples {
    private Samples() {}

    static Message message() {
        return message("Hello, \"Bob\" \uD83D\uDE00");
    }

    static Message message(String content) {
        Instant at = Instant.parse("2026-01-09T23:06:40.120Z");
        return new Message(
                "c1",
                7,
                at,
                "m-7",
                new UserId("alice"),
                Message.Type.TEXT,
                content,
                null,
                null,
                null,
                null,
                null,
                List.of(),
                Map.of(),
                false,
                at);
    }

    static OutboxEntry entry(String content) {
        Message message = message(content);
        return new OutboxEntry(
                Aggregate.conversation(message.conversationId()),
                "e-7",
                message.sequence(),
                message.timestamp(),
                List.of(Publication.of(
                        new Event.MessageSent(message, null),
                        List.of(Channel.chats(new UserId("alice")), Channel.chats(new UserId("bob"))))));
    }
}
