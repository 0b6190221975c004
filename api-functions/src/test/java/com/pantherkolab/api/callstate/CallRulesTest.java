package com.pantherkolab.api.callstate;

import static org.assertj.core.api.Assertions.assertThat;

import com.pantherkolab.api.callstate.CallCommand.Accept;
import com.pantherkolab.api.callstate.Verdict.Move;
import com.pantherkolab.api.callstate.Verdict.No;
import com.pantherkolab.common.Attendee;
import com.pantherkolab.common.Call;
import com.pantherkolab.common.Call.EndReason;
import com.pantherkolab.common.Call.Participant;
import com.pantherkolab.common.Call.Participant.State;
import com.pantherkolab.common.Call.Status;
import com.pantherkolab.common.Event;
import com.pantherkolab.common.Json;
import com.pantherkolab.common.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// The contract's table, twice: first what each command is answered from wherever one can be, then what becomes of
/// the call.
///
/// A call is written as its status and its participants' states, the initiator alice first: of two it is 1:1, of
/// more a group's. `r`inging, `c`onnecting, `k` connected, re`j`ected, `m`issed, `l`eft.
class CallRulesTest {
    private static final Instant PLACED = Instant.parse("2026-01-09T23:06:40.000Z");
    private static final Duration RING = Duration.ofSeconds(45);
    private static final Duration CONNECT = Duration.ofSeconds(10);

    private static final UserId ALICE = new UserId("alice");
    private static final UserId BOB = new UserId("bob");
    private static final UserId CAROL = new UserId("carol");
    private static final UserId DAVE = new UserId("dave");
    private static final List<UserId> USERS = List.of(ALICE, BOB, CAROL, DAVE);

    private static final Meeting MEETING =
            new Meeting("m1", Json.mapper().createObjectNode().put("MeetingId", "m1"));

