package com.pantherkolab.api.calls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.pantherkolab.api.calls.CallExplorer.Found;
import com.pantherkolab.api.calls.CallLaw.Broken;
import com.pantherkolab.api.calls.CallSteps.Bounds;
import com.pantherkolab.api.calls.Calls.Given;
import com.pantherkolab.api.calls.Calls.Initiation;
import com.pantherkolab.api.calls.Calls.Known;
import com.pantherkolab.api.callstate.CallCommand;
import com.pantherkolab.api.callstate.CallState;
import com.pantherkolab.api.callstate.Moved;
import com.pantherkolab.api.command.Decision;
import com.pantherkolab.api.command.Idempotency;
import com.pantherkolab.api.command.Refusal;
import com.pantherkolab.api.store.Change;
import com.pantherkolab.common.Call;
import com.pantherkolab.common.Call.EndReason;
import com.pantherkolab.common.Call.Participant;
import com.pantherkolab.common.Call.Participant.State;
import com.pantherkolab.common.Call.Status;
import com.pantherkolab.common.Channel;
import com.pantherkolab.common.Event;
import com.pantherkolab.common.OutboxEntry;
import com.pantherkolab.common.Publication;
import com.pantherkolab.common.UserId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Everything that can happen to the calls of three users, and mistakes that it must find.
///
/// Production decides, reads and writes; what is made up is the outside: the table, the stream, Chime, timers,
/// time. In `verify` with bounds that take some seconds; `-Dcalls.depth=1` lets users make a change more, and so
/// on.
class CallCheckTest {
    private static final UserId ALICE = new UserId("alice");
    private static final UserId BOB = new UserId("bob");
    private static final UserId CAROL = new UserId("carol");

    private static final List<List<UserId>> GROUP = List.of(List.of(ALICE, BOB, CAROL));
    private static final List<List<UserId>> GLARE = List.of(List.of(ALICE, BOB), List.of(BOB, ALICE));
    private static final List<List<UserId>> EVERY_PAIR =
            List.of(List.of(ALICE, BOB), List.of(BOB, CAROL), List.of(CAROL, ALICE));

    private static final int DEEPER = Integer.getInteger("calls.depth", 0);

    @Test
    void aGroupsCallHoldsEveryLawWhateverHappensInWhateverOrder() {
        assertHolds("a group's call", 35_000, new Bounds(GROUP, 1, 4 + DEEPER, 0, 1));
    }

    @Test
    void aGroupsCallHoldsEveryLawThroughAMishapAndThroughTwo() {
        assertHolds("a group's call, a mishap", 70_000, new Bounds(GROUP, 1, 3 + DEEPER, 1, 1));
        assertHolds("a group's call, two mishaps", 15_000, new Bounds(GROUP, 1, 2 + DEEPER, 2, 0));
    }

    @Test
    void twoWhoCallEachOtherAndCallAgainHoldEveryLaw() {
        assertHolds("two who call each other twice", 40_000, new Bounds(GLARE, 2, 2 + DEEPER, 0, 0));
    }

    @Test
    void aCallBetweenTwoHoldsEveryLawThroughTwoMishaps() {
        assertHolds("a call between two, two mishaps", 13_900, new Bounds(GLARE, 1, 3 + DEEPER, 2, 1));
    }

    @Test
    void callsOfSeveralPairsAtOnceHoldEveryLaw() {
        assertHolds("two of three pairs", 40_000, new Bounds(EVERY_PAIR, 2, 2 + DEEPER, 0, 0));
    }

    @Test
    void anEndThatOneIsNotToldOfIsFound() {
        assertFinds(CallLaw.EVERYBODY_IS_TOLD_ONCE, new CallMistake() {
            @Override
            public List<OutboxEntry> entries(Change.Announced change) {
                return List.of(ends(change) ? toAllButOne(change.entry()) : change.entry());
            }
        });
    }

    @Test
    void anEndThatIsToldUnderTwoIdsIsFound() {
        assertFinds(CallLaw.ONE_EVENT_ID_PER_CHANGE, new CallMistake() {
            @Override
            public List<OutboxEntry> entries(Change.Announced change) {
                return ends(change)
                        ? List.of(change.entry(), underId(change.entry().eventId() + "-again", change.entry()))
                        : List.of(change.entry());
            }
        });
    }

    @Test
    void anEndAfterWhichSomebodysPhoneRingsOnIsFound() {
        assertFinds(CallLaw.NOBODY_RINGS_AFTER_THE_END, new CallMistake() {
            @Override
            public Change.CallMoved moved(Change.CallMoved change) {
                return ends(change)
                        ? with(change, call -> changed(call, Status.ENDED, State.MISSED, State.RINGING))
                        : change;
            }
        });
    }

