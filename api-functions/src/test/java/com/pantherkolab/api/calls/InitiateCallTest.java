package com.pantherkolab.api.calls;

import static org.assertj.core.api.Assertions.assertThat;

import com.pantherkolab.api.ApiSystem;
import com.pantherkolab.api.http.Gateway.Reply;
import com.pantherkolab.api.store.MemoryStore;
import com.pantherkolab.common.Channel;
import com.pantherkolab.common.Event;
import com.pantherkolab.common.Json;
import com.pantherkolab.common.OutboxEntry;
import com.pantherkolab.common.Publication;
import com.pantherkolab.common.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class InitiateCallTest {
    private static final String ROUTE = "/api/calls/initiate";

    private final MemoryStore store = new MemoryStore();

    @RegisterExtension
    private final ApiSystem system = new ApiSystem(store);

    @Test
    void aCallRingsOutToItsCallerAndInToTheOthers() {
        Reply reply = system.post(
                "alice",
                ROUTE,
                "{\"participantIds\":[\"bob\",\"carol\",\"bob\",\"alice\"],\"callType\":\"AUDIO\",\"deviceId\":\"laptop\"}");

        JsonNode call = reply.body().path("call");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(call.path("initiatedBy").stringValue()).isEqualTo("alice");
        assertThat(call.path("callType").stringValue()).isEqualTo("AUDIO");
        assertThat(call.path("status").stringValue()).isEqualTo("RINGING");
        assertThat(call.path("version").longValue()).isEqualTo(1);
        assertThat(Duration.between(
                        Instant.parse(call.path("createdAt").stringValue()),
                        Instant.parse(call.path("ringDeadline").stringValue())))
                .isEqualTo(Duration.ofSeconds(45));
        assertThat(call.path("participants").toString())
                .isEqualTo("[{\"userId\":\"alice\",\"state\":\"CONNECTING\",\"deviceId\":\"laptop\"},"
                        + "{\"userId\":\"bob\",\"state\":\"RINGING\"},{\"userId\":\"carol\",\"state\":\"RINGING\"}]");
        List<Publication> told = system.committed().getLast().publications();
        assertThat(told)
                .extracting(Publication::type)
                .containsExactly(Event.Type.CALL_RINGING, Event.Type.INCOMING_CALL);
        assertThat(told)
                .extracting(Publication::channels)
                .containsExactly(List.of(channel("alice")), List.of(channel("bob"), channel("carol")));
        assertThat(told)
                .extracting(Publication::expiresAt)
                .containsOnly(Instant.parse(call.path("ringDeadline").stringValue()));
    }

    @Test
    void whoCallsIsNamedByTheirProfileAndUnknownWithoutOne() {
        system.initiate("alice", "bob");
        assertThat(callerName()).isEqualTo("Unknown");

        system.call("carol", "PUT", "/api/users/me", "{\"firstName\":\"Carol\",\"lastName\":\"Danvers\"}");
        system.initiate("carol", "bob");
        assertThat(callerName()).isEqualTo("Carol Danvers");
    }

    @Test
    void twoWhoCallEachOtherEndInOneCallThatIsConnecting() {
        String alices = system.initiate("alice", "bob");

        Reply bobs = system.post(
                "bob", ROUTE, "{\"participantIds\":[\"alice\"],\"callType\":\"AUDIO\",\"deviceId\":\"phone\"}");

        assertThat(bobs.status()).isEqualTo(200);
        JsonNode call = bobs.body().path("call");
        assertThat(call.path("sessionId").stringValue()).isEqualTo(alices);
        assertThat(call.path("status").stringValue()).isEqualTo("CONNECTING");
        assertThat(call.path("callType").stringValue()).isEqualTo("VIDEO");
        assertThat(system.committed().getLast().publications())
                .extracting(Publication::type)
                .containsExactly(Event.Type.CALL_CONNECTING);
        system.connectCalls();
        assertThat(system.stored(alices).call().status().name()).isEqualTo("ACTIVE");
    }

    @Test
    void aKeyedInitiationThatWasAnAcceptanceIsAnsweredTheSameAgain() {
        String alices = system.initiate("alice", "bob");
        String body = "{\"participantIds\":[\"alice\"],\"callType\":\"AUDIO\"}";

        Reply first = system.callWithKey("bob", "POST", ROUTE, "k-1", body);
        system.connectCalls();
        Reply again = system.callWithKey("bob", "POST", ROUTE, "k-1", body);
        Reply other = system.callWithKey("bob", "POST", ROUTE, "k-1", body.replace("AUDIO", "VIDEO"));

        assertThat(first.status()).isEqualTo(200);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(other.status()).isEqualTo(409);
        assertThat(other.body().path("code").stringValue()).isEqualTo("KEY_REUSED");
        assertThat(system.committed().stream().flatMap(entry -> entry.publications().stream()))
                .extracting(Publication::type)
                .containsOnlyOnce(Event.Type.CALL_CONNECTING);
        assertThat(first.body().path("call").path("sessionId").stringValue()).isEqualTo(alices);
    }

    @ParameterizedTest
    @CsvSource({"LOST_AFTER", "LOST_BEFORE", "CONFLICT", "THROTTLED"})
    void anAcceptanceByInitiationOutlivesABadDay(MemoryStore.BadDay day) {
        system.initiate("alice", "bob");
        store.badDays(List.of(day));

        Reply reply = system.callWithKey(
                "bob", "POST", ROUTE, "k-1", "{\"participantIds\":[\"alice\"],\"callType\":\"AUDIO\"}");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body().path("call").path("status").stringValue()).isEqualTo("CONNECTING");
    }

    @Test
    void theSameKeyAgainIsTheSameCallAlsoWhenItIsOver() {
        String body = "{\"participantIds\":[\"bob\"],\"callType\":\"AUDIO\"}";
        Reply first = system.callWithKey("alice", "POST", ROUTE, "k-1", body);
        String id = first.body().path("call").path("sessionId").stringValue();
        system.onCall("alice", "cancel", id);

        Reply again = system.callWithKey("alice", "POST", ROUTE, "k-1", body);
        Reply reused = system.callWithKey("alice", "POST", ROUTE, "k-1", body.replace("bob", "carol"));
        Reply fresh = system.callWithKey("alice", "POST", ROUTE, "k-2", body);

        assertThat(again.body()).isEqualTo(first.body());
        assertThat(reused.status()).isEqualTo(409);
        assertThat(reused.body().path("code").stringValue()).isEqualTo("KEY_REUSED");
        assertThat(reused.body().path("call").path("status").stringValue()).isEqualTo("ENDED");
        assertThat(fresh.body().path("call").path("sessionId").stringValue()).isNotEqualTo(id);
    }

    @Test
    void aPairThatIsInACallIsToldSoWithTheCall() {
        String id = system.initiate("alice", "bob");
        Reply again = system.initiated("alice", "bob");
        system.onCall("bob", "accept", id);
        Reply underway = system.initiated("bob", "alice");

        assertThat(List.of(again, underway)).allSatisfy(reply -> {
            assertThat(reply.status()).isEqualTo(409);
            assertThat(reply.body().path("code").stringValue()).isEqualTo("CALL_IN_PROGRESS");
            assertThat(reply.body().path("call").path("sessionId").stringValue())
                    .isEqualTo(id);
        });
        assertThat(underway.body().path("call").path("status").stringValue()).isEqualTo("CONNECTING");
    }

    @Test
    void aPairIsNotBlockedByACallThatIsPastItsDeadlines() {
        String ringing = system.initiate("alice", "bob");
        system.pass(Duration.ofSeconds(45));
        String next = system.initiate("bob", "alice");
        assertThat(next).isNotEqualTo(ringing);
        assertThat(system.stored(ringing).call().endReason()).hasToString("MISSED");

        system.onCall("alice", "accept", next);
        system.pass(Duration.ofSeconds(10));
        assertThat(system.initiate("alice", "bob")).isNotEqualTo(next);
        assertThat(system.stored(next).call().endReason()).hasToString("FAILED");
    }

    @Test
    void groupsDoNotBlockEachOtherNorAPair() {
        assertThat(List.of(
                        system.initiated("alice", "bob", "carol").status(),
                        system.initiated("alice", "bob", "carol").status(),
                        system.initiated("bob", "alice").status()))
                .containsOnly(200);
    }

    @Test
    void aCallOfAConversationHasItsParticipants() {
        String conversation = system.group("alice", "bob", "carol");
        String body = "{\"callType\":\"AUDIO\",\"conversationId\":\"%s\",\"participantIds\":[%s]}";

        Reply good = system.post("alice", ROUTE, body.formatted(conversation, "\"carol\",\"bob\""));
        Reply fewer = system.post("alice", ROUTE, body.formatted(conversation, "\"bob\""));
        Reply stranger = system.post("mallory", ROUTE, body.formatted(conversation, "\"bob\",\"carol\""));
        Reply unknown = system.post("alice", ROUTE, body.formatted("unknown", "\"bob\",\"carol\""));

        assertThat(good.body().path("call").path("conversationId").stringValue())
                .isEqualTo(conversation);
        assertThat(fewer.status()).isEqualTo(400);
        assertThat(fewer.body().path("errors").path(0).path("field").stringValue())
                .isEqualTo("participantIds");
        assertThat(stranger.status()).isEqualTo(404);
        assertThat(unknown.body()).isEqualTo(stranger.body());
        assertThat(system.committed()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"participantIds\":[\"bob\"]}|callType",
                "{\"callType\":\"AUDIO\"}|participantIds",
                "{\"callType\":\"AUDIO\",\"participantIds\":[]}|participantIds",
                "{\"callType\":\"AUDIO\",\"participantIds\":[\"alice\"]}|participantIds",
                "{\"callType\":\"PIGEON\",\"participantIds\":[\"bob\"]}|callType",
                "{\"callType\":\"AUDIO\",\"participantIds\":[\"*\"]}|participantIds[0]",
                "{\"callType\":\"AUDIO\",\"participantIds\":[\"bob\"],\"deviceId\":5}|deviceId",
                "{\"callType\":\"AUDIO\",\"participantIds\":[\"bob\"],\"more\":5}|more"
            })
    void aBadBodyIsRefusedByItsFieldAndNothingIsWritten(String body, String field) {
        Reply reply = system.post("alice", ROUTE, body);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.body().path("errors").valueStream().map(error -> error.path("field")
                        .stringValue()))
                .containsExactly(field);
        assertThat(system.committed()).isEmpty();
    }

    @Test
    void aCallHasFiftyParticipantsAtMost() {
        String[] fortyNine =
                IntStream.range(0, 49).mapToObj("user-%d"::formatted).toArray(String[]::new);
        String[] fifty = IntStream.range(0, 50).mapToObj("user-%d"::formatted).toArray(String[]::new);

        assertThat(system.initiated("alice", fortyNine).status()).isEqualTo(200);
        assertThat(system.initiated("alice", fifty).status()).isEqualTo(400);
    }

    private String callerName() {
        OutboxEntry entry = system.committed().getLast();
        return Json.mapper()
                .readTree(entry.publications().getLast().data())
                .path("callerName")
                .stringValue();
    }

    private static Channel channel(String user) {
        return Channel.calls(new UserId(user));
    }
}
