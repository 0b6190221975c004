package com.pantherkolab.api.command;

import com.pantherkolab.common.Aggregate;
import com.pantherkolab.common.Digest;
import com.pantherkolab.common.Json;
import com.pantherkolab.common.OutboxEntry;
import com.pantherkolab.common.UserId;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Under which event id a command commits, and how a repeat of it is recognised.
///
/// With a key from the caller the event id derives from it, so that the entry which the first call committed is the
/// memory of the key: no other record of it exists. Without a key the id is fresh, and serves to find a commit
/// whose answer was lost.
///
/// @param aggregate what the command changes
/// @param eventId the id of its event
/// @param commandHash what the command says, as it was read; without a key there is none
public record Idempotency(
        Aggregate aggregate, String eventId, @Nullable String commandHash) {

    /// Of a command that may have a key.
    ///
    /// @param key null without one
    /// @param freshIds asked for the event's id where there is no key
    public static Idempotency of(
            UserId caller,
            String route,
            Aggregate aggregate,
            @Nullable String key,
            Object command,
            Supplier<String> freshIds) {
        return key == null ? unkeyed(aggregate, freshIds.get()) : keyed(caller, route, aggregate, key, command);
    }

    /// Of a command with a key. The key counts for one caller, one route and one aggregate.
    ///
    /// @param route names the route, the same for ever
    /// @param command a record; ignored fields of the body are not in it
    public static Idempotency keyed(UserId caller, String route, Aggregate aggregate, String key, Object command) {
        return new Idempotency(
                aggregate,
                Digest.of(List.of(caller.value(), route, aggregate.key(), key)),
                Digest.of(List.of(Json.mapper().writeValueAsString(command))));
    }

    /// Of a command without a key.
    public static Idempotency unkeyed(Aggregate aggregate, String freshEventId) {
        return new Idempotency(aggregate, freshEventId, null);
    }

    boolean hasKey() {
        return commandHash != null;
    }

    /// Whether an entry was committed by the same command.
    boolean matches(OutboxEntry entry) {
        return Objects.equals(commandHash, entry.commandHash());
    }
}
