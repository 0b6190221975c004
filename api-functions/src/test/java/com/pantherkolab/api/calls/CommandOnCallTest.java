package com.pantherkolab.api.calls;

import static org.assertj.core.api.Assertions.assertThat;

import com.pantherkolab.api.ApiSystem;
import com.pantherkolab.api.http.Gateway.Reply;
import com.pantherkolab.api.store.MemoryStore;
import com.pantherkolab.common.Call.Participant.State;
import com.pantherkolab.common.Event;
import com.pantherkolab.common.Publication;
import com.pantherkolab.common.UserId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Accept, reject, cancel, end and leave, by their routes. What each does in which state is the table's test.
class CommandOnCallTest {
    private final MemoryStore store = new MemoryStore();

    @RegisterExtension
    private final ApiSystem system = new ApiSystem(store);

    @Test
    void acceptingConnectsTheTwo() {
        String id = system.initiate("alice", "bob");

        Reply accepted = accept("bob", id, "phone");

        assertThat(accepted.status()).isEqualTo(200);
        assertThat(accepted.body().path("call").path("status").stringValue()).isEqualTo("CONNECTING");
        assertThat(accepted.body().path("call").path("version").longValue()).isEqualTo(2);
        system.connectCalls();
        assertThat(lastTypes()).containsExactly(Event.Type.CALL_CONNECTED, Event.Type.CALL_CONNECTED);
    }

    @Test
    void theSameDeviceMayAcceptAgainAndAnotherMayNot() {
        String id = system.initiate("alice", "bob");
        accept("bob", id, "phone");
        int committed = system.committed().size();

        assertThat(accept("bob", id, "phone").status()).isEqualTo(200);
        Reply tablet = accept("bob", id, "tablet");
        Reply none = system.onCall("bob", "accept", id);

        assertRefused(tablet, 409, "ANSWERED_ELSEWHERE");
        assertRefused(none, 409, "ANSWERED_ELSEWHERE");
        assertThat(system.committed()).hasSize(committed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"accept", "reject", "cancel", "end", "leave"})
    void anUnknownCallAndOneOfOthersAreTheSame404(String command) {
        String id = system.initiate("alice", "bob");

        Reply stranger = system.onCall("mallory", command, id);
        Reply unknown = system.onCall("mallory", command, "unknown");

        assertThat(stranger.status()).isEqualTo(404);
        assertThat(unknown.body()).isEqualTo(stranger.body());
        assertThat(system.committed()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"cancel", "end"})
    void onlyTheInitiatorMayEndItForEverybodyAlsoWhenItIsOver(String command) {
        String id = system.initiate("alice", "bob");
        assertRefused(system.onCall("bob", command, id), 403, "FORBIDDEN");
        system.onCall("alice", "cancel", id);
        assertRefused(system.onCall("bob", command, id), 403, "FORBIDDEN");
    }

    @Test
    void whatComesTooLateIsToldThatTheCallIsOver() {
        String id = system.initiate("alice", "bob");
        system.onCall("alice", "cancel", id);

        for (String command : List.of("accept", "reject", "leave")) {
            Reply late = system.onCall("bob", command, id);
            assertRefused(late, 409, "CALL_OVER");
            assertThat(late.body().path("call").path("endReason").stringValue()).isEqualTo("CANCELLED");
        }
        assertThat(system.onCall("alice", "cancel", id).status()).isEqualTo(200);
        assertThat(system.onCall("alice", "end", id).status()).isEqualTo(200);
    }

    @Test
    void whatTheTableDoesNotNameIsAnIllegalTransition() {
        String id = system.initiate("alice", "bob");
        system.onCall("bob", "accept", id);

        assertRefused(system.onCall("alice", "cancel", id), 409, "ILLEGAL_TRANSITION");
        assertRefused(system.onCall("bob", "reject", id), 409, "ILLEGAL_TRANSITION");
    }

    @Test
    void aDeadlineHoldsWithoutAnyTimerAndIsCommittedFirst() {
        String id = system.initiate("alice", "bob");
        system.pass(Duration.ofSeconds(45));

        Reply late = system.onCall("bob", "accept", id);

        assertRefused(late, 409, "CALL_OVER");
        assertThat(late.body().path("call").path("endReason").stringValue()).isEqualTo("MISSED");
        assertThat(lastTypes()).containsExactly(Event.Type.CALL_ENDED);
        assertThat(system.stored(id)
                        .call()
                        .participant(new UserId("bob"))
                        .orElseThrow()
                        .state())
                .isEqualTo(State.MISSED);
    }

