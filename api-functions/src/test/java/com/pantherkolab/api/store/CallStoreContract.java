package com.pantherkolab.api.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.pantherkolab.api.callstate.CallState;
import com.pantherkolab.api.callstate.Meeting;
import com.pantherkolab.api.store.ChangeWriter.Written;
import com.pantherkolab.common.Aggregate;
import com.pantherkolab.common.Attendee;
import com.pantherkolab.common.Call;
import com.pantherkolab.common.Call.EndReason;
import com.pantherkolab.common.Call.Participant;
import com.pantherkolab.common.Call.Participant.State;
import com.pantherkolab.common.Call.Status;
import com.pantherkolab.common.Channel;
import com.pantherkolab.common.Event;
import com.pantherkolab.common.Json;
import com.pantherkolab.common.OutboxEntry;
import com.pantherkolab.common.Publication;
import com.pantherkolab.common.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What every store must do with calls, the real one and its fake.
public abstract class CallStoreContract {
    private static final Instant AT = Instant.parse("2026-01-09T23:06:40.120Z");
    private static final Written COMMITTED = new Written.Committed();
    private static final Written OVERTAKEN = new Written.Overtaken();

    private final UserId alice = new UserId("alice-" + UUID.randomUUID());
    private final UserId bob = new UserId("bob-" + UUID.randomUUID());
    private final UserId carol = new UserId("carol-" + UUID.randomUUID());
    private final Meeting meeting = new Meeting("m-1", Json.mapper().readTree("{\"MeetingId\":\"m-1\",\"A\":[1]}"));

    protected abstract StateReader state();

    protected abstract ChangeWriter writer();

    /// Every entry of the outbox about a call.
    protected abstract List<OutboxEntry> outbox(Aggregate aggregate);

    @Test
    void aCallReadsBackInEveryState() {
        Call ringing = call(AT, alice, bob, carol);
        assertThat(write(placed(ringing))).isEqualTo(COMMITTED);
        assertThat(state().call(ringing.sessionId())).isEqualTo(new CallState.Ringing(ringing));

        CallState connecting = new CallState.Connecting(
                next(ringing, Status.CONNECTING, null), Map.of(alice, AT.plusSeconds(10), bob, AT.plusSeconds(11)));
        assertThat(write(moved(connecting))).isEqualTo(COMMITTED);
        assertThat(state().call(ringing.sessionId())).isEqualTo(connecting);

        CallState active = new CallState.Active(
                next(connecting.call(), Status.ACTIVE, null), Map.of(carol, AT.plusSeconds(12)), meeting);
        assertThat(write(moved(active))).isEqualTo(COMMITTED);
        assertThat(state().call(ringing.sessionId())).isEqualTo(active);

        CallState ended = new CallState.Ended(next(active.call(), Status.ENDED, EndReason.HANGUP), meeting);
        assertThat(write(moved(ended))).isEqualTo(COMMITTED);
        assertThat(state().call(ringing.sessionId())).isEqualTo(ended);
        assertThat(outbox(Aggregate.call(ringing.sessionId())))
                .extracting(OutboxEntry::order)
                .containsExactlyInAnyOrder(1L, 2L, 3L, 4L);
        assertThat(state().call("nowhere")).isNull();
    }

    @Test
    void aCallOfFiftyParticipantsIsOneTransaction() {
        Call call = call(
                AT,
                IntStream.range(0, Call.MAX_PARTICIPANTS)
                        .mapToObj(number -> new UserId("participant-%038d".formatted(number)))
                        .toArray(UserId[]::new));

        assertThat(write(placed(call))).isEqualTo(COMMITTED);
        assertThat(state().call(call.sessionId())).isEqualTo(new CallState.Ringing(call));
    }

    @Test
    void aChangeOfAVersionThatIsPastIsOvertakenAndLeavesNothing() {
        Call ringing = call(AT, alice, bob);
        write(placed(ringing));
        CallState ended = new CallState.Ended(next(ringing, Status.ENDED, EndReason.CANCELLED), null);
        CallState accepted = new CallState.Connecting(next(ringing, Status.CONNECTING, null), Map.of());

        assertThat(write(moved(ended))).isEqualTo(COMMITTED);
        assertThat(write(moved(accepted))).isEqualTo(OVERTAKEN);

        assertThat(state().call(ringing.sessionId())).isEqualTo(ended);
        assertThat(outbox(Aggregate.call(ringing.sessionId()))).hasSize(2);
        assertThat(write(moved(new CallState.Ended(next(call(AT, alice, bob), Status.ENDED, EndReason.MISSED), null))))
                .as("a call that was never placed")
                .isEqualTo(OVERTAKEN);
    }

