package com.pantherkolab.local;

import com.pantherkolab.api.calls.ChimeMeetings;
import com.pantherkolab.api.calls.Meetings;
import com.pantherkolab.api.calls.MeetingsContract;
import com.pantherkolab.common.UserId;
import com.pantherkolab.local.aws.LocalAws;
import com.pantherkolab.local.aws.MeetingFault;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import software.amazon.awssdk.services.chimesdkmeetings.ChimeSdkMeetingsClient;
import software.amazon.awssdk.services.chimesdkmeetings.model.Attendee;

/// The contract of the meetings on the Chime SDK's own client, as the functions use it, against the stand-in.
class ChimeMeetingsTest extends MeetingsContract {
    private static final LocalAws AWS = LocalAws.start(Clock.systemUTC(), UUID::randomUUID);
    private static final ChimeSdkMeetingsClient CHIME =
            AWS.meetingsClient().overrideConfiguration(ChimeMeetings.CLIENT).build();

    @AfterEach
    void noMoreFaults() {
        AWS.meetings().faults((_, _) -> new MeetingFault.None());
    }

    @AfterAll
    static void stop() {
        CHIME.close();
        AWS.close();
    }

    @Override
    protected Meetings meetings() {
        return new ChimeMeetings(CHIME, "us-east-1");
    }

    @Override
    protected void nextRequest(BadDay day) {
        AtomicBoolean done = new AtomicBoolean();
        AWS.meetings().faults((_, _) -> {
            if (done.getAndSet(true)) {
                return new MeetingFault.None();
            }
            return switch (day) {
                case REFUSED -> new MeetingFault.Refused(503);
                case LOST -> new MeetingFault.LostResponse();
            };
        });
    }

    /// The suite asks for two, and refuses the second.
    @Override
    protected void refuse(UserId user) {
        AWS.meetings()
                .faults((operation, attendees) ->
                        attendees == 2 ? new MeetingFault.PartialFailure(Set.of(1)) : new MeetingFault.None());
    }

    @Override
    protected int living(String sessionId) {
        return Math.toIntExact(AWS.meetings().alive().stream()
                .filter(meeting -> meeting.externalMeetingId().equals(sessionId))
                .count());
    }

    @Override
    protected List<String> present(String meetingId) {
        return CHIME.listAttendees(list -> list.meetingId(meetingId)).attendees().stream()
                .map(Attendee::attendeeId)
                .toList();
    }
}
