package com.pantherkolab.api.calls;

import com.pantherkolab.common.UserId;
import java.util.List;

class MemoryMeetingsTest extends MeetingsContract {
    private final MemoryMeetings meetings = new MemoryMeetings();

    @Override
    protected Meetings meetings() {
        return meetings;
    }

    @Override
    protected void nextRequest(BadDay day) {
        meetings.badDays(List.of(MemoryMeetings.BadDay.valueOf(day.name())));
    }

    @Override
    protected void refuse(UserId user) {
        meetings.refuse(user);
    }

    @Override
    protected int living(String sessionId) {
        return meetings.living().containsKey(sessionId) ? 1 : 0;
    }

    @Override
    protected List<String> present(String meetingId) {
        return List.copyOf(meetings.present(meetingId).keySet());
    }
}