    @Test
    void ofManyWhoMoveACallAtOnceOneDoes() throws Exception {
        Call ringing = call(AT, alice, bob);
        write(placed(ringing));
        List<Future<Written>> results = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int writer = 0; writer < 8; writer++) {
                results.add(threads.submit(() ->
                        write(moved(new CallState.Ended(next(ringing, Status.ENDED, EndReason.CANCELLED), null)))));
            }
        }
        assertThat(results).extracting(Future::resultNow).containsOnlyOnce(COMMITTED);
        assertThat(outbox(Aggregate.call(ringing.sessionId()))).hasSize(2);
    }

    @Test
    void aPairIsTakenByOneCallAtATimeAndFreeAgainAtItsEnd() {
        Call first = call(AT, alice, bob);
        Call second = call(AT, bob, alice);
        assertThat(state().pairedCall(alice, bob)).isNull();

        assertThat(write(placed(first))).isEqualTo(COMMITTED);
        assertThat(write(placed(second))).isEqualTo(OVERTAKEN);

        assertThat(state().pairedCall(alice, bob)).isEqualTo(first.sessionId());
        assertThat(state().pairedCall(bob, alice)).isEqualTo(first.sessionId());
        assertThat(state().call(second.sessionId())).isNull();
        assertThat(state().callIds(alice, AT, 10)).containsExactly(first.sessionId());

        write(moved(new CallState.Ended(next(first, Status.ENDED, EndReason.MISSED), null)));
        assertThat(state().pairedCall(alice, bob)).isNull();
        assertThat(write(placed(second))).isEqualTo(COMMITTED);
    }

    @Test
    void aPairThatNamesACallWhichIsGoneIsTakenOverAndNotGivenBackByTheOldOne() {
        Call old = call(AT, alice, bob);
        write(placed(old));
        Call next = call(AT.plusSeconds(60), bob, alice);

        assertThat(write(placed(next, old.sessionId()))).isEqualTo(COMMITTED);
        assertThat(state().pairedCall(alice, bob)).isEqualTo(next.sessionId());
        assertThat(write(placed(call(AT, alice, bob), old.sessionId()))).isEqualTo(OVERTAKEN);
    }

    @Test
    void groupsTakeNoPair() {
        assertThat(write(placed(call(AT, alice, bob, carol)))).isEqualTo(COMMITTED);
        assertThat(write(placed(call(AT, alice, bob, carol)))).isEqualTo(COMMITTED);
        assertThat(state().pairedCall(alice, bob)).isNull();
    }

    @Test
    void anIdIsTakenByOneCallUntilThatIsPastItsTime() {
        Call first = call(AT, alice, bob, carol);
        write(placed(first));

        assertThat(write(placed(at(first, AT.plus(Duration.ofDays(7)).minusMillis(1000)))))
                .isEqualTo(OVERTAKEN);
        assertThat(write(placed(at(first, AT.plus(Duration.ofDays(7)).plusMillis(1000)))))
                .isEqualTo(COMMITTED);
    }

    @Test
    void aUsersCallsAreFoundTheLastOneFirst() {
        Call first = call(AT, alice, bob);
        Call second = call(AT.plusSeconds(1), carol, alice);
        Call others = call(AT.plusSeconds(2), bob, carol);
        Stream.of(first, second, others).forEach(call -> write(placed(call)));

        assertThat(state().callIds(alice, AT, 10)).containsExactly(second.sessionId(), first.sessionId());
        assertThat(state().callIds(alice, AT.plusMillis(1), 10)).containsExactly(second.sessionId());
        assertThat(state().callIds(alice, AT, 1)).containsExactly(second.sessionId());
        assertThat(state().callIds(new UserId("nobody"), AT, 10)).isEmpty();
        assertThat(state().calls(List.of(first.sessionId(), others.sessionId(), "nowhere")))
                .isEqualTo(Map.of(
                        first.sessionId(), new CallState.Ringing(first),
                        others.sessionId(), new CallState.Ringing(others)));
    }

    @Test
    void whatLetsSomebodyInIsReadBackAndForgottenUnlessItIsAnother() {
        Call ringing = call(AT, alice, bob);
        write(placed(ringing));
        Attendee first = new Attendee("a-1", "user#" + bob, "token-1");
        Attendee second = new Attendee("a-2", "user#" + bob, "token-2");
        CallState active = new CallState.Active(next(ringing, Status.ACTIVE, null), Map.of(), meeting);
        write(new Change.CallMoved(active, Map.of(bob, first), entry(active.call()), null));
        String id = ringing.sessionId();

        assertThat(state().attendees(id)).isEqualTo(Map.of(bob, first));
        assertThat(state().attendee(id, bob)).isEqualTo(first);
        assertThat(state().attendee(id, alice)).isNull();

        assertThat(write(new Change.AttendeeForgotten(id, bob, second))).isEqualTo(COMMITTED);
        assertThat(state().attendee(id, bob)).isEqualTo(first);
        assertThat(write(new Change.AttendeeForgotten(id, bob, first))).isEqualTo(COMMITTED);
        assertThat(write(new Change.AttendeeForgotten(id, bob, first))).isEqualTo(COMMITTED);
        assertThat(state().attendees(id)).isEmpty();
    }

    @Test
    void aKeyThatLedToAnothersCallIsRememberedInTheSameTransaction() {
        Call ringing = call(AT, alice, bob);
        write(placed(ringing));
        CallState accepted = new CallState.Connecting(next(ringing, Status.CONNECTING, null), Map.of());
        OutboxEntry memory = new OutboxEntry(
                Aggregate.call("never-placed-" + UUID.randomUUID()), "key", 0, AT, List.of(), "hash", "{}");
        Change.CallMoved change = new Change.CallMoved(accepted, Map.of(), entry(accepted.call()), memory);

        assertThat(write(change)).isEqualTo(COMMITTED);
        assertThat(state().entry(memory.aggregate(), "key")).isEqualTo(memory);
        assertThat(write(change)).isEqualTo(new Written.CommittedBefore(memory));
        assertThat(write(new Change.CallMoved(accepted, Map.of(), entry(accepted.call()), memory)))
                .as("under another event id, as a retry draws it")
                .isEqualTo(new Written.CommittedBefore(memory));
        assertThat(outbox(Aggregate.call(ringing.sessionId()))).hasSize(2);
    }

    @Test
    void aMemoryOfAChangeThatIsOvertakenIsNotKept() {
        Call ringing = call(AT, alice, bob);
        write(placed(ringing));
        write(moved(new CallState.Ended(next(ringing, Status.ENDED, EndReason.CANCELLED), null)));
        CallState accepted = new CallState.Connecting(next(ringing, Status.CONNECTING, null), Map.of());
        OutboxEntry memory =
                new OutboxEntry(Aggregate.call("never-" + UUID.randomUUID()), "key", 0, AT, List.of(), "hash", "{}");

        assertThat(write(new Change.CallMoved(accepted, Map.of(), entry(accepted.call()), memory)))
                .isEqualTo(OVERTAKEN);
        assertThat(state().entry(memory.aggregate(), "key")).isNull();
    }

    private Written write(Change change) {
        return writer().write(change);
    }

    private static Change.CallPlaced placed(Call call) {
        return placed(call, null);
    }

    private static Change.CallPlaced placed(Call call, @Nullable String pairBefore) {
        return new Change.CallPlaced(new CallState.Ringing(call), pairBefore, entry(call));
    }

    private static Change.CallMoved moved(CallState after) {
        return new Change.CallMoved(after, entry(after.call()));
    }

    private static OutboxEntry entry(Call call) {
        return new OutboxEntry(
                Aggregate.call(call.sessionId()),
                UUID.randomUUID().toString(),
                call.version(),
                AT,
                List.of(Publication.of(
                        new Event.CallRinging(call),
                        call.users().stream().map(Channel::calls).toList())));
    }

    private static Call call(Instant createdAt, UserId... users) {
        return new Call(
                UUID.randomUUID().toString(),
                "conversation-1",
                users[0],
                Call.Media.VIDEO,
                Status.RINGING,
                null,
                1,
                createdAt,
                createdAt.plusSeconds(45),
                null,
                Arrays.stream(users)
                        .map(user -> new Participant(
                                user,
                                user.equals(users[0]) ? State.CONNECTING : State.RINGING,
                                user.equals(users[0]) ? "d" : null))
                        .toList());
    }

    private static Call at(Call call, Instant createdAt) {
        return new Call(
                call.sessionId(),
                call.conversationId(),
                call.initiatedBy(),
                call.callType(),
                call.status(),
                null,
                1,
                createdAt,
                createdAt.plusSeconds(45),
                null,
                call.participants());
    }

    private static Call next(Call call, Status status, @Nullable EndReason reason) {
        return new Call(
                call.sessionId(),
                call.conversationId(),
                call.initiatedBy(),
                call.callType(),
                status,
                reason,
                call.version() + 1,
                call.createdAt(),
                call.ringDeadline(),
                reason == null ? null : AT.plusSeconds(30),
                call.participants());
    }
}
