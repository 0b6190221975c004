package com.pantherkolab.common;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A conversation as everybody in it sees it: without the reader's own fields (`lastReadSequence`, `unreadCount`).
///
/// @param conversationId its id; for `DIRECT` it derives from the two users
/// @param type of two users, or a group
/// @param name what the creator called it
/// @param participants who is in it, the creator first; fixed at creation
/// @param createdBy the creator
/// @param createdAt when it was created
/// @param lastSequence the sequence of the last message, 0 before the first
/// @param lastMessageAt the timestamp of the last message
public record Conversation(
        String conversationId,
        Type type,
        @Nullable String name,
        List<UserId> participants,
        UserId createdBy,
        Instant createdAt,
        long lastSequence,
        @Nullable Instant lastMessageAt) {

    /// The most participants that one conversation has: what the transaction that creates it can hold.
    public static final int MAX_PARTICIPANTS = 90;

    /// Of two users, once for ever, or a group.
    public enum Type {
        DIRECT,
        GROUP
    }

    public Conversation {
        participants = List.copyOf(participants);
    }

    /// Whether the user is in it.
    public boolean has(UserId user) {
        return participants.contains(user);
    }
}
