package com.pantherkolab.api.messages;

import com.pantherkolab.api.http.Field;
import com.pantherkolab.api.http.Fields;
import com.pantherkolab.api.http.Reading;
import com.pantherkolab.api.http.Rule;

/// The command of `POST /api/messages/typing`.
///
/// @param isTyping whether the caller types, or types no more
record AnnounceTyping(String conversationId, boolean isTyping) {

    static Reading<AnnounceTyping> read(Fields body) {
        Field<String> conversationId = body.required("conversationId", Rule.id());
        Field<Boolean> isTyping = body.required("isTyping", Rule.flag());
        return body.build(() -> new AnnounceTyping(conversationId.get(), isTyping.get()));
    }
}
