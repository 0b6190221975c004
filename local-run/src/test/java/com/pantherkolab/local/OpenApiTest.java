package com.pantherkolab.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.pantherkolab.api.command.Commands;
import com.pantherkolab.api.command.Outcome;
import com.pantherkolab.api.command.Refusal;
import com.pantherkolab.api.conversations.CreateConversationHandler;
import com.pantherkolab.api.http.Edge;
import com.pantherkolab.api.http.Handler;
import com.pantherkolab.api.http.Route;
import com.pantherkolab.api.store.ChangeWriter;
import com.pantherkolab.api.store.ChangeWriter.Written;
import com.pantherkolab.api.store.MemoryStore;
import com.pantherkolab.api.store.Pause;
import com.pantherkolab.api.trace.Causes;
import com.pantherkolab.common.Json;
import com.pantherkolab.common.UserId;
import com.pantherkolab.common.metrics.Metrics;
import com.pantherkolab.local.ApiDocument.AnswerExample;
import com.pantherkolab.local.ApiDocument.Operation;
import com.pantherkolab.local.ApiDocument.Parameter;
import com.pantherkolab.local.ApiDocument.RequestExample;
import com.pantherkolab.local.RunningSystem.Answer;
import com.pantherkolab.local.RunningSystem.User;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `openapi.yaml` and the system say the same.
class OpenApiTest {
    private static final ApiDocument DOCUMENT = ApiDocument.read();

    /// What API Gateway says by itself and local run does not imitate.
    private static final Set<String> NOT_IMITATED = Set.of("throttled", "functionFailed", "functionTooSlow");

    /// What fits its schema and is refused, because it is bad beside the state.
    private static final Set<String> BEYOND_A_SCHEMA = Set.of("beyondTheLastMessage", "notItsParticipants");

    private static final RunningSystem SYSTEM = RunningSystem.shared();
    private static final User ALICE = SYSTEM.signIn("alice");

    /// How each answer comes about that no request's example asks for.
    private static final Map<String, Function<Operation, Reply>> CIRCUMSTANCES = Map.ofEntries(
            entry("noToken", operation -> call(operation, new User("alice", "", ""), "{}")),
            entry("notAUser", OpenApiTest::asNobody),
            entry("over256KiB", operation -> call(operation, ALICE, " ".repeat(256 * 1024 + 1))),
            entry("over10MB", operation -> call(operation, ALICE, " ".repeat(10 * 1024 * 1024 + 1))),
            entry("savedProfile", OpenApiTest::withProfile),
            entry(
                    "noProfile",
                    operation -> call(
                            operation,
                            SYSTEM.signIn("new-" + UUID.randomUUID().toString().substring(0, 8)),
                            "")),
            entry("theCallersCalls", operation -> call(operation, ALICE, "")),
            entry("contended", _ -> whenWriting(_ -> new Written.Overtaken())),
            entry("outcomeUnknown", _ -> whenWriting(_ -> new Written.Unknown())),
            entry("unavailable", OpenApiTest::withoutStore),
            entry(
                    "bug",
                    _ -> whenWriting(_ -> {
                        throw new IllegalStateException("a bug");
                    })));

    /// An answer, whoever gave it. Header names are in lower case.
    private record Reply(int status, Map<String, String> headers, JsonNode body) {}

    @BeforeAll
    static void openTheConversationOfTheExamples() {
        String conversation = SYSTEM.conversation(ALICE, "DIRECT", List.of("bob"));
        SYSTEM.conversation(ALICE, "GROUP", List.of("bob", "carol"));
        for (int number = 1; number <= 2; number++) {
            SYSTEM.post(
                    ALICE,
                    "/api/messages/send",
                    "{\"conversationId\":\"%s\",\"content\":\"Hello\"}".formatted(conversation));
        }
        SYSTEM.post(ALICE, "/api/messages/read", "{\"conversationId\":\"%s\",\"sequence\":2}".formatted(conversation));
    }

