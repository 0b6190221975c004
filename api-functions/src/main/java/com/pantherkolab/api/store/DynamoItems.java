package com.pantherkolab.api.store;

import com.pantherkolab.api.callstate.CallState;
import com.pantherkolab.api.callstate.Meeting;
import com.pantherkolab.common.Attendee;
import com.pantherkolab.common.Call;
import com.pantherkolab.common.Conversation;
import com.pantherkolab.common.IsoMillis;
import com.pantherkolab.common.Json;
import com.pantherkolab.common.Message;
import com.pantherkolab.common.OutboxAttributes;
import com.pantherkolab.common.OutboxEntry;
import com.pantherkolab.common.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;

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

    static final String SUBJECT = "subject";
    static final String CALL = "call";
    static final String CALL_SUBJECT = "call#";
    static final String VERSION = "version";
    static final String SESSION_ID = "sessionId";
    static final String ATTENDEE_ID = "attendeeId";
    static final String TTL = "ttl";

    private static final String CONNECT_BY = "connectBy";
    private static final String MEETING = "meeting";
    private static final String ATTENDEE = "attendee";
    private static final String ATTENDEE_PART = "attendee#";

    /// How long what lets somebody into a meeting is kept: an hour longer than a call can live.
    private static final Duration ATTENDEE_KEPT = CallState.LONGEST.plusHours(1);

    /// How long a call is found among a user's: until it is over for a day at the latest, and an hour more.
    static final Duration LISTED = CallState.LONGEST.multipliedBy(2).plusHours(1);

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

    /// A call as it is decided by. Its version stands apart, for a condition must see it.
    static Map<String, AttributeValue> call(CallState state) {
        Call call = state.call();
        Map<String, AttributeValue> item = new HashMap<>(callKey(call.sessionId()));
        item.put(VERSION, number(call.version()));
        item.put(CALL, json(call));
        item.put(TTL, number(state.keptUntil().getEpochSecond()));
        switch (state) {
            case CallState.Ringing _ -> {}
            case CallState.Underway underway -> {
                item.put(CONNECT_BY, json(underway.connectBy()));
                putIfThere(item, underway.meeting());
            }
            case CallState.Ended ended -> putIfThere(item, ended.meeting());
        }
        return item;
    }

    static CallState call(Map<String, AttributeValue> item) {
        AttributeValue connectBy = item.get(CONNECT_BY);
        AttributeValue meeting = item.get(MEETING);
        return CallState.of(
                Json.mapper().readValue(of(item, CALL).s(), Call.class),
                connectBy == null ? Map.of() : Json.mapper().readValue(connectBy.s(), DEADLINES),
                meeting == null ? null : meeting(Json.mapper().readTree(meeting.s())));
    }

    private static final TypeReference<Map<UserId, Instant>> DEADLINES = new TypeReference<>() {};

    private static Meeting meeting(JsonNode json) {
        return new Meeting(json.required("MeetingId").stringValue(), json);
    }

    private static void putIfThere(Map<String, AttributeValue> item, @Nullable Meeting meeting) {
        if (meeting != null) {
            item.put(MEETING, json(meeting.json()));
        }
    }

    /// The stream's filter knows the part of this key.
    static Map<String, AttributeValue> callKey(String sessionId) {
        return Map.of(SUBJECT, callSubject(sessionId), PART, text(CALL));
    }

    static AttributeValue callSubject(String sessionId) {
        return text(CALL_SUBJECT + sessionId);
    }

    static String sessionId(Map<String, AttributeValue> item) {
        return of(item, SESSION_ID).s();
    }

    /// What lets a participant in, in an item of its own, so that whoever reads the call does not read it.
    static Map<String, AttributeValue> attendee(Call call, UserId user, Attendee attendee) {
        Map<String, AttributeValue> item = new HashMap<>(attendeeKey(call.sessionId(), user));
        item.put(ATTENDEE_ID, text(attendee.attendeeId()));
        item.put(ATTENDEE, json(attendee));
        item.put(TTL, number(call.createdAt().plus(ATTENDEE_KEPT).getEpochSecond()));
        return item;
    }

    static Map<String, AttributeValue> attendeeKey(String sessionId, UserId user) {
        return Map.of(SUBJECT, callSubject(sessionId), PART, text(ATTENDEE_PART + user));
    }

    static boolean isAttendee(Map<String, AttributeValue> item) {
        return part(item).startsWith(ATTENDEE_PART);
    }

    static UserId attendeeUser(Map<String, AttributeValue> item) {
        return new UserId(part(item).substring(ATTENDEE_PART.length()));
    }

    static Attendee attendee(Map<String, AttributeValue> item) {
        return Json.mapper().readValue(of(item, ATTENDEE).s(), Attendee.class);
    }

    /// The call that two users are in: by it nobody is called by two at once by the same one.
    static Map<String, AttributeValue> pair(CallState state) {
        Map<String, AttributeValue> item = new HashMap<>(pairKey(state.call().users()));
        item.put(SESSION_ID, text(state.call().sessionId()));
        item.put(TTL, number(state.keptUntil().getEpochSecond()));
        return item;
    }

    static Map<String, AttributeValue> pairKey(List<UserId> pair) {
        return Map.of(
                SUBJECT,
                text("pair#" + pair.stream().sorted().map(UserId::value).collect(Collectors.joining("#"))),
                PART,
                text("pair"));
    }

    /// That a call is a user's, sorted by when it was placed.
    static Map<String, AttributeValue> callOf(UserId user, Call call) {
        return Map.of(
                SUBJECT, userSubject(user),
                PART, text(IsoMillis.format(call.createdAt()) + "#" + call.sessionId()),
                SESSION_ID, text(call.sessionId()),
                TTL, number(call.createdAt().plus(LISTED).getEpochSecond()));
    }

    static AttributeValue userSubject(UserId user) {
        return text("user#" + user);
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

    private static AttributeValue json(Object value) {
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

    private static AttributeValue of(Map<String, AttributeValue> item, String name) {
        AttributeValue value = item.get(name);
        if (value == null) {
            throw new IllegalStateException("an item without its attribute " + name);
        }
        return value;
    }
}
