package com.pantherkolab.api.messages;

import com.pantherkolab.api.command.Decision;
import com.pantherkolab.api.command.Idempotency;
import com.pantherkolab.api.command.Refusal;
import com.pantherkolab.api.store.Change;
import com.pantherkolab.api.store.Membership;
import com.pantherkolab.common.Channel;
import com.pantherkolab.common.Conversation;
import com.pantherkolab.common.Event;
import com.pantherkolab.common.OutboxEntry;
import com.pantherkolab.common.Publication;
import com.pantherkolab.common.UserId;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/// Decides about read marks. Pure: the time is an argument.
final class ReadMarks {
    /// Above this only the reader is told: what everybody tells everybody grows with the square of the group.
    static final int MAX_TOLD = 32;

    private ReadMarks() {}

    /// What `POST /api/messages/read` answers.
    record Marked(long lastReadSequence) {}

    /// The answer, read off the entry that was committed.
    static Marked marked(OutboxEntry entry) {
        return new Marked(entry.order());
    }

    /// Decides a mark: forward only, and not beyond the last message.
    static Decision mark(
            Conversation conversation, Membership membership, long sequence, Idempotency once, Instant at) {
        if (sequence > conversation.lastSequence()) {
            return new Decision.Refuse(
                    Refusal.ofField("sequence", "must not be beyond the conversation's last message"));
        }
        if (sequence <= membership.lastReadSequence()) {
            return new Decision.Answer(new Marked(membership.lastReadSequence()));
        }
        Instant now = at.truncatedTo(ChronoUnit.MILLIS);
        UserId reader = membership.userId();
        List<UserId> told =
                conversation.participants().size() > MAX_TOLD ? List.of(reader) : conversation.participants();
        OutboxEntry entry = new OutboxEntry(
                once.aggregate(),
                once.eventId(),
                sequence,
                now,
                List.of(Publication.of(
                        new Event.MessageRead(conversation.conversationId(), reader, sequence, now),
                        told.stream().map(Channel::chats).toList())));
        return new Decision.Announce(new Change.MarkMoved(
                new Membership(reader, conversation.conversationId(), membership.joinedAt(), sequence), entry));
    }
}