    /// A call for each example that changes one, and a few that stay as they are. Their ids derive from their keys.
    @BeforeAll
    static void placeTheCallsOfTheExamples() {
        SYSTEM.send(SYSTEM.as(ALICE, "/api/conversations")
                .header("idempotency-key", "lunch-1")
                .POST(BodyPublishers.ofString(
                        "{\"type\":\"GROUP\",\"participantIds\":[\"alice\",\"bob\",\"carol\"],\"name\":\"Lunch\"}")));
        initiate(
                ALICE,
                "alice-bob",
                "{\"participantIds\":[\"bob\",\"carol\"],\"callType\":\"AUDIO\",\"conversationId\":\"864755224b009bab9d88bd2071450035\"}");
        place(SYSTEM.signIn("dave"), "alice");
        String connected = place(SYSTEM.signIn("erin"), "alice");
        command(ALICE, "accept", connected, "accept-1", "phone-1");
        command(SYSTEM.signIn("frank"), "cancel", place(SYSTEM.signIn("frank"), "alice"));
        place(ALICE, "grace");
        place(SYSTEM.signIn("heidi"), "alice");
        place(ALICE, "ivan");
        String toEnd = place(ALICE, "judy");
        command(SYSTEM.signIn("judy"), "accept", toEnd);
        String toStay = place(ALICE, "kim");
        command(SYSTEM.signIn("kim"), "accept", toStay);
        command(SYSTEM.signIn("leo"), "reject", place(ALICE, "leo"));
        String toLeave = place(SYSTEM.signIn("mona"), "alice", "bob");
        command(ALICE, "accept", toLeave);
        command(ALICE, "reject", place(SYSTEM.signIn("nina"), "alice", "bob"));
        for (String call : List.of(connected, toEnd, toStay, toLeave)) {
            awaitActive(call);
        }
    }

    /// So that no deadline of theirs falls into another test.
    @AfterAll
    static void nothingRingsAnyMore() {
        for (JsonNode call : SYSTEM.get(ALICE, "/api/calls").at("calls")) {
            command(ALICE, "leave", call.path("sessionId").stringValue());
        }
        SYSTEM.awaitPublished();
    }

    @Test
    void itDescribesTheRoutesThatAreDeployedAndNoOthers() throws IOException {
        List<String> deployed = Deployment.read(Deployment.find()).routes().stream()
                .map(Deployment.Route::key)
                .filter(key -> !key.equals(Deployment.Route.DEFAULT))
                .toList();

        assertThat(DOCUMENT.operations().stream().map(Operation::key)).containsExactlyInAnyOrderElementsOf(deployed);
    }

    @Test
    void itNamesEveryCodeAndShowsEachInAnAnswer() {
        List<String> codes =
                Arrays.stream(Refusal.Code.values()).map(Enum::name).toList();

        assertThat(DOCUMENT.codes()).containsExactlyInAnyOrderElementsOf(codes);
        assertThat(DOCUMENT.answers().stream()
                        .map(answer -> answer.body().path("code").stringValue(""))
                        .filter(code -> !code.isEmpty()))
                .containsAll(codes)
                .isSubsetOf(codes);
    }

    @Test
    void everyAnswerIsAskedForInExactlyOneWay() {
        Set<String> named = new HashSet<>();
        for (AnswerExample answer : DOCUMENT.answers()) {
            boolean requested = isRequested(answer);
            boolean provoked = CIRCUMSTANCES.containsKey(answer.name());
            boolean leftOut = NOT_IMITATED.contains(answer.name());
            assertThat(Stream.of(requested, provoked, leftOut).filter(is -> is))
                    .as(answer.toString())
                    .hasSize(1);
            named.add(answer.name());
        }
        assertThat(named).containsAll(CIRCUMSTANCES.keySet()).containsAll(NOT_IMITATED);
        assertThat(DOCUMENT.answers()).hasSizeGreaterThan(250);
    }

    static List<RequestExample> requests() {
        return DOCUMENT.requests();
    }

