package com.pantherkolab.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.pantherkolab.local.RunningSystem.Answer;
import com.pantherkolab.local.RunningSystem.User;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// What the contract's table of calls refuses, over HTTP: each time with the call as it stands, and without a trace
/// in any table.
///
/// What every route refuses alike is in [ErrorTableTest].
class ErrorsOfCallsTest {
    private static final RunningSystem SYSTEM = RunningSystem.shared();

    private final User alice = SYSTEM.signIn(fresh("alice"));
    private final User bob = SYSTEM.signIn(fresh("bob"));
    private final User carol = SYSTEM.signIn(fresh("carol"));
    private final User mallory = SYSTEM.signIn(fresh("mallory"));

    @BeforeEach
    void everythingIsPublished() {
        SYSTEM.awaitPublished();
    }

    /// So that no deadline of theirs falls into another test.
    @AfterEach
    void nothingRingsAnyMore() {
        for (User user : List.of(alice, bob)) {
            SYSTEM.get(user, "/api/calls").at("calls").forEach(call -> command(user, "leave", id(call)));
        }
        SYSTEM.awaitPublished();
    }

    // ---------------------------------------------------------------------------------------- 403, and 404 before it

    @ParameterizedTest
    @ValueSource(strings = {"cancel", "end"})
    void onlyTheInitiatorMayCancelOrEndWhateverTheCallIs(String command) {
        String call = SYSTEM.call(alice, bob.userId());
        String group = SYSTEM.call(alice, bob.userId(), carol.userId());
        SYSTEM.awaitPublished();
        forbidden(command, bob, call);
        forbidden(command, carol, group);

        accept(bob, call, null);
        forbidden(command, bob, call);

        command(alice, "end", call);
        SYSTEM.awaitPublished();
        forbidden(command, bob, call);
    }

    @ParameterizedTest
    @ValueSource(strings = {"accept", "reject", "cancel", "end", "leave"})
    void aStrangerLearnsOfNoCallInAnyState(String command) {
        String call = SYSTEM.call(alice, bob.userId());
        SYSTEM.awaitPublished();
        Answer unknown = refused(mallory, command, "nowhere", 404, "NOT_FOUND");

        assertSameAnswer(refused(mallory, command, call, 404, "NOT_FOUND"), unknown);
        accept(bob, call, null);
        assertSameAnswer(refused(mallory, command, call, 404, "NOT_FOUND"), unknown);
        command(alice, "end", call);
        SYSTEM.awaitPublished();
        assertSameAnswer(refused(mallory, command, call, 404, "NOT_FOUND"), unknown);
    }

    @Test
    void aKeyDoesNotOpenAStrangersCall() {
        String key = UUID.randomUUID().toString();
        String call = SYSTEM.call(alice, bob.userId());
        assertThat(SYSTEM.send(request(bob, "reject", body(call)).header("idempotency-key", key))
                        .status())
                .isEqualTo(200);
        SYSTEM.awaitPublished();

        refused(request(mallory, "reject", body(call)).header("idempotency-key", key), 404, "NOT_FOUND");
    }

    // ---------------------------------------------------------------------------------------- initiate

    @Test
    void nobodyCallsInAConversationThatTheyAreNotIn() {
        String conversation = SYSTEM.conversation(alice, "GROUP", List.of(bob.userId()));
        SYSTEM.awaitPublished();

        Answer ofStranger = refused(initiate(mallory, conversation, alice, bob), 404, "NOT_FOUND");

        assertSameAnswer(refused(initiate(mallory, "nowhere", alice, bob), 404, "NOT_FOUND"), ofStranger);
    }

    @Test
    void aCallOfAConversationIsOfItsParticipantsAndNobodyElse() {
        String conversation = SYSTEM.conversation(alice, "GROUP", List.of(bob.userId(), carol.userId()));
        SYSTEM.awaitPublished();

        for (List<User> others : List.of(List.of(bob), List.of(bob, mallory), List.of(bob, carol, mallory))) {
            Answer answer = refused(initiate(alice, conversation, others.toArray(User[]::new)), 400, "INVALID_FIELD");
            assertThat(answer.at("errors").findValuesAsString("field")).containsExactly("participantIds");
        }
        Answer placed = SYSTEM.send(initiate(alice, conversation, bob, carol));
        assertThat(placed.at("call").path("conversationId").stringValue()).isEqualTo(conversation);
    }

    @Test
    void twoWhoAreInACallWithEachOtherHaveNoOther() {
        String call = SYSTEM.call(alice, bob.userId());
        SYSTEM.awaitPublished();
        assertStands(refused(initiate(alice, null, bob), 409, "CALL_IN_PROGRESS"), call, "RINGING");

        accept(bob, call, null);
        for (User caller : List.of(alice, bob)) {
            assertStands(
                    refused(initiate(caller, null, caller.equals(alice) ? bob : alice), 409, "CALL_IN_PROGRESS"),
                    call,
                    "ACTIVE");
        }

        command(alice, "end", call);
        SYSTEM.awaitPublished();
        assertThat(SYSTEM.send(initiate(bob, null, alice)).status()).isEqualTo(200);
    }