    /// What one is answered: a state is what one is in afterwards; `ends`, that the call is over and one's own
    /// state stays; `.`, that nobody can be there.
    private static final String ANSWERS = """
            command            in     who        mine | RINGING  CONNECTING  ACTIVE     ENDED

            accept             1:1    initiator  c    | repeat   repeat      repeat     over
            accept             1:1    initiator  k    | .        .           repeat     over
            accept             1:1    initiator  l    | .        .           .          over
            accept             1:1    other      r    | c        .           .          .
            accept             1:1    other      c    | .        repeat      repeat     over
            accept             1:1    other      k    | .        .           repeat     over
            accept             1:1    other      j    | .        .           .          over
            accept             1:1    other      m    | .        .           .          over
            accept             1:1    other      l    | .        .           .          over
            accept             group  initiator  c    | repeat   repeat      repeat     over
            accept             group  initiator  k    | .        .           repeat     over
            accept             group  initiator  l    | .        c           c          over
            accept             group  other      r    | c        c           c          .
            accept             group  other      c    | .        repeat      repeat     over
            accept             group  other      k    | .        .           repeat     over
            accept             group  other      j    | c        c           c          over
            accept             group  other      m    | .        c           c          over
            accept             group  other      l    | .        c           c          over

            accept-elsewhere   1:1    initiator  c    | illegal  elsewhere   elsewhere  over
            accept-elsewhere   1:1    initiator  k    | .        .           elsewhere  over
            accept-elsewhere   1:1    initiator  l    | .        .           .          over
            accept-elsewhere   1:1    other      r    | c        .           .          .
            accept-elsewhere   1:1    other      c    | .        elsewhere   elsewhere  over
            accept-elsewhere   1:1    other      k    | .        .           elsewhere  over
            accept-elsewhere   1:1    other      j    | .        .           .          over
            accept-elsewhere   1:1    other      m    | .        .           .          over
            accept-elsewhere   1:1    other      l    | .        .           .          over
            accept-elsewhere   group  initiator  c    | illegal  elsewhere   elsewhere  over
            accept-elsewhere   group  initiator  k    | .        .           elsewhere  over
            accept-elsewhere   group  initiator  l    | .        c           c          over
            accept-elsewhere   group  other      r    | c        c           c          .
            accept-elsewhere   group  other      c    | .        elsewhere   elsewhere  over
            accept-elsewhere   group  other      k    | .        .           elsewhere  over
            accept-elsewhere   group  other      j    | c        c           c          over
            accept-elsewhere   group  other      m    | .        c           c          over
            accept-elsewhere   group  other      l    | .        c           c          over

            reject             1:1    initiator  c    | illegal  illegal     illegal    over
            reject             1:1    initiator  k    | .        .           illegal    over
            reject             1:1    initiator  l    | .        .           .          over
            reject             1:1    other      r    | j        .           .          .
            reject             1:1    other      c    | .        illegal     illegal    over
            reject             1:1    other      k    | .        .           illegal    over
            reject             1:1    other      j    | .        .           .          repeat
            reject             1:1    other      m    | .        .           .          over
            reject             1:1    other      l    | .        .           .          over
            reject             group  initiator  c    | illegal  illegal     illegal    over
            reject             group  initiator  k    | .        .           illegal    over
            reject             group  initiator  l    | .        illegal     illegal    over
            reject             group  other      r    | j        j           j          .
            reject             group  other      c    | .        illegal     illegal    over
            reject             group  other      k    | .        .           illegal    over
            reject             group  other      j    | repeat   repeat      repeat     repeat
            reject             group  other      m    | .        illegal     illegal    over
            reject             group  other      l    | .        illegal     illegal    over

            cancel             1:1    initiator  c    | ends     illegal     illegal    over
            cancel             1:1    initiator  k    | .        .           illegal    over
            cancel             1:1    initiator  l    | .        .           .          over
            cancel             1:1    other      r    | 403      .           .          .
            cancel             1:1    other      c    | .        403         403        403
            cancel             1:1    other      k    | .        .           403        403
            cancel             1:1    other      j    | .        .           .          403
            cancel             1:1    other      m    | .        .           .          403
            cancel             1:1    other      l    | .        .           .          403
            cancel             group  initiator  c    | ends     illegal     illegal    over
            cancel             group  initiator  k    | .        .           illegal    over
            cancel             group  initiator  l    | .        illegal     illegal    over
            cancel             group  other      r    | 403      403         403        .
            cancel             group  other      c    | .        403         403        403
            cancel             group  other      k    | .        .           403        403
            cancel             group  other      j    | 403      403         403        403
            cancel             group  other      m    | .        403         403        403
            cancel             group  other      l    | .        403         403        403

            end                1:1    initiator  c    | ends     ends        ends       over
            end                1:1    initiator  k    | .        .           ends       over
            end                1:1    initiator  l    | .        .           .          over
            end                1:1    other      r    | 403      .           .          .
            end                1:1    other      c    | .        403         403        403
            end                1:1    other      k    | .        .           403        403
            end                1:1    other      j    | .        .           .          403
            end                1:1    other      m    | .        .           .          403
            end                1:1    other      l    | .        .           .          403
            end                group  initiator  c    | ends     ends        ends       over
            end                group  initiator  k    | .        .           ends       over
            end                group  initiator  l    | .        ends        ends       over
            end                group  other      r    | 403      403         403        .
            end                group  other      c    | .        403         403        403
            end                group  other      k    | .        .           403        403
            end                group  other      j    | 403      403         403        403
            end                group  other      m    | .        403         403        403
            end                group  other      l    | .        403         403        403

            leave              1:1    initiator  c    | ends     l           l          over
            leave              1:1    initiator  k    | .        .           l          over
            leave              1:1    initiator  l    | .        .           .          repeat
            leave              1:1    other      r    | j        .           .          .
            leave              1:1    other      c    | .        l           l          over
            leave              1:1    other      k    | .        .           l          over
            leave              1:1    other      j    | .        .           .          over
            leave              1:1    other      m    | .        .           .          over
            leave              1:1    other      l    | .        .           .          repeat
            leave              group  initiator  c    | ends     l           l          over
            leave              group  initiator  k    | .        .           l          over
            leave              group  initiator  l    | .        repeat      repeat     repeat
            leave              group  other      r    | j        illegal     illegal    .
            leave              group  other      c    | .        l           l          over
            leave              group  other      k    | .        .           l          over
            leave              group  other      j    | illegal  illegal     illegal    over
            leave              group  other      m    | .        illegal     illegal    over
            leave              group  other      l    | .        repeat      repeat     repeat
            """;

