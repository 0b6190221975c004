package com.pantherkolab.local.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.pantherkolab.common.Json;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.services.chimesdkmeetings.ChimeSdkMeetingsClient;
import software.amazon.awssdk.services.chimesdkmeetings.model.Attendee;
import software.amazon.awssdk.services.chimesdkmeetings.model.BadRequestException;
import software.amazon.awssdk.services.chimesdkmeetings.model.BatchCreateAttendeeResponse;
import software.amazon.awssdk.services.chimesdkmeetings.model.ConflictException;
import software.amazon.awssdk.services.chimesdkmeetings.model.CreateAttendeeError;
import software.amazon.awssdk.services.chimesdkmeetings.model.CreateAttendeeRequestItem;
import software.amazon.awssdk.services.chimesdkmeetings.model.LimitExceededException;
import software.amazon.awssdk.services.chimesdkmeetings.model.Meeting;
import software.amazon.awssdk.services.chimesdkmeetings.model.NotFoundException;
import software.amazon.awssdk.services.chimesdkmeetings.model.ServiceFailureException;
import software.amazon.awssdk.services.chimesdkmeetings.model.ServiceUnavailableException;
import software.amazon.awssdk.services.chimesdkmeetings.model.ThrottlingException;
import tools.jackson.databind.JsonNode;

/// The real Chime client against the stand-in.
class LocalMeetingsTest {
    private static final VirtualClock CLOCK = new VirtualClock();
    private static final LocalAws AWS = LocalAws.start(CLOCK, UUID::randomUUID);
    private static final ChimeSdkMeetingsClient CHIME = AWS.meetingsClient()
            .overrideConfiguration(override -> override.retryStrategy(AwsRetryStrategy.doNotRetry()))
            .build();

    private final String session = UUID.randomUUID().toString();

    @AfterAll
    static void stop() {
        CHIME.close();
        AWS.close();
    }

    @BeforeEach
    void nothingGoesWrong() {
        AWS.meetings().faults(MeetingFaultPlan.NONE);
    }

