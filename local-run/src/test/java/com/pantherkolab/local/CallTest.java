package com.pantherkolab.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.pantherkolab.local.RunningSystem.Answer;
import com.pantherkolab.local.RunningSystem.User;
import com.pantherkolab.local.aws.LocalAws;
import com.pantherkolab.local.aws.LocalMeetings;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Calls through the whole system, from the POST to each participant's WebSocket.
class CallTest {
    private static final RunningSystem SYSTEM = RunningSystem.shared();

    private final String run = UUID.randomUUID().toString().substring(0, 8);
    private final Map<String, User> users = new HashMap<>();
    private final Map<String, Subscriber> subscribers = new HashMap<>();
    private final List<RawClient> clients = new ArrayList<>();

    @AfterEach
    void hangUp() {
        clients.forEach(RawClient::close);
    }

    @Test
    void aCallIsPlacedAcceptedConnectedAndEndedAtBothWebSockets() throws Exception {
        listen("alice", "bob");

        String id = initiate("alice", "bob");
        JsonNode incoming = heard("bob").await("INCOMING_CALL");
        assertThat(incoming.path("sessionId").stringValue()).isEqualTo(id);
        assertThat(incoming.path("callerName").stringValue()).isEqualTo("Unknown");
        assertThat(heard("alice").await("CALL_RINGING").path("callVersion").longValue())
                .isEqualTo(1);

        assertThat(onCall("bob", "accept", id).status()).isEqualTo(200);
        JsonNode alices = heard("alice").await("CALL_CONNECTED");
        JsonNode bobs = heard("bob").await("CALL_CONNECTED");
        assertThat(alices.path("meeting")).isEqualTo(bobs.path("meeting"));
        assertThat(alices.path("attendee").path("ExternalUserId").stringValue())
                .isEqualTo("user#" + user("alice").userId());
        assertThat(bobs.path("attendee").path("ExternalUserId").stringValue())
                .isEqualTo("user#" + user("bob").userId());
        assertThat(heard("alice").heard().toString())
                .doesNotContain(bobs.path("attendee").path("JoinToken").stringValue());
        assertThat(SYSTEM.get(user("bob"), "/api/calls/" + id).at("attendee")).isEqualTo(bobs.path("attendee"));
        assertThat(meetings().made(id)).isEqualTo(1);

        assertThat(onCall("alice", "end", id).status()).isEqualTo(200);
        assertThat(heard("bob").await("CALL_ENDED").path("reason").stringValue())
                .isEqualTo("HANGUP");
        await(() -> meetings().alive().stream()
                .noneMatch(meeting -> meeting.externalMeetingId().equals(id)));
        assertThat(heard("bob").heard().stream()
                        .map(event -> event.path("type").stringValue())
                        .toList())
                .containsExactly("INCOMING_CALL", "CALL_CONNECTING", "CALL_CONNECTED", "CALL_ENDED");
    }

    @Test
    void whoLeavesAGroupAndJoinsAgainGetsAWayInOfTheirOwn() throws Exception {
        listen("alice", "bob", "carol");
        String id = initiate("alice", "bob", "carol");
        onCall("bob", "accept", id);
        JsonNode first = heard("bob").await("CALL_CONNECTED").path("attendee");
        onCall("carol", "accept", id);
        heard("carol").await("CALL_CONNECTED");
        assertThat(heard("alice")
                        .await("PARTICIPANT_JOINED")
                        .path("userIds")
                        .path(0)
                        .stringValue())
                .isEqualTo(user("carol").userId());

        onCall("bob", "leave", id);
        heard("carol").await("PARTICIPANT_LEFT");
        String meeting = meetings().alive().stream()
                .filter(it -> it.externalMeetingId().equals(id))
                .findFirst()
                .orElseThrow()
                .meetingId();
        await(() -> meetings().attendees(meeting).size() == 2);
        onCall("bob", "accept", id);
        await(() -> SYSTEM.get(user("bob"), "/api/calls/" + id).body().has("attendee"));

        assertThat(SYSTEM.get(user("bob"), "/api/calls/" + id).at("attendee").path("AttendeeId"))
                .isNotEqualTo(first.path("AttendeeId"));
        assertThat(meetings().attendees(meeting)).hasSize(3);
        onCall("alice", "end", id);
    }

