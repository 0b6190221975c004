package com.pantherkolab.api.calls;

import static org.assertj.core.api.Assertions.assertThat;

import com.pantherkolab.api.ApiSystem;
import com.pantherkolab.api.http.Gateway.Reply;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

class CallQueriesTest {
    @RegisterExtension
    private final ApiSystem system = new ApiSystem();

    @Test
    void theListHasTheCallersCallsTheLastOneFirst() {
        String first = system.initiate("alice", "bob");
        String second = system.initiate("carol", "alice");
        system.initiate("bob", "carol");

        assertThat(listed("alice")).containsExactly(second, first);
        assertThat(listed("mallory")).isEmpty();
    }

    @Test
    void aCallStaysInTheListForADayAfterItsEnd() {
        String id = system.initiate("alice", "bob");
        system.pass(Duration.ofSeconds(30));
        system.onCall("bob", "reject", id);

        system.pass(Duration.ofHours(24).minusSeconds(1));
        assertThat(listed("alice")).containsExactly(id);
        system.pass(Duration.ofSeconds(1));
        assertThat(listed("alice")).isEmpty();
        assertThat(system.get("alice", "/api/calls/" + id).status()).isEqualTo(200);
    }

    @Test
    void aCallThatLivedItsWholeDayIsListedForAnother() {
        String id = system.initiate("alice", "bob", "carol");
        system.onCall("bob", "accept", id);
        system.connectCalls();
        system.pass(Duration.ofHours(24));
        assertThat(system.get("bob", "/api/calls/" + id)
                        .body()
                        .path("call")
                        .path("endReason")
                        .stringValue())
                .isEqualTo("MEETING_ENDED");
        system.pass(Duration.ofHours(23));

        assertThat(listed("alice")).containsExactly(id);
    }

    @Test
    void aReadCommitsADeadlineThatIsPastAndTellsEverybody() {
        String one = system.initiate("alice", "bob");
        String other = system.initiate("alice", "carol");
        system.pass(Duration.ofSeconds(45));

        Reply read = system.get("bob", "/api/calls/" + one);
        assertThat(read.body().path("call").path("status").stringValue()).isEqualTo("ENDED");
        assertThat(system.committed()).hasSize(3);

        JsonNode calls = system.get("alice", "/api/calls").body().path("calls");
        assertThat(calls.valueStream().map(call -> call.path("endReason").stringValue()))
                .containsExactly("MISSED", "MISSED");
        assertThat(system.committed()).hasSize(4);
        assertThat(system.stored(other).call().endReason()).hasToString("MISSED");
    }

    @Test
    void whoIsConnectedReadsTheMeetingAndTheirOwnWayIn() {
        String id = system.initiate("alice", "bob", "carol");
        system.onCall("bob", "accept", id);
        assertThat(system.get("bob", "/api/calls/" + id).body().has("attendee")).isFalse();
        system.connectCalls();

        JsonNode bobs = system.get("bob", "/api/calls/" + id).body();
        JsonNode alices = system.get("alice", "/api/calls/" + id).body();
        JsonNode carols = system.get("carol", "/api/calls/" + id).body();

        assertThat(bobs.path("meeting").path("MeetingId").stringValue()).isNotBlank();
        assertThat(bobs.path("attendee").path("ExternalUserId").stringValue()).isEqualTo("user#bob");
        assertThat(alices.path("attendee").path("ExternalUserId").stringValue()).isEqualTo("user#alice");
        assertThat(alices.path("attendee").path("JoinToken"))
                .isNotEqualTo(bobs.path("attendee").path("JoinToken"));
        assertThat(carols.has("meeting")).isFalse();
        assertThat(carols.has("attendee")).isFalse();

        system.onCall("bob", "leave", id);
        assertThat(system.get("bob", "/api/calls/" + id).body().has("attendee")).isFalse();
        assertThat(system.get("alice", "/api/calls").body().toString()).doesNotContain("oken");
    }

    @Test
    void anUnknownCallAndOneOfOthersAreTheSame404() {
        String id = system.initiate("alice", "bob");

        Reply stranger = system.get("mallory", "/api/calls/" + id);
        Reply unknown = system.get("mallory", "/api/calls/unknown");

        assertThat(stranger.status()).isEqualTo(404);
        assertThat(unknown.body()).isEqualTo(stranger.body());
        assertThat(system.get("mallory", "/api/calls/no_id").status()).isEqualTo(400);
    }

    @Test
    void tooManyForOneAnswerLeaveOutTheOldestOfThoseThatAreOver() {
        String[] others = IntStream.range(0, 49)
                .mapToObj("participant-with-a-long-name-%020d"::formatted)
                .toArray(String[]::new);
        String oldest = system.initiate("alice", others);
        List<String> over = new ArrayList<>();
        for (int call = 0; call < 260; call++) {
            String id = system.initiate("alice", others);
            system.onCall("alice", "cancel", id);
            over.add(id);
        }

        Reply reply = system.get("alice", "/api/calls");

        List<String> listed = listed("alice");
        assertThat(reply.text().getBytes(StandardCharsets.UTF_8).length).isLessThan(1_000_000);
        assertThat(listed).hasSizeBetween(100, 260).contains(oldest);
        assertThat(listed.subList(0, listed.size() - 1))
                .isEqualTo(over.reversed().subList(0, listed.size() - 1));
    }

    private List<String> listed(String user) {
        return system.get(user, "/api/calls")
                .body()
                .path("calls")
                .valueStream()
                .map(call -> call.path("sessionId").stringValue())
                .toList();
    }
}
