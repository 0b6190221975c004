package com.pantherkolab.api.calls;

import com.pantherkolab.api.http.Field;
import com.pantherkolab.api.http.Fields;
import com.pantherkolab.api.http.Reading;
import com.pantherkolab.api.http.Rule;
import org.jspecify.annotations.Nullable;

/// The command of the routes that are about a call which exists.
///
/// @param deviceId with which device; of accepting alone
record CommandOnCall(String sessionId, @Nullable String deviceId) {

    /// The body of `POST /api/calls/accept`.
    static Reading<CommandOnCall> withDevice(Fields body) {
        Field<String> sessionId = body.required("sessionId", Rule.id());
        Field<String> deviceId = body.optional("deviceId", Rule.text(64));
        body.idempotencyKey();
        return body.build(() -> new CommandOnCall(sessionId.get(), deviceId.orNull()));
    }

    /// The body of the others.
    static Reading<CommandOnCall> read(Fields body) {
        Field<String> sessionId = body.required("sessionId", Rule.id());
        body.idempotencyKey();
        return body.build(() -> new CommandOnCall(sessionId.get(), null));
    }
}
