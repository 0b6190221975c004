package com.pantherkolab.api.messages;

import com.pantherkolab.api.http.Field;
import com.pantherkolab.api.http.Fields;
import com.pantherkolab.api.http.Reading;
import com.pantherkolab.api.http.Rule;
import com.pantherkolab.api.store.StateReader.Direction;
import com.pantherkolab.common.Digest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The query of `GET /api/conversations/{conversationId}/messages`.
///
/// @param afterSequence only later ones, the next ones first
/// @param beforeSequence only earlier ones, the last ones first; without either, the newest
record ListMessages(
        String conversationId,
        @Nullable Long afterSequence,
        @Nullable Long beforeSequence,
        int limit) {
    private static final long DEFAULT_LIMIT = 50;

    static Reading<ListMessages> read(Fields parameters) {
        Field<String> conversationId = parameters.required("conversationId", Rule.id());
        Field<Long> after = parameters.optional("afterSequence", Rule.place());
        Field<Long> before = parameters.optional("beforeSequence", Rule.place());
        Field<Long> limit = parameters.optional("limit", Rule.digits(1, 200));
        if (after.orNull() != null && before.orNull() != null) {
            parameters.wrong("beforeSequence", "must not be there beside afterSequence");
        }
        return parameters.build(() -> new ListMessages(
                conversationId.get(), after.orNull(), before.orNull(), Math.toIntExact(limit.or(DEFAULT_LIMIT))));
    }

    Direction direction() {
        return afterSequence == null ? Direction.BACKWARD : Direction.FORWARD;
    }

    /// The first place that the page may hold, in its direction; none below 1 or above the last.
    long first(long lastSequence) {
        if (afterSequence != null) {
            return afterSequence + 1;
        }
        return beforeSequence == null ? lastSequence : Math.min(lastSequence, beforeSequence - 1);
    }

    /// Stands for the answer: messages never change, so it is the same as long as no message was added.
    String etag(long lastSequence) {
        return "\"%s\""
                .formatted(Digest.of(List.of(
                        conversationId,
                        String.valueOf(afterSequence),
                        String.valueOf(beforeSequence),
                        String.valueOf(limit),
                        String.valueOf(lastSequence))));
    }
}
