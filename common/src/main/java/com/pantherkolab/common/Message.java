package com.pantherkolab.common;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A committed message, as the API answers it and as `MESSAGE_SENT` carries it.
///
/// `sequence` orders the messages of a conversation: 1, 2, 3 …, no gap, no repeat. `readBy`, `reactions` and
/// `deleted` are constants that old front ends read; who has read what is told by the conversation's read marks.
///
/// @param conversationId the conversation it belongs to
/// @param sequence its place in the conversation, from 1
/// @param timestamp when it was decided; strictly increasing inside a conversation
/// @param messageId an id that is unique everywhere
/// @param senderId who sent it
/// @param type what it holds
/// @param content the text, at most 32 KiB of UTF-8
/// @param fileSize in bytes
/// @param duration in the unit that the sender's front end uses; it is passed on as given
/// @param replyTo the `messageId` of the message it answers; not checked
public record Message(
        String conversationId,
        long sequence,
        Instant timestamp,
        String messageId,
        UserId senderId,
        Type type,
        String content,
        @Nullable String mediaUrl,
        @Nullable String fileName,
        @Nullable Long fileSize,
        @Nullable Long duration,
        @Nullable String replyTo,
        List<UserId> readBy,
        Map<String, List<UserId>> reactions,
        boolean deleted,
        Instant createdAt) {

    /// What a message holds.
    public enum Type {
        TEXT,
        IMAGE,
        VIDEO,
        AUDIO,
        FILE
    }
}