    @ParameterizedTest
    @MethodSource("requests")
    void aRequestFitsItsSchemaUnlessItsFieldsAreRefused(RequestExample request) {
        boolean badBody = answerTo(request).body().path("status").intValue(200) == 400;

        List<String> complaints = new ArrayList<>();
        if (!request.body().isMissingNode()) {
            complaints.addAll(DOCUMENT.complaints(request.schema(), request.body()));
        }
        request.parameters()
                .forEach(parameter -> complaints.addAll(DOCUMENT.complaints(parameter.schema(), parameter.value())));

        assertThat(complaints.isEmpty())
                .as(complaints.toString())
                .isEqualTo(!badBody || BEYOND_A_SCHEMA.contains(request.name()));
    }

    @ParameterizedTest
    @MethodSource("requests")
    void aRequestIsAnsweredAsItsExampleSays(RequestExample request) {
        AnswerExample expected = answerTo(request);

        Reply reply = call(request.operation(), ALICE, request.parameters(), request.body());

        assertAnswers(reply, expected);
    }

    static List<Operation> remembered() {
        return DOCUMENT.operations().stream()
                .filter(operation -> !DOCUMENT.headers(operation, 304).isEmpty())
                .toList();
    }

    @ParameterizedTest
    @MethodSource("remembered")
    void whatTheCallerHasIsNotSentAgain(Operation operation) {
        for (RequestExample request : DOCUMENT.requests()) {
            if (!request.operation().equals(operation) || answerTo(request).status() != 200) {
                continue;
            }
            String etag = call(operation, ALICE, request.parameters(), request.body())
                    .headers()
                    .get("etag");

            HttpRequest.Builder again = request(operation, ALICE, request.parameters(), "")
                    .setHeader("if-none-match", Objects.requireNonNull(etag));
            Answer answer = SYSTEM.send(again);

            assertThat(answer.status()).as(request.toString()).isEqualTo(304);
            assertThat(answer.response().body()).isEmpty();
            assertThat(answer.response().headers().firstValue("content-type")).isEmpty();
            assertHeaders(headers(answer), DOCUMENT.headers(operation, 304));
        }
    }

    @Test
    void whatHasAnEtagIsNotSentAgain() {
        assertThat(remembered())
                .isNotEmpty()
                .containsExactlyElementsOf(DOCUMENT.operations().stream()
                        .filter(operation -> DOCUMENT.headers(operation, 200).containsKey("ETag"))
                        .toList());
    }

    static List<AnswerExample> answers() {
        return DOCUMENT.answers();
    }

    @ParameterizedTest
    @MethodSource("answers")
    void anExampleFitsItsSchema(AnswerExample answer) {
        assertThat(DOCUMENT.strictComplaints(answer.schema(), answer.body())).isEmpty();
    }

