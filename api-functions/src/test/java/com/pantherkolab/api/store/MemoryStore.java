package com.pantherkolab.api.store;

import com.pantherkolab.common.Aggregate;
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
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// The committed state in memory: a fake of the store, held to [StoreContract] like the real one.
///
/// It can be told to have bad days, which the real store has only now and then.
public final class MemoryStore implements StateReader, ChangeWriter {
    private final Map<String, Conversation> conversations = new HashMap<>();
    private final Map<String, List<Message>> messages = new HashMap<>();
    private final Map<UserId, Profile> profiles = new HashMap<>();
    private final List<OutboxEntry> outbox = new ArrayList<>();
    private final Deque<BadDay> badDays = new ArrayDeque<>();
    private boolean down;

    /// What can befall one write, as the real writer lives through it.
    public enum BadDay {
        /// Throttled once, then taken.
        THROTTLED,
        /// Lost on its way; the second attempt is taken.
        LOST_BEFORE,
        /// Committed without an answer; the second attempt finds it.
        LOST_AFTER,
        /// Another transaction holds an item.
        CONFLICT,
        /// Throttled at every attempt.
        THROTTLED_FOR_GOOD,
        /// Committed, and no attempt gets an answer.
        LOST_FOR_GOOD
    }

    /// What befalls the next writes, one each.
    public synchronized void badDays(List<BadDay> days) {
        badDays.addAll(days);
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
    public synchronized @Nullable OutboxEntry entry(Aggregate aggregate, String eventId) {
        answer();
        return find(aggregate, eventId);
    }

    @Override
    public synchronized Written write(Change change) {
        BadDay today = badDays.poll();
        return switch (today) {
            case null -> commit(change);
            // The writer waits a throttle out, and asks again after a lost answer.
            case THROTTLED, LOST_BEFORE -> commit(change);
            case LOST_AFTER -> {
                Written lost = commit(change);
                yield lost instanceof Written.Committed ? commit(change) : lost;
            }
            case CONFLICT -> new Written.Overtaken();
            case THROTTLED_FOR_GOOD -> new Written.Unavailable();
            case LOST_FOR_GOOD -> {
                commit(change);
                yield new Written.Unknown();
            }
        };
    }

    private Written commit(Change change) {
        return switch (change) {
            case Change.ProfileSaved(Profile profile) -> {
                profiles.put(profile.userId(), profile);
                yield new Written.Committed();
            }
            case Change.EventOnly event -> announce(event.entry(), () -> true);
            case Change.Announced announced -> announce(announced.entry(), () -> apply(announced));
        };
    }

    private Written announce(OutboxEntry entry, BooleanSupplier apply) {
        OutboxEntry first = find(entry.aggregate(), entry.eventId());
        if (first != null) {
            return new Written.CommittedBefore(first);
        }
        if (!apply.getAsBoolean()) {
            return new Written.Overtaken();
        }
        outbox.add(entry);
        return new Written.Committed();
    }

    private @Nullable OutboxEntry find(Aggregate aggregate, String eventId) {
        return outbox.stream()
                .filter(entry ->
                        entry.aggregate().equals(aggregate) && entry.eventId().equals(eventId))
                .findFirst()
                .orElse(null);
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
