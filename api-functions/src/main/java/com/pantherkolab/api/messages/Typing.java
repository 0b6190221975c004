package com.pantherkolab.api.messages;

import com.pantherkolab.common.Aggregate;
import com.pantherkolab.common.Channel;
import com.pantherkolab.common.Conversation;
import com.pantherkolab.common.Digest;
import com.pantherkolab.common.Event;
import com.pantherkolab.common.OutboxEntry;
import com.pantherkolab.common.Publication;
import com.pantherkolab.common.UserId;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/// What is told of somebody who types. Pure: the time is an argument.
final class Typing {
    /// Above this it is not published: what everybody tells everybody grows with the square of the group.
    static final int MAX_PARTICIPANTS = 32;

    private static final Duration SHOWN = Duration.ofSeconds(5);

    /// In a window that begins with a multiple of this, one event of each kind is enough.
    private static final long WINDOW_MILLIS = 2_000;

    private Typing() {}

    /// The entry that tells the others. Its event id is the same all through a window, so a burst meets its own
    /// entry.
    static OutboxEntry entry(Conversation conversation, UserId user, boolean isTyping, Instant at) {
        Instant now = at.truncatedTo(ChronoUnit.MILLIS);
        Event event = new Event.Typing(isTyping, user, conversation.conversationId(), now.plus(SHOWN));
        long window = Math.floorDiv(now.toEpochMilli(), WINDOW_MILLIS);
        List<Channel> others = conversation.participants().stream()
                .filter(participant -> !participant.equals(user))
                .map(Channel::chats)
                .toList();
        return new OutboxEntry(
                Aggregate.conversation(conversation.conversationId()),
                Digest.of(List.of(
                        user.value(),
                        conversation.conversationId(),
                        event.eventType().name(),
                        Long.toString(window))),
                conversation.lastSequence(),
                now,
                List.of(Publication.of(event, others, now.plus(SHOWN))));
    }
}
