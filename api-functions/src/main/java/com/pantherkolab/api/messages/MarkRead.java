package com.pantherkolab.api.messages;

import com.pantherkolab.api.http.Field;
import com.pantherkolab.api.http.Fields;
import com.pantherkolab.api.http.Reading;
import com.pantherkolab.api.http.Rule;

/// The command of `POST /api/messages/read`.
///
/// @param sequence the last message that was read
record MarkRead(String conversationId, long sequence) {

    static Reading<MarkRead> read(Fields body) {
        Field<String> conversationId = body.required("conversationId", Rule.id());
        Field<Long> sequence = body.required("sequence", Rule.wholeNumber());
        return body.build(() -> new MarkRead(conversationId.get(), sequence.get()));
    }
}