    @Test
    void theEndOfAMeetingAtChimeIsTheEndOfItsCall() throws Exception {
        listen("alice", "bob");
        String id = initiate("alice", "bob");
        onCall("bob", "accept", id);
        String meeting = heard("bob")
                .await("CALL_CONNECTED")
                .path("meeting")
                .path("MeetingId")
                .stringValue();

        assertThat(SYSTEM.send(SYSTEM.request("/local/meetings/%s/end".formatted(meeting))
                                .POST(BodyPublishers.noBody()))
                        .status())
                .isEqualTo(204);

        assertThat(heard("alice").await("CALL_ENDED").path("reason").stringValue())
                .isEqualTo("MEETING_ENDED");
    }

    @Test
    void ofAcceptAndCancelAndOfTwoWhoCallEachOtherOneWins() throws Exception {
        for (int race = 0; race < 40; race++) {
            String id = initiate("alice", "bob");
            List<Answer> answers = atOnce(() -> onCall("bob", "accept", id), () -> onCall("alice", "cancel", id));
            assertThat(answers).extracting(Answer::status).containsExactlyInAnyOrder(200, 409);
            if (answers.getFirst().status() == 200) {
                onCall("alice", "end", id);
            }
        }
        for (int race = 0; race < 20; race++) {
            List<Answer> answers = atOnce(() -> initiated("alice", "bob"), () -> initiated("bob", "alice"));
            assertThat(answers).extracting(Answer::status).containsOnly(200);
            List<String> ids = answers.stream()
                    .map(answer -> answer.at("call").path("sessionId").stringValue())
                    .toList();
            assertThat(ids.getFirst()).isEqualTo(ids.getLast());
            await(() -> SYSTEM.get(user("alice"), "/api/calls/" + ids.getFirst())
                    .body()
                    .has("attendee"));
            String caller = SYSTEM.get(user("alice"), "/api/calls/" + ids.getFirst())
                    .at("call")
                    .path("initiatedBy")
                    .stringValue();
            onCall(caller.equals(user("alice").userId()) ? "alice" : "bob", "end", ids.getFirst());
        }
    }

    private static LocalMeetings meetings() {
        return SYSTEM.bean(LocalAws.class).meetings();
    }

    private void listen(String... names) throws Exception {
        for (String name : names) {
            Subscriber subscriber = new Subscriber();
            subscribers.put(name, subscriber);
            clients.add(RawClient.subscribe(SYSTEM, user(name), "calls", subscriber));
        }
    }

    private Subscriber heard(String name) {
        return Objects.requireNonNull(subscribers.get(name));
    }

    private User user(String name) {
        return users.computeIfAbsent(name, it -> SYSTEM.signIn(it + "-" + run));
    }

    private String initiate(String caller, String... others) {
        Answer answer = initiated(caller, others);
        assertThat(answer.status()).isEqualTo(200);
        return answer.at("call").path("sessionId").stringValue();
    }

    private Answer initiated(String caller, String... others) {
        List<String> ids = List.of(others).stream()
                .map(other -> "\"%s\"".formatted(user(other).userId()))
                .toList();
        return SYSTEM.post(
                user(caller),
                "/api/calls/initiate",
                "{\"callType\":\"AUDIO\",\"participantIds\":[%s]}".formatted(String.join(",", ids)));
    }

    private Answer onCall(String name, String command, String id) {
        return SYSTEM.post(user(name), "/api/calls/" + command, "{\"sessionId\":\"%s\"}".formatted(id));
    }

    private static List<Answer> atOnce(Callable<Answer> one, Callable<Answer> other) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Answer>> answers = threads.invokeAll(List.of(one, other));
            return answers.stream().map(Future::resultNow).toList();
        }
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        Instant giveUp = Instant.now().plusSeconds(20);
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now()).isBefore(giveUp);
            Thread.sleep(Duration.ofMillis(10));
        }
    }
}