    @Test
    void aKeyOfAnInitiationStandsForOneCall() {
        String key = UUID.randomUUID().toString();
        Answer first = SYSTEM.send(initiate(alice, null, bob).header("idempotency-key", key));
        String call = id(first.at("call"));
        command(bob, "reject", call);
        SYSTEM.awaitPublished();

        Answer other = refused(initiate(alice, null, carol).header("idempotency-key", key), 409, "KEY_REUSED");
        assertStands(other, call, "ENDED");

        Answer again = unchanged(initiate(alice, null, bob).header("idempotency-key", key));
        assertThat(again.at("call")).isEqualTo(first.at("call"));
    }

    // ---------------------------------------------------------------------------------------- 409 CALL_OVER

    @ParameterizedTest
    @ValueSource(strings = {"accept", "reject", "leave"})
    void whatWasCancelledIsOverForWhoeverItRang(String command) {
        String call = SYSTEM.call(alice, bob.userId());
        command(alice, "cancel", call);
        SYSTEM.awaitPublished();

        JsonNode stands = assertStands(refused(bob, command, call, 409, "CALL_OVER"), call, "ENDED");

        assertThat(stands.path("endReason").stringValue()).isEqualTo("CANCELLED");
        assertThat(stands.at("/participants/1/state").stringValue()).isEqualTo("MISSED");
    }

    @ParameterizedTest
    @ValueSource(strings = {"accept", "cancel", "end", "leave"})
    void whatWasRejectedIsOverForItsInitiator(String command) {
        String call = SYSTEM.call(alice, bob.userId());
        command(bob, "reject", call);
        SYSTEM.awaitPublished();

        JsonNode stands = assertStands(refused(alice, command, call, 409, "CALL_OVER"), call, "ENDED");

        assertThat(stands.path("endReason").stringValue()).isEqualTo("REJECTED");
    }

    // ---------------------------------------------------------------------------------------- 409 ANSWERED_ELSEWHERE

    @Test
    void aCallIsTakenWithOneDevice() {
        String call = SYSTEM.call(alice, bob.userId());
        accept(bob, call, "phone");

        for (String other : new String[] {"laptop", null}) {
            JsonNode stands = assertStands(
                    refused(request(bob, "accept", body(call, other)), 409, "ANSWERED_ELSEWHERE"), call, "ACTIVE");
            assertThat(stands.at("/participants/1/deviceId").stringValue()).isEqualTo("phone");
        }
        unchanged(request(bob, "accept", body(call, "phone")));
    }

    @Test
    void aKeyOfAnAcceptanceStandsForOneDevice() {
        String key = UUID.randomUUID().toString();
        String call = SYSTEM.call(alice, bob.userId());
        SYSTEM.send(request(bob, "accept", body(call, "phone")).header("idempotency-key", key));
        awaitActive(call);

        Answer other =
                refused(request(bob, "accept", body(call, "laptop")).header("idempotency-key", key), 409, "KEY_REUSED");
        assertStands(other, call, "ACTIVE");
    }

    // ---------------------------------------------------------------------------------------- 409 ILLEGAL_TRANSITION

    @Test
    void whatRingsCannotBeTakenOrRejectedByItsInitiator() {
        String call = SYSTEM.call(alice, bob.userId());
        SYSTEM.awaitPublished();

        assertStands(refused(alice, "reject", call, 409, "ILLEGAL_TRANSITION"), call, "RINGING");
        assertStands(
                refused(request(alice, "accept", body(call, "phone")), 409, "ILLEGAL_TRANSITION"), call, "RINGING");
    }

    @Test
    void whatWasAcceptedCannotBeCancelledOrRejected() {
        String call = SYSTEM.call(alice, bob.userId());
        accept(bob, call, null);

        assertStands(refused(alice, "cancel", call, 409, "ILLEGAL_TRANSITION"), call, "ACTIVE");
        for (User user : List.of(alice, bob)) {
            assertStands(refused(user, "reject", call, 409, "ILLEGAL_TRANSITION"), call, "ACTIVE");
        }
    }

    @Test
    void whoeverRejectedAGroupsCallCannotLeaveIt() {
        String call = SYSTEM.call(alice, bob.userId(), carol.userId());
        command(bob, "reject", call);
        SYSTEM.awaitPublished();
        assertStands(refused(bob, "leave", call, 409, "ILLEGAL_TRANSITION"), call, "RINGING");

        accept(carol, call, null);
        assertStands(refused(bob, "leave", call, 409, "ILLEGAL_TRANSITION"), call, "ACTIVE");
    }

