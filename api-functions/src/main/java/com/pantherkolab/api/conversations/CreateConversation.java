package com.pantherkolab.api.conversations;

import com.pantherkolab.api.http.Field;
import com.pantherkolab.api.http.Fields;
import com.pantherkolab.api.http.Reading;
import com.pantherkolab.api.http.Rule;
import com.pantherkolab.common.Conversation;
import com.pantherkolab.common.UserId;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The command of `POST /api/conversations`.
///
/// @param participants the caller first, each once
record CreateConversation(
        Conversation.Type type,
        List<UserId> participants,
        @Nullable String name) {

    static Reading<CreateConversation> read(Fields body, UserId caller) {
        Field<Conversation.Type> type = body.required("type", Rule.oneOf(Conversation.Type.class));
        Field<List<UserId>> others = body.requiredList("participantIds", Rule.user());
        Field<String> name = body.optional("name", Rule.name(100));
        List<UserId> participants = Stream.concat(Stream.of(caller), others.or(List.of()).stream())
                .distinct()
                .toList();
        if (others.orNull() != null) {
            checkNumber(body, type.or(Conversation.Type.GROUP), participants.size());
        }
        body.idempotencyKey();
        return body.build(() -> new CreateConversation(type.get(), participants, name.orNull()));
    }

    private static void checkNumber(Fields body, Conversation.Type type, int participants) {
        switch (type) {
            case DIRECT -> {
                if (participants != 2) {
                    body.wrong("participantIds", "must name exactly one other user in a DIRECT conversation");
                }
            }
            case GROUP -> {
                if (participants < 2 || participants > Conversation.MAX_PARTICIPANTS) {
                    body.wrong(
                            "participantIds",
                            "must make 2 to %d participants, you included".formatted(Conversation.MAX_PARTICIPANTS));
                }
            }
        }
    }
}
