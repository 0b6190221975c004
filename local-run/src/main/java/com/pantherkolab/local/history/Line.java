package com.pantherkolab.local.history;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// One line of a history. `docs/history.md` has their form.
sealed interface Line {

    /// A change that committed. These lines stand in the order of the commits.
    ///
    /// @param aggregate what it is about
    /// @param eventId its event's id
    /// @param timestamp when it was decided, as its events have to say
    /// @param publications what it tells; none, where an entry holds a key and its answer alone
    record Committed(String aggregate, String eventId, String timestamp, List<Publication> publications)
            implements Line {
        public Committed {
            publications = List.copyOf(publications);
        }
    }

    /// One event and the channels it goes to.
    ///
    /// @param expiresAt from when on it is not sent, if ever
    record Publication(
            String type,
            int version,
            JsonNode data,
            List<String> channels,
            @Nullable Instant expiresAt) {
        public Publication {
            channels = List.copyOf(channels);
        }

        boolean isEphemeral() {
            return type.equals("USER_TYPING") || type.equals("USER_STOPPED_TYPING");
        }
    }

    /// A success as the client saw it.
    ///
    /// @param body what was asked
    record Acknowledged(String user, String route, JsonNode body, JsonNode answer) implements Line {}

    /// An event that was accepted on a channel. These lines stand in the order of arrival.
    ///
    /// @param serverTimestamp what the publisher's clock showed when it was sent
    record Published(
            String channel,
            String id,
            String type,
            int version,
            String timestamp,
            Instant serverTimestamp,
            JsonNode data)
            implements Line {}

    /// Something undelivered that an operator can find: parked, or at the failure destination.
    ///
    /// @param channel whose delivery; none for all of the event's
    record Listed(String where, String eventId, @Nullable String channel) implements Line {}

    /// A moment by the publisher's clock: a crash, a restart, the end of the faults, the end.
    record Mark(Instant at, String what) implements Line {}
}
