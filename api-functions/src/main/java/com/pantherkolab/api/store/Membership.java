package com.pantherkolab.api.store;

import com.pantherkolab.common.UserId;
import java.time.Instant;

/// That a user is in a conversation, and how far they have read it.
///
/// @param userId who
/// @param conversationId where
/// @param joinedAt since when; the conversation's creation
/// @param lastReadSequence up to where they have marked it as read, 0 before the first mark
public record Membership(UserId userId, String conversationId, Instant joinedAt, long lastReadSequence) {}
