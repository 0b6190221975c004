package com.pantherkolab.api.calls;

import com.pantherkolab.api.callstate.Meeting;
import com.pantherkolab.common.Attendee;
import com.pantherkolab.common.Json;
import com.pantherkolab.common.UserId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Chime in memory.
public final class MemoryMeetings implements Meetings {
    private final Map<String, String> alive = new HashMap<>();
    private int made;
    private int attendees;

    @Override
    public synchronized Meeting ofCall(String sessionId) {
        String id = alive.computeIfAbsent(sessionId, _ -> "meeting-" + ++made);
        return new Meeting(id, Json.mapper().createObjectNode().put("MeetingId", id));
    }

    @Override
    public synchronized Admission admit(String meetingId, List<UserId> users) {
        if (!alive.containsValue(meetingId)) {
            return new Admission.Gone();
        }
        Map<UserId, Attendee> admitted = new HashMap<>();
        for (UserId user : users) {
            attendees++;
            admitted.put(user, new Attendee("attendee-" + attendees, "user#" + user, "token-" + attendees));
        }
        return new Admission.Admitted(admitted);
    }

    @Override
    public synchronized void dismiss(String meetingId, String attendeeId) {}

    @Override
    public synchronized void end(String meetingId) {
        alive.values().remove(meetingId);
    }
}
