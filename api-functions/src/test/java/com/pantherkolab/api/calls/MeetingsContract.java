package com.pantherkolab.api.calls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.pantherkolab.api.calls.Meetings.Admission;
import com.pantherkolab.api.calls.Meetings.MeetingsUnavailable;
import com.pantherkolab.api.callstate.Meeting;
import com.pantherkolab.common.Attendee;
import com.pantherkolab.common.UserId;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/// What all meetings must do, those of Chime and their fake.
public abstract class MeetingsContract {
    private static final UserId ALICE = new UserId("alice");
    private static final UserId BOB = new UserId("bob");
    /// Chime wants names of two characters at least.
    private static final UserId SHORT = new UserId("c");

    /// What befalls requests.
    protected enum BadDay {
        /// An error or a throttle: nothing happened.
        REFUSED,
        /// It happened, and the answer is lost.
        LOST
    }

    protected abstract Meetings meetings();

    /// Lets the next request have a bad day, with all the attempts that are made of it underneath.
    protected abstract void nextRequest(BadDay day);

    /// Lets nobody in of whom this is one, from now on.
    protected abstract void refuse(UserId user);

    /// How many meetings live that were made for a call.
    protected abstract int living(String sessionId);

    /// The ids of the attendees in a meeting that lives.
    protected abstract List<String> present(String meetingId);

    @Test
    void aCallHasOneMeetingHoweverOftenItIsAskedFor() {
        String call = fresh();

        Meeting first = meetings().ofCall(call);

        assertThat(meetings().ofCall(call)).isEqualTo(first);
        assertThat(living(call)).isEqualTo(1);
        assertThat(first.json().path("MeetingId").stringValue()).isEqualTo(first.meetingId());
    }

    @Test
    void eachCallHasItsOwn() {
        assertThat(meetings().ofCall(fresh()).meetingId())
                .isNotEqualTo(meetings().ofCall(fresh()).meetingId());
    }

    @Test
    void whoIsLetInGetsAnAttendeeOfTheirOwn() {
        String meeting = meetings().ofCall(fresh()).meetingId();

        Map<UserId, Attendee> attendees = admitted(meeting, ALICE, BOB, SHORT);

        assertThat(attendees).containsOnlyKeys(ALICE, BOB, SHORT);
        assertThat(attendees.values()).extracting(Attendee::attendeeId).doesNotHaveDuplicates();
        assertThat(attendees.values())
                .extracting(Attendee::joinToken)
                .doesNotHaveDuplicates()
                .doesNotContain("");
        assertThat(attendees.get(SHORT)).extracting(Attendee::externalUserId).isEqualTo("user#c");
        assertThat(present(meeting))
                .containsExactlyInAnyOrderElementsOf(
                        attendees.values().stream().map(Attendee::attendeeId).toList());
    }

    @Test
    void noTokenShowsInWhatIsPrinted() {
        String meeting = meetings().ofCall(fresh()).meetingId();

        Admission admission = meetings().admit(meeting, List.of(ALICE));

        assertThat(admission).isInstanceOfSatisfying(Admission.Admitted.class, admitted -> assertThat(
                        admitted.attendees().values())
                .allSatisfy(attendee -> assertThat(admission.toString()).doesNotContain(attendee.joinToken())));
    }

    @Test
    void whoIsRefusedIsLeftOutAndTheOthersAreLetIn() {
        String meeting = meetings().ofCall(fresh()).meetingId();
        refuse(BOB);

        assertThat(admitted(meeting, ALICE, BOB)).containsOnlyKeys(ALICE);
    }

    @Test
    void whoIsDismissedIsOutAndTheOthersStay() {
        String meeting = meetings().ofCall(fresh()).meetingId();
        Map<UserId, Attendee> attendees = admitted(meeting, ALICE, BOB);

        meetings().dismiss(meeting, id(attendees, BOB));
        meetings().dismiss(meeting, id(attendees, BOB));

        assertThat(present(meeting)).containsExactly(id(attendees, ALICE));
    }

    @Test
    void aMeetingThatIsEndedIsGoneForGoodAndTheNextOneIsAnother() {
        String call = fresh();
        String meeting = meetings().ofCall(call).meetingId();
        String alice = id(admitted(meeting, ALICE), ALICE);

        meetings().end(meeting);
        meetings().end(meeting);

        assertThat(living(call)).isZero();
        assertThat(meetings().admit(meeting, List.of(ALICE))).isEqualTo(new Admission.Gone());
        meetings().dismiss(meeting, alice);
        assertThat(meetings().ofCall(call).meetingId()).isNotEqualTo(meeting);
        assertThat(living(call)).isEqualTo(1);
    }

    @Test
    void whatIsRefusedDidNotHappen() {
        String call = fresh();
        nextRequest(BadDay.REFUSED);
        assertUnavailable(() -> meetings().ofCall(call));
        assertThat(living(call)).isZero();

        String meeting = meetings().ofCall(call).meetingId();
        nextRequest(BadDay.REFUSED);
        assertUnavailable(() -> meetings().admit(meeting, List.of(ALICE)));
        assertThat(present(meeting)).isEmpty();

        String attendee = id(admitted(meeting, ALICE), ALICE);
        nextRequest(BadDay.REFUSED);
        assertUnavailable(() -> meetings().dismiss(meeting, attendee));
        assertThat(present(meeting)).containsExactly(attendee);

        nextRequest(BadDay.REFUSED);
        assertUnavailable(() -> meetings().end(meeting));
        assertThat(living(call)).isEqualTo(1);
    }

    @Test
    void whatHappenedWithoutAnAnswerIsFoundByAskingAgain() {
        String call = fresh();
        nextRequest(BadDay.LOST);
        assertUnavailable(() -> meetings().ofCall(call));
        assertThat(living(call)).isEqualTo(1);
        String meeting = meetings().ofCall(call).meetingId();
        assertThat(living(call)).isEqualTo(1);

        nextRequest(BadDay.LOST);
        assertUnavailable(() -> meetings().admit(meeting, List.of(ALICE)));
        String attendee = id(admitted(meeting, ALICE), ALICE);

        nextRequest(BadDay.LOST);
        assertUnavailableOrDone(() -> meetings().dismiss(meeting, attendee));
        meetings().dismiss(meeting, attendee);
        assertThat(present(meeting)).doesNotContain(attendee);

        nextRequest(BadDay.LOST);
        assertUnavailableOrDone(() -> meetings().end(meeting));
        meetings().end(meeting);
        assertThat(living(call)).isZero();
    }

    /// A deletion may be repeated underneath, and then finds that it happened.
    private static void assertUnavailableOrDone(ThrowingCallable request) {
        Throwable thrown = catchThrowable(request);
        if (thrown != null) {
            assertThat(thrown).isInstanceOf(MeetingsUnavailable.class);
        }
    }

    private Map<UserId, Attendee> admitted(String meetingId, UserId... users) {
        return meetings().admit(meetingId, List.of(users))
                        instanceof Admission.Admitted(Map<UserId, Attendee> attendees)
                ? attendees
                : Map.of();
    }

    private static String id(Map<UserId, Attendee> attendees, UserId user) {
        return Objects.requireNonNull(attendees.get(user)).attendeeId();
    }

    private static void assertUnavailable(ThrowingCallable request) {
        assertThatExceptionOfType(MeetingsUnavailable.class).isThrownBy(request);
    }

    private static String fresh() {
        return UUID.randomUUID().toString();
    }
}
