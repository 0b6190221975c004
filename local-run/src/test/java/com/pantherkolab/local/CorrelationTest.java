package com.pantherkolab.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.pantherkolab.common.Json;
import com.pantherkolab.local.RunningSystem.Answer;
import com.pantherkolab.local.RunningSystem.User;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// From the id of a request to its publications, by the two queries of `docs/logs.md` and by nothing else.
class CorrelationTest {
    private static final Pattern QUERY = Pattern.compile("\\| filter (\\w+) = \"\\$(\\w+)\"");
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

    private final RunningSystem system = RunningSystem.shared();
    private final String run = UUID.randomUUID().toString().substring(0, 8);
    private final User alice = system.signIn("alice-" + run);
    private final User bob = system.signIn("bob-" + run);
    private final User carol = system.signIn("carol-" + run);
    private final String conversation = system.conversation(alice, "GROUP", List.of(bob.userId(), carol.userId()));

    private final DeployedLines deployed = new DeployedLines();
    private final List<JsonNode> lines = new CopyOnWriteArrayList<>();
    private final LogEar ear = LogEar.open(event -> {
        if (event.getLoggerName().startsWith("com.pantherkolab")) {
            lines.add(Json.mapper().readTree(deployed.of(event)));
        }
    });

    @AfterEach
    void stopListening() {
        system.clearFaults();
        system.awaitPublished();
        ear.close();
    }

    // ------------------------------------------------------------------------------------------ the two queries

    @Test
    void fromTheIdOfARequestTwoQueriesLeadToThePublicationOnEveryParticipantsChannel() {
        Answer answer = send("Hello, all of you", "key-" + run);
        system.awaitPublished();

        JsonNode committed = only(byRequest(answer));
        assertThat(committed.path("message").stringValue()).isEqualTo("committed");
        assertThat(committed.path("route").stringValue()).isEqualTo("POST /api/messages/send");
        assertThat(committed.path("aggregate").stringValue()).isEqualTo("conversation#" + conversation);
        JsonNode published = only(byEvent(committed));
        assertThat(published.path("message").stringValue()).isEqualTo("published");
        assertThat(published.path("attempts").intValue()).isEqualTo(1);
        assertThat(channels(published))
                .containsExactlyInAnyOrder(
                        "/chats/" + alice.userId(), "/chats/" + bob.userId(), "/chats/" + carol.userId());
        assertThat(published.path("traceId")).isEqualTo(committed.path("traceId"));
    }

    @Test
    void aRepeatLeadsToTheFirstPublication() {
        send("Hello, all of you", "key-" + run);
        Answer repeat = send("Hello, all of you", "key-" + run);
        system.awaitPublished();

        JsonNode repeated = only(byRequest(repeat));
        assertThat(repeated.path("message").stringValue()).isEqualTo("repeated");
        assertThat(channels(only(byEvent(repeated)))).hasSize(3);
    }

    @Test
    void whatIsParkedIsFoundTheSameWay() {
        system.faults("{\"publish\":{\"errorRate\":1.0,\"statuses\":[400]}}");
        Answer answer = send("Hello, nobody", null);
        system.awaitPublished();

        List<JsonNode> parked = byEvent(only(byRequest(answer)));
        assertThat(parked).hasSize(3).allSatisfy(line -> {
            assertThat(line.path("message").stringValue()).isEqualTo("parked");
            assertThat(line.path("level").stringValue()).isEqualTo("WARN");
            assertThat(line.path("reason").stringValue()).startsWith("400");
            assertThat(line.path("traceId").stringValue()).matches("[0-9a-f]{32}");
        });
        assertThat(parked.stream().flatMap(line -> channels(line).stream()))
                .containsExactlyInAnyOrder(
                        "/chats/" + alice.userId(), "/chats/" + bob.userId(), "/chats/" + carol.userId());
    }

    @Test
    void whatIsReplayedIsFoundTheSameWay() {
        system.faults("{\"publish\":{\"errorRate\":1.0,\"statuses\":[400]}}");
        Answer answer = send("Hello, later", null);
        system.awaitPublished();
        system.clearFaults();
        system.send(system.request("/functions/replayEvents")
                .POST(BodyPublishers.ofString(
                        "{\"source\":\"table\",\"conversations\":[\"%s\"]}".formatted(conversation))));

        JsonNode published = byEvent(only(byRequest(answer))).getLast();
        assertThat(published.path("message").stringValue()).isEqualTo("published");
        assertThat(channels(published)).hasSize(3);
        assertThat(published.path("traceId").stringValue()).matches("[0-9a-f]{32}");
    }

