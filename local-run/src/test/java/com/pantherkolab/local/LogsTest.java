package com.pantherkolab.local;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.spi.ILoggingEvent;
import com.pantherkolab.api.store.Tables;
import com.pantherkolab.common.OutboxAttributes;
import com.pantherkolab.local.RunningSystem.Answer;
import com.pantherkolab.local.RunningSystem.User;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// No log holds what people write to each other, nor what lets them in: neither where all is well nor where
/// everything fails, and with every logger of ours at its most talkative.
class LogsTest {
    private static final RunningSystem SYSTEM = RunningSystem.start("--ring-timeout-seconds=900");
    private static final Logger OURS = LoggerFactory.getLogger("com.pantherkolab.planted");
    private static final String BODY = "the-content-that-nobody-logs";
    private static final String FORGED = "a-token-that-nobody-issued";

    private final String run = UUID.randomUUID().toString().substring(0, 8);
    private final User alice = SYSTEM.signIn("alice-" + run);
    private final User bob = SYSTEM.signIn("bob-" + run);
    private final List<ILoggingEvent> logs = new CopyOnWriteArrayList<>();
    private final LogEar ear = LogEar.open(logs::add);

    @AfterEach
    void stopListening() {
        SYSTEM.clearFaults();
        SYSTEM.awaitPublished();
        ear.close();
    }

    @AfterAll
    static void stop() {
        SYSTEM.close();
    }

    @Test
    void noLogHoldsAMessagesBodyWhateverBecomesOfIt() {
        String conversation = SYSTEM.conversation(alice, "GROUP", List.of(bob.userId()));
        send(conversation);
        // What is refused.
        post("{\"conversationId\":\"%s\",\"content\":\"%s\"".formatted(conversation, BODY));
        post("{\"conversationId\":\"%s\",\"content\":5,\"mediaUrl\":\"%s\"}".formatted(conversation, BODY));
        post("{\"conversationId\":\"%s\",\"content\":\"%s\",\"%s\":1}".formatted(conversation, BODY, BODY));
        post("{\"conversationId\":\"nobodys\",\"content\":\"%s\"}".formatted(BODY));
        post("{\"conversationId\":\"%s\",\"content\":\"%s\"}".formatted(conversation, BODY.repeat(2_000)));
        post("{\"conversationId\":\"%s\",\"content\":\"%s\"}".formatted(conversation, BODY.repeat(20_000)));
        SYSTEM.get(alice, "/api/conversations/%s/messages?limit=%s".formatted(conversation, BODY));
        // What the store does on a bad day.
        SYSTEM.faults("{\"store\":{\"throttleRate\":1.0}}");
        assertThat(send(conversation)).isEqualTo(503);
        SYSTEM.faults("{\"store\":{\"lostResponseRate\":0.7,\"conflictRate\":0.2},\"seed\":5}");
        send(conversation);
        // What AppSync and the publisher do.
        SYSTEM.faults("""
                {"publish":{"errorRate":0.5,"statuses":[500,429,400],"resetRate":0.1,"lostResponseRate":0.1,
                 "partialFailureRate":0.2},"publisher":{"crashRate":0.3},"seed":11}""");
        for (int message = 0; message < 30; message++) {
            send(conversation);
        }
        SYSTEM.awaitPublished();
        SYSTEM.faults("{\"publish\":{\"errorRate\":1.0,\"statuses\":[400]}}");
        send(conversation);
        unreadable();
        SYSTEM.awaitPublished();
        SYSTEM.clearFaults();
        // What an operator does.
        for (String source : List.of("stream", "table", "parked", "failures")) {
            function("replayEvents", "{\"source\":\"%s\",\"conversations\":[\"%s\"]}".formatted(source, conversation));
        }
        function("replayEvents", "{\"source\":\"%s\"}".formatted(BODY));
        for (String name : SYSTEM.deployment().functions()) {
            function(name, "{\"Records\":[{\"messageId\":\"m\",\"body\":\"%s\"}]}".formatted(BODY));
            function(name, "{\"%s\":".formatted(BODY));
        }

        assertThat(lines())
                .as("what was logged at all")
                .anyMatch(line -> line.startsWith("committed [eventId="))
                .anyMatch(line -> line.startsWith("published [eventId="))
                .anyMatch(line -> line.startsWith("parked [eventId="))
                .anyMatch(line -> line.startsWith("parked [record="))
                .anyMatch(line -> line.startsWith("invocation [records="))
                .anyMatch(line -> line.startsWith("replay [from="));
        assertThat(lines()).noneMatch(line -> line.contains(BODY));
    }

