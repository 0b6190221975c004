package com.pantherkolab.api.calls;

import com.pantherkolab.api.callstate.Meeting;
import com.pantherkolab.common.Attendee;
import com.pantherkolab.common.Json;
import com.pantherkolab.common.LogKey;
import com.pantherkolab.common.UserId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.chimesdkmeetings.ChimeSdkMeetingsClient;
import software.amazon.awssdk.services.chimesdkmeetings.model.BatchCreateAttendeeResponse;
import software.amazon.awssdk.services.chimesdkmeetings.model.ChimeSdkMeetingsException;
import software.amazon.awssdk.services.chimesdkmeetings.model.CreateAttendeeRequestItem;
import software.amazon.awssdk.services.chimesdkmeetings.model.NotFoundException;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Meetings of the Chime SDK.
///
/// A meeting's parameters are constant: its `ClientRequestToken` and `ExternalMeetingId` are the call's id, so that
/// a repeat is the same request, and its end names the call.
public final class ChimeMeetings implements Meetings {
    private static final Logger log = LoggerFactory.getLogger(ChimeMeetings.class);
    private static final String MEETING = "meetingId";

    /// How its client goes about a request: once, and not for long, because the workflow looks at the call again
    /// before another attempt.
    public static final ClientOverrideConfiguration CLIENT = ClientOverrideConfiguration.builder()
            .apiCallTimeout(Duration.ofSeconds(3))
            .retryStrategy(AwsRetryStrategy.doNotRetry())
            .build();

    /// Chime wants two characters at least, which a user id need not have.
    private static final String USER_PREFIX = "user#";

    private final ChimeSdkMeetingsClient chime;
    private final String mediaRegion;

    public ChimeMeetings(ChimeSdkMeetingsClient chime, String mediaRegion) {
        this.chime = chime;
        this.mediaRegion = mediaRegion;
    }

    @Override
    public Meeting ofCall(String sessionId) {
        var meeting = answered(() -> chime.createMeeting(create -> create.clientRequestToken(sessionId)
                        .externalMeetingId(sessionId)
                        .mediaRegion(mediaRegion)))
                .meeting();
        return new Meeting(meeting.meetingId(), json(meeting));
    }

    @Override
    public Admission admit(String meetingId, List<UserId> users) {
        try {
            BatchCreateAttendeeResponse answer =
                    answered(() -> chime.batchCreateAttendee(create -> create.meetingId(meetingId)
                            .attendees(users.stream()
                                    .map(user -> CreateAttendeeRequestItem.builder()
                                            .externalUserId(USER_PREFIX + user)
                                            .build())
                                    .toList())));
            answer.errors().forEach(error -> log.atWarn()
                    .addKeyValue(MEETING, meetingId)
                    .addKeyValue(LogKey.REASON, error.errorCode())
                    .log("attendee refused"));
            Map<UserId, Attendee> attendees = answer.attendees().stream()
                    .collect(Collectors.toMap(
                            made -> new UserId(made.externalUserId().substring(USER_PREFIX.length())),
                            made -> new Attendee(made.attendeeId(), made.externalUserId(), made.joinToken())));
            return new Admission.Admitted(attendees);
        } catch (NotFoundException over) {
            return new Admission.Gone();
        }
    }

    @Override
    public void dismiss(String meetingId, String attendeeId) {
        try {
            answered(() ->
                    chime.deleteAttendee(delete -> delete.meetingId(meetingId).attendeeId(attendeeId)));
        } catch (NotFoundException gone) {
            log.atDebug().addKeyValue(MEETING, meetingId).log("attendee was gone");
        }
    }

    @Override
    public void end(String meetingId) {
        try {
            answered(() -> chime.deleteMeeting(delete -> delete.meetingId(meetingId)));
        } catch (NotFoundException over) {
            log.atDebug().addKeyValue(MEETING, meetingId).log("meeting was over");
        }
    }

    /// Tells an outage from a bug: a malformed or forbidden request is not caught.
    private static <T> T answered(Supplier<T> request) {
        try {
            return request.get();
        } catch (SdkClientException unreachable) {
            throw new MeetingsUnavailable(unreachable);
        } catch (ChimeSdkMeetingsException refused) {
            if (refused.isThrottlingException() || refused.statusCode() == 429 || refused.statusCode() >= 500) {
                throw new MeetingsUnavailable(refused);
            }
            throw refused;
        }
    }

    /// As Chime's JSON has it, which front ends hand to their Chime client: the names of the wire, what is absent
    /// left out.
    private static ObjectNode json(SdkPojo pojo) {
        ObjectNode json = Json.mapper().createObjectNode();
        for (SdkField<?> field : pojo.sdkFields()) {
            Object value = field.getValueOrDefault(pojo);
            switch (value) {
                case null -> {}
                case SdkPojo nested -> json.set(field.locationName(), json(nested));
                case List<?> list
                when !list.isEmpty() -> {
                    ArrayNode array = json.putArray(field.locationName());
                    list.forEach(
                            element -> array.add(Json.mapper().<tools.jackson.databind.JsonNode>valueToTree(element)));
                }
                case List<?> _ -> {}
                default -> json.set(field.locationName(), Json.mapper().valueToTree(value));
            }
        }
        return json;
    }
}
