package com.pantherkolab.api.store;

import static com.pantherkolab.api.store.DynamoItems.PART;
import static com.pantherkolab.api.store.DynamoItems.json;
import static com.pantherkolab.api.store.DynamoItems.number;
import static com.pantherkolab.api.store.DynamoItems.part;
import static com.pantherkolab.api.store.DynamoItems.text;

import com.pantherkolab.api.callstate.CallState;
import com.pantherkolab.api.callstate.Meeting;
import com.pantherkolab.common.Attendee;
import com.pantherkolab.common.Call;
import com.pantherkolab.common.IsoMillis;
import com.pantherkolab.common.Json;
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

/// What the Calls table holds: a call, what lets each participant into its meeting, the pair of a call between two,
/// and the calls of a user.
final class CallItems {
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

    private CallItems() {}

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
                Json.mapper().readValue(DynamoItems.of(item, CALL).s(), Call.class),
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
        return DynamoItems.of(item, SESSION_ID).s();
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
        return Json.mapper().readValue(DynamoItems.of(item, ATTENDEE).s(), Attendee.class);
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
}
