package com.pantherkolab.api.store;

import com.pantherkolab.common.Aggregate;
import com.pantherkolab.common.Conversation;
import com.pantherkolab.common.OutboxEntry;
import com.pantherkolab.common.UserId;
import org.jspecify.annotations.Nullable;

/// Reads the committed state, strongly consistent: what was acknowledged before the call is in the answer.
///
/// Its methods throw [StoreUnavailable] when the store does not answer.
public interface StateReader {

    /// A conversation with the head as it stands, or null if there is none with this id.
    @Nullable
    Conversation conversation(String conversationId);

    /// What was committed under an event id, or null if nothing was, or so long ago that it has been swept.
    @Nullable
    OutboxEntry entry(Aggregate aggregate, String eventId);

    /// A user's profile, or null if they never saved one.
    @Nullable
    Profile profile(UserId user);
}
