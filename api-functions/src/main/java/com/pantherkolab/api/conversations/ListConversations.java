package com.pantherkolab.api.conversations;

import com.pantherkolab.api.http.Field;
import com.pantherkolab.api.http.Fields;
import com.pantherkolab.api.http.Reading;
import com.pantherkolab.api.http.Rule;
import com.pantherkolab.common.UserId;
import org.jspecify.annotations.Nullable;

/// The query of `GET /api/conversations`.
///
/// @param limit how many at most
/// @param cursor where to go on; without it, from the beginning
record ListConversations(int limit, @Nullable Cursor cursor) {
    private static final long DEFAULT_LIMIT = 50;

    static Reading<ListConversations> read(Fields parameters, UserId caller) {
        Field<Long> limit = parameters.optional("limit", Rule.digits(1, 100));
        Field<Cursor> cursor = parameters.optional(
                "cursor",
                new Rule<>(
                        "must be the cursor of the page before, as this caller got it",
                        value -> Cursor.parse(value.stringValue(), caller)));
        return parameters.build(() -> new ListConversations(Math.toIntExact(limit.or(DEFAULT_LIMIT)), cursor.orNull()));
    }
}
