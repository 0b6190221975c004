package com.pantherkolab.api.conversations;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.pantherkolab.api.command.Decision;
import com.pantherkolab.api.store.Change;
import com.pantherkolab.common.Aggregate;
import com.pantherkolab.common.Channel;
import com.pantherkolab.common.Conversation;
import com.pantherkolab.common.Event;
import com.pantherkolab.common.OutboxEntry;
import com.pantherkolab.common.Publication;
import com.pantherkolab.common.UserId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
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
    record View(@JsonUnwrapped Conversation conversation, long lastReadSequence, long unreadCount) {}

    /// The id of a new conversation. That of two users derives from them, so that it exists once, ever.
    static String id(CreateConversation command, String freshId) {
        return switch (command.type()) {
            case GROUP -> freshId;
            case DIRECT -> "d-" + digest(command.participants());
        };
    }

    /// Decides a creation; a conversation of the two users that exists already is the answer as it stands.
    ///
    /// @param existing what is there under the id, null if nothing is
    static Decision create(
            @Nullable Conversation existing,
            String conversationId,
            UserId creator,
            CreateConversation command,
            String eventId,
            Instant now) {
        if (existing != null) {
            return new Decision.Answer(created(existing));
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
                Aggregate.conversation(conversationId),
                eventId,
                0,
                conversation.createdAt(),
                List.of(Publication.of(
                        new Event.ConversationCreated(conversation),
                        conversation.participants().stream().map(Channel::chats).toList())));
        return new Decision.Write(new Change.ConversationCreated(conversation, entry), created(conversation));
    }

    /// Nothing marks a message as read yet, so all are unread.
    private static Created created(Conversation conversation) {
        return new Created(new View(conversation, 0, conversation.lastSequence()));
    }

    /// 128 bits of the sorted pair; no user id holds the separator.
    private static String digest(List<UserId> participants) {
        String pair = participants.stream().sorted().map(UserId::value).collect(Collectors.joining("/"));
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(pair.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 16);
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("every JDK has SHA-256", impossible);
        }
    }
}
