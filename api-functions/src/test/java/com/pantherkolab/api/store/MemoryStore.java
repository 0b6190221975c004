package com.pantherkolab.api.store;

import com.pantherkolab.common.Conversation;
import com.pantherkolab.common.Message;
import com.pantherkolab.common.OutboxEntry;
import com.pantherkolab.common.UserId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The committed state in memory: a fake of the store, held to [StoreContract] like the real one.
///
/// It can be told what the next writes come to, which the real store does only on a bad day.
public final class MemoryStore implements StateReader, ChangeWriter {
    private final Map<String, Conversation> conversations = new HashMap<>();
    private final Map<String, List<Message>> messages = new HashMap<>();
    private final Map<UserId, Profile> profiles = new HashMap<>();
    private final List<OutboxEntry> outbox = new ArrayList<>();
    private final Deque<Written> nextWrites = new ArrayDeque<>();
    private boolean down;

    /// What the next writes come to, instead of being tried.
    public void nextWrites(List<Written> results) {
        nextWrites.addAll(results);
    }

    /// From now on no read is answered.
    public void goDown() {
        down = true;
    }

    /// The entries in the order of their commits.
    public synchronized List<OutboxEntry> outbox() {
        return List.copyOf(outbox);
    }

    /// The messages of a conversation in the order of their commits.
    public synchronized List<Message> messages(String conversationId) {
        return List.copyOf(messages.getOrDefault(conversationId, List.of()));
    }

    @Override
    public synchronized @Nullable Conversation conversation(String conversationId) {
        answer();
        return conversations.get(conversationId);
    }

    @Override
    public synchronized @Nullable Profile profile(UserId user) {
        answer();
        return profiles.get(user);
    }

    @Override
    public synchronized Written write(Change change) {
        Written told = nextWrites.poll();
        if (told != null) {
            return told;
        }
        return switch (change) {
            case Change.ProfileSaved(Profile profile) -> {
                profiles.put(profile.userId(), profile);
                yield Written.COMMITTED;
            }
            case Change.Announced announced -> announce(announced);
        };
    }

    private Written announce(Change.Announced change) {
        OutboxEntry entry = change.entry();
        boolean isThere = outbox.stream()
                .anyMatch(other -> other.aggregate().equals(entry.aggregate())
                        && other.eventId().equals(entry.eventId()));
        if (isThere) {
            return Written.COMMITTED;
        }
        if (!apply(change)) {
            return Written.OVERTAKEN;
        }
        outbox.add(entry);
        return Written.COMMITTED;
    }

    private boolean apply(Change.Announced change) {
        return switch (change) {
            case Change.ConversationCreated created ->
                conversations.putIfAbsent(created.conversation().conversationId(), created.conversation()) == null;
            case Change.MessageAppended appended -> append(appended.message());
        };
    }

    private boolean append(Message message) {
        Conversation before = conversations.get(message.conversationId());
        if (before == null || before.lastSequence() != message.sequence() - 1) {
            return false;
        }
        conversations.put(
                before.conversationId(),
                new Conversation(
                        before.conversationId(),
                        before.type(),
                        before.name(),
                        before.participants(),
                        before.createdBy(),
                        before.createdAt(),
                        message.sequence(),
                        message.timestamp()));
        messages.computeIfAbsent(message.conversationId(), _ -> new ArrayList<>())
                .add(message);
        return true;
    }

    private void answer() {
        if (down) {
            throw new StoreUnavailable(new IllegalStateException("down"));
        }
    }
}
