package com.pantherkolab.api.calls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowable;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.pantherkolab.api.ApiSystem;
import com.pantherkolab.api.NotedMetrics;
import com.pantherkolab.api.calls.Calls.Given;
import com.pantherkolab.api.calls.Calls.Initiation;
import com.pantherkolab.api.calls.Calls.Known;
import com.pantherkolab.api.calls.MemoryMeetings.BadDay;
import com.pantherkolab.api.calls.MemoryTimers.Armed;
import com.pantherkolab.api.calls.Timers.Timer;
import com.pantherkolab.api.callstate.CallCommand;
import com.pantherkolab.api.callstate.Meeting;
import com.pantherkolab.api.command.Decision;
import com.pantherkolab.api.command.Idempotency;
import com.pantherkolab.api.store.Change;
import com.pantherkolab.api.store.ChangeWriter;
import com.pantherkolab.api.store.MemoryStore;
import com.pantherkolab.api.store.Pause;
import com.pantherkolab.common.Aggregate;
import com.pantherkolab.common.Attendee;
import com.pantherkolab.common.Call;
import com.pantherkolab.common.Call.EndReason;
import com.pantherkolab.common.Call.Participant;
import com.pantherkolab.common.Call.Participant.State;
import com.pantherkolab.common.Channel;
import com.pantherkolab.common.Event;
import com.pantherkolab.common.OutboxEntry;
import com.pantherkolab.common.Publication;
import com.pantherkolab.common.UserId;
import com.pantherkolab.common.metrics.Metric;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

class CallWorkflowTest {
    private static final UserId ALICE = new UserId("alice");
    private static final UserId BOB = new UserId("bob");
    private static final UserId CAROL = new UserId("carol");
    private static final CallSettings SETTINGS = new CallSettings(45, 10);
    private static final String CALL = "s1";

    private Instant now = Instant.parse("2026-01-09T23:06:40.000Z");
    private int ids;
    private MemoryStore store = new MemoryStore();

    @RegisterExtension
    private final ApiSystem system = new ApiSystem(store);

    private MemoryMeetings meetings = new MemoryMeetings();
    private MemoryTimers timers = new MemoryTimers();
    private final NotedMetrics metrics = new NotedMetrics();

    /// What comes between an effect and the world.
    private interface Between {
        void effect(Runnable effect);
    }

    private Between between = Runnable::run;

    @Test
    void aRingingCallGetsATimerForItsDeadlineAndNoMeeting() {
        place(ALICE, BOB);
        now = now.plusSeconds(5);

        advance();

        assertThat(timers.armed()).containsExactly(new Armed(new Timer(CALL, 1), Duration.ofSeconds(40)));
        assertThat(meetings.made()).isZero();
    }

    @Test
    void whoAcceptedAndWhoCalledAreConnectedEachWithTheirOwnJoinData() {
        place(ALICE, BOB, CAROL);
        accept(BOB);

        advance();

        assertThat(states()).containsExactly(State.CONNECTED, State.CONNECTED, State.RINGING);
        OutboxEntry entry = store.outbox().getLast();
        assertThat(entry.publications())
                .extracting(Publication::type)
                .containsExactly(Event.Type.CALL_CONNECTED, Event.Type.CALL_CONNECTED, Event.Type.PARTICIPANT_JOINED);
        for (UserId user : List.of(ALICE, BOB)) {
            assertThat(entry.publications())
                    .filteredOn(publication ->
                            publication.data().contains(attendee(user).joinToken()))
                    .singleElement()
                    .extracting(Publication::channels)
                    .isEqualTo(List.of(Channel.calls(user)));
        }
        assertThat(meetings.present(meeting()).values()).containsExactlyInAnyOrder(ALICE, BOB);
    }

    @Test
    void aSecondLookDoesNothingNewButArmTheTimer() {
        place(ALICE, BOB);
        accept(BOB);
        advance();
        List<OutboxEntry> told = store.outbox();
        var present = meetings.present(meeting());

        advance();

        assertThat(store.outbox()).isEqualTo(told);
        assertThat(meetings.present(meeting())).isEqualTo(present);
        assertThat(meetings.made()).isEqualTo(1);
        assertThat(timers.armed()).extracting(Armed::timer).containsExactly(new Timer(CALL, 3));
    }

