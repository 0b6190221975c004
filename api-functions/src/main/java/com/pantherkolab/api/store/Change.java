package com.pantherkolab.api.store;

import com.pantherkolab.common.Aggregate;
import com.pantherkolab.common.Conversation;
import com.pantherkolab.common.Message;
import com.pantherkolab.common.OutboxEntry;

/// Everything that can be written. There is no other way to write.
public sealed interface Change {

    /// A change that is nothing but its event: an ephemeral one, that nobody reads back.
    ///
    /// A second one under the same event id changes nothing.
    sealed interface EventOnly extends Change {
        /// What the change tells the world.
        OutboxEntry entry();
    }

    /// A change that others can see: it is committed together with its one outbox entry, or not at all.
    sealed interface Announced extends Change {
        /// What the change tells the world.
        OutboxEntry entry();
    }

    /// A change that nobody but the caller can see. The list is closed: whatever is added here is told to nobody.
    sealed interface Quiet extends Change {}

    /// A conversation that did not exist comes into being, with a membership for each participant.
    ///
    /// Overtaken if one with this id exists.
    record ConversationCreated(Conversation conversation, OutboxEntry entry) implements Announced {
        public ConversationCreated {
            requireAbout(entry, conversation.conversationId());
        }
    }

    /// A message takes the next place in its conversation.
    ///
    /// Overtaken unless the conversation's last sequence is the one before the message's.
    record MessageAppended(Message message, OutboxEntry entry) implements Announced {
        public MessageAppended {
            requireAbout(entry, message.conversationId());
        }
    }

    /// Somebody types, or types no more.
    record TypingAnnounced(OutboxEntry entry) implements EventOnly {}

    /// The caller's profile is put in place of the one before.
    record ProfileSaved(Profile profile) implements Quiet {}

    private static void requireAbout(OutboxEntry entry, String conversationId) {
        if (!entry.aggregate().equals(Aggregate.conversation(conversationId))) {
            throw new IllegalArgumentException("the entry is about another conversation");
        }
    }
}
