package com.pantherkolab.api.calls;

import com.pantherkolab.api.callstate.CallState;
import com.pantherkolab.api.store.Head;
import com.pantherkolab.api.store.Membership;
import com.pantherkolab.api.store.Profile;
import com.pantherkolab.api.store.StateReader;
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

/// A store in which nobody looks for anything but calls.
abstract class CallsOnly implements StateReader {
    @Override
    public @Nullable Conversation conversation(String conversationId) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Map<String, Head> heads(List<String> conversationIds) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Map<String, Conversation> conversations(Map<String, Head> heads) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<Membership> memberships(UserId user, int limit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<Membership> memberships(Conversation conversation) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Membership membership(Conversation conversation, UserId participant) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<Message> messages(String conversationId, long from, Direction direction, int limit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public @Nullable OutboxEntry entry(Aggregate aggregate, String eventId) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Map<String, CallState> calls(List<String> sessionIds) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<String> callIds(UserId user, Instant since, int limit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public @Nullable Attendee attendee(String sessionId, UserId participant) {
        throw new UnsupportedOperationException();
    }

    @Override
    public @Nullable Profile profile(UserId user) {
        throw new UnsupportedOperationException();
    }
}