    static List<AnswerExample> circumstances() {
        return DOCUMENT.answers().stream()
                .filter(answer -> CIRCUMSTANCES.containsKey(answer.name()))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("circumstances")
    void underItsCircumstancesARouteAnswersAsTheExampleSays(AnswerExample expected) {
        Reply reply = Objects.requireNonNull(CIRCUMSTANCES.get(expected.name())).apply(expected.operation());

        assertAnswers(reply, expected);
    }

    /// A refusal to the letter, but for the times of the call that comes with some; of a success the shape, for ids
    /// and times are never the same twice.
    private static void assertAnswers(Reply reply, AnswerExample expected) {
        assertThat(reply.status()).as(reply.body().toString()).isEqualTo(expected.status());
        assertThat(reply.headers().get("content-type")).startsWith(expected.mediaType());
        assertThat(DOCUMENT.strictComplaints(expected.schema(), reply.body()))
                .as(reply.body().toString())
                .isEmpty();
        if (expected.status() == 200) {
            assertThat(shape(reply.body())).isEqualTo(shape(expected.body()));
        } else {
            assertThat(withoutTimes(reply.body())).isEqualTo(withoutTimes(expected.body()));
        }
        assertHeaders(reply.headers(), expected.headers());
    }

    private static void assertHeaders(Map<String, String> headers, Map<String, JsonNode> expected) {
        expected.forEach((name, schema) -> {
            String value = headers.get(name.toLowerCase(Locale.ROOT));
            assertThat(value).as(name).isNotNull();
            assertThat(DOCUMENT.complaints(schema, Json.mapper().valueToTree(value)))
                    .as("%s: %s", name, value)
                    .isEmpty();
        });
    }

    private static JsonNode withoutTimes(JsonNode body) {
        return Json.mapper().readTree(body.toString().replaceAll("\"[0-9-]{10}T[0-9:.]{12}Z\"", "\"a time\""));
    }

    /// The names of the fields, in their order, and where each stands.
    private static List<String> shape(JsonNode body) {
        return body.properties().stream()
                .flatMap(field -> Stream.concat(
                        Stream.of(field.getKey()),
                        shape(field.getValue()).stream().map(inner -> field.getKey() + "." + inner)))
                .toList();
    }

    private static AnswerExample answerTo(RequestExample request) {
        List<AnswerExample> answers = DOCUMENT.answers().stream()
                .filter(answer -> answer.operation().equals(request.operation())
                        && answer.name().equals(request.name()))
                .toList();
        assertThat(answers).as(request.toString()).hasSize(1);
        return answers.getFirst();
    }

    private static boolean isRequested(AnswerExample answer) {
        return DOCUMENT.requests().stream()
                .anyMatch(request -> request.operation().equals(answer.operation())
                        && request.name().equals(answer.name()));
    }

    private static Reply call(Operation operation, User user, String body) {
        return reply(request(operation, user, ApiDocument.parameters(operation, ""), body));
    }

    private static Reply call(Operation operation, User user, List<Parameter> parameters, JsonNode body) {
        return reply(request(operation, user, parameters, body.isMissingNode() ? "" : body.toString()));
    }

    private static HttpRequest.Builder request(
            Operation operation, User user, List<Parameter> parameters, String body) {
        BodyPublisher publisher =
                operation.method().equals("GET") ? BodyPublishers.noBody() : BodyPublishers.ofString(body);
        HttpRequest.Builder request =
                SYSTEM.as(user, uri(operation, parameters)).method(operation.method(), publisher);
        in("header", parameters).forEach((name, value) -> request.header(name, value));
        return request;
    }

    private static String uri(Operation operation, List<Parameter> parameters) {
        String path = operation.path();
        for (Map.Entry<String, String> variable : in("path", parameters).entrySet()) {
            path = path.replace("{" + variable.getKey() + "}", encoded(variable.getValue()));
        }
        String query = in("query", parameters).entrySet().stream()
                .map(parameter -> parameter.getKey() + "=" + encoded(parameter.getValue()))
                .collect(Collectors.joining("&"));
        return query.isEmpty() ? path : path + "?" + query;
    }

    private static Map<String, String> in(String place, List<Parameter> parameters) {
        Map<String, String> found = new LinkedHashMap<>();
        parameters.stream()
                .filter(parameter -> parameter.in().equals(place))
                .forEach(parameter ->
                        found.put(parameter.name(), parameter.value().asString()));
        return found;
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, UTF_8);
    }

    private static Reply reply(HttpRequest.Builder request) {
        Answer answer = SYSTEM.send(request);
        return new Reply(answer.status(), headers(answer), answer.body());
    }

    private static Map<String, String> headers(Answer answer) {
        Map<String, String> headers = new TreeMap<>();
        answer.response().headers().map().forEach((name, values) -> headers.put(name, String.join(",", values)));
        return headers;
    }

    private static Reply withProfile(Operation operation) {
        SYSTEM.send(SYSTEM.as(ALICE, operation.path())
                .PUT(BodyPublishers.ofString("{\"firstName\":\"Alice\",\"lastName\":\"Liddell\"}")));
        return call(operation, ALICE, "");
    }

