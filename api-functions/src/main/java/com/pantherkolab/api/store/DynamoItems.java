package com.pantherkolab.api.store;

import com.pantherkolab.common.Conversation;
import com.pantherkolab.common.IsoMillis;
import com.pantherkolab.common.Json;
import com.pantherkolab.common.Message;
import com.pantherkolab.common.OutboxAttributes;
import com.pantherkolab.common.OutboxEntry;
import com.pantherkolab.common.UserId;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// What each thing looks like as an item of its table, in one place. Absent values are absent attributes.
final class DynamoItems {
    static final String CONVERSATION_ID = "conversationId";
    static final String PART = "part";
    static final String DESCRIPTION = "description";
    static final String HEAD = "head";
    static final String LAST_SEQUENCE = "lastSequence";
    static final String LAST_MESSAGE_AT = "lastMessageAt";
    static final String USER_ID = "userId";
    static final String JOINED = "joined";
    static final String LAST_READ_SEQUENCE = "lastReadSequence";
    static final String SEQUENCE = "sequence";

    private DynamoItems() {}

    static Map<String, AttributeValue> entry(OutboxEntry entry) {
        return Map.of(
                OutboxAttributes.AGGREGATE, text(entry.aggregate().key()),
                OutboxAttributes.EVENT_ID, text(entry.eventId()),
                OutboxAttributes.ORDER, number(entry.order()),
                OutboxAttributes.TTL, number(entry.keptUntil().getEpochSecond()),
                OutboxAttributes.ENTRY, text(entry.toJson()));
    }

    static OutboxEntry entry(Map<String, AttributeValue> item) {
        return OutboxEntry.fromJson(of(item, OutboxAttributes.ENTRY).s());
    }

    static Map<String, AttributeValue> message(Message message) {
        Map<String, AttributeValue> item = new HashMap<>();
        item.put(CONVERSATION_ID, text(message.conversationId()));
        item.put(SEQUENCE, number(message.sequence()));
        item.put("timestamp", time(message.timestamp()));
        item.put("messageId", text(message.messageId()));
        item.put("senderId", text(message.senderId().value()));
        item.put("type", text(message.type().name()));
        item.put("content", text(message.content()));
        putIfThere(item, "mediaUrl", message.mediaUrl());
        putIfThere(item, "fileName", message.fileName());
        putIfThere(item, "fileSize", message.fileSize());
        putIfThere(item, "duration", message.duration());
        putIfThere(item, "replyTo", message.replyTo());
        return item;
    }

    /// What never changes of a conversation.
    static Map<String, AttributeValue> description(Conversation conversation) {
        Map<String, AttributeValue> item = new HashMap<>();
        item.put(CONVERSATION_ID, text(conversation.conversationId()));
        item.put(PART, text(DESCRIPTION));
        item.put("type", text(conversation.type().name()));
        putIfThere(item, "name", conversation.name());
        item.put(
                "participants",
                AttributeValue.fromL(conversation.participants().stream()
                        .map(user -> text(user.value()))
                        .toList()));
        item.put("createdBy", text(conversation.createdBy().value()));
        item.put("createdAt", time(conversation.createdAt()));
        return item;
    }

    /// What moves with every message, in an item of its own, so that a message's cost does not grow with the
    /// participants.
    static Map<String, AttributeValue> head(Conversation conversation) {
        Map<String, AttributeValue> item = new HashMap<>(headKey(conversation.conversationId()));
        item.put(LAST_SEQUENCE, number(conversation.lastSequence()));
        return item;
    }

    static Map<String, AttributeValue> descriptionKey(String conversationId) {
        return Map.of(CONVERSATION_ID, text(conversationId), PART, text(DESCRIPTION));
    }

    static Map<String, AttributeValue> headKey(String conversationId) {
        return Map.of(CONVERSATION_ID, text(conversationId), PART, text(HEAD));
    }

    static Map<String, AttributeValue> membership(Conversation conversation, UserId user) {
        Map<String, AttributeValue> item =
                new HashMap<>(membershipKey(user, conversation.createdAt(), conversation.conversationId()));
        item.put(CONVERSATION_ID, text(conversation.conversationId()));
        item.put(LAST_READ_SEQUENCE, number(0));
        return item;
    }

