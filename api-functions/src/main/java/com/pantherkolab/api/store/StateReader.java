package com.pantherkolab.api.store;

import com.pantherkolab.api.callstate.CallState;
import com.pantherkolab.common.Aggregate;
import com.pantherkolab.common.Attendee;
import com.pantherkolab.common.Conversation;
import com.pantherkolab.common.Message;
import com.pantherkolab.common.OutboxEntry;
import com.pantherkolab.common.UserId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads the committed state, strongly consistent: what was acknowledged before the call is in the answer.
///
/// Its methods throw [StoreUnavailable] when the store does not answer.
public interface StateReader {

    /// A conversation with the head as it stands, or null if there is none with this id.
    @Nullable
    Conversation conversation(String conversationId);

    /// A conversation as one of its participants may see it: null if there is none, and null if the user is not in
    /// it, so that nobody downstream can tell the two apart.
    default @Nullable Conversation conversationOf(UserId participant, String conversationId) {
        Conversation conversation = conversation(conversationId);
        return conversation != null && conversation.has(participant) ? conversation : null;
    }

    /// The heads of conversations, by their ids; those that are not there are left out.
    Map<String, Head> heads(List<String> conversationIds);

    /// The conversations that these are the heads of, by their ids.
    ///
    /// What never changes of a conversation is read eventually consistent, at half the price; what is too new to be
    /// seen so is read again, strongly.
    Map<String, Conversation> conversations(Map<String, Head> heads);

    /// The conversations that a user joined last, the last one first.
    ///
    /// @param limit how many at most
    List<Membership> memberships(UserId user, int limit);

    /// The membership of every participant of a conversation that is there, in the order of its participants.
    List<Membership> memberships(Conversation conversation);

    /// One participant's membership of a conversation that is there.
    Membership membership(Conversation conversation, UserId participant);

    /// Messages from a place on, without a gap.
    ///
    /// It may give fewer than there are, but none only if there is none: whoever wants more asks again from behind
    /// the last one.
    ///
    /// @param from the first place
    /// @param direction whether to read on to later or to earlier ones
    /// @param limit how many at most
    List<Message> messages(String conversationId, long from, Direction direction, int limit);

    /// Which way messages are read.
    enum Direction {
        FORWARD,
        BACKWARD
    }

    /// What was committed under an event id, or null if nothing was, or so long ago that it has been swept.
    @Nullable
    OutboxEntry entry(Aggregate aggregate, String eventId);

    /// A call, or null if there is none with this id, or it was so long ago that it has been swept.
    @Nullable
    CallState call(String sessionId);

    /// Calls, by their ids; those that are not there are left out.
    Map<String, CallState> calls(List<String> sessionIds);

    /// The ids of a user's calls that were placed since a time, the last one first.
    ///
    /// @param limit how many at most
    List<String> callIds(UserId user, Instant since, int limit);

    /// The call between two users that was placed last and has not ended, or null if there is none. It may name a
    /// call that has been swept.
    @Nullable
    String pairedCall(UserId one, UserId other);

    /// What lets each participant of a call into its meeting who was ever connected, unless it is forgotten.
    Map<UserId, Attendee> attendees(String sessionId);

    /// What lets one participant into the meeting of a call, or null.
    @Nullable
    Attendee attendee(String sessionId, UserId participant);

    /// A user's profile, or null if they never saved one.
    @Nullable
    Profile profile(UserId user);
}
