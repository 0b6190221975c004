package com.pantherkolab.api.store;

import com.pantherkolab.api.callstate.CallState;
import com.pantherkolab.common.Aggregate;
import com.pantherkolab.common.Attendee;
import com.pantherkolab.common.Call;
import com.pantherkolab.common.Conversation;
import com.pantherkolab.common.Message;
import com.pantherkolab.common.OutboxEntry;
import com.pantherkolab.common.UserId;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// The committed state in memory: a fake of the store, held to [StoreContract] like the real one.
///
/// It can be told to have bad days, which the real store has only now and then.
public final class MemoryStore implements StateReader, ChangeWriter {
    /// As the real store, it gives a long page in pieces.
    private static final int MAX_ANSWER = 30;

    private final Map<String, Conversation> conversations = new HashMap<>();
    private final Map<String, List<Message>> messages = new HashMap<>();
    private final Map<String, Long> marks = new HashMap<>();
    private final Map<UserId, Profile> profiles = new HashMap<>();
    private final Map<String, CallState> calls = new LinkedHashMap<>();
    private final Map<Set<UserId>, String> pairs = new HashMap<>();
    private final Map<String, Map<UserId, Attendee>> attendees = new HashMap<>();
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

    /// From now on reads are answered again.
    public void comeBack() {
        down = false;
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
    public synchronized Map<String, Head> heads(List<String> conversationIds) {
        answer();
        Map<String, Head> heads = new HashMap<>();
        for (String id : conversationIds) {
            Conversation conversation = conversations.get(id);
            if (conversation != null) {
                heads.put(id, new Head(conversation.lastSequence(), conversation.lastMessageAt()));
            }
        }
        return heads;
    }

    @Override
    public synchronized Map<String, Conversation> conversations(Map<String, Head> heads) {
        answer();
        Map<String, Conversation> found = new HashMap<>();
        heads.forEach((id, head) -> {
            Conversation conversation = conversations.get(id);
            if (conversation != null) {
                found.put(id, withHead(conversation, head.lastSequence(), head.lastMessageAt()));
            }
        });
        return found;
    }

    @Override
    public synchronized List<Membership> memberships(UserId user, int limit) {
        answer();
        return conversations.values().stream()
                .filter(conversation -> conversation.has(user))
                .sorted(Comparator.comparing(Conversation::createdAt)
                        .thenComparing(Conversation::conversationId)
                        .reversed())
                .limit(limit)
                .map(conversation -> membership(conversation, user))
                .toList();
    }

    @Override
    public synchronized List<Membership> memberships(Conversation conversation) {
        answer();
        return conversation.participants().stream()
                .map(user -> membership(conversation, user))
                .toList();
    }

    @Override
    public synchronized Membership membership(Conversation conversation, UserId participant) {
        answer();
        return new Membership(
                participant,
                conversation.conversationId(),
                conversation.createdAt(),
                marks.getOrDefault(conversation.conversationId() + "#" + participant, 0L));
    }

    @Override
    public synchronized List<Message> messages(String conversationId, long from, Direction direction, int limit) {
        answer();
        List<Message> all = messages(conversationId);
        List<Message> inDirection = direction == Direction.FORWARD ? all : all.reversed();
        return inDirection.stream()
                .filter(message ->
                        direction == Direction.FORWARD ? message.sequence() >= from : message.sequence() <= from)
                .limit(Math.min(limit, MAX_ANSWER))
                .toList();
    }

    @Override
    public synchronized @Nullable CallState call(String sessionId) {
        answer();
        return calls.get(sessionId);
    }

    @Override
    public synchronized Map<String, CallState> calls(List<String> sessionIds) {
        answer();
        Map<String, CallState> found = new HashMap<>(calls);
        found.keySet().retainAll(sessionIds);
        return found;
    }

    @Override
    public synchronized List<String> callIds(UserId user, Instant since, int limit) {
        answer();
        return calls.values().stream()
                .map(CallState::call)
                .filter(call -> call.has(user) && !call.createdAt().isBefore(since))
                .sorted(Comparator.comparing(Call::createdAt)
                        .thenComparing(Call::sessionId)
                        .reversed())
                .limit(limit)
                .map(Call::sessionId)
                .toList();
    }

    @Override
    public synchronized @Nullable String pairedCall(UserId one, UserId other) {
        answer();
        return pairs.get(Set.of(one, other));
    }

    @Override
    public synchronized Map<UserId, Attendee> attendees(String sessionId) {
        answer();
        return Map.copyOf(attendees.getOrDefault(sessionId, Map.of()));
    }

    @Override
    public synchronized @Nullable Attendee attendee(String sessionId, UserId participant) {
        return attendees(sessionId).get(participant);
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
            case Change.AttendeeForgotten forgotten -> {
                attendees
                        .getOrDefault(forgotten.sessionId(), new HashMap<>())
                        .remove(forgotten.user(), forgotten.attendee());
                yield new Written.Committed();
            }
            case Change.EventOnly event -> announce(event.entry(), () -> true);
            case Change.CallMoved moved
            when moved.memory() != null -> {
                OutboxEntry first =
                        find(moved.memory().aggregate(), moved.memory().eventId());
                yield first == null
                        ? announce(moved.entry(), () -> apply(moved) && outbox.add(moved.memory()))
                        : new Written.CommittedBefore(first);
            }
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
            case Change.CallPlaced placed -> place(placed);
            case Change.CallMoved moved -> move(moved);
            case Change.MarkMoved moved -> move(moved.membership());
            case Change.MessageAppended appended -> append(appended.message());
        };
    }