    // ---------------------------------------------------------------------------------------- 200 without a trace

    @Test
    void aRepeatIsAnsweredAndLeavesNoTrace() {
        String call = SYSTEM.call(alice, bob.userId());
        accept(bob, call, null);
        unchanged(request(bob, "accept", body(call)));
        unchanged(request(alice, "accept", body(call)));

        command(alice, "end", call);
        SYSTEM.awaitPublished();
        unchanged(request(alice, "end", body(call)));
        unchanged(request(alice, "cancel", body(call)));
    }

    @Test
    void rejectingAndLeavingAgainLeavesNoTrace() {
        String call = SYSTEM.call(alice, bob.userId(), carol.userId());
        command(bob, "reject", call);
        SYSTEM.awaitPublished();
        unchanged(request(bob, "reject", body(call)));

        accept(carol, call, null);
        command(carol, "leave", call);
        SYSTEM.awaitPublished();
        unchanged(request(carol, "leave", body(call)));
    }

    // ---------------------------------------------------------------------------------------- how it is asked

    private void forbidden(String command, User user, String call) {
        assertThat(refused(user, command, call, 403, "FORBIDDEN").body().has("call"))
                .isFalse();
    }

    private static Answer refused(User user, String command, String call, int status, String code) {
        return refused(request(user, command, body(call)), status, code);
    }

    /// Sends what is to be refused, and changes no item of any table.
    private static Answer refused(HttpRequest.Builder request, int status, String code) {
        int digest = SYSTEM.digest();
        Answer answer = Refusals.refused(request, status, code);
        assertThat(SYSTEM.digest()).isEqualTo(digest);
        return answer;
    }

    private static Answer unchanged(HttpRequest.Builder request) {
        RunningSystem.Traces before = SYSTEM.traces();
        int digest = SYSTEM.digest();
        Answer answer = SYSTEM.send(request);
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
        assertThat(SYSTEM.digest()).isEqualTo(digest);
        assertThat(SYSTEM.traces()).isEqualTo(before);
        return answer;
    }

    /// That a refusal shows the call as it stands.
    private static JsonNode assertStands(Answer refusal, String call, String status) {
        JsonNode stands = refusal.at("call");
        assertThat(id(stands)).isEqualTo(call);
        assertThat(stands.path("status").stringValue()).isEqualTo(status);
        assertThat(refusal.response().body()).doesNotContain("JoinToken");
        return stands;
    }

    private static void assertSameAnswer(Answer answer, Answer other) {
        assertThat(answer.response().body()).isEqualTo(other.response().body());
        assertThat(Refusals.headers(answer)).isEqualTo(Refusals.headers(other));
    }

    private void accept(User user, String call, @Nullable String device) {
        assertThat(SYSTEM.send(request(user, "accept", body(call, device))).status())
                .isEqualTo(200);
        awaitActive(call);
    }

    /// Waits until whoever accepted is connected, and everybody has been told.
    private void awaitActive(String call) {
        Instant giveUp = Instant.now().plus(Duration.ofSeconds(30));
        String status;
        do {
            SYSTEM.awaitPublished();
            status = SYSTEM.get(alice, "/api/calls/" + call)
                    .at("call")
                    .path("status")
                    .stringValue();
        } while (!status.equals("ACTIVE") && Instant.now().isBefore(giveUp));
        assertThat(status).isEqualTo("ACTIVE");
        SYSTEM.awaitPublished();
    }

    private static void command(User user, String command, String call) {
        SYSTEM.send(request(user, command, body(call)));
    }

    private static HttpRequest.Builder request(User user, String command, String body) {
        return SYSTEM.as(user, "/api/calls/" + command).POST(BodyPublishers.ofString(body));
    }

    private static HttpRequest.Builder initiate(User caller, @Nullable String conversation, User... others) {
        String participants =
                String.join("\",\"", List.of(others).stream().map(User::userId).toList());
        return request(
                caller,
                "initiate",
                "{\"participantIds\":[\"%s\"],\"callType\":\"VIDEO\",\"conversationId\":%s}"
                        .formatted(participants, conversation == null ? null : "\"" + conversation + "\""));
    }

    private static String body(String call) {
        return body(call, null);
    }

    private static String body(String call, @Nullable String device) {
        return device == null
                ? "{\"sessionId\":\"%s\"}".formatted(call)
                : "{\"sessionId\":\"%s\",\"deviceId\":\"%s\"}".formatted(call, device);
    }

    private static String id(JsonNode call) {
        return call.path("sessionId").stringValue();
    }

    private static String fresh(String name) {
        return name + "-" + UUID.randomUUID().toString().substring(0, 8);
    }
}
