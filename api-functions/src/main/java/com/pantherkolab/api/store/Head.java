package com.pantherkolab.api.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What moves with every message of a conversation.
///
/// @param lastSequence the sequence of the last message, 0 before the first
/// @param lastMessageAt its timestamp
public record Head(long lastSequence, @Nullable Instant lastMessageAt) {}