    private boolean append(Message message) {
        Conversation before = conversations.get(message.conversationId());
        if (before == null || before.lastSequence() != message.sequence() - 1) {
            return false;
        }
        conversations.put(before.conversationId(), withHead(before, message.sequence(), message.timestamp()));
        messages.computeIfAbsent(message.conversationId(), _ -> new ArrayList<>())
                .add(message);
        return true;
    }

    private boolean place(Change.CallPlaced placed) {
        Call call = placed.state().call();
        CallState inTheWay = calls.get(call.sessionId());
        if (inTheWay != null && inTheWay.keptUntil().isAfter(call.createdAt())) {
            return false;
        }
        if (call.betweenTwo()) {
            Set<UserId> pair = Set.copyOf(call.users());
            if (!Objects.equals(pairs.get(pair), placed.pairBefore())) {
                return false;
            }
            pairs.put(pair, call.sessionId());
        }
        calls.put(call.sessionId(), placed.state());
        return true;
    }

    private boolean move(Change.CallMoved moved) {
        Call call = moved.state().call();
        CallState before = calls.get(call.sessionId());
        if (before == null || before.call().version() != call.version() - 1) {
            return false;
        }
        calls.put(call.sessionId(), moved.state());
        attendees.computeIfAbsent(call.sessionId(), _ -> new HashMap<>()).putAll(moved.attendees());
        if (call.status() == Call.Status.ENDED && call.betweenTwo()) {
            pairs.remove(Set.copyOf(call.users()), call.sessionId());
        }
        return true;
    }

    private boolean move(Membership membership) {
        String key = membership.conversationId() + "#" + membership.userId();
        if (marks.getOrDefault(key, 0L) >= membership.lastReadSequence()) {
            return false;
        }
        marks.put(key, membership.lastReadSequence());
        return true;
    }

    private static Conversation withHead(
            Conversation conversation, long lastSequence, @Nullable Instant lastMessageAt) {
        return new Conversation(
                conversation.conversationId(),
                conversation.type(),
                conversation.name(),
                conversation.participants(),
                conversation.createdBy(),
                conversation.createdAt(),
                lastSequence,
                lastMessageAt);
    }

    private void answer() {
        if (down) {
            throw new StoreUnavailable(new IllegalStateException("down"));
        }
    }
}
