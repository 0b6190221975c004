package com.pantherkolab.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.pantherkolab.common.Json;
import com.pantherkolab.common.metrics.Metric;
import com.pantherkolab.events.Faults;
import com.pantherkolab.local.lambda.FunctionPackage;
import com.pantherkolab.local.lambda.FunctionProcess;
import com.pantherkolab.local.lambda.RuntimeApi.Answer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The packages as Lambda runs them: each function of `template.yaml` in a JVM of its own, under AWS's own runtime
/// interface client, with the template's variables and the sample events.
class PackagedFunctionsTest {
    private static final Path ROOT = Objects.requireNonNull(Deployment.find().getParent());
    private static final String CONVERSATION = "3bd9b7ea5ad83ec19bd3e99b985b0865";
    private static final String SESSION = "575b391bb0602f9ff5a040d9c19942e4";
    private static final Duration PLENTY = Duration.ofSeconds(60);

    private static final Map<String, FunctionProcess> STARTED = new HashMap<>();

    private static Path logs;
    private static LocalCloud cloud;
    private static Map<String, DeployedFunction> functions;

    @BeforeAll
    static void theCloud(@TempDir Path folder) throws Exception {
        Deployment deployment = Deployment.read(Deployment.find());
        for (String codeUri : List.of("api-functions/target/lambda", "stream-publisher/target/lambda")) {
            Packages.of(codeUri);
        }
        logs = folder;
        cloud = LocalCloud.start(deployment);
        functions = new HashMap<>();
        cloud.functions().forEach(function -> functions.put(function.bean(), function));
    }

    @AfterAll
    static void end() {
        STARTED.values().forEach(FunctionProcess::close);
        if (cloud != null) {
            cloud.close();
        }
    }

    // ------------------------------------------------------------------------------------------ what is answered

    @Test
    void everyFunctionOfTheTemplateAnswersItsSampleEvent() {
        assertThat(SampleEvents.files().keySet()).isEqualTo(functions.keySet());

        SampleEvents.files()
                .forEach((function, sample) -> SampleEvents.assertAnswered(function, invoke(function, event(sample))));
        // What the samples of the workflow and the timers name is what that of the calls has made.
        assertThat(cloud.aws().queues().bodies("TimersQueue"))
                .anySatisfy(reminder -> assertThat(reminder).contains(SESSION));
    }

    // ------------------------------------------------------------------------------------------ behind the gateway

    @Test
    void aMessageIsWrittenToTheTablesThatTheEnvironmentNames() {
        conversation();

        JsonNode message = body(answerOf("messagesApi", "send-message.json")).path("message");

        assertThat(message.path("senderId").stringValue()).isEqualTo("alice");
        assertThat(message.path("content").stringValue()).isEqualTo("Hello, \"Bob\" \uD83D\uDE00");
        assertThat(cloud.dynamo()
                        .getItem(get -> get.tableName("MessagesTable")
                                .key(Map.of(
                                        "conversationId", AttributeValue.fromS(CONVERSATION),
                                        "sequence",
                                                AttributeValue.fromN(
                                                        message.path("sequence").asString()))))
                        .hasItem())
                .isTrue();
    }

    @Test
    void aBodyInBase64IsRead() {
        conversation();

        JsonNode message =
                body(answerOf("messagesApi", "send-message-base64.json")).path("message");

        assertThat(message.path("content").stringValue()).isEqualTo("Gr\u00fc\u00dfe");
    }

    @Test
    void aBodyThatIsNoJsonIsRefusedAndTheFunctionDoesNotFail() {
        JsonNode answer = answerOf("messagesApi", "send-message-bad.json");

        assertThat(answer.path("statusCode").intValue()).isEqualTo(400);
        assertThat(body(answer).path("code").stringValue()).isEqualTo("INVALID_JSON");
    }