    /// What becomes of a call, and who is told what; everybody, unless it says to whom.
    private static final String CHANGES = """
            before            | what                | after                          | told

            RINGING c r       | bob accept          | CONNECTING c c                 | CALL_CONNECTING bob
            RINGING c r       | bob reject          | ENDED c j REJECTED             | CALL_REJECTED bob
            RINGING c r       | bob leave           | ENDED c j REJECTED             | CALL_REJECTED bob
            RINGING c r       | alice cancel        | ENDED c m CANCELLED            | CALL_CANCELLED alice
            RINGING c r       | alice end           | ENDED c m CANCELLED            | CALL_CANCELLED alice
            RINGING c r       | alice leave         | ENDED c m CANCELLED            | CALL_CANCELLED alice
            RINGING c r       | ring deadline       | ENDED c m MISSED               | CALL_ENDED MISSED
            CONNECTING c c    | alice leave         | ENDED l c LAST_PARTICIPANT     | CALL_ENDED LAST_PARTICIPANT by alice
            CONNECTING c c    | bob leave           | ENDED c l LAST_PARTICIPANT     | CALL_ENDED LAST_PARTICIPANT by bob
            CONNECTING c c    | alice end           | ENDED c c HANGUP               | CALL_ENDED HANGUP by alice
            CONNECTING c c    | connect deadline    | ENDED l l FAILED               | CALL_ENDED FAILED
            CONNECTING c c    | 24 hours            | ENDED c c MEETING_ENDED        | CALL_ENDED MEETING_ENDED
            CONNECTING c c    | meeting over        | ENDED c c MEETING_ENDED        | CALL_ENDED MEETING_ENDED
            CONNECTING c c    | connect alice bob   | ACTIVE k k                     | CALL_CONNECTED to alice, CALL_CONNECTED to bob
            CONNECTING c c    | connect bob         | ACTIVE c k                     | CALL_CONNECTED to bob, PARTICIPANT_JOINED bob to alice
            ACTIVE c k        | connect alice       | ACTIVE k k                     | CALL_CONNECTED to alice, PARTICIPANT_JOINED alice to bob
            ACTIVE c k        | connect deadline    | ENDED l k FAILED               | CALL_ENDED FAILED
            ACTIVE k k        | alice end           | ENDED k k HANGUP               | CALL_ENDED HANGUP by alice
            ACTIVE k k        | bob leave           | ENDED k l LAST_PARTICIPANT     | CALL_ENDED LAST_PARTICIPANT by bob
            ACTIVE k k        | alice leave         | ENDED l k LAST_PARTICIPANT     | CALL_ENDED LAST_PARTICIPANT by alice
            ACTIVE k k        | meeting over        | ENDED k k MEETING_ENDED        | CALL_ENDED MEETING_ENDED
            ACTIVE k k        | 24 hours            | ENDED k k MEETING_ENDED        | CALL_ENDED MEETING_ENDED

            RINGING c r r     | bob accept          | CONNECTING c c r               | CALL_CONNECTING bob
            RINGING c j r     | bob accept          | CONNECTING c c r               | CALL_CONNECTING bob
            RINGING c r r     | bob reject          | RINGING c j r                  | CALL_REJECTED bob
            RINGING c r r     | bob leave           | RINGING c j r                  | CALL_REJECTED bob
            RINGING c j r     | carol reject        | ENDED c j j REJECTED           | CALL_ENDED REJECTED by carol
            RINGING c j r     | carol leave         | ENDED c j j REJECTED           | CALL_ENDED REJECTED by carol
            RINGING c j r     | alice cancel        | ENDED c j m CANCELLED          | CALL_CANCELLED alice
            RINGING c r r     | alice leave         | ENDED c m m CANCELLED          | CALL_CANCELLED alice
            RINGING c j r     | ring deadline       | ENDED c j m MISSED             | CALL_ENDED MISSED
            RINGING c r r     | ring deadline       | ENDED c m m MISSED             | CALL_ENDED MISSED
            CONNECTING c c r  | carol accept        | CONNECTING c c c               | CALL_CONNECTING carol
            CONNECTING c c r  | carol reject        | CONNECTING c c j               | CALL_REJECTED carol
            CONNECTING c c r  | ring deadline       | CONNECTING c c m               | PARTICIPANT_MISSED carol
            CONNECTING c c r r | ring deadline      | CONNECTING c c m m             | PARTICIPANT_MISSED carol dave
            CONNECTING c c r  | bob leave           | CONNECTING c l r               | PARTICIPANT_LEFT bob LEFT
            CONNECTING c c r  | alice leave         | CONNECTING l c r               | PARTICIPANT_LEFT alice LEFT
            CONNECTING c l r  | alice leave         | CONNECTING l l r               | PARTICIPANT_LEFT alice LEFT
            CONNECTING c l r  | carol reject        | ENDED c l j LAST_PARTICIPANT   | CALL_ENDED LAST_PARTICIPANT by carol
            CONNECTING l l r  | carol reject        | ENDED l l j LAST_PARTICIPANT   | CALL_ENDED LAST_PARTICIPANT by carol
            CONNECTING c l r  | ring deadline       | ENDED c l m LAST_PARTICIPANT   | CALL_ENDED LAST_PARTICIPANT
            CONNECTING c l r  | carol accept        | CONNECTING c l c               | CALL_CONNECTING carol
            CONNECTING c l r  | bob accept          | CONNECTING c c r               | CALL_CONNECTING bob
            CONNECTING l l r  | alice accept        | CONNECTING c l r               | CALL_CONNECTING alice
            CONNECTING c c r  | connect deadline    | CONNECTING l l r               | PARTICIPANT_LEFT alice bob FAILED
            CONNECTING c c j  | connect deadline    | ENDED l l j FAILED             | CALL_ENDED FAILED
            CONNECTING c c r  | alice end           | ENDED c c m HANGUP             | CALL_ENDED HANGUP by alice
            CONNECTING l c r  | alice end           | ENDED l c m HANGUP             | CALL_ENDED HANGUP by alice
            CONNECTING c c c  | connect alice bob   | ACTIVE k k c                   | CALL_CONNECTED to alice, CALL_CONNECTED to bob, PARTICIPANT_JOINED alice bob to carol
            CONNECTING c c r  | connect alice bob   | ACTIVE k k r                   | CALL_CONNECTED to alice, CALL_CONNECTED to bob, PARTICIPANT_JOINED alice bob to carol
            ACTIVE k k c      | connect carol       | ACTIVE k k k                   | CALL_CONNECTED to carol, PARTICIPANT_JOINED carol to alice bob
            ACTIVE k k c      | connect deadline    | ACTIVE k k l                   | PARTICIPANT_LEFT carol FAILED
            ACTIVE k k c c    | connect deadline    | ACTIVE k k l l                 | PARTICIPANT_LEFT carol dave FAILED
            ACTIVE k l c      | connect deadline    | ENDED k l l FAILED             | CALL_ENDED FAILED
            ACTIVE k k k      | carol leave         | ACTIVE k k l                   | PARTICIPANT_LEFT carol LEFT
            ACTIVE k k l      | carol accept        | ACTIVE k k c                   | CALL_CONNECTING carol
            ACTIVE k k j      | carol accept        | ACTIVE k k c                   | CALL_CONNECTING carol
            ACTIVE k k m      | carol accept        | ACTIVE k k c                   | CALL_CONNECTING carol
            ACTIVE k k r      | carol accept        | ACTIVE k k c                   | CALL_CONNECTING carol
            ACTIVE k k r      | carol reject        | ACTIVE k k j                   | CALL_REJECTED carol
            ACTIVE k k r      | bob leave           | ACTIVE k l r                   | PARTICIPANT_LEFT bob LEFT
            ACTIVE k l r      | carol reject        | ENDED k l j LAST_PARTICIPANT   | CALL_ENDED LAST_PARTICIPANT by carol
            ACTIVE k l r      | ring deadline       | ENDED k l m LAST_PARTICIPANT   | CALL_ENDED LAST_PARTICIPANT
            ACTIVE k k r      | ring deadline       | ACTIVE k k m                   | PARTICIPANT_MISSED carol
            ACTIVE k k l      | bob leave           | ENDED k l l LAST_PARTICIPANT   | CALL_ENDED LAST_PARTICIPANT by bob
            ACTIVE l k k      | bob leave           | ENDED l l k LAST_PARTICIPANT   | CALL_ENDED LAST_PARTICIPANT by bob
            ACTIVE k k k      | alice leave         | ACTIVE l k k                   | PARTICIPANT_LEFT alice LEFT
            ACTIVE l k k      | alice end           | ENDED l k k HANGUP             | CALL_ENDED HANGUP by alice
            ACTIVE k k r      | meeting over        | ENDED k k m MEETING_ENDED      | CALL_ENDED MEETING_ENDED
            ACTIVE k c r      | 24 hours            | ENDED k c m MEETING_ENDED      | CALL_ENDED MEETING_ENDED
            """;