    /// Sorted by the time of joining; what comes behind it tells those apart that were joined at once.
    static Map<String, AttributeValue> membershipKey(UserId user, Instant joinedAt, String conversationId) {
        return Map.of(
                USER_ID, text(user.value()),
                JOINED, text(IsoMillis.format(joinedAt) + "#" + conversationId));
    }

    static Membership membership(Map<String, AttributeValue> item) {
        String joined = of(item, JOINED).s();
        return new Membership(
                new UserId(of(item, USER_ID).s()),
                of(item, CONVERSATION_ID).s(),
                IsoMillis.parse(joined.substring(0, joined.indexOf('#'))),
                Long.parseLong(of(item, LAST_READ_SEQUENCE).n()));
    }

    static Message message(Map<String, AttributeValue> item) {
        Instant timestamp = IsoMillis.parse(of(item, "timestamp").s());
        return new Message(
                of(item, CONVERSATION_ID).s(),
                Long.parseLong(of(item, SEQUENCE).n()),
                timestamp,
                of(item, "messageId").s(),
                new UserId(of(item, "senderId").s()),
                Message.Type.valueOf(of(item, "type").s()),
                of(item, "content").s(),
                textOrNull(item, "mediaUrl"),
                textOrNull(item, "fileName"),
                numberOrNull(item, "fileSize"),
                numberOrNull(item, "duration"),
                textOrNull(item, "replyTo"),
                List.of(),
                Map.of(),
                false,
                timestamp);
    }

    /// The conversation that an item belongs to.
    static String conversationId(Map<String, AttributeValue> item) {
        return of(item, CONVERSATION_ID).s();
    }

    /// Which of a conversation's items it is.
    static String part(Map<String, AttributeValue> item) {
        return of(item, PART).s();
    }

    static Head head(Map<String, AttributeValue> head) {
        AttributeValue lastMessageAt = head.get(LAST_MESSAGE_AT);
        return new Head(
                Long.parseLong(of(head, LAST_SEQUENCE).n()),
                lastMessageAt == null ? null : IsoMillis.parse(lastMessageAt.s()));
    }

    static Conversation conversation(Map<String, AttributeValue> description, Head head) {
        List<UserId> participants = of(description, "participants").l().stream()
                .map(user -> new UserId(user.s()))
                .toList();
        return new Conversation(
                of(description, CONVERSATION_ID).s(),
                Conversation.Type.valueOf(of(description, "type").s()),
                textOrNull(description, "name"),
                participants,
                new UserId(of(description, "createdBy").s()),
                IsoMillis.parse(of(description, "createdAt").s()),
                head.lastSequence(),
                head.lastMessageAt());
    }

    static Map<String, AttributeValue> profile(Profile profile) {
        return Map.of(
                USER_ID,
                text(profile.userId().value()),
                "firstName",
                text(profile.firstName()),
                "lastName",
                text(profile.lastName()));
    }

    static Profile profile(Map<String, AttributeValue> item) {
        return new Profile(
                new UserId(of(item, USER_ID).s()),
                of(item, "firstName").s(),
                of(item, "lastName").s());
    }

    static AttributeValue text(String value) {
        return AttributeValue.fromS(value);
    }

    static AttributeValue number(long value) {
        return AttributeValue.fromN(Long.toString(value));
    }

    static AttributeValue time(Instant value) {
        return text(IsoMillis.format(value));
    }

    static AttributeValue json(Object value) {
        return text(Json.mapper().writeValueAsString(value));
    }

    private static void putIfThere(Map<String, AttributeValue> item, String name, @Nullable String value) {
        if (value != null) {
            item.put(name, text(value));
        }
    }

    private static void putIfThere(Map<String, AttributeValue> item, String name, @Nullable Long value) {
        if (value != null) {
            item.put(name, number(value));
        }
    }

    private static @Nullable String textOrNull(Map<String, AttributeValue> item, String name) {
        AttributeValue value = item.get(name);
        return value == null ? null : value.s();
    }

    private static @Nullable Long numberOrNull(Map<String, AttributeValue> item, String name) {
        AttributeValue value = item.get(name);
        return value == null ? null : Long.valueOf(value.n());
    }

    static AttributeValue of(Map<String, AttributeValue> item, String name) {
        AttributeValue value = item.get(name);
        if (value == null) {
            throw new IllegalStateException("an item without its attribute " + name);
        }
        return value;
    }
}