    @Test
    void anAcceptanceThatProlongsTheRingingIsFound() {
        assertFinds(CallLaw.NOBODY_RINGS_PAST_THE_DEADLINE, new CallMistake() {
            @Override
            public Change.CallMoved moved(Change.CallMoved change) {
                return change.state() instanceof CallState.Connecting ? with(change, CallCheckTest::prolonged) : change;
            }
        });
    }

    @Test
    void anAcceptanceOutOfTheEndIsFound() {
        assertFinds(CallLaw.NO_WAY_OUT_OF_THE_END, new CallMistake() {
            @Override
            public Decision decide(@Nullable CallState state, CallCommand command, Idempotency once, Given given) {
                if (state instanceof CallState.Ended && command instanceof CallCommand.Accept accept) {
                    Call again = changed(state.call(), Status.CONNECTING, State.MISSED, State.CONNECTING);
                    Moved moved = new Moved(
                            new CallState.Connecting(again, Map.of(accept.user(), accept.connectBy())), List.of());
                    return new Decision.Announce(Calls.change(moved, Map.of(), given));
                }
                return Calls.decide(state, command, once, given);
            }
        });
    }

    @Test
    void aConnectionThatIsWrittenWhateverTheVersionIsFound() {
        assertFinds(CallLaw.NO_WAY_OUT_OF_THE_END, new CallMistake() {
            @Override
            public boolean isConditional(Change.CallMoved change) {
                return change.attendees().isEmpty();
            }
        });
    }

    @Test
    void aMeetingWhoseDeletionIsForgottenIsFound() {
        assertFinds(CallLaw.NO_MEETING_AFTER_THE_END, new CallMistake() {
            @Override
            public boolean endsMeetings() {
                return false;
            }
        });
    }

    @Test
    void aMeetingThatIsMadeWithAFreshTokenEachTimeIsFound() {
        assertFinds(CallLaw.ONE_MEETING, new CallMistake() {
            @Override
            public String meetingToken(String sessionId, String fresh) {
                return fresh;
            }
        });
    }

    @Test
    void anAttendeeWhoIsLeftInTheMeetingIsFound() {
        assertFinds(CallLaw.WHO_IS_GONE_IS_OUT_OF_THE_MEETING, new CallMistake() {
            @Override
            public boolean dismisses() {
                return false;
            }
        });
    }

    @Test
    void aTokenThatEverybodyIsToldIsFound() {
        assertFinds(CallLaw.A_TOKEN_GOES_TO_ITS_OWNER, new CallMistake() {
            @Override
            public List<OutboxEntry> entries(Change.Announced change) {
                return List.of(toEverybody(change.entry()));
            }
        });
    }

    @Test
    void aPairThatIsNotReleasedIsFound() {
        assertFinds(CallLaw.A_PAIR_IS_NEVER_BLOCKED, new CallMistake() {
            @Override
            public boolean releasesPair() {
                return false;
            }
        });
    }

    @Test
    void aCallPastItsDeadlinesThatBlocksItsPairIsFound() {
        assertFinds(CallLaw.A_PAIR_IS_NEVER_BLOCKED, new CallMistake() {
            @Override
            public Decision initiate(Known known, Initiation initiation, CallSettings settings, Given given) {
                return known.paired() != null && known.paired().due(given.now()) != null
                        ? new Decision.Refuse(Refusal.of(Refusal.Code.CALL_IN_PROGRESS, "In progress."))
                        : Calls.initiate(known, initiation, settings, given);
            }
        });
    }

    @Test
    void anAcceptanceThatTheStreamDoesNotBringIsFound() {
        assertFinds(CallLaw.WHO_ACCEPTED_IS_CONNECTED, new CallMistake() {
            @Override
            public boolean isInStream(Change.CallMoved change) {
                return !(change.state() instanceof CallState.Connecting);
            }
        });
    }

    @Test
    void anEndOfAMeetingThatIsNotListenedToIsFound() {
        assertFinds(CallLaw.A_MEETING_LIVES_AS_LONG_AS_ITS_CALL, new CallMistake() {
            @Override
            public boolean listensToChime() {
                return false;
            }
        });
    }

    @Test
    void aTimerThatIsNeverArmedIsFound() {
        assertFinds(CallLaw.A_CALL_IS_REMINDED, new CallMistake() {
            @Override
            public boolean armsTimers() {
                return false;
            }
        });
    }

