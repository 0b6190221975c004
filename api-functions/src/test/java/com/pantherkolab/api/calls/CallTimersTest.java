package com.pantherkolab.api.calls;

import static org.assertj.core.api.Assertions.assertThat;

import com.pantherkolab.api.ApiSystem;
import com.pantherkolab.api.NotedMetrics;
import com.pantherkolab.api.calls.Timers.Timer;
import com.pantherkolab.api.callstate.CallState;
import com.pantherkolab.api.store.MemoryStore;
import com.pantherkolab.api.trace.Causes;
import com.pantherkolab.common.Json;
import com.pantherkolab.common.metrics.Metric;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class CallTimersTest {
    private final MemoryStore store = new MemoryStore();
    private final NotedMetrics metrics = new NotedMetrics();

    @RegisterExtension
    private final ApiSystem system = new ApiSystem(store);

    private final CallTimers timers = new CallTimers(system.workflow(), new Causes(UUID::randomUUID), metrics);

    @Test
    void aReminderThatIsDueCommitsTheDeadline() {
        String id = system.initiate("alice", "bob");
        system.connectCalls();
        system.pass(Duration.ofSeconds(45));

        assertThat(remind(new Timer(id, 1))).isEmpty();

        assertThat(system.stored(id).call().endReason()).hasToString("MISSED");
    }

    @Test
    void aStoreThatTakesNothingIsNotAskedAgainUntilTheReminderComesAgain() {
        String id = system.initiate("alice", "bob");
        system.connectCalls();
        system.pass(Duration.ofSeconds(45));
        store.badDays(List.of(MemoryStore.BadDay.THROTTLED_FOR_GOOD));

        assertThat(remind(new Timer(id, 1))).containsExactly("m-1");
        assertThat(system.stored(id).call().endReason()).isNull();

        assertThat(remind(new Timer(id, 1))).isEmpty();
        assertThat(system.stored(id).call().endReason()).hasToString("MISSED");
    }

    @Test
    void aReminderThatComesEarlyIsSentOnItsWayAgainUnlessTheCallHasChanged() {
        String id = system.initiate("alice", "bob");
        system.connectCalls();
        assertThat(system.armed()).containsExactly(new Timer(id, 1));

        remind(new Timer(id, 1));
        assertThat(system.armed()).containsExactly(new Timer(id, 1), new Timer(id, 1));

        system.onCall("bob", "accept", id);
        remind(new Timer(id, 1));
        assertThat(system.armed()).hasSize(2);
        assertThat(system.stored(id).call().version()).isEqualTo(2);
    }

    @Test
    void aReminderOfACallThatIsOverOrGoneDoesNothing() {
        String id = system.initiate("alice", "bob");
        system.onCall("alice", "cancel", id);
        CallState over = system.stored(id);
        system.pass(Duration.ofSeconds(45));

        assertThat(remind(new Timer(id, 1), new Timer(id, 2), new Timer("unknown", 1)))
                .isEmpty();

        assertThat(system.stored(id)).isEqualTo(over);
        assertThat(system.armed()).isEmpty();
    }

    @Test
    void aReminderThatCouldNotBeSeenToComesAgainAndTheOthersDoNot() {
        String id = system.initiate("alice", "bob");
        store.goDown();

        byte[] answer = timers.apply(input("""
                {"Records":[{"messageId":"m-0","body":"no reminder"},
                            {"messageId":"m-1","body":"{\\"sessionId\\":\\"%s\\",\\"version\\":1}"}]}
                """.formatted(id)));

        assertThat(answer)
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("{\"batchItemFailures\":[{\"itemIdentifier\":\"m-1\"}]}");
        assertThat(metrics.sum(Metric.TIMERS_RETURNED)).isEqualTo(1);
        assertThat(metrics.sent()).isEqualTo(1);
        store.comeBack();
    }

    @Test
    void aMeetingThatIsOverEndsItsCallAndNoOther() {
        String id = active();
        CallState.Active call = (CallState.Active) system.stored(id);

        meetingEnded(id, "another-meeting");
        meetingEnded("unknown", call.meeting().meetingId());
        assertThat(system.stored(id)).isEqualTo(call);

        meetingEnded(id, call.meeting().meetingId());
        assertThat(system.stored(id).call().endReason()).hasToString("MEETING_ENDED");
        int committed = system.committed().size();
        meetingEnded(id, call.meeting().meetingId());
        assertThat(system.committed()).hasSize(committed);
    }

    @Test
    void theEndOfAMeetingThatTheCallDoesNotKnowYetIsItsEndToo() {
        String id = system.initiate("alice", "bob");
        system.onCall("bob", "accept", id);

        meetingEnded(id, "meeting-1");

        assertThat(system.stored(id).call().endReason()).hasToString("MEETING_ENDED");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "[]", "{\"detail\":{\"eventType\":\"chime:AttendeeLeft\"}}", "{\"Records\":[]}"})
    void whatIsNeitherIsPassedOver(String event) {
        assertThat(timers.apply(input(event))).isNotEmpty();
    }

    private String active() {
        String id = system.initiate("alice", "bob");
        system.onCall("bob", "accept", id);
        system.connectCalls();
        return id;
    }

    private void meetingEnded(String sessionId, String meetingId) {
        timers.apply(input("""
                {"version":"0","source":"aws.chime","detail-type":"Chime Meeting State Change",
                 "detail":{"version":"0","eventType":"chime:MeetingEnded","meetingId":"%s","externalMeetingId":"%s"}}
                """.formatted(meetingId, sessionId)));
    }

    /// The messages that shall come again.
    private List<String> remind(Timer... reminders) {
        ObjectNode event = Json.mapper().createObjectNode();
        var records = event.putArray("Records");
        for (Timer timer : reminders) {
            records.addObject()
                    .put("messageId", "m-" + records.size())
                    .put("body", Json.mapper().writeValueAsString(timer));
        }
        JsonNode answer = Json.mapper().readTree(timers.apply(input(event.toString())));
        return answer.path("batchItemFailures")
                .valueStream()
                .map(failure -> failure.path("itemIdentifier").stringValue())
                .toList();
    }

    private static ByteArrayInputStream input(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }
}