    record Row(String text, List<String> cells) {
        @Override
        public String toString() {
            return text;
        }
    }

    static List<Row> answers() {
        return rows(ANSWERS);
    }

    static List<Row> changes() {
        return rows(CHANGES);
    }

    private static List<Row> rows(String table) {
        return table.lines()
                .skip(1)
                .filter(line -> !line.isBlank())
                .map(line -> new Row(
                        line.replaceAll(" +", " "),
                        Arrays.stream(line.split("\\|", -1)).map(String::strip).toList()))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("answers")
    void eachCommandIsAnsweredAsTheTableSaysFromWhereverOneCanBe(Row row) {
        List<String> given = words(row.cells().getFirst());
        List<String> expected = words(row.cells().getLast());
        UserId me = given.get(2).equals("initiator") ? ALICE : BOB;
        for (Status status : Status.values()) {
            String cell = expected.get(column(status));
            if (!cell.equals(".")) {
                CallState call = around(me, given.get(3), given.get(1).equals("group"), status);
                assertThat(answer(call, me, command(given.getFirst(), me)))
                        .as("%s of %s by %s", given.getFirst(), call.call(), me)
                        .isEqualTo(cell);
            }
        }
    }

    @Test
    void theTableHasEveryCommandInBothKindsOfCallByWhoeverCanBeThere() {
        List<String> expected = new ArrayList<>();
        for (String command : List.of("accept", "accept-elsewhere", "reject", "cancel", "end", "leave")) {
            for (String kind : List.of("1:1", "group")) {
                Stream.of("c", "k", "l")
                        .forEach(mine -> expected.add("%s %s initiator %s".formatted(command, kind, mine)));
                Stream.of("r", "c", "k", "j", "m", "l")
                        .forEach(mine -> expected.add("%s %s other %s".formatted(command, kind, mine)));
            }
        }

        assertThat(answers().stream()
                        .map(row -> String.join(" ", words(row.cells().getFirst()))))
                .containsExactlyElementsOf(expected);
    }

    @ParameterizedTest
    @MethodSource("changes")
    void eachChangeLeavesTheCallAsTheTableSaysAndTellsEachParticipantOnce(Row row) {
        CallState before = call(row.cells().getFirst());

        Moved moved = moved(before, row.cells().get(1));

        assertThat(shown(moved.call())).isEqualTo(row.cells().get(2));
        assertThat(told(moved)).isEqualTo(row.cells().get(3));
        assertOneVersionAndOneEventForEach(before, moved);
    }

    @Test
    void everyMoveOfTheFirstTableTellsEachParticipantOnceToo() {
        int moves = 0;
        for (Row row : answers()) {
            List<String> given = words(row.cells().getFirst());
            UserId me = given.get(2).equals("initiator") ? ALICE : BOB;
            for (Status status : Status.values()) {
                if (!words(row.cells().getLast()).get(column(status)).equals(".")) {
                    CallState call = around(me, given.get(3), given.get(1).equals("group"), status);
                    if (CallRules.decide(call, command(given.getFirst(), me), now()) instanceof Move(Moved moved)) {
                        assertOneVersionAndOneEventForEach(call, moved);
                        moves++;
                    }
                }
            }
        }
        assertThat(moves).isGreaterThan(40);
    }

    @ParameterizedTest
    @EnumSource(EndReason.class)
    void cancelAndEndAreRepeatsOfACallThatItsInitiatorEndedAndOfNoOther(EndReason reason) {
        CallState ended = call("ENDED c m " + reason);
        boolean byInitiator = reason == EndReason.CANCELLED || reason == EndReason.HANGUP;

        assertThat(answer(ended, ALICE, new CallCommand.Cancel(ALICE))).isEqualTo(byInitiator ? "repeat" : "over");
        assertThat(answer(ended, ALICE, new CallCommand.End(ALICE))).isEqualTo(byInitiator ? "repeat" : "over");
    }

    @Test
    void anAcceptanceKeepsTheDeviceAndTellsIt() {
        Moved moved = move(call("RINGING c r"), new Accept(BOB, "phone", now().plus(CONNECT)));

        assertThat(moved.call().participant(BOB).orElseThrow().deviceId()).isEqualTo("phone");
        assertThat(moved.told().getFirst().event()).isEqualTo(new Event.CallConnecting(moved.call(), BOB, "phone"));
    }

    @Test
    void whoConnectsIsToldTheirOwnJoinDataAndTheirDeviceForADay() {
        Moved accepted = move(call("RINGING c r r"), new Accept(BOB, "phone", now().plus(CONNECT)));

        Moved connected = ((CallState.Underway) accepted.after()).connect(MEETING, attendees(List.of(ALICE, BOB)));

        Told bob = connected.told().get(1);
        assertThat(bob.event())
                .isEqualTo(new Event.CallConnected(connected.call(), MEETING.json(), attendee(BOB), "phone"));
        assertThat(bob.users()).containsExactly(BOB);
        assertThat(bob.expiresAt()).isEqualTo(PLACED.plus(Duration.ofHours(24)));
        assertThat(connected.told().getFirst().event())
                .isEqualTo(new Event.CallConnected(connected.call(), MEETING.json(), attendee(ALICE), null));
    }

    @Test
    void attendeesOfThoseWhoAreNotConnectingAreNotHandedOn() {
        CallState.Underway call = (CallState.Underway) call("ACTIVE k c l");

        Moved connected = call.connect(MEETING, attendees(List.of(ALICE, BOB, CAROL)));

        assertThat(shown(connected.call())).isEqualTo("ACTIVE k k l");
        assertThat(told(connected)).isEqualTo("CALL_CONNECTED to bob, PARTICIPANT_JOINED bob to alice carol");
    }

    @Test
    void aPlacedCallRingsOutToItsInitiatorAndInToTheOthersUntilItsDeadline() {
        Call call = call("RINGING c r r").call();

        Moved placed = CallState.place(call, "Alice Doe");

        assertThat(placed.after()).isEqualTo(new CallState.Ringing(call));
        assertThat(placed.told())
                .containsExactly(
                        new Told(new Event.CallRinging(call), List.of(ALICE), PLACED.plus(RING)),
                        new Told(
                                new Event.IncomingCall(call, ALICE, "Alice Doe"),
                                List.of(BOB, CAROL),
                                PLACED.plus(RING)));
    }

    @Test
    void userIdIsThereWhenItIsOneAndUserIdsAlways() {
        assertThat(moved(call("CONNECTING c c r"), "ring deadline")
                        .told()
                        .getFirst()
                        .event())
                .isInstanceOfSatisfying(Event.ParticipantMissed.class, missed -> {
                    assertThat(missed.userIds()).containsExactly(CAROL);
                    assertThat(missed.userId()).isEqualTo(CAROL);
                });
        assertThat(moved(call("CONNECTING c c r r"), "ring deadline")
                        .told()
                        .getFirst()
                        .event())
                .isInstanceOfSatisfying(Event.ParticipantMissed.class, missed -> {
                    assertThat(missed.userIds()).containsExactly(CAROL, DAVE);
                    assertThat(missed.userId()).isNull();
                });
        assertThat(moved(call("CONNECTING c c r"), "connect deadline")
                        .told()
                        .getFirst()
                        .event())
                .isInstanceOfSatisfying(Event.ParticipantLeft.class, left -> {
                    assertThat(left.userIds()).containsExactly(ALICE, BOB);
                    assertThat(left.userId()).isNull();
                });
        assertThat(moved(call("ACTIVE k k k"), "carol leave").told().getFirst().event())
                .isInstanceOfSatisfying(Event.ParticipantLeft.class, left -> assertThat(left.userId())
                        .isEqualTo(CAROL));
    }

    @Test
    void whatNeverChangesOfACallStaysThroughEveryChange() {
        for (Row row : changes()) {
            CallState call = call(row.cells().getFirst());
            Call before = row.cells().get(1).equals("24 hours") ? aDayLong(call).call() : call.call();
            Call after = moved(call, row.cells().get(1)).call();
            assertThat(after.sessionId()).isEqualTo(before.sessionId());
            assertThat(after.conversationId()).isEqualTo("c1");
            assertThat(after.initiatedBy()).isEqualTo(ALICE);
            assertThat(after.callType()).isEqualTo(Call.Media.VIDEO);
            assertThat(after.createdAt()).isEqualTo(before.createdAt());
            assertThat(after.ringDeadline()).isEqualTo(before.ringDeadline());
            assertThat(after.users()).isEqualTo(before.users());
        }
    }

    @Test
    void aDeadlineIsPastFromItsOwnInstantOn() {
        CallState ringing = call("RINGING c r");
        CallState connecting = call("CONNECTING c c");

        assertThat(ringing.deadline()).isEqualTo(PLACED.plus(RING));
        assertThat(ringing.due(PLACED.plus(RING).minusMillis(1))).isNull();
        assertThat(ringing.due(PLACED.plus(RING))).isNotNull();
        assertThat(connecting.deadline()).isEqualTo(now().plus(CONNECT));
        assertThat(connecting.due(now().plus(CONNECT).minusMillis(1))).isNull();
        assertThat(connecting.due(now().plus(CONNECT))).isNotNull();
    }

    @Test
    void theFirstAcceptanceSetsTheInitiatorsDeadlineAndALaterOneOnlyItsOwn() {
        Instant first = PLACED.plusSeconds(5).plus(CONNECT);
        Instant second = PLACED.plusSeconds(8).plus(CONNECT);

        Moved bob = move(call("RINGING c r r"), new Accept(BOB, null, first));
        Moved carol = move(bob.after(), new Accept(CAROL, null, second));

        assertThat(((CallState.Connecting) bob.after()).connectBy()).isEqualTo(Map.of(ALICE, first, BOB, first));
        assertThat(((CallState.Connecting) carol.after()).connectBy())
                .isEqualTo(Map.of(ALICE, first, BOB, first, CAROL, second));
    }

    @Test
    void whoIsConnectedOrGoneHasNoDeadlineAnyMore() {
        CallState.Underway call = (CallState.Underway) call("CONNECTING c c c");

        Moved connected = call.connect(MEETING, attendees(List.of(ALICE)));
        Moved left = move(connected.after(), new CallCommand.Leave(BOB));

        assertThat(((CallState.Active) connected.after()).connectBy()).containsOnlyKeys(BOB, CAROL);
        assertThat(((CallState.Active) left.after()).connectBy()).containsOnlyKeys(CAROL);
    }

    @Test
    void severalDeadlinesThatArePastHaveTheirWayOneAfterTheOtherInTheirOrder() {
        // Bob accepts 5 s before the ringing ends, so that connecting is over 5 s after it.
        Moved accepted = move(call("RINGING c r r"), new Accept(BOB, null, PLACED.plusSeconds(50)));
        assertThat(allDue(accepted.after(), PLACED.plusSeconds(60)))
                .containsExactly("CONNECTING c c m: PARTICIPANT_MISSED carol", "ENDED l l m FAILED: CALL_ENDED FAILED");

        // Bob accepts at once, so connecting is over long before the ringing.
        Moved atOnce = move(call("RINGING c r r"), new Accept(BOB, null, PLACED.plusSeconds(10)));
        assertThat(allDue(atOnce.after(), PLACED.plusSeconds(60)))
                .containsExactly(
                        "CONNECTING l l r: PARTICIPANT_LEFT alice bob FAILED",
                        "ENDED l l m LAST_PARTICIPANT: CALL_ENDED LAST_PARTICIPANT");

        Moved second = move(atOnce.after(), new Accept(CAROL, null, PLACED.plusSeconds(13)));
        assertThat(allDue(second.after(), PLACED.plusSeconds(60)))
                .containsExactly("ENDED l l c FAILED: CALL_ENDED FAILED");
    }

    @Test
    void aDayAfterItWasPlacedACallIsOverWhoeverIsConnected() {
        CallState call = call("ACTIVE k k l");

        assertThat(call.deadline()).isEqualTo(PLACED.plus(Duration.ofHours(24)));
        assertThat(call.due(PLACED.plus(Duration.ofHours(24)).minusMillis(1))).isNull();
        assertThat(allDue(call, PLACED.plus(Duration.ofHours(24))))
                .containsExactly("ENDED k k l MEETING_ENDED: CALL_ENDED MEETING_ENDED");
    }

    @Test
    void whatIsOverHasNoDeadlineAndAnEndSaysWhenItWas() {
        Moved ended = move(call("CONNECTING c c"), new CallCommand.Leave(BOB));

        assertThat(ended.call().endedAt()).isEqualTo(now());
        assertThat(ended.after().deadline()).isNull();
        assertThat(ended.after().due(PLACED.plus(Duration.ofDays(300)))).isNull();
    }

    @Test
    void aMeetingMayHaveBeenMadeForACallThatWasEverMoreThanRinging() {
        assertThat(List.of("c c", "c l", "k k", "l c", "c j k"))
                .allSatisfy(states -> assertThat(wasUnderway(states)).as(states).isTrue());
        assertThat(List.of("c m", "c j", "c j m", "c m m"))
                .allSatisfy(states -> assertThat(wasUnderway(states)).as(states).isFalse());
    }

    private static boolean wasUnderway(String states) {
        return ((CallState.Ended) call("ENDED " + states + " HANGUP")).wasUnderway();
    }

    private static List<String> allDue(CallState call, Instant now) {
        List<String> changes = new ArrayList<>();
        CallState before = call;
        for (Moved due = before.due(now); due != null; due = before.due(now)) {
            assertOneVersionAndOneEventForEach(before, due);
            changes.add(shown(due.call()) + ": " + told(due));
            before = due.after();
        }
        return changes;
    }

    private static void assertOneVersionAndOneEventForEach(CallState before, Moved moved) {
        assertThat(before).isNotInstanceOf(CallState.Ended.class);
        assertThat(moved.call().version()).isEqualTo(before.call().version() + 1);
        assertThat(moved.told().stream().flatMap(told -> told.users().stream()))
                .as("who is told of %s", moved.call())
                .containsExactlyInAnyOrderElementsOf(before.call().users());
        assertThat(moved.told())
                .allSatisfy(told -> assertThat(told.event().call()).isEqualTo(moved.call()));
        if (moved.after() instanceof CallState.Ended) {
            assertThat(moved.call().participants()).noneMatch(user -> user.state() == State.RINGING);
        }
    }

    private static String answer(CallState call, UserId me, CallCommand command) {
        return switch (CallRules.decide(call, command, now())) {
            case Verdict.Repeat() -> "repeat";
            case No(Verdict.Why why) ->
                switch (why) {
                    case NOT_THE_INITIATOR -> "403";
                    case CALL_OVER -> "over";
                    case ANSWERED_ELSEWHERE -> "elsewhere";
                    case ILLEGAL_TRANSITION -> "illegal";
                };
            case Move(Moved moved) -> {
                State mine = call.call().participant(me).orElseThrow().state();
                State mineNow = moved.call().participant(me).orElseThrow().state();
                yield mine == mineNow && moved.after() instanceof CallState.Ended ? "ends" : letter(mineNow);
            }
        };
    }

    private static Moved move(CallState call, CallCommand command) {
        return CallRules.decide(call, command, now()) instanceof Move(Moved moved)
                ? moved
                : Objects.requireNonNull(null, "no move: " + command);
    }

    private static Moved moved(CallState before, String what) {
        List<String> words = words(what);
        Function<CallState, Moved> change =
                switch (what) {
                    case "ring deadline" -> call -> due(call, PLACED.plus(RING));
                    case "connect deadline" -> call -> due(call, now().plus(CONNECT));
                    case "24 hours" -> call -> due(aDayLong(call), PLACED.plus(CallState.LONGEST));
                    case "meeting over" -> call -> ((CallState.Underway) call).meetingOver(now());
                    default ->
                        words.getFirst().equals("connect")
                                ? call -> ((CallState.Underway) call)
                                        .connect(
                                                MEETING,
                                                attendees(words.stream()
                                                        .skip(1)
                                                        .map(UserId::new)
                                                        .toList()))
                                : call -> move(call, command(words.getLast(), new UserId(words.getFirst())));
                };
        return change.apply(what.equals("ring deadline") ? withoutConnectDeadlines(before) : before);
    }

    private static Moved due(CallState call, Instant now) {
        return Objects.requireNonNull(call.due(now), "nothing is due");
    }

    /// Connecting goes on past the ring deadline, for these are about that one.
    private static CallState withoutConnectDeadlines(CallState call) {
        return call instanceof CallState.Underway underway
                ? underway.with(
                        call.call(), deadlines(call.call(), PLACED.plus(RING).plusSeconds(1)))
                : call;
    }

    /// All other deadlines come later still.
    private static CallState aDayLong(CallState state) {
        Call call = state.call();
        Instant never = PLACED.plus(Duration.ofDays(2));
        Call longRinging = new Call(
                call.sessionId(),
                call.conversationId(),
                call.initiatedBy(),
                call.callType(),
                call.status(),
                call.endReason(),
                call.version(),
                call.createdAt(),
                never,
                call.endedAt(),
                call.participants());
        return ((CallState.Underway) state).with(longRinging, deadlines(call, never));
    }

    private static CallCommand command(String name, UserId by) {
        return switch (name) {
            case "accept" -> new Accept(by, null, now().plus(CONNECT));
            case "accept-elsewhere" -> new Accept(by, "elsewhere", now().plus(CONNECT));
            case "reject" -> new CallCommand.Reject(by);
            case "cancel" -> new CallCommand.Cancel(by);
            case "end" -> new CallCommand.End(by);
            case "leave" -> new CallCommand.Leave(by);
            default -> throw new IllegalArgumentException(name);
        };
    }

    /// A call with me in a state, that goes on whatever I do, as far as its kind allows.
    private static CallState around(UserId me, String mine, boolean group, Status status) {
        String others =
                switch (status) {
                    case RINGING -> "r";
                    case CONNECTING -> "c";
                    case ACTIVE -> "k";
                    case ENDED -> "l";
                };
        String alice = status == Status.RINGING || status == Status.CONNECTING ? "c" : others;
        List<String> states = new ArrayList<>(group ? List.of(alice, others, others, others) : List.of(alice, others));
        states.set(USERS.indexOf(me), mine);
        return call("%s %s%s"
                .formatted(status, String.join(" ", states), status == Status.ENDED ? " LAST_PARTICIPANT" : ""));
    }

    private static CallState call(String text) {
        List<String> words = words(text);
        Status status = Status.valueOf(words.getFirst());
        boolean ended = status == Status.ENDED;
        List<String> states = words.subList(1, words.size() - (ended ? 1 : 0));
        Call call = new Call(
                "s1",
                "c1",
                ALICE,
                Call.Media.VIDEO,
                status,
                ended ? EndReason.valueOf(words.getLast()) : null,
                7,
                PLACED,
                PLACED.plus(RING),
                ended ? now() : null,
                IntStream.range(0, states.size())
                        .mapToObj(number -> new Participant(USERS.get(number), state(states.get(number)), null))
                        .toList());
        return CallState.of(call, deadlines(call, now().plus(CONNECT)), MEETING);
    }

    private static Map<UserId, Instant> deadlines(Call call, Instant deadline) {
        Map<UserId, Instant> deadlines = new HashMap<>();
        call.participants().stream()
                .filter(participant -> participant.state() == State.CONNECTING)
                .forEach(participant -> deadlines.put(participant.userId(), deadline));
        return deadlines;
    }

    private static String shown(Call call) {
        return Stream.of(
                        Stream.of(call.status().name()),
                        call.participants().stream().map(participant -> letter(participant.state())),
                        Stream.ofNullable(call.endReason()).map(EndReason::name))
                .flatMap(words -> words)
                .collect(Collectors.joining(" "));
    }

    private static String told(Moved moved) {
        return moved.told().stream()
                .map(told -> Stream.of(
                                told.event().eventType().name(),
                                said(told.event()),
                                told.users().equals(moved.call().users()) ? "" : "to " + names(told.users()))
                        .filter(word -> !word.isEmpty())
                        .collect(Collectors.joining(" ")))
                .collect(Collectors.joining(", "));
    }

    private static String said(Event.OfCall event) {
        return switch (event) {
            case Event.CallRinging ignored -> "";
            case Event.IncomingCall ignored -> "";
            case Event.CallConnected ignored -> "";
            case Event.CallConnecting connecting -> connecting.acceptedBy().value();
            case Event.ParticipantJoined joined -> names(joined.userIds());
            case Event.ParticipantLeft left -> names(left.userIds()) + " " + left.reason();
            case Event.ParticipantMissed missed -> names(missed.userIds());
            case Event.CallRejected rejected -> rejected.rejectedBy().value();
            case Event.CallCancelled cancelled -> cancelled.cancelledBy().value();
            case Event.CallEnded ended -> ended.reason() + by(ended.endedBy());
        };
    }

    private static String by(@Nullable UserId user) {
        return user == null ? "" : " by " + user;
    }

    private static String names(List<UserId> users) {
        return users.stream().map(UserId::value).collect(Collectors.joining(" "));
    }

    private static String letter(State state) {
        return switch (state) {
            case RINGING -> "r";
            case CONNECTING -> "c";
            case CONNECTED -> "k";
            case REJECTED -> "j";
            case MISSED -> "m";
            case LEFT -> "l";
        };
    }

    private static State state(String letter) {
        return Arrays.stream(State.values())
                .filter(state -> letter(state).equals(letter))
                .findFirst()
                .orElseThrow();
    }

    private static Map<UserId, Attendee> attendees(List<UserId> users) {
        return users.stream().collect(Collectors.toMap(user -> user, CallRulesTest::attendee));
    }

    private static Attendee attendee(UserId user) {
        return new Attendee("a-" + user, "user#" + user, "token-of-" + user);
    }

    private static int column(Status status) {
        return List.of(Status.values()).indexOf(status);
    }

    private static List<String> words(String text) {
        return List.of(text.strip().split(" +"));
    }

    /// When commands come: before any deadline.
    private static Instant now() {
        return PLACED.plusSeconds(5);
    }
}
