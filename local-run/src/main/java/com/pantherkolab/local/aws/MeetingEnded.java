package com.pantherkolab.local.aws;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.pantherkolab.common.Json;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/// "A meeting is over", as Chime tells it through EventBridge; also when it was deleted.
///
/// @param id of the event
/// @param meeting the meeting that ended
/// @param time when
public record MeetingEnded(UUID id, LocalMeetings.Meeting meeting, Instant time) {

    /// The event as a rule's target gets it.
    public byte[] json() {
        ObjectNode event = Json.mapper()
                .createObjectNode()
                .put("version", "0")
                .put("id", id.toString())
                .put("detail-type", "Chime Meeting State Change")
                .put("source", "aws.chime")
                .put("account", LocalAws.ACCOUNT)
                // EventBridge's times have no fraction.
                .put("time", time.truncatedTo(ChronoUnit.SECONDS).toString())
                .put("region", LocalAws.REGION);
        event.putArray("resources");
        event.putObject("detail")
                .put("version", "0")
                .put("eventType", "chime:MeetingEnded")
                .put("timestamp", time.toEpochMilli())
                .put("meetingId", meeting.meetingId())
                .put("externalMeetingId", meeting.externalMeetingId())
                .put("mediaRegion", meeting.mediaRegion());
        return event.toString().getBytes(UTF_8);
    }
}
