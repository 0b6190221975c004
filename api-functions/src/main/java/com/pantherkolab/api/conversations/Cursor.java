package com.pantherkolab.api.conversations;

import com.pantherkolab.common.Digest;
import com.pantherkolab.common.IsoMillis;
import com.pantherkolab.common.Json;
import com.pantherkolab.common.UserId;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Where the next page of a list of conversations begins.
///
/// Its text is for one caller and carries a checksum, so that a cut or a mixed-up one is refused instead of
/// skipping something. It is no secret and no proof: whoever makes one up can only page through their own list.
///
/// @param asOf when the first page was made; the order is that of this time
/// @param at the time that the last conversation of the page before is sorted by
/// @param conversationId which conversation that was
record Cursor(Instant asOf, Instant at, String conversationId) {
    private static final int CHECKSUM_DIGITS = 8;

    String text(UserId caller) {
        String payload = Json.mapper()
                .writeValueAsString(
                        List.of(IsoMillis.format(asOf), IsoMillis.format(at), conversationId, caller.value()));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(payload.getBytes(StandardCharsets.UTF_8))
                + "."
                + checksum(payload);
    }

    /// Reads what [#text] wrote for the same caller; nothing if it is anything else.
    static Optional<Cursor> parse(String text, UserId caller) {
        int dot = text.indexOf('.');
        try {
            String payload = new String(
                    Base64.getUrlDecoder().decode(text.substring(0, Math.max(dot, 0))), StandardCharsets.UTF_8);
            JsonNode parts = Json.mapper().readTree(payload);
            Cursor cursor = new Cursor(
                    IsoMillis.parse(parts.path(0).stringValue("")),
                    IsoMillis.parse(parts.path(1).stringValue("")),
                    parts.path(2).stringValue(""));
            // Compared as a whole: whatever is not exactly what was given out is refused.
            return cursor.text(caller).equals(text) ? Optional.of(cursor) : Optional.empty();
        } catch (IllegalArgumentException | JacksonException | DateTimeException _) {
            return Optional.empty();
        }
    }

    private static String checksum(String payload) {
        return Digest.of(List.of("cursor", payload)).substring(0, CHECKSUM_DIGITS);
    }
}