    @Test
    void noHeaderAndNoArrayStandsInForTheEvent() {
        conversation();
        JsonNode forgedBody = answerOf("messagesApi", "send-message-forged.json");
        assertThat(forgedBody.path("statusCode").intValue()).isEqualTo(400);

        ObjectNode forgedHeaders = (ObjectNode) json(event("send-message-forged.json"));
        forgedHeaders.set("body", json(event("send-message.json")).path("body"));
        JsonNode message =
                body(json(invoke("messagesApi", forgedHeaders.toString()))).path("message");

        assertThat(message.path("senderId").stringValue()).isEqualTo("alice");
        assertThat(message.path("content").stringValue()).doesNotContain("victim");
    }

    // ------------------------------------------------------------------------------------------ the outbox's stream

    @Test
    void everyTypeOfAttributeIsReadAndWhatIsNoEntryIsKept() {

        JsonNode answer = answerOf("streamPublisher", "dynamodb-stream-all-types.json");

        assertThat(answer.path("batchItemFailures").isEmpty()).isTrue();
        assertThat(cloud.accepted()).anySatisfy(event -> {
            assertThat(event.channel()).isEqualTo("/chats/bob");
            assertThat(event.event().path("id").stringValue()).isEqualTo("e-1");
        });
        // It is kept once, however often it comes.
        assertThat(cloud.aws().storage().keys("FailureBucket")).hasSize(1);
    }

    @Test
    void whatAppSyncDoesNotTakeIsGivenBackToTheStreamAndNothingElse() {
        // The first record of the batch is the sweep of an old entry, which is passed over.
        String batch = event("dynamodb-stream-all-types.json").replace("e-1", "e-7");
        cloud.channels()
                .faults(new Faults(
                        new Faults.Publish(1.0, List.of(503), 0, 0, 0, List.of(0, 0)), Faults.Sockets.NONE, 1));
        try {
            Answer answer = process("streamPublisher").invoke(batch, Duration.ofSeconds(10));

            assertThat(answer.text())
                    .isEqualTo("{\"batchItemFailures\":[{\"itemIdentifier\":\"99999999999999999999998\"}]}");
        } finally {
            cloud.channels().faults(Faults.NONE);
        }
    }

    @Test
    void anInvocationWithoutTimePublishesNothingAndReturnsTheWholeBatch() {
        String fresh = event("dynamodb-stream.json").replace("e-1", "e-5").replace("e-2", "e-6");

        Answer answer = process("streamPublisher").invoke(fresh, Duration.ofMillis(500));

        assertThat(answer.text())
                .isEqualTo("{\"batchItemFailures\":[{\"itemIdentifier\":\"99999999999999999999998\"}]}");
        assertThat(cloud.accepted()).noneMatch(event -> List.of("e-5", "e-6")
                .contains(event.event().path("id").asString()));
    }

    @Test
    void whatIsNoStreamEventFailsTheInvocation() {
        Answer answer = process("streamPublisher").invoke("{\"Records\":null}", PLENTY);

        assertThat(answer).isInstanceOf(Answer.Failed.class);
    }

    // ------------------------------------------------------------------------------------------ what is logged