    @Test
    void aRecordThatDoesNotComeAgainAfterACrashIsFound() {
        assertFinds(CallLaw.A_CALL_IS_REMINDED, new CallMistake() {
            @Override
            public boolean recordsComeAgain() {
                return false;
            }
        });
    }

    @Test
    void aLastDeadlineThatIsNeverCommittedIsFound() {
        assertFinds(CallLaw.EVERY_CALL_ENDS, new CallMistake() {
            @Override
            public boolean isWritten(Change.CallMoved change) {
                return change.state().call().endReason() != EndReason.MEETING_ENDED;
            }
        });
    }

    private static void assertHolds(String what, int floor, Bounds bounds) {
        Found found = new CallExplorer(CallMistake.NONE, bounds).explore();
        System.out.printf("%s: %,d states, %,d transitions%n", what, found.worlds(), found.transitions());
        assertThat(found.worlds()).as("so that it cannot hold on nothing").isGreaterThanOrEqualTo(floor);
    }

    private static void assertFinds(CallLaw law, CallMistake mistake) {
        assertThatExceptionOfType(Broken.class)
                .isThrownBy(() -> {
                    new CallExplorer(mistake, new Bounds(GLARE, 1, 3, 1, 0)).explore();
                    new CallExplorer(mistake, new Bounds(GROUP, 1, 4, 1, 0)).explore();
                })
                .satisfies(broken -> assertThat(broken.law()).isEqualTo(law));
    }

    private static boolean ends(Change.Announced change) {
        return change instanceof Change.CallMoved moved && moved.state() instanceof CallState.Ended;
    }

    private static Change.CallMoved with(Change.CallMoved change, UnaryOperator<Call> changed) {
        CallState state = change.state();
        Map<UserId, Instant> connectBy = state instanceof CallState.Underway underway ? underway.connectBy() : Map.of();
        var meeting =
                switch (state) {
                    case CallState.Ringing ignored -> null;
                    case CallState.Underway underway -> underway.meeting();
                    case CallState.Ended ended -> ended.meeting();
                };
        return new Change.CallMoved(
                CallState.of(changed.apply(state.call()), connectBy, meeting),
                change.attendees(),
                change.entry(),
                change.memory());
    }

    /// Another status, and another state for those in one; a version on, unless it stays over.
    private static Call changed(Call call, Status status, State from, State to) {
        return new Call(
                call.sessionId(),
                call.conversationId(),
                call.initiatedBy(),
                call.callType(),
                status,
                status == Status.ENDED ? call.endReason() : null,
                call.version() + (status == call.status() ? 0 : 1),
                call.createdAt(),
                call.ringDeadline(),
                status == Status.ENDED ? call.endedAt() : null,
                call.participants().stream()
                        .map(participant -> participant.state() == from
                                ? new Participant(participant.userId(), to, participant.deviceId())
                                : participant)
                        .toList());
    }

    private static Call prolonged(Call call) {
        return new Call(
                call.sessionId(),
                call.conversationId(),
                call.initiatedBy(),
                call.callType(),
                call.status(),
                call.endReason(),
                call.version(),
                call.createdAt(),
                call.ringDeadline().plusSeconds(60),
                call.endedAt(),
                call.participants());
    }

    private static OutboxEntry toAllButOne(OutboxEntry entry) {
        return of(
                entry,
                entry.eventId(),
                publication -> with(
                        publication,
                        publication
                                .channels()
                                .subList(0, Math.max(1, publication.channels().size() - 1))));
    }

    private static OutboxEntry toEverybody(OutboxEntry entry) {
        List<Channel> everybody = entry.publications().stream()
                .flatMap(publication -> publication.channels().stream())
                .toList();
        return of(
                entry,
                entry.eventId(),
                publication ->
                        publication.type() == Event.Type.CALL_CONNECTED ? with(publication, everybody) : publication);
    }

    private static OutboxEntry underId(String eventId, OutboxEntry entry) {
        return of(entry, eventId, UnaryOperator.identity());
    }

    private static OutboxEntry of(OutboxEntry entry, String eventId, UnaryOperator<Publication> publications) {
        return new OutboxEntry(
                entry.aggregate(),
                eventId,
                entry.order(),
                entry.timestamp(),
                entry.publications().stream().map(publications).toList());
    }

    private static Publication with(Publication publication, List<Channel> channels) {
        return new Publication(
                publication.type(), publication.version(), publication.data(), channels, publication.expiresAt());
    }
}