    /// The local issuer gives no token to one who cannot be a user, so the function is asked behind the gateway.
    private static Reply asNobody(Operation operation) {
        String function = operation.path().startsWith("/api/messages/")
                ? "messagesApi"
                : operation.path().startsWith("/api/calls") ? "callsApi" : "conversationsApi";
        return reply(SYSTEM.send(SYSTEM.request("/functions/" + function)
                        .POST(BodyPublishers.ofString(event(
                                operation.method(),
                                uri(operation, ApiDocument.parameters(operation, "")),
                                "no body's id",
                                ""))))
                .body());
    }

    private static String place(User caller, String... others) {
        return initiate(
                caller,
                caller.userId() + "-" + others[0],
                "{\"participantIds\":[\"%s\"],\"callType\":\"VIDEO\"}".formatted(String.join("\",\"", others)));
    }

    private static String initiate(User caller, String key, String body) {
        Answer placed = SYSTEM.send(SYSTEM.as(caller, "/api/calls/initiate")
                .header("idempotency-key", key)
                .POST(BodyPublishers.ofString(body)));
        return placed.at("call").path("sessionId").stringValue();
    }

    private static void command(User user, String command, String call) {
        SYSTEM.post(user, "/api/calls/" + command, "{\"sessionId\":\"%s\"}".formatted(call));
    }

    private static void command(User user, String command, String call, String key, String device) {
        SYSTEM.send(SYSTEM.as(user, "/api/calls/" + command)
                .header("idempotency-key", key)
                .POST(BodyPublishers.ofString("{\"sessionId\":\"%s\",\"deviceId\":\"%s\"}".formatted(call, device))));
    }

    private static void awaitActive(String call) {
        for (int looks = 0; looks < 100; looks++) {
            SYSTEM.awaitPublished();
            if (SYSTEM.get(ALICE, "/api/calls/" + call)
                    .at("call")
                    .path("status")
                    .stringValue("")
                    .equals("ACTIVE")) {
                return;
            }
        }
        throw new AssertionError(
                "not connected: " + SYSTEM.get(ALICE, "/api/calls/" + call).body());
    }

    /// What a store's bad days are answered with does not depend on the route.
    private static Reply whenWriting(ChangeWriter writer) {
        MemoryStore store = new MemoryStore();
        Pause pause = new Pause(Duration.ofMillis(1), Duration.ofMillis(1), new Random(1), _ -> {});
        return alone(
                new CreateConversationHandler(
                        store, new Commands(store, writer, pause), Clock.systemUTC(), () -> "an-id"),
                "{\"type\":\"DIRECT\",\"participantIds\":[\"bob\"]}");
    }

    private static Reply withoutStore(Operation operation) {
        if (!operation.method().equals("GET")) {
            return whenWriting(_ -> new Written.Unavailable());
        }
        return alone(
                _ -> {
                    MemoryStore store = new MemoryStore();
                    store.goDown();
                    return new Outcome.Done(Objects.requireNonNull(store.profile(new UserId("alice"))));
                },
                "");
    }

    /// A handler behind an edge of its own.
    private static Reply alone(Handler handler, String body) {
        Edge edge = new Edge(Metrics.NONE, new Causes(UUID::randomUUID), new Route("POST", "/alone", handler));
        String event = event("POST", "/alone", "alice", body);
        return reply(Json.mapper().readTree(edge.apply(new ByteArrayInputStream(event.getBytes(UTF_8)))));
    }

    private static String event(String method, String path, String sub, String body) {
        ObjectNode event = Json.mapper().createObjectNode().put("rawPath", path).put("body", body);
        ObjectNode context = event.putObject("requestContext");
        context.putObject("http").put("method", method);
        context.putObject("authorizer").putObject("jwt").putObject("claims").put("sub", sub);
        return event.toString();
    }

    private static Reply reply(JsonNode functionsAnswer) {
        Map<String, String> headers = new HashMap<>();
        functionsAnswer
                .path("headers")
                .properties()
                .forEach(
                        header -> headers.put(header.getKey(), header.getValue().stringValue()));
        return new Reply(
                functionsAnswer.path("statusCode").intValue(),
                headers,
                Json.mapper().readTree(functionsAnswer.path("body").stringValue()));
    }
}