    @Test
    void everyLineThatAFunctionWritesIsOneJsonObject() {
        conversation();
        List<JsonNode> said = linesOf(
                "messagesApi",
                event("send-message.json").replace("request-1", "request-7").replace("t-1", "t-7"),
                Map.of());
        List<JsonNode> published = linesOf(
                "streamPublisher",
                event("dynamodb-stream.json").replace("e-1", "e-8").replace("e-2", "e-9"),
                Map.of());

        assertThat(said)
                .filteredOn(line -> line.path("message").asString("").equals("committed"))
                .singleElement()
                .satisfies(line -> {
                    assertThat(line.path("level").stringValue()).isEqualTo("INFO");
                    assertThat(line.path("requestId").stringValue()).isEqualTo("request-7");
                    assertThat(line.path("route").stringValue()).isEqualTo("POST /api/messages/send");
                    assertThat(line.path("traceId").stringValue()).matches("[0-9a-f]{32}");
                    assertThat(line.path("aggregate").stringValue()).isEqualTo("conversation#" + CONVERSATION);
                    assertThat(line.path("eventId").isString()).isTrue();
                });
        assertThat(published)
                .filteredOn(line -> line.path("eventId").asString("").equals("e-8"))
                .singleElement()
                .satisfies(line -> {
                    assertThat(line.path("message").stringValue()).isEqualTo("published");
                    assertThat(line.path("attempts").intValue()).isEqualTo(1);
                    assertThat(line.path("channels"))
                            .isEqualTo(Json.mapper().valueToTree(List.of("/chats/alice", "/chats/bob")));
                });
        assertThat(Stream.concat(said.stream(), published.stream()).filter(line -> !line.has("_aws")))
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line.propertyNames())
                        .contains("@timestamp", "level", "logger_name", "message")
                        .doesNotContain("@version", "level_value", "thread_name"));
    }

    /// CloudWatch looks for metrics at the root of a line alone.
    @Test
    void aLineOfMetricsStaysAsItIsAmongThemAndLambdasOwnJsonFormatWrapsNeither() {
        List<JsonNode> lines = linesOf(
                "streamPublisher",
                event("dynamodb-stream.json").replace("e-1", "e-10").replace("e-2", "e-11"),
                Map.of("AWS_LAMBDA_LOG_FORMAT", "JSON"));

        assertThat(lines).filteredOn(line -> line.has("_aws")).isNotEmpty().allSatisfy(line -> {
            assertThat(line.at("/_aws/CloudWatchMetrics/0/Namespace").stringValue())
                    .isEqualTo(Metric.NAMESPACE);
            assertThat(line.path(Metric.PUBLISHER_PUBLISHED.text()).intValue()).isEqualTo(4);
            assertThat(line.has("message")).isFalse();
        });
        assertThat(lines)
                .filteredOn(line -> !line.has("_aws"))
                .extracting(line -> line.path("message").stringValue())
                .contains("published", "invocation");
    }

    /// What a process that is given one event writes in its life, from when its logging is set up. Before that the
    /// JVM speaks of its options, and the adapter says which class it starts.
    private static List<JsonNode> linesOf(String bean, String event, Map<String, String> besides) {
        DeployedFunction function = Objects.requireNonNull(functions.get(bean));
        Map<String, String> environment = new HashMap<>(cloud.environment(function));
        environment.putAll(besides);
        try (FunctionProcess process = start(function, environment, bean + "-lines.log")) {
            assertThat(process.invoke(event, PLENTY)).isInstanceOf(Answer.Returned.class);
            List<String> lines = process.log().lines().toList();
            List<String> before =
                    lines.stream().takeWhile(line -> !line.startsWith("{")).toList();
            assertThat(before)
                    .as("what is written before logging is set up")
                    .hasSizeLessThan(8)
                    .noneMatch(line -> line.contains("com.pantherkolab.api.") && line.contains(" WARN "));
            return lines.stream()
                    .skip(before.size())
                    .map(PackagedFunctionsTest::json)
                    .toList();
        }
    }

    // ------------------------------------------------------------------------------------------ snapshots

    /// By the client itself, which calls the hooks as it does on Lambda. All other tests here are of functions that
    /// were restored so.
    @Test
    void everyFunctionThatHasASnapshotIsRehearsedBeforeItAndRestoredFromIt() {
        List<String> restored = functions.values().stream()
                .filter(DeployedFunction::restored)
                .map(DeployedFunction::bean)
                .toList();
        assertThat(restored).hasSize(functions.size() - 1).doesNotContain("replayEvents");

        for (String function : restored) {
            assertThat(process(function).log().lines().filter(line -> line.contains("SnapshotHooks")))
                    .as(function)
                    .extracting(line -> json(line).path("message").stringValue())
                    .containsExactly("rehearsed", "restored");
        }
    }

    @Test
    void aFunctionWhoseRehearsalFailsIsRestoredAndAnswersAsSoonAsItCan() {
        DeployedFunction function = Objects.requireNonNull(functions.get("conversationsApi"));
        Map<String, String> environment = new HashMap<>(cloud.environment(function));
        // Nobody listens there.
        environment.put("AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:9");
        try (FunctionProcess restored = start(function, environment, "not-rehearsed.log")) {
            assertThat(json(restored.invoke(event("create-conversation.json"), PLENTY)
                                    .text())
                            .path("statusCode")
                            .intValue())
                    .isEqualTo(503);
            assertThat(restored.log()).contains("\"not rehearsed\"");
        }
    }

    // ------------------------------------------------------------------------------------------ calls

    @Test
    void theEndOfAMeetingEndsTheCall() {
        JsonNode call = body(json(invoke(
                        "callsApi",
                        event("initiate-call.json").replace("bob", "carol").replace("sample-1", "own"))))
                .path("call");
        String session = call.path("sessionId").stringValue();
        String accept = ((ObjectNode) json(event("initiate-call.json")
                        .replace("/api/calls/initiate", "/api/calls/accept")
                        .replace("\"alice\"", "\"carol\"")
                        .replace("sample-1", "accept")))
                .put("body", "{\"sessionId\":\"%s\"}".formatted(session))
                .toString();
        assertThat(json(invoke("callsApi", accept)).path("statusCode").intValue())
                .isEqualTo(200);
        invoke("callWorkflow", event("calls-stream.json").replace(SESSION, session));
        String meeting = cloud.aws().meetings().alive().stream()
                .filter(it -> it.externalMeetingId().equals(session))
                .findFirst()
                .orElseThrow()
                .meetingId();
        invoke(
                "callTimers",
                event("meeting-ended.json")
                        .replace(SESSION, session)
                        .replace("00000000-0000-0000-0000-000000000022", meeting));

        String get = ((ObjectNode) json(event("initiate-call.json")
                        .replace("/api/calls/initiate", "/api/calls/" + session)
                        .replace("POST", "GET")))
                .without("body")
                .toString();
        assertThat(body(json(invoke("callsApi", get))).at("/call/endReason").stringValue())
                .isEqualTo("MEETING_ENDED");
    }

    // ------------------------------------------------------------------------------------------

    private static void conversation() {
        assertThat(body(answerOf("conversationsApi", "create-conversation.json"))
                        .at("/conversation/conversationId")
                        .stringValue())
                .isEqualTo(CONVERSATION);
    }

    private static JsonNode answerOf(String function, String sample) {
        return json(invoke(function, event(sample)));
    }

    private static String invoke(String function, String event) {
        Answer answer = process(function).invoke(event, PLENTY);
        assertThat(answer).as(function).isInstanceOf(Answer.Returned.class);
        return answer.text();
    }

    private static FunctionProcess process(String bean) {
        return STARTED.computeIfAbsent(bean, _ -> {
            DeployedFunction function = Objects.requireNonNull(functions.get(bean));
            return start(function, cloud.environment(function), bean + ".log");
        });
    }

    /// Starts it as it is deployed: one that has a snapshot goes on from there.
    private static FunctionProcess start(DeployedFunction function, Map<String, String> environment, String log) {
        Map<String, String> variables = new HashMap<>(environment);
        if (function.restored()) {
            variables.put("AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start");
        }
        FunctionProcess started = FunctionProcess.start(new FunctionProcess.Start(
                new FunctionPackage(ROOT.resolve(function.codeUri())).folder(),
                FunctionPackage.runtimeInterface(ROOT.resolve("local-run/target")),
                List.of("-Xmx256m"),
                function.handler(),
                variables,
                logs.resolve(log)));
        if (function.restored()) {
            started.restoreFromSnapshot(() -> {});
            started.init();
        }
        return started;
    }

    private static String event(String sample) {
        return SampleEvents.text(sample);
    }

    private static JsonNode json(String text) {
        return Json.mapper().readTree(text);
    }

    private static JsonNode body(JsonNode answer) {
        assertThat(answer.path("body").isString()).as("%s", answer).isTrue();
        return json(answer.path("body").stringValue());
    }
}
