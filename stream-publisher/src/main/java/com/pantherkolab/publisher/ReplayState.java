package com.pantherkolab.publisher;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.pantherkolab.common.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/// How far a replay is: all that is needed to go on with it, in another process too.
///
/// As a token it is a text without a meaning for others. It holds ids and positions, and no event's data; nothing
/// protects it from being made up, for whoever may invoke a replay may ask for anything that it could say.
///
/// @param request what was asked for at first
/// @param until what it takes up to; fixed when it begins
/// @param position where its source goes on; none, at the beginning
/// @param summary what was done so far
@JsonInclude(JsonInclude.Include.NON_NULL)
record ReplayState(
        ReplayRequest request, Instant until, @Nullable String position, ReplaySummary summary) {

    static ReplayState ofToken(String token) throws BadOption {
        try {
            String json = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
            ReplayState state = Objects.requireNonNull(Json.mapper().readValue(json, ReplayState.class));
            Objects.requireNonNull(state.request);
            Objects.requireNonNull(state.until);
            Objects.requireNonNull(state.summary);
            return state;
        } catch (IllegalArgumentException | JacksonException | NullPointerException unreadable) {
            throw new BadOption("resume", "must be the token of an earlier answer");
        }
    }

    String token() {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(Json.mapper().writeValueAsBytes(this));
    }

    ReplayState behind(String next, ReplaySummary more) {
        return new ReplayState(request, until, next, summary.plus(more));
    }
}