    @Test
    void whoAcceptsLateIsToldOfTheSameMeetingAndTheOthersThatTheyJoined() {
        place(ALICE, BOB, CAROL);
        accept(BOB);
        advance();
        accept(CAROL);

        advance();

        assertThat(states()).containsOnly(State.CONNECTED);
        assertThat(meetings.made()).isEqualTo(1);
        assertThat(store.outbox().getLast().publications())
                .extracting(Publication::channels)
                .containsExactly(List.of(Channel.calls(CAROL)), List.of(Channel.calls(ALICE), Channel.calls(BOB)));
    }

    @Test
    void aCallThatIsUnknownIsPassedOver() {
        advance();

        assertThat(store.outbox()).isEmpty();
        assertThat(timers.armed()).isEmpty();
    }

    @Test
    void aDeadlineThatIsPastIsCommittedFirst() {
        place(ALICE, BOB);
        now = now.plusSeconds(45);

        advance();

        assertThat(call().endReason()).isEqualTo(EndReason.MISSED);
        assertThat(timers.armed()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = BadDay.class,
            names = {"REFUSED", "LOST"})
    void anyRequestThatFailsIsMadeAgain(BadDay badDay) {
        for (int request = 0; request < 2; request++) {
            start();
            accept(BOB);
            meetings.badDays(request == 0 ? List.of(badDay) : List.of(BadDay.GOOD, badDay));

            advance();

            assertThat(states()).containsExactly(State.CONNECTED, State.CONNECTED, State.RINGING);
            assertThat(meetings.made()).isEqualTo(1);
            assertThat(connectedEvents()).isEqualTo(2);
        }
    }

    @Test
    void anOutageIsHandedBackAndLaterLooksGoOnFromThere() {
        start();
        accept(BOB);
        meetings.badDays(IntStream.range(0, CallWorkflow.ROUNDS)
                .mapToObj(_ -> BadDay.REFUSED)
                .toList());

        assertThatIllegalStateException().isThrownBy(this::advance);
        assertThat(states()).containsExactly(State.CONNECTING, State.CONNECTING, State.RINGING);

        advance();
        assertThat(states()).containsExactly(State.CONNECTED, State.CONNECTED, State.RINGING);
        assertThat(meetings.made()).isEqualTo(1);
        assertThat(metrics.sum(Metric.CALLS_MEETINGS_UNAVAILABLE)).isEqualTo(CallWorkflow.ROUNDS);
        assertThat(metrics.sum(Metric.CALLS_ORPHANED_MEETINGS)).isZero();
    }

    @Test
    void aMeetingThatCannotBeDeletedIsToldOfOnceForEachRunUntilItIs() {
        start();
        accept(BOB);
        advance();
        decide(new CallCommand.End(ALICE));
        meetings.badDays(IntStream.range(0, CallWorkflow.ROUNDS)
                .mapToObj(_ -> BadDay.REFUSED)
                .toList());

        assertThatIllegalStateException().isThrownBy(this::advance);
        assertThat(meetings.living()).hasSize(1);
        assertThat(metrics.sum(Metric.CALLS_ORPHANED_MEETINGS)).isEqualTo(1);

        advance();
        assertThat(meetings.living()).isEmpty();
        assertThat(metrics.sum(Metric.CALLS_ORPHANED_MEETINGS)).isEqualTo(1);
    }

    @Test
    void whoIsNotLetInWaitsAndTheOthersConnect() {
        start();
        accept(BOB);
        accept(CAROL);
        meetings.refuse(CAROL);

        assertThatIllegalStateException().isThrownBy(this::advance);
        assertThat(states()).containsExactly(State.CONNECTED, State.CONNECTED, State.CONNECTING);

        meetings.refuse();
        advance();
        assertThat(states()).containsOnly(State.CONNECTED);
    }

    @Test
    void aLateJoinerWhoIsNotLetInInTimeFailsAlone() {
        start();
        accept(BOB);
        advance();
        accept(CAROL);
        meetings.refuse(CAROL);
        assertThatIllegalStateException().isThrownBy(this::advance);
        now = now.plusSeconds(10);

        advance();

        assertThat(states()).containsExactly(State.CONNECTED, State.CONNECTED, State.LEFT);
        assertThat(store.outbox().getLast().publications()).singleElement().satisfies(left -> assertThat(left.data())
                .contains("\"reason\":\"FAILED\""));
        assertThat(meetings.living()).hasSize(1);
    }

    @Test
    void nobodyIsLetInInTimeSoTheCallFailsAndItsMeetingGoes() {
        place(ALICE, BOB);
        accept(BOB);
        meetings.refuse(ALICE, BOB);
        assertThatIllegalStateException().isThrownBy(this::advance);
        now = now.plusSeconds(10);

        advance();

        assertThat(call().endReason()).isEqualTo(EndReason.FAILED);
        assertThat(meetings.living()).isEmpty();
    }

    @Test
    void whoLeavesIsTakenOutOfTheMeetingAndForgotten() {
        start();
        accept(BOB);
        accept(CAROL);
        advance();
        decide(new CallCommand.Leave(CAROL));

        advance();

        assertThat(meetings.present(meeting()).values()).containsExactlyInAnyOrder(ALICE, BOB);
        assertThat(store.attendee(CALL, CAROL)).isNull();
        assertThat(store.attendee(CALL, BOB)).isNotNull();
    }

    @ParameterizedTest
    @EnumSource(
            value = BadDay.class,
            names = {"REFUSED", "LOST"})
    void whoLeavesIsTakenOutThoughTheFirstRequestFails(BadDay badDay) {
        start();
        accept(BOB);
        accept(CAROL);
        advance();
        decide(new CallCommand.Leave(CAROL));
        meetings.badDays(List.of(badDay));

        advance();

        assertThat(meetings.present(meeting()).values()).containsExactlyInAnyOrder(ALICE, BOB);
        assertThat(store.attendee(CALL, CAROL)).isNull();
    }

    @Test
    void whoComesBackGetsAnotherAttendeeAlsoWhereNobodyLookedInBetween() {
        start();
        accept(BOB);
        accept(CAROL);
        advance();
        Attendee first = attendee(CAROL);
        decide(new CallCommand.Leave(CAROL));
        accept(CAROL);

        advance();

        assertThat(states()).containsOnly(State.CONNECTED);
        assertThat(attendee(CAROL).attendeeId()).isNotEqualTo(first.attendeeId());
        assertThat(meetings.present(meeting()))
                .hasSize(3)
                .containsKey(attendee(CAROL).attendeeId())
                .doesNotContainKey(first.attendeeId());
    }

    @Test
    void theMeetingOfACallThatIsOverIsEnded() {
        place(ALICE, BOB);
        accept(BOB);
        advance();
        decide(new CallCommand.End(ALICE));

        advance();

        assertThat(meetings.living()).isEmpty();
        assertThat(meetings.made()).isEqualTo(1);
    }

    @Test
    void aMeetingThatTheCallNeverKnewIsFoundByItsTokenAndEnded() {
        place(ALICE, BOB);
        accept(BOB);
        meetings.ofCall(CALL);
        decide(new CallCommand.Leave(BOB));

        advance();

        assertThat(meetings.living()).isEmpty();
        assertThat(meetings.made()).isEqualTo(1);
    }

    @Test
    void forACallThatOnlyRangNoMeetingIsMadeToBeEnded() {
        place(ALICE, BOB);
        decide(new CallCommand.Cancel(ALICE));

        advance();

        assertThat(meetings.made()).isZero();
    }

    @Test
    void aCallThatEndsWhileItIsConnectedLeavesNoMeeting() {
        place(ALICE, BOB);
        accept(BOB);
        boolean[] ended = {false};
        between = effect -> {
            if (meetings.made() == 1 && !ended[0]) {
                ended[0] = true;
                decide(new CallCommand.End(ALICE));
            }
            effect.run();
        };

        advance();

        assertThat(ended[0]).isTrue();
        assertThat(call().endReason()).isEqualTo(EndReason.HANGUP);
        assertThat(connectedEvents()).isZero();
        assertThat(meetings.living()).isEmpty();
    }

    @Test
    void aMeetingThatIsGoneBeforeAnybodyIsInEndsTheCall() {
        place(ALICE, BOB, CAROL);
        accept(BOB);
        advance();
        meetings.die(CALL);
        accept(CAROL);

        advance();

        assertThat(call().endReason()).isEqualTo(EndReason.MEETING_ENDED);
        assertThat(meetings.living()).isEmpty();
    }

    @Test
    void manyAreLetInAFewAtATimeAndTheEntriesStaySmall() {
        UserId[] users = IntStream.range(0, Call.MAX_PARTICIPANTS)
                .mapToObj(number -> new UserId("participant-%038d".formatted(number)))
                .toArray(UserId[]::new);
        place(users);
        Arrays.stream(users).skip(1).forEach(this::accept);

        advance();

        assertThat(states()).containsOnly(State.CONNECTED);
        assertThat(meetings.made()).isEqualTo(1);
        assertThat(connectedEvents()).isEqualTo(Call.MAX_PARTICIPANTS);
        assertThat(store.outbox())
                .allSatisfy(entry -> assertThat(entry.toJson().length()).isLessThan(OutboxEntry.MAX_ENTRY_BYTES));
    }

    @Test
    void aCrashAtAnyEffectOfConnectingIsMadeGoodByTheNextLook() {
        Runnable accepted = () -> {
            start();
            accept(BOB);
        };

        assertThat(crashAtEach(accepted, this::assertTwoAreConnected)).isEqualTo(3);
    }

    @Test
    void aCrashAtAnyEffectOfComingBackIsMadeGoodByTheNextLook() {
        Runnable backAgain = () -> {
            start();
            accept(BOB);
            advance();
            decide(new CallCommand.Leave(BOB));
            accept(BOB);
        };

        assertThat(crashAtEach(backAgain, this::assertTwoAreConnected)).isEqualTo(4);
    }

    @Test
    void aCrashAtAnyEffectOfEndingIsMadeGoodByTheNextLook() {
        Runnable over = () -> {
            start();
            accept(BOB);
            meetings.ofCall(CALL);
            decide(new CallCommand.End(ALICE));
        };

        assertThat(crashAtEach(over, () -> assertThat(meetings.living()).isEmpty()))
                .isEqualTo(2);
    }

    private void assertTwoAreConnected() {
        assertThat(states()).containsExactly(State.CONNECTED, State.CONNECTED, State.RINGING);
        assertThat(meetings.made()).isEqualTo(1);
        assertThat(store.attendees(CALL)).containsOnlyKeys(ALICE, BOB);
        assertThat(meetings.present(meeting()))
                .containsKeys(attendee(ALICE).attendeeId(), attendee(BOB).attendeeId());
        assertThat(timers.armed()).extracting(Armed::timer).contains(new Timer(CALL, call().version()));
    }

    /// Dies before its n-th effect, then after it, for each n that there is; then the record comes again.
    ///
    /// @return how many effects there are
    private int crashAtEach(Runnable scenario, Runnable holds) {
        int effects = 0;
        for (boolean isOver = false; !isOver; effects++) {
            for (boolean before : List.of(true, false)) {
                scenario.run();
                isOver = !crashes(effects + 1, before);
                advance();
                // What that wrote has a record of its own.
                advance();
                holds.run();
            }
        }
        return effects - 1;
    }

    private boolean crashes(int number, boolean before) {
        int[] effects = {0};
        boolean[] crashed = {false};
        between = effect -> {
            crashed[0] = ++effects[0] == number;
            if (!(crashed[0] && before)) {
                effect.run();
            }
            if (crashed[0]) {
                throw new IllegalStateException("a crash");
            }
        };
        Throwable thrown = catchThrowable(this::advance);
        between = Runnable::run;
        assertThat(thrown == null).isNotEqualTo(crashed[0]);
        return crashed[0];
    }

    @Test
    void noTokenIsInALogLineOrAnExceptionWhateverHappens() {
        Logger logger = (Logger) LoggerFactory.getLogger("com.pantherkolab");
        ListAppender<ILoggingEvent> logs = new ListAppender<>();
        logger.setLevel(Level.TRACE);
        logs.start();
        logger.addAppender(logs);
        List<Throwable> thrown = new ArrayList<>();
        try {
            start();
            accept(BOB);
            accept(CAROL);
            meetings.badDays(List.of(BadDay.LOST, BadDay.REFUSED, BadDay.LOST));
            meetings.refuse(CAROL);
            thrown.add(catchThrowable(this::advance));
            meetings.refuse();
            advance();
            decide(new CallCommand.Leave(CAROL));
            meetings.badDays(List.of(BadDay.LOST));
            advance();
            decide(new CallCommand.End(ALICE));
            meetings.badDays(List.of(BadDay.REFUSED));
            advance();
        } finally {
            logger.detachAppender(logs);
            logger.setLevel(null);
        }

        assertThat(logs.list)
                .hasSizeGreaterThan(3)
                .allSatisfy(line -> assertThat(line.getFormattedMessage()).doesNotContain(MemoryMeetings.TOKEN))
                .allSatisfy(line -> assertThat(line.getThrowableProxy()).isNull());
        assertThat(thrown).filteredOn(Objects::nonNull).isNotEmpty().allSatisfy(failure -> assertThat(
                        failure.toString())
                .doesNotContain(MemoryMeetings.TOKEN));
    }

    @Test
    void noTokenIsInTheStateThatOthersRead() {
        start();
        accept(BOB);
        advance();

        assertThat(Objects.requireNonNull(store.call(CALL)).toString()).doesNotContain(MemoryMeetings.TOKEN);
        assertThat(store.outbox())
                .allSatisfy(entry -> assertThat(entry.answer()).isNull())
                .allSatisfy(entry -> assertThat(Calls.called(entry).toString()).doesNotContain(MemoryMeetings.TOKEN));
    }

    /// A group's call that rings, in a world where nothing has happened.
    private void start() {
        store = new MemoryStore();
        meetings = new MemoryMeetings();
        timers = new MemoryTimers();
        place(ALICE, BOB, CAROL);
    }

    private void place(UserId... participants) {
        Initiation initiation = new Initiation(
                participants[0],
                new InitiateCall(List.of(participants), Call.Media.VIDEO, null, null),
                CALL,
                Idempotency.unkeyed(Aggregate.call(CALL), id()));
        write(Calls.initiate(new Known(null, "Unknown", null, null), initiation, SETTINGS, new Given(id(), now)));
    }

    private void accept(UserId user) {
        decide(new CallCommand.Accept(user, null, now.plus(SETTINGS.connectTimeout())));
    }

    private void decide(CallCommand command) {
        write(Calls.decide(
                store.call(CALL), command, Idempotency.unkeyed(Aggregate.call(CALL), id()), new Given(id(), now)));
    }

    private void write(Decision decision) {
        assertThat(decision)
                .isInstanceOfSatisfying(Decision.Announce.class, announce -> assertThat(store.write(announce.change()))
                        .isEqualTo(new ChangeWriter.Written.Committed()));
    }

    private void advance() {
        new CallWorkflow(
                        store,
                        this::writeBetween,
                        new MeetingsBetween(),
                        (timer, after) -> between.effect(() -> timers.arm(timer, after)),
                        new Now(),
                        this::id,
                        new Pause(Duration.ofMillis(1), Duration.ofMillis(1), new Random(1), _ -> {}),
                        metrics)
                .advance(CALL);
    }

    private ChangeWriter.Written writeBetween(Change change) {
        List<ChangeWriter.Written> written = new ArrayList<>();
        between.effect(() -> written.add(store.write(change)));
        return written.getFirst();
    }

    private final class MeetingsBetween implements Meetings {
        @Override
        public Meeting ofCall(String sessionId) {
            List<Meeting> made = new ArrayList<>();
            between.effect(() -> made.add(meetings.ofCall(sessionId)));
            return made.getFirst();
        }

        @Override
        public Admission admit(String meetingId, List<UserId> users) {
            List<Admission> admitted = new ArrayList<>();
            between.effect(() -> admitted.add(meetings.admit(meetingId, users)));
            return admitted.getFirst();
        }

        @Override
        public void dismiss(String meetingId, String attendeeId) {
            between.effect(() -> meetings.dismiss(meetingId, attendeeId));
        }

        @Override
        public void end(String meetingId) {
            between.effect(() -> meetings.end(meetingId));
        }
    }

    private final class Now extends Clock {
        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    private String id() {
        return "e" + ++ids;
    }

    private Call call() {
        return Objects.requireNonNull(store.call(CALL)).call();
    }

    private List<State> states() {
        return call().participants().stream().map(Participant::state).toList();
    }

    private String meeting() {
        return Objects.requireNonNull(meetings.living().get(CALL));
    }

    private Attendee attendee(UserId user) {
        return Objects.requireNonNull(store.attendee(CALL, user));
    }

    private long connectedEvents() {
        return store.outbox().stream()
                .flatMap(entry -> entry.publications().stream())
                .filter(publication -> publication.type() == Event.Type.CALL_CONNECTED)
                .count();
    }
}