    @Test
    void noLogHoldsAToken() throws Exception {
        Subscriber heard = new Subscriber();
        try (RawClient _ = RawClient.subscribe(SYSTEM, bob, heard)) {
            String conversation = SYSTEM.conversation(alice, "GROUP", List.of(bob.userId()));
            send(conversation);
            SYSTEM.faults("{\"store\":{\"throttleRate\":1.0}}");
            send(conversation);
            SYSTEM.clearFaults();
            Answer refused = SYSTEM.get(new User("alice", FORGED, FORGED), "/api/users/me");
            assertThat(refused.status()).isEqualTo(401);
            // An event as the gateway hands it over, with the caller's token in its headers, and one that is broken.
            String headers = "\"headers\":{\"authorization\":\"Bearer %s\"}".formatted(alice.accessToken());
            function("messagesApi", "{\"rawPath\":\"/api/messages/send\",%s}".formatted(headers));
            function("messagesApi", "{%s".formatted(headers));
            SYSTEM.awaitPublished();
        }
        OURS.atDebug().log("that something is heard");

        assertThat(lines()).isNotEmpty();
        for (String token : List.of(alice.accessToken(), alice.idToken(), bob.accessToken(), bob.idToken())) {
            String signature = token.substring(token.lastIndexOf('.') + 1);
            assertThat(lines()).noneMatch(line -> line.contains(signature));
        }
        assertThat(lines()).noneMatch(line -> line.contains(FORGED));
    }

    @Test
    void noLogHoldsWhatLetsAParticipantIntoAMeeting() {
        String call = SYSTEM.call(alice, bob.userId());
        SYSTEM.faults("""
                {"meetings":{"errorRate":0.4,"lostResponseRate":0.2},"store":{"lostResponseRate":0.2},
                 "publish":{"errorRate":0.4,"statuses":[500,400],"partialFailureRate":0.2},"seed":9}""");
        do {
            SYSTEM.post(bob, "/api/calls/accept", "{\"sessionId\":\"%s\"}".formatted(call));
        } while (!status(call).equals("CONNECTING") && !status(call).equals("ACTIVE"));
        SYSTEM.clearFaults();
        await("a call that is connected", () -> status(call).equals("ACTIVE"));
        List<String> joinTokens = List.of(joinToken(alice, call), joinToken(bob, call));
        SYSTEM.faults("{\"publish\":{\"errorRate\":1.0,\"statuses\":[400]},\"meetings\":{\"errorRate\":1.0}}");
        function("replayEvents", "{\"source\":\"stream\",\"calls\":[\"%s\"]}".formatted(call));
        SYSTEM.post(alice, "/api/calls/end", "{\"sessionId\":\"%s\"}".formatted(call));
        await("a workflow that cannot do it", () -> lines().stream()
                .anyMatch(line -> line.contains("meeting unavailable")));
        SYSTEM.clearFaults();
        SYSTEM.awaitPublished();

        assertThat(joinTokens).allSatisfy(token -> assertThat(token).hasSizeGreaterThan(10));
        assertThat(lines()).noneMatch(line -> joinTokens.stream().anyMatch(line::contains));
    }

    @Test
    void itWouldBeNoticedInAMessageInAValueAndInACause() {
        OURS.info("said {}", BODY + 1);
        OURS.atTrace().addKeyValue("content", BODY + 2).log("said");
        OURS.warn("failed", new IllegalStateException("outer", new IllegalArgumentException(BODY + 3)));

        assertThat(lines())
                .anyMatch(line -> line.contains(BODY + 1))
                .anyMatch(line -> line.contains(BODY + 2))
                .anyMatch(line -> line.contains(BODY + 3));
        LogWatch.takeFound();
    }

    private List<String> lines() {
        return logs.stream().map(LogWatch::everything).toList();
    }

    private int send(String conversation) {
        return post("{\"conversationId\":\"%s\",\"content\":\"%s\"}".formatted(conversation, BODY));
    }

    private int post(String body) {
        return SYSTEM.post(alice, "/api/messages/send", body).status();
    }

    /// An entry of a version that nobody knows.
    private void unreadable() {
        SYSTEM.bean(EmbeddedDynamo.class).client().putItem(put -> put.tableName(
                        SYSTEM.bean(Tables.class).outbox())
                .item(Map.of(
                        OutboxAttributes.AGGREGATE,
                        AttributeValue.fromS("conversation#" + run),
                        OutboxAttributes.EVENT_ID,
                        AttributeValue.fromS("e-" + run),
                        OutboxAttributes.ENTRY,
                        AttributeValue.fromS("{\"content\":\"%s\"}".formatted(BODY)))));
    }

    private static void function(String name, String event) {
        SYSTEM.send(SYSTEM.request("/functions/" + name).POST(BodyPublishers.ofString(event)));
    }

    private String status(String call) {
        return SYSTEM.get(alice, "/api/calls/" + call).at("call").path("status").stringValue("");
    }

    private static String joinToken(User user, String call) {
        return SYSTEM.get(user, "/api/calls/" + call)
                .at("attendee")
                .path("JoinToken")
                .stringValue("");
    }

    private static void await(String what, BooleanSupplier arrived) {
        Instant giveUp = Instant.now().plusSeconds(60);
        while (!arrived.getAsBoolean()) {
            assertThat(Instant.now()).as("waiting for %s", what).isBefore(giveUp);
            try {
                Thread.sleep(Duration.ofMillis(20));
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(interrupted);
            }
        }
    }
}