    @Test
    void aMeetingIsMadeReadAndDeleted() {
        Meeting made = create(session);

        assertThat(made.externalMeetingId()).isEqualTo(session);
        assertThat(made.mediaRegion()).isEqualTo("eu-central-1");
        assertThat(made.mediaPlacement().audioHostUrl()).startsWith("127.0.0.1:");
        assertThat(made.mediaPlacement().signalingUrl()).startsWith("wss://127.0.0.1:");
        assertThat(CHIME.getMeeting(get -> get.meetingId(made.meetingId())).meeting())
                .isEqualTo(made);
        assertThat(AWS.meetings().alive())
                .contains(new LocalMeetings.Meeting(made.meetingId(), session, "eu-central-1"));

        CHIME.deleteMeeting(delete -> delete.meetingId(made.meetingId()));

        assertThatThrownBy(() -> CHIME.getMeeting(get -> get.meetingId(made.meetingId())))
                .isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> CHIME.deleteMeeting(delete -> delete.meetingId(made.meetingId())))
                .isInstanceOf(NotFoundException.class);
        assertThat(AWS.meetings().alive())
                .extracting(LocalMeetings.Meeting::meetingId)
                .doesNotContain(made.meetingId());
    }

    @Test
    void theSameTokenIsTheSameMeetingFromAnyNumberOfCallersAtOnce() throws Exception {
        List<Callable<String>> callers = IntStream.range(0, 8)
                .<Callable<String>>mapToObj(_ -> () -> create(session).meetingId())
                .toList();
        Set<String> ids = new HashSet<>();
        try (var threads = Executors.newFixedThreadPool(8)) {
            for (Future<String> id : threads.invokeAll(callers)) {
                ids.add(id.get());
            }
        }

        assertThat(ids).hasSize(1);
        assertThat(AWS.meetings().made(session)).isEqualTo(1);
    }

    @Test
    void theSameTokenWithOtherParametersIsAConflict() {
        create(session);

        assertThatThrownBy(() -> CHIME.createMeeting(create -> create.clientRequestToken(session)
                        .externalMeetingId("another")
                        .mediaRegion("eu-central-1")))
                .isInstanceOf(ConflictException.class);
    }

    @Test
    void onceItsMeetingIsOverATokenMakesANewOne() {
        Meeting first = create(session);
        CHIME.deleteMeeting(delete -> delete.meetingId(first.meetingId()));

        Meeting second = create(session);

        assertThat(second.meetingId()).isNotEqualTo(first.meetingId());
        assertThat(AWS.meetings().made(session)).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"x|external|us-east-1", "to ken|external|us-east-1", "token|e|us-east-1", "token|external|Mars"})
    void aBadMeetingIsRefused(String token, String externalId, String region) {
        assertThatThrownBy(() -> CHIME.createMeeting(create -> create.clientRequestToken(token)
                        .externalMeetingId(externalId)
                        .mediaRegion(region)))
                .isInstanceOf(BadRequestException.class);
    }

    @Test
    void attendeesAreMadeInABatchReadAndDeleted() {
        String meeting = create(session).meetingId();

        BatchCreateAttendeeResponse batch = attendees(meeting, "user-alice", "user-bob");
        Attendee alice = batch.attendees().getFirst();

        assertThat(batch.hasErrors() && !batch.errors().isEmpty()).isFalse();
        assertThat(batch.attendees()).extracting(Attendee::externalUserId).containsExactly("user-alice", "user-bob");
        assertThat(batch.attendees()).extracting(Attendee::joinToken).doesNotHaveDuplicates();
        assertThat(alice.joinToken()).matches("[a-zA-Z0-9+/]{2,2048}");
        assertThat(CHIME.getAttendee(get -> get.meetingId(meeting).attendeeId(alice.attendeeId()))
                        .attendee())
                .isEqualTo(alice);

        CHIME.deleteAttendee(delete -> delete.meetingId(meeting).attendeeId(alice.attendeeId()));

        assertThatThrownBy(() -> CHIME.getAttendee(get -> get.meetingId(meeting).attendeeId(alice.attendeeId())))
                .isInstanceOf(NotFoundException.class);
        assertThat(AWS.meetings().attendees(meeting)).containsExactly("user-bob");
        assertThat(CHIME.listAttendees(list -> list.meetingId(meeting)).attendees())
                .extracting(Attendee::externalUserId)
                .containsExactly("user-bob");
    }

    @Test
    void theSameUserIsTheSameAttendee() {
        String meeting = create(session).meetingId();

        Attendee first = attendees(meeting, "user-alice").attendees().getFirst();
        Attendee again = CHIME.createAttendee(
                        create -> create.meetingId(meeting).externalUserId("user-alice"))
                .attendee();

        assertThat(again).isEqualTo(first);
    }

    @Test
    void aBatchHoldsAHundredAndAMeetingTwoHundredAndFifty() {
        String meeting = create(session).meetingId();

        assertThatThrownBy(() -> attendees(meeting, users(0, 101))).isInstanceOf(BadRequestException.class);
        attendees(meeting, users(0, 100));
        attendees(meeting, users(100, 200));
        assertThatThrownBy(() -> attendees(meeting, users(200, 251))).isInstanceOf(LimitExceededException.class);
        attendees(meeting, users(200, 250));
        attendees(meeting, users(0, 100));
        assertThat(AWS.meetings().attendees(meeting)).hasSize(250);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "aws:me", "a;b"})
    void aBadUserIdIsRefused(String user) {
        String meeting = create(session).meetingId();

        assertThatThrownBy(() -> attendees(meeting, user)).isInstanceOf(BadRequestException.class);
    }

    @Test
    void aMeetingThatEndedTakesNobody() {
        String meeting = create(session).meetingId();

        assertThat(AWS.meetings().end(meeting)).isTrue();
        assertThat(AWS.meetings().end(meeting)).isFalse();

        assertThatThrownBy(() -> attendees(meeting, "user-alice")).isInstanceOf(NotFoundException.class);
    }

    @Test
    void everyEndIsToldOnceAsChimeTellsIt() {
        List<MeetingEnded> told = new ArrayList<>();
        AWS.meetings().onEnded(ended -> {
            if (ended.meeting().externalMeetingId().equals(session)) {
                told.add(ended);
            }
        });
        Meeting first = create(session);
        AWS.meetings().end(first.meetingId());
        Meeting second = create(session);
        CHIME.deleteMeeting(delete -> delete.meetingId(second.meetingId()));

        assertThat(told)
                .extracting(ended -> ended.meeting().meetingId())
                .containsExactly(first.meetingId(), second.meetingId());
        JsonNode event = Json.mapper().readTree(told.getFirst().json());
        assertThat(event).isEqualTo(Json.mapper().readTree("""
                                        {"version":"0","id":"%s","detail-type":"Chime Meeting State Change",
                                         "source":"aws.chime","account":"000000000000","time":"%s","region":"us-east-1",
                                         "resources":[],
                                         "detail":{"version":"0","eventType":"chime:MeetingEnded","timestamp":%d,
                                                   "meetingId":"%s","externalMeetingId":"%s","mediaRegion":"eu-central-1"}}
                                        """.formatted(
                told.getFirst().id(), CLOCK.instant(), CLOCK.instant().toEpochMilli(), first.meetingId(), session)));
    }

    @ParameterizedTest
    @CsvSource({"429", "500", "503"})
    void aRefusedCallHasNoEffect(int status) {
        faults(new MeetingFault.Refused(status));

        assertThatExceptionOfType(SdkServiceException.class)
                .isThrownBy(() -> create(session))
                .satisfies(refused -> assertThat(refused.statusCode()).isEqualTo(status))
                .isInstanceOf(
                        switch (status) {
                            case 429 -> ThrottlingException.class;
                            case 503 -> ServiceUnavailableException.class;
                            default -> ServiceFailureException.class;
                        });
        assertThat(AWS.meetings().made(session)).isZero();
    }

    @Test
    void aPartialFailureMakesTheOthersAndSaysWhoFailed() {
        String meeting = create(session).meetingId();
        faults(new MeetingFault.PartialFailure(Set.of(1)));

        BatchCreateAttendeeResponse batch = attendees(meeting, "user-alice", "user-bob", "user-carol");

        assertThat(batch.attendees()).extracting(Attendee::externalUserId).containsExactly("user-alice", "user-carol");
        assertThat(batch.errors())
                .extracting(CreateAttendeeError::externalUserId, CreateAttendeeError::errorCode)
                .containsExactly(tuple("user-bob", "ServiceFailure"));
        assertThat(AWS.meetings().attendees(meeting)).containsExactly("user-alice", "user-carol");
    }

    @Test
    void aLostResponseHappenedAndItsRepeatFindsIt() {
        faults(new MeetingFault.LostResponse());

        assertThatThrownBy(() -> create(session)).isInstanceOf(SdkClientException.class);

        assertThat(AWS.meetings().made(session)).isEqualTo(1);
        Meeting again = create(session);
        assertThat(AWS.meetings().made(session)).isEqualTo(1);
        faults(new MeetingFault.LostResponse());
        assertThatThrownBy(() -> CHIME.deleteMeeting(delete -> delete.meetingId(again.meetingId())))
                .isInstanceOfAny(SdkClientException.class, NotFoundException.class);
        assertThat(AWS.meetings().alive())
                .extracting(LocalMeetings.Meeting::externalMeetingId)
                .doesNotContain(session);
    }

    @Test
    void faultsComeAtTheirRatesAndTheSameSeedGivesTheSame() {
        MeetingFaultPlan plan = new MeetingFaults(0.4, 0.5).plan(7);
        MeetingFaultPlan same = new MeetingFaults(0.4, 0.5).plan(7);
        List<MeetingFault> drawn = IntStream.range(0, 2_000)
                .mapToObj(call -> plan.next("BatchCreateAttendee", 1 + call % 5))
                .toList();

        assertThat(IntStream.range(0, 2_000).mapToObj(call -> same.next("BatchCreateAttendee", 1 + call % 5)))
                .containsExactlyElementsOf(drawn);
        assertThat(count(drawn, MeetingFault.None.class)).isBetween(500L, 700L);
        assertThat(count(drawn, MeetingFault.LostResponse.class)).isBetween(500L, 700L);
        assertThat(count(drawn, MeetingFault.PartialFailure.class)).isBetween(150L, 250L);
        assertThat(drawn)
                .filteredOn(MeetingFault.Refused.class::isInstance)
                .extracting(refused -> ((MeetingFault.Refused) refused).status())
                .contains(429, 500, 503);
        assertThat(drawn)
                .filteredOn(MeetingFault.PartialFailure.class::isInstance)
                .allSatisfy(partial -> assertThat(((MeetingFault.PartialFailure) partial).indexes())
                        .isNotEmpty());
        MeetingFaultPlan other = new MeetingFaults(1, 0).plan(7);
        assertThat(IntStream.range(0, 100).mapToObj(_ -> other.next("CreateMeeting", 0)))
                .allMatch(MeetingFault.Refused.class::isInstance);
    }

    private static long count(List<MeetingFault> faults, Class<? extends MeetingFault> kind) {
        return faults.stream().filter(kind::isInstance).count();
    }

    /// These, one a call, and then none.
    private static void faults(MeetingFault... faults) {
        Queue<MeetingFault> next = new ArrayDeque<>(Arrays.asList(faults));
        AWS.meetings().faults((_, _) -> {
            MeetingFault fault = next.poll();
            return fault == null ? new MeetingFault.None() : fault;
        });
    }

    private static Meeting create(String session) {
        return CHIME.createMeeting(create -> create.clientRequestToken(session)
                        .externalMeetingId(session)
                        .mediaRegion("eu-central-1"))
                .meeting();
    }

    private static BatchCreateAttendeeResponse attendees(String meeting, String... users) {
        return CHIME.batchCreateAttendee(batch -> batch.meetingId(meeting)
                .attendees(Arrays.stream(users)
                        .map(user -> CreateAttendeeRequestItem.builder()
                                .externalUserId(user)
                                .build())
                        .toList()));
    }

    private static String[] users(int from, int to) {
        return IntStream.range(from, to).mapToObj(user -> "user-" + user).toArray(String[]::new);
    }
}
