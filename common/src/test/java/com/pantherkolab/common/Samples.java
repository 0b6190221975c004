package com.pantherkolab.common;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

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

    static Call ringing() {
        return call(Call.Status.RINGING, 1, null, Call.Participant.State.RINGING);
    }

    static Call connecting() {
        return call(Call.Status.CONNECTING, 2, null, Call.Participant.State.CONNECTING);
    }

    static Call active() {
        return call(Call.Status.ACTIVE, 3, null, Call.Participant.State.CONNECTED);
    }

    static Call ended(Call.EndReason reason) {
        return call(Call.Status.ENDED, 4, reason, Call.Participant.State.LEFT);
    }

    private static Call call(
            Call.Status status, long version, Call.@Nullable EndReason reason, Call.Participant.State bob) {
        Instant at = Instant.parse("2026-01-09T23:06:40.120Z");
        return new Call(
                "s1",
                "c1",
                new UserId("alice"),
                Call.Media.VIDEO,
                status,
                reason,
                version,
                at,
                at.plusSeconds(45),
                reason == null ? null : at.plusSeconds(60),
                List.of(
                        new Call.Participant(new UserId("alice"), Call.Participant.State.CONNECTING, "alices-laptop"),
                        new Call.Participant(new UserId("bob"), bob, null)));
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
