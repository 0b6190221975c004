package com.pantherkolab.common;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One event and the channels it goes to, as they stood when the change was committed.
///
/// The event's data is held as the JSON text that will be published, so that what was committed is what goes out,
/// also when the code that publishes is newer than the code that wrote.
///
/// @param type which event
/// @param version the version of the data's shape
/// @param data the event's data, the text of a JSON object
/// @param channels the recipients' channels, at least one, each once
/// @param expiresAt when the event is no longer worth sending; without it, never
public record Publication(
        Event.Type type,
        int version,
        String data,
        List<Channel> channels,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Instant expiresAt) {

    public Publication {
        channels = List.copyOf(channels);
        if (channels.isEmpty() || channels.stream().distinct().count() != channels.size()) {
            throw new IllegalArgumentException("a publication has channels, each once");
        }
    }

    /// A publication that never expires.
    public static Publication of(Event event, List<Channel> channels) {
        return of(event, channels, null);
    }

    /// A publication that is not sent from its expiry on, if it has one.
    public static Publication of(Event event, List<Channel> channels, @Nullable Instant expiresAt) {
        Event.Type type = event.eventType();
        return new Publication(type, type.version(), Json.mapper().writeValueAsString(event), channels, expiresAt);
    }
}
