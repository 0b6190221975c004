package com.pantherkolab.local;

import static java.nio.charset.StandardCharsets.UTF_8;
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
import com.pantherkolab.common.Json;
import com.pantherkolab.common.UserId;
import com.pantherkolab.local.ApiDocument.AnswerExample;
import com.pantherkolab.local.ApiDocument.Operation;
import com.pantherkolab.local.ApiDocument.RequestExample;
import com.pantherkolab.local.RunningSystem.Answer;
import com.pantherkolab.local.RunningSystem.User;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
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

    private static final RunningSystem SYSTEM = RunningSystem.shared();
    private static final User ALICE = SYSTEM.signIn("alice");

    /// How each answer comes about that no request's example asks for.
    private static final Map<String, Function<Operation, Reply>> CIRCUMSTANCES = Map.of(
            "noToken", operation -> call(operation, new User("alice", "", ""), "{}"),
            "notAUser", OpenApiTest::asNobody,
            "over256KiB", operation -> call(operation, ALICE, " ".repeat(256 * 1024 + 1)),
            "over10MB", operation -> call(operation, ALICE, " ".repeat(10 * 1024 * 1024 + 1)),
            "savedProfile", OpenApiTest::withProfile,
            "noProfile",
                    operation -> call(
                            operation,
                            SYSTEM.signIn("new-" + UUID.randomUUID().toString().substring(0, 8)),
                            ""),
            "contended", _ -> whenWriting(_ -> new Written.Overtaken()),
            "outcomeUnknown", _ -> whenWriting(_ -> new Written.Unknown()),
            "unavailable", OpenApiTest::withoutStore,
            "bug",
                    _ -> whenWriting(_ -> {
                        throw new IllegalStateException("a bug");
                    }));

    /// An answer, whoever gave it. Header names are in lower case.
    private record Reply(int status, Map<String, String> headers, JsonNode body) {}

    @BeforeAll
    static void openTheConversationOfTheExamples() {
        SYSTEM.conversation(ALICE, "DIRECT", List.of("bob"));
    }

    @AfterAll
    static void leaveNothingUnpublished() {
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
        assertThat(DOCUMENT.answers()).hasSizeGreaterThan(45);
    }

    static List<RequestExample> requests() {
        return DOCUMENT.requests();
    }

    @ParameterizedTest
    @MethodSource("requests")
    void aRequestFitsItsSchemaUnlessItsFieldsAreRefused(RequestExample request) {
        boolean badBody = answerTo(request).body().path("status").intValue(200) == 400;

        List<String> complaints = new ArrayList<>(DOCUMENT.complaints(request.schema(), request.body()));
        request.headers()
                .values()
                .forEach(header -> complaints.addAll(DOCUMENT.complaints(header.schema(), header.value())));

        assertThat(complaints.isEmpty()).as(complaints.toString()).isEqualTo(!badBody);
    }

    @ParameterizedTest
    @MethodSource("requests")
    void aRequestIsAnsweredAsItsExampleSays(RequestExample request) {
        AnswerExample expected = answerTo(request);

        Map<String, String> headers = new HashMap<>();
        request.headers()
                .forEach((name, header) -> headers.put(name, header.value().stringValue()));
        Reply reply = call(request.operation(), ALICE, headers, request.body().toString());

        assertAnswers(reply, expected);
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

    /// A refusal to the letter; of a success the shape, for ids and times are never the same twice.
    private static void assertAnswers(Reply reply, AnswerExample expected) {
        assertThat(reply.status()).as(reply.body().toString()).isEqualTo(expected.status());
        assertThat(reply.headers().get("content-type")).startsWith(expected.mediaType());
        assertThat(DOCUMENT.strictComplaints(expected.schema(), reply.body()))
                .as(reply.body().toString())
                .isEmpty();
        if (expected.status() == 200) {
            assertThat(shape(reply.body())).isEqualTo(shape(expected.body()));
        } else {
            assertThat(reply.body()).isEqualTo(expected.body());
        }
        expected.headers().forEach((name, schema) -> {
            String value = reply.headers().get(name.toLowerCase(Locale.ROOT));
            assertThat(value).as(name).isNotNull();
            assertThat(DOCUMENT.complaints(schema, Json.mapper().valueToTree(value)))
                    .as("%s: %s", name, value)
                    .isEmpty();
        });
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
        return call(operation, user, Map.of(), body);
    }

    private static Reply call(Operation operation, User user, Map<String, String> more, String body) {
        BodyPublisher publisher =
                operation.method().equals("GET") ? BodyPublishers.noBody() : BodyPublishers.ofString(body);
        HttpRequest.Builder request = SYSTEM.as(user, operation.path()).method(operation.method(), publisher);
        more.forEach(request::header);
        Answer answer = SYSTEM.send(request);
        Map<String, String> headers = new TreeMap<>();
        answer.response().headers().map().forEach((name, values) -> headers.put(name, String.join(",", values)));
        return new Reply(answer.status(), headers, answer.body());
    }

    private static Reply withProfile(Operation operation) {
        SYSTEM.send(SYSTEM.as(ALICE, operation.path())
                .PUT(BodyPublishers.ofString("{\"firstName\":\"Alice\",\"lastName\":\"Liddell\"}")));
        return call(operation, ALICE, "");
    }

    /// The local issuer gives no token to one who cannot be a user, so the function is asked behind the gateway.
    private static Reply asNobody(Operation operation) {
        String function = operation.path().startsWith("/api/messages/") ? "messagesApi" : "conversationsApi";
        return reply(SYSTEM.send(SYSTEM.request("/functions/" + function)
                        .POST(BodyPublishers.ofString(event(operation.method(), operation.path(), "no body's id", ""))))
                .body());
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
        Edge edge = new Edge(new Route("POST", "/alone", handler));
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
