package com.pantherkolab.api.calls;

import com.pantherkolab.api.http.Field;
import com.pantherkolab.api.http.Fields;
import com.pantherkolab.api.http.Reading;
import com.pantherkolab.api.http.Rule;
import com.pantherkolab.common.Call;
import com.pantherkolab.common.UserId;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The command of `POST /api/calls/initiate`.
///
/// @param participants the caller first, each once
record InitiateCall(
        List<UserId> participants,
        Call.Media callType,
        @Nullable String conversationId,
        @Nullable String deviceId) {

    static Reading<InitiateCall> read(Fields body, UserId caller) {
        Field<List<UserId>> others = body.requiredList("participantIds", Rule.user());
        Field<Call.Media> callType = body.required("callType", Rule.oneOf(Call.Media.class));
        Field<String> conversationId = body.optional("conversationId", Rule.id());
        Field<String> deviceId = body.optional("deviceId", Rule.text(64));
        List<UserId> participants = Stream.concat(Stream.of(caller), others.or(List.of()).stream())
                .distinct()
                .toList();
        if (others.orNull() != null && (participants.size() < 2 || participants.size() > Call.MAX_PARTICIPANTS)) {
            body.wrong(
                    "participantIds", "must make 2 to %d participants, you included".formatted(Call.MAX_PARTICIPANTS));
        }
        body.idempotencyKey();
        return body.build(
                () -> new InitiateCall(participants, callType.get(), conversationId.orNull(), deviceId.orNull()));
    }
}
