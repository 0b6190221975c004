package com.pantherkolab.api.callstate;

import com.pantherkolab.common.Event;
import com.pantherkolab.common.UserId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What some participants are told of a change.
///
/// @param event what
/// @param users who, at least one
/// @param expiresAt from when on it is no longer worth telling; without it, never
public record Told(
        Event.OfCall event, List<UserId> users, @Nullable Instant expiresAt) {
    public Told {
        users = List.copyOf(users);
    }
}
