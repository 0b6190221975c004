package com.pantherkolab.api.callstate;

import com.pantherkolab.common.UserId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What a participant wants of a call that exists.
public sealed interface CallCommand {

    /// Who wants it.
    UserId user();

    /// To take part.
    ///
    /// @param deviceId with which device
    /// @param connectBy until when they must be connected, and with the first to accept the initiator too
    record Accept(UserId user, @Nullable String deviceId, Instant connectBy) implements CallCommand {}

    /// Not to take part.
    record Reject(UserId user) implements CallCommand {}

    /// To take the call back before anybody accepted; the initiator alone may.
    record Cancel(UserId user) implements CallCommand {}

    /// To end it for everybody; the initiator alone may.
    record End(UserId user) implements CallCommand {}

    /// To take part no longer.
    record Leave(UserId user) implements CallCommand {}
}