    @Test
    void severalDeadlinesThatArePastAreCommittedOneAfterTheOther() {
        String id = system.initiate("alice", "bob", "carol", "dave");
        system.onCall("bob", "accept", id);
        system.connectCalls();
        system.onCall("carol", "accept", id);
        system.pass(Duration.ofHours(25));

        assertRefused(system.onCall("dave", "accept", id), 409, "CALL_OVER");

        assertThat(system.committed().stream()
                        .skip(4)
                        .flatMap(entry -> entry.publications().stream())
                        .map(Publication::type))
                .containsExactly(Event.Type.PARTICIPANT_LEFT, Event.Type.PARTICIPANT_MISSED, Event.Type.CALL_ENDED);
        assertThat(system.stored(id).call().endReason()).hasToString("MEETING_ENDED");
    }

    @Test
    void aCallIsGoneAfterAWeek() {
        String id = system.initiate("alice", "bob");
        system.onCall("alice", "cancel", id);
        system.pass(Duration.ofDays(7));

        assertThat(system.onCall("alice", "cancel", id).status()).isEqualTo(404);
    }

    @Test
    void theSameKeyIsAnsweredTheSameWhateverBecameOfTheCall() {
        String id = system.initiate("alice", "bob");
        String body = "{\"sessionId\":\"%s\"}".formatted(id);
        Reply first = system.callWithKey("bob", "POST", "/api/calls/accept", "k", body);
        system.connectCalls();
        system.onCall("alice", "end", id);

        Reply again = system.callWithKey("bob", "POST", "/api/calls/accept", "k", body);
        Reply reused = system.callWithKey(
                "bob", "POST", "/api/calls/accept", "k", "{\"sessionId\":\"%s\",\"deviceId\":\"d\"}".formatted(id));
        Reply elsewhere = system.callWithKey("bob", "POST", "/api/calls/leave", "k", body);

        assertThat(again.body()).isEqualTo(first.body());
        assertRefused(reused, 409, "KEY_REUSED");
        assertThat(reused.body().path("call").path("status").stringValue()).isEqualTo("ENDED");
        assertRefused(elsewhere, 409, "CALL_OVER");
    }

    @ParameterizedTest
    @EnumSource(
            value = MemoryStore.BadDay.class,
            names = {"THROTTLED", "LOST_BEFORE", "LOST_AFTER", "CONFLICT"})
    void anAcceptanceOutlivesABadDay(MemoryStore.BadDay day) {
        String id = system.initiate("alice", "bob");
        store.badDays(List.of(day));

        assertThat(system.onCall("bob", "accept", id).status()).isEqualTo(200);
        assertThat(system.committed()).hasSize(2);
    }

    @Test
    void ofAcceptAndCancelOneWins() throws Exception {
        for (int race = 0; race < 40; race++) {
            String id = system.initiate("alice", "bob");
            List<Future<Reply>> replies = new ArrayList<>();
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                replies.add(threads.submit(() -> system.onCall("bob", "accept", id)));
                replies.add(threads.submit(() -> system.onCall("alice", "cancel", id)));
            }
            Reply accepted = replies.getFirst().resultNow();
            Reply cancelled = replies.getLast().resultNow();
            if (accepted.status() == 200) {
                assertRefused(cancelled, 409, "ILLEGAL_TRANSITION");
                system.onCall("alice", "end", id);
            } else {
                assertRefused(accepted, 409, "CALL_OVER");
                assertThat(cancelled.status()).isEqualTo(200);
            }
        }
    }

    private Reply accept(String user, String id, String device) {
        return system.post(
                user, "/api/calls/accept", "{\"sessionId\":\"%s\",\"deviceId\":\"%s\"}".formatted(id, device));
    }

    private List<Event.Type> lastTypes() {
        return system.committed().getLast().publications().stream()
                .map(Publication::type)
                .toList();
    }

    private static void assertRefused(Reply reply, int status, String code) {
        assertThat(reply.status()).isEqualTo(status);
        assertThat(reply.body().path("code").stringValue()).isEqualTo(code);
        assertThat(reply.body().has("call")).isEqualTo(status == 409);
    }
}