    @Test
    void anErrorOfOursIsFoundByItsRequestAndLeadsToNoEvent() {
        system.faults("{\"store\":{\"throttleRate\":1.0}}");
        Answer refused = send("Hello, anybody", null);

        assertThat(refused.status()).isEqualTo(503);
        assertThat(byRequest(refused)).isNotEmpty().noneMatch(line -> line.has("eventId"));
        assertThat(byRequest(refused).getLast().path("message").stringValue()).isEqualTo("failed");
    }

    @Test
    void whatTheCallerDidWrongHasNoLine() {
        Answer refused = system.post(alice, "/api/messages/send", "{}");

        assertThat(refused.status()).isEqualTo(400);
        assertThat(requestId(refused)).isNotEmpty();
        assertThat(byRequest(refused)).isEmpty();
    }

    // ------------------------------------------------------------------------------------------ traces

    @Test
    void theCallersTraceIsOnBothSidesOfTheOutbox() {
        send("Hello, trace", null, "traceparent", "00-" + TRACE + "-00f067aa0ba902b7-01");
        system.awaitPublished();

        assertThat(lines.stream()
                        .filter(line -> line.path("traceId").asString("").equals(TRACE))
                        .map(line -> line.path("message").stringValue()))
                .containsExactly("committed", "published");
    }

    @Test
    void whatAwsGivesARequestIsItsTraceWhereTheCallerGivesNone() {
        Answer answer = send(
                "Hello, trace",
                null,
                "traceparent",
                "00-" + TRACE + "-0000000000000000-01",
                "x-amzn-trace-id",
                "Root=1-5759e988-bd862e3fe1be46a994272793");
        system.awaitPublished();

        JsonNode committed = only(byRequest(answer));
        assertThat(committed.path("traceId").stringValue()).isEqualTo("5759e988bd862e3fe1be46a994272793");
        assertThat(only(byEvent(committed)).path("traceId")).isEqualTo(committed.path("traceId"));
    }

    @Test
    void whatTheWorkflowOfCallsCommitsIsATraceOfItsOwn() {
        String call = system.call(alice, bob.userId());
        system.post(bob, "/api/calls/accept", "{\"sessionId\":\"%s\"}".formatted(call));
        List<JsonNode> connected = List.of();
        for (int look = 0; look < 500 && connected.isEmpty(); look++) {
            system.awaitPublished();
            connected = find("route", "callWorkflow").stream()
                    .filter(line -> line.path("aggregate").asString("").equals("call#" + call))
                    .toList();
        }
        system.awaitPublished();

        JsonNode committed = connected.getFirst();
        assertThat(committed.has("requestId")).isFalse();
        assertThat(byEvent(committed)).isNotEmpty().allSatisfy(line -> assertThat(line.path("traceId"))
                .isEqualTo(committed.path("traceId")));
    }

    // ------------------------------------------------------------------------------------------

    private Answer send(String content, @Nullable String key, String... headers) {
        HttpRequest.Builder request = system.as(alice, "/api/messages/send")
                .POST(BodyPublishers.ofString("{\"conversationId\":\"%s\",\"content\":\"%s\"%s}"
                        .formatted(conversation, content, key == null ? "" : ",\"tempId\":\"%s\"".formatted(key))));
        return system.send(headers.length == 0 ? request : request.headers(headers));
    }

    private static String requestId(Answer answer) {
        return answer.response().headers().firstValue(LocalGateway.REQUEST_ID).orElseThrow();
    }

    /// The first query of the page.
    private List<JsonNode> byRequest(Answer answer) {
        return find(query("REQUEST_ID"), requestId(answer));
    }

    /// The second.
    private List<JsonNode> byEvent(JsonNode committed) {
        return find(query("EVENT_ID"), committed.path("eventId").stringValue()).stream()
                .filter(line -> line.path("logger_name").stringValue().startsWith("com.pantherkolab.publisher."))
                .toList();
    }

    /// The field that the page's query for a value filters by.
    private static String query(String value) {
        Matcher queries = QUERY.matcher(new Repository().text(Path.of("docs/logs.md")));
        return queries.results()
                .filter(query -> query.group(2).equals(value))
                .map(query -> query.group(1))
                .findFirst()
                .orElseThrow();
    }

    private List<JsonNode> find(String field, String value) {
        return lines.stream()
                .filter(line -> line.path(field).asString("").equals(value))
                .toList();
    }

    private static JsonNode only(List<JsonNode> found) {
        assertThat(found).hasSize(1);
        return found.getFirst();
    }

    private static List<String> channels(JsonNode line) {
        return Stream.of(line.path("channels"))
                .flatMap(JsonNode::valueStream)
                .map(JsonNode::stringValue)
                .toList();
    }
}
