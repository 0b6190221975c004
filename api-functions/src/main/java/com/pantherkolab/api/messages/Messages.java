package com.pantherkolab.api.messages;

import com.pantherkolab.api.command.Decision;
import com.pantherkolab.api.command.Idempotency;
import com.pantherkolab.api.command.Refusal;
import com.pantherkolab.api.store.Change;
import com.pantherkolab.common.Channel;
import com.pantherkolab.common.Conversation;
import com.pantherkolab.common.Event;
import com.pantherkolab.common.Json;
import com.pantherkolab.common.Message;
import com.pantherkolab.common.OutboxEntry;
import com.pantherkolab.common.Publication;
import com.pantherkolab.common.UserId;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Decides about messages. Pure: time and ids are arguments.
final class Messages {
    private Messages() {}

    /// What `POST /api/messages/send` answers, read off the entry that it committed, so that a repeat gets the
    /// same.
    static ObjectNode sent(OutboxEntry entry) {
        ObjectNode message = (ObjectNode)
                Json.mapper().readTree(entry.publications().getFirst().data());
        JsonNode tempId = message.remove("tempId");
        return Json.mapper().createObjectNode().set("message", message).set("tempId", tempId);
    }

    /// Decides a send: the message takes the place after the last one, and every participant is told.
    ///
    /// @param conversation as the sender has just read it, null if they are in none of this id
    static Decision send(
            @Nullable Conversation conversation,
            UserId sender,
            SendMessage command,
            String messageId,
            Idempotency once,
            Instant now) {
        if (conversation == null) {
            return new Decision.Refuse(Refusal.noSuchConversation());
        }
        Instant timestamp = after(conversation.lastMessageAt(), now.truncatedTo(ChronoUnit.MILLIS));
        Message message = new Message(
                conversation.conversationId(),
                conversation.lastSequence() + 1,
                timestamp,
                messageId,
                sender,
                command.type(),
                command.content(),
                command.mediaUrl(),
                command.fileName(),
                command.fileSize(),
                command.duration(),
                command.replyTo(),
                List.of(),
                Map.of(),
                false,
                timestamp);
        OutboxEntry entry = new OutboxEntry(
                once.aggregate(),
                once.eventId(),
                message.sequence(),
                timestamp,
                List.of(Publication.of(
                        new Event.MessageSent(message, command.tempId()),
                        conversation.participants().stream().map(Channel::chats).toList())),
                once.commandHash());
        return new Decision.Announce(new Change.MessageAppended(message, entry));
    }

    /// Strictly increasing inside a conversation, also where clocks differ.
    private static Instant after(@Nullable Instant last, Instant now) {
        return last == null || now.isAfter(last) ? now : last.plusMillis(1);
    }
}
