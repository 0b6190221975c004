package com.pantherkolab.api.conversations;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.pantherkolab.api.command.Decision;
import com.pantherkolab.api.command.Idempotency;
import com.pantherkolab.api.store.Change;
import com.pantherkolab.common.Channel;
import com.pantherkolab.common.Conversation;
import com.pantherkolab.common.Digest;
import com.pantherkolab.common.Event;
import com.pantherkolab.common.Json;
import com.pantherkolab.common.OutboxEntry;
import com.pantherkolab.common.Publication;
import com.pantherkolab.common.UserId;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Decides about conversations. Pure: time and ids are arguments.
final class Conversations {
    private Conversations() {}

    /// What `POST /api/conversations` answers.
    record Created(View conversation) {}

    /// A conversation as one participant sees it.
    ///
    /// @param lastReadSequence up to where the reader has marked it as read
    /// @param unreadCount how many messages came after that, own ones included
    record View(@JsonUnwrapped Conversation conversation, long lastReadSequence, long unreadCount) {
        static View of(Conversation conversation, long lastReadSequence) {
            return new View(conversation, lastReadSequence, conversation.lastSequence() - lastReadSequence);
        }
    }

    /// The answer to whoever created it, read off the entry that was committed, so that a repeat gets the same.
    static Created created(OutboxEntry entry) {
        return new Created(
                View.of(Json.mapper().readValue(entry.publications().getFirst().data(), Conversation.class), 0));
    }

    /// The id of a new conversation. That of two users derives from them, so that it exists once, ever; that of a
    /// group derives from the caller's key, if there is one.
    static String id(CreateConversation command, UserId creator, @Nullable String key, String freshId) {
        return switch (command.type()) {
            case GROUP ->
                key == null ? freshId : Digest.of(List.of(creator.value(), CreateConversationHandler.ROUTE, key));
            case DIRECT ->
                Digest.of(command.participants().stream()
                        .sorted()
                        .map(UserId::value)
                        .toList());
        };
    }

    /// Decides a creation; a conversation of the two users that exists already is the answer as it stands.
    ///
    /// @param existing what is there under the id, null if nothing is
    static Decision create(
            @Nullable View existing,
            String conversationId,
            UserId creator,
            CreateConversation command,
            Idempotency once,
            Instant now) {
        if (existing != null) {
            return new Decision.Answer(new Created(existing));
        }
        Conversation conversation = new Conversation(
                conversationId,
                command.type(),
                command.name(),
                command.participants(),
                creator,
                now.truncatedTo(ChronoUnit.MILLIS),
                0,
                null);
        OutboxEntry entry = new OutboxEntry(
                once.aggregate(),
                once.eventId(),
                0,
                conversation.createdAt(),
                List.of(Publication.of(
                        new Event.ConversationCreated(conversation),
                        conversation.participants().stream().map(Channel::chats).toList())),
                once.commandHash());
        return new Decision.Announce(new Change.ConversationCreated(conversation, entry));
    }
}
