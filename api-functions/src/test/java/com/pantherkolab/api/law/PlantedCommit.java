package com.pantherkolab.api.law;

import com.pantherkolab.api.store.Change;
import com.pantherkolab.api.store.Membership;
import com.pantherkolab.common.Aggregate;
import com.pantherkolab.common.Channel;
import com.pantherkolab.common.Conversation;
import com.pantherkolab.common.Event;
import com.pantherkolab.common.Message;
import com.pantherkolab.common.OutboxEntry;
import com.pantherkolab.common.Publication;
import com.pantherkolab.common.UserId;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// What a handler might commit in a conversation of alice and bob without messages, most of it mistakes.
enum PlantedCommit {
    WHAT_IS_RIGHT {
        @Override
        Change in(String conversation) {
            Message message = message(conversation, "hello");
            return new Change.MessageAppended(message, sent(message, "alice", "bob"));
        }
    },
    A_MESSAGE_THAT_ONE_PARTICIPANT_IS_NOT_TOLD_OF {
        @Override
        Change in(String conversation) {
            Message message = message(conversation, "hello");
            return new Change.MessageAppended(message, sent(message, "alice"));
        }
    },
    A_MESSAGE_THAT_NOBODY_IS_TOLD_OF {
        @Override
        Change in(String conversation) {
            return new Change.MessageAppended(message(conversation, "hello"), entry(conversation));
        }
    },
    A_MESSAGE_THAT_A_STRANGER_IS_TOLD_OF {
        @Override
        Change in(String conversation) {
            Message message = message(conversation, "hello");
            return new Change.MessageAppended(message, sent(message, "alice", "bob", "mallory"));
        }
    },
    A_MESSAGE_THAT_IS_TOLD_OTHERWISE {
        @Override
        Change in(String conversation) {
            return new Change.MessageAppended(
                    message(conversation, "hello"), sent(message(conversation, "goodbye"), "alice", "bob"));
        }
    },
    A_MESSAGE_THAT_IS_TOLD_AND_NOT_WRITTEN {
        @Override
        Change in(String conversation) {
            return new Change.TypingAnnounced(sent(message(conversation, "hello"), "alice", "bob"));
        }
    },
    A_MARK_THAT_IS_TOLD_OF_ANOTHER_READER {
        @Override
        Change in(String conversation) {
            return new Change.MarkMoved(
                    new Membership(new UserId("bob"), conversation, AT, 1),
                    entry(
                            conversation,
                            Publication.of(
                                    new Event.MessageRead(conversation, new UserId("alice"), 1, AT),
                                    channels("alice", "bob"))));
        }
    },
    A_CONVERSATION_THAT_ONE_PARTICIPANT_NEVER_HEARS_OF {
        @Override
        Change in(String conversation) {
            Conversation another = new Conversation(
                    "another",
                    Conversation.Type.GROUP,
                    null,
                    List.of(new UserId("alice"), new UserId("carol")),
                    new UserId("alice"),
                    AT,
                    0,
                    null);
            return new Change.ConversationCreated(
                    another,
                    entry("another", Publication.of(new Event.ConversationCreated(another), channels("alice"))));
        }
    };

    private static final Instant AT = Instant.parse("2026-01-09T23:06:41Z");

    abstract Change in(String conversation);

    private static OutboxEntry sent(Message message, String... told) {
        return entry(message.conversationId(), Publication.of(new Event.MessageSent(message, null), channels(told)));
    }

    private static OutboxEntry entry(String conversation, Publication... publications) {
        return new OutboxEntry(Aggregate.conversation(conversation), "planted", 1, AT, List.of(publications));
    }

    private static List<Channel> channels(String... users) {
        return Arrays.stream(users).map(UserId::new).map(Channel::chats).toList();
    }

    private static Message message(String conversation, String content) {
        return new Message(
                conversation,
                1,
                AT,
                "m-1",
                new UserId("alice"),
                Message.Type.TEXT,
                content,
                null,
                null,
                null,
                null,
                null,
                List.of(),
                Map.of(),
                false,
                AT);
    }
}
