package com.pantherkolab.api.calls;

import com.pantherkolab.api.store.Change;
import com.pantherkolab.common.UserId;
import java.time.Duration;
import java.util.List;

/// What production code wants of the world outside: between any two of these it can be overtaken, and die.
sealed interface Ask {
    record ReadCall(String sessionId) implements Ask {}

    record ReadPair(UserId one, UserId other) implements Ask {}

    record ReadAttendees(String sessionId) implements Ask {}

    record Write(Change change) implements Ask {}

    record MakeMeeting(String sessionId) implements Ask {}

    record Admit(String meetingId, List<UserId> users) implements Ask {}

    record Dismiss(String meetingId, String attendeeId) implements Ask {}

    record EndMeeting(String meetingId) implements Ask {}

    record Arm(Timers.Timer timer, Duration after) implements Ask {}

    /// The answer that never comes.
    record NoAnswer() {}
}
