package com.pantherkolab.api.store;

import com.pantherkolab.api.callstate.CallState;
import com.pantherkolab.common.Aggregate;
import com.pantherkolab.common.Attendee;
import com.pantherkolab.common.Call;
import com.pantherkolab.common.Conversation;
import com.pantherkolab.common.Message;
import com.pantherkolab.common.OutboxEntry;
import com.pantherkolab.common.UserId;
import java.util.Map;
import org.jspecify.annotations.Nullable;

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

    /// A participant's mark moves forward.
    ///
    /// Overtaken unless it is before the new one.
    record MarkMoved(Membership membership, OutboxEntry entry) implements Announced {
        public MarkMoved {
            requireAbout(entry, membership.conversationId());
        }
    }

    /// A call is placed: each participant finds it among theirs, and between two it takes the pair.
    ///
    /// Overtaken if there is a call with this id, or if the pair's call is not the one that was read.
    ///
    /// @param pairBefore the call that the pair named when it was read, null if none; of a group's call ignored
    record CallPlaced(CallState.Ringing state, @Nullable String pairBefore, OutboxEntry entry) implements Announced {
        public CallPlaced {
            requireAbout(entry, state.call());
        }
    }

    /// A call changes. Where that ends it, its pair is free again.
    ///
    /// Overtaken unless the call's version is the one before.
    ///
    /// @param attendees of those who are connected by it
    /// @param memory an entry without publications, by which a repeat of a command is answered that was about
    /// another call until this one was found; null where there is nothing to remember but the entry
    record CallMoved(
            CallState state,
            Map<UserId, Attendee> attendees,
            OutboxEntry entry,
            @Nullable OutboxEntry memory) implements Announced {
        public CallMoved {
            attendees = Map.copyOf(attendees);
            requireAbout(entry, state.call());
        }

        /// A change that connects nobody and has nothing more to remember.
        public CallMoved(CallState state, OutboxEntry entry) {
            this(state, Map.of(), entry, null);
        }
    }

    /// What let a participant into a meeting is forgotten, for it is of no use any more. Only its owner could read
    /// it, while they were connected.
    record AttendeeForgotten(String sessionId, UserId user, Attendee attendee) implements Quiet {}

    /// The caller's profile is put in place of the one before.
    record ProfileSaved(Profile profile) implements Quiet {}

    private static void requireAbout(OutboxEntry entry, Call call) {
        if (!entry.aggregate().equals(Aggregate.call(call.sessionId())) || entry.order() != call.version()) {
            throw new IllegalArgumentException("the entry is about another call, or another version of it");
        }
    }

    private static void requireAbout(OutboxEntry entry, String conversationId) {
        if (!entry.aggregate().equals(Aggregate.conversation(conversationId))) {
            throw new IllegalArgumentException("the entry is about another conversation");
        }
    }
}
