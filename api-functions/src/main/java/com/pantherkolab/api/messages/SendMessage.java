package com.pantherkolab.api.messages;

import com.pantherkolab.api.http.Field;
import com.pantherkolab.api.http.Fields;
import com.pantherkolab.api.http.Reading;
import com.pantherkolab.api.http.Rule;
import com.pantherkolab.common.Message;
import org.jspecify.annotations.Nullable;

/// The command of `POST /api/messages/send`; its fields and limits are the contract's.
///
/// @param tempId what the sender's front end calls the message
record SendMessage(
        String conversationId,
        String content,
        Message.Type type,
        @Nullable String mediaUrl,
        @Nullable String fileName,
        @Nullable Long fileSize,
        @Nullable Long duration,
        @Nullable String replyTo,
        @Nullable String tempId) {

    static Reading<SendMessage> read(Fields body) {
        Field<String> conversationId = body.required("conversationId", Rule.id());
        Field<String> content = body.required("content", Rule.content(32 * 1024));
        Field<Message.Type> type = body.optional("type", Rule.oneOf(Message.Type.class));
        Field<String> mediaUrl = body.optional("mediaUrl", Rule.text(2048));
        Field<String> fileName = body.optional("fileName", Rule.text(255));
        Field<Long> fileSize = body.optional("fileSize", Rule.wholeNumber());
        Field<Long> duration = body.optional("duration", Rule.wholeNumber());
        Field<String> replyTo = body.optional("replyTo", Rule.text(64));
        Field<String> tempId = body.optional("tempId", Rule.key());
        String key = body.idempotencyKey().orNull();
        if (key != null && tempId.orNull() != null && !key.equals(tempId.orNull())) {
            body.wrong("tempId", "must equal the header Idempotency-Key where both are there");
        }
        return body.build(() -> new SendMessage(
                conversationId.get(),
                content.get(),
                type.or(Message.Type.TEXT),
                mediaUrl.orNull(),
                fileName.orNull(),
                fileSize.orNull(),
                duration.orNull(),
                replyTo.orNull(),
                tempId.orNull()));
    }
}
