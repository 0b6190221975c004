package com.pantherkolab.api.calls;

import com.pantherkolab.api.callstate.Meeting;
import com.pantherkolab.common.Attendee;
import com.pantherkolab.common.Json;
import com.pantherkolab.common.UserId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// Chime in memory: a fake, held to [MeetingsContract] like the real one.
///
/// It can be told to have bad days. Every join token begins with [#TOKEN], so that a test can look for it where it
/// should not be.
public final class MemoryMeetings implements Meetings {
    /// What every join token begins with.
    public static final String TOKEN = "join-token-";

    private final Map<String, String> living = new HashMap<>();
    private final Map<String, Map<String, UserId>> present = new HashMap<>();
    private final Deque<BadDay> badDays = new ArrayDeque<>();
    private final Set<UserId> refused = new HashSet<>();
    private int made;
    private int attendees;

    /// What can befall one request.
    public enum BadDay {
        /// Nothing does.
        GOOD,
        /// An error or a throttle: nothing happened.
        REFUSED,
        /// It happened, and the answer is lost.
        LOST
    }

    /// What befalls the next requests, one each.
    public synchronized void badDays(List<BadDay> days) {
        badDays.addAll(days);
    }

    /// From now on these are not let in where others are.
    public synchronized void refuse(UserId... users) {
        refused.clear();
        refused.addAll(List.of(users));
    }

    /// A meeting that was made for a call dies, by nobody's doing.
    public synchronized void die(String sessionId) {
        String meetingId = living.remove(sessionId);
        present.remove(meetingId);
    }

    /// How many meetings were ever made.
    public synchronized int made() {
        return made;
    }

    /// The meetings that live, by the calls that they were made for.
    public synchronized Map<String, String> living() {
        return Map.copyOf(living);
    }

    /// Who is in a meeting that lives, by attendee.
    public synchronized Map<String, UserId> present(String meetingId) {
        return Map.copyOf(present.getOrDefault(meetingId, Map.of()));
    }

    @Override
    public synchronized Meeting ofCall(String sessionId) {
        return answered(() -> {
            String id = living.computeIfAbsent(sessionId, _ -> "meeting-" + ++made);
            present.computeIfAbsent(id, _ -> new TreeMap<>());
            return new Meeting(id, Json.mapper().createObjectNode().put("MeetingId", id));
        });
    }

    @Override
    public synchronized Admission admit(String meetingId, List<UserId> users) {
        return answered(() -> {
            Map<String, UserId> inside = present.get(meetingId);
            return inside == null
                    ? new Admission.Gone()
                    : new Admission.Admitted(users.stream()
                            .filter(user -> !refused.contains(user))
                            .collect(Collectors.toMap(user -> user, user -> admit(inside, user))));
        });
    }

    private Attendee admit(Map<String, UserId> inside, UserId user) {
        String id = "attendee-" + ++attendees;
        inside.put(id, user);
        return new Attendee(id, "user#" + user, TOKEN + attendees);
    }

    @Override
    public synchronized void dismiss(String meetingId, String attendeeId) {
        answered(() -> present.getOrDefault(meetingId, new HashMap<>()).remove(attendeeId) != null);
    }

    @Override
    public synchronized void end(String meetingId) {
        answered(() -> living.values().remove(meetingId) && present.remove(meetingId) != null);
    }

    private <T> T answered(Supplier<T> request) {
        BadDay today = badDays.poll();
        return switch (today) {
            case null -> request.get();
            case GOOD -> request.get();
            case REFUSED -> throw unavailable();
            case LOST -> throw lost(request.get());
        };
    }

    private static <T> MeetingsUnavailable lost(T answer) {
        return new MeetingsUnavailable(new IllegalStateException("lost: " + answer + TOKEN + "0"));
    }

    /// An SDK's exception may quote what it was about.
    private static MeetingsUnavailable unavailable() {
        return new MeetingsUnavailable(new IllegalStateException("no answer about " + TOKEN + "0"));
    }
}
