package com.pantherkolab.local.aws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.pantherkolab.common.Json;
import com.pantherkolab.events.template.CloudFormationTemplate;
import com.pantherkolab.events.template.Section;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.sqs.SqsClient;
import tools.jackson.databind.JsonNode;

/// Queue, pump and function together, with the real client between them.
class QueuePumpTest {
    private static final VirtualClock CLOCK = new VirtualClock();
    private static final LocalAws AWS = LocalAws.start(CLOCK, UUID::randomUUID);
    private static final SqsClient SQS = AWS.queuesClient().build();
    private static final byte[] SUCCESS = "{\"batchItemFailures\":[]}".getBytes(UTF_8);

    private final String name = "queue-" + UUID.randomUUID();
    private final String dead = name + "-dead";
    private final String url = create();
    private final BlockingQueue<JsonNode> invocations = new LinkedBlockingQueue<>();

    @AfterAll
    static void stop() {
        SQS.close();
        AWS.close();
    }

    @Test
    void aFunctionGetsTheEventAsLambdaSendsItAndWhatItHandledIsDeleted() throws Exception {
        send("{\"timer\":1}");

        try (QueuePump pump = pump(10, _ -> SUCCESS)) {
            JsonNode record = next().path("Records").path(0);
            awaitEmpty(name);

            assertThat(record.path("body").stringValue()).isEqualTo("{\"timer\":1}");
            assertThat(record.path("eventSource").stringValue()).isEqualTo("aws:sqs");
            assertThat(record.path("eventSourceARN").stringValue())
                    .isEqualTo("arn:aws:sqs:us-east-1:000000000000:" + name);
            assertThat(record.path("awsRegion").stringValue()).isEqualTo("us-east-1");
            assertThat(record.path("md5OfBody").stringValue()).isEqualTo(Md5.of("{\"timer\":1}"));
            assertThat(record.path("attributes").path("ApproximateReceiveCount").stringValue())
                    .isEqualTo("1");
            assertThat(record.path("messageAttributes").isObject()).isTrue();
            assertThat(record.path("messageId").stringValue()).isNotBlank();
            assertThat(record.path("receiptHandle").stringValue()).isNotBlank();
            assertThat(pump.done()).isEqualTo(1);
        }
    }

    @Test
    void anInvocationIsHandedAtMostABatch() throws Exception {
        for (int message = 0; message < 5; message++) {
            send("m" + message);
        }

        try (QueuePump _ = pump(2, _ -> SUCCESS)) {
            assertThat(next().path("Records").size()).isEqualTo(2);
            assertThat(next().path("Records").size()).isEqualTo(2);
            assertThat(next().path("Records").size()).isEqualTo(1);
        }
    }

    @Test
    void whatAPartialResponseNamesComesBackAndTheRestDoesNot() throws Exception {
        send("good");
        send("bad");

        try (QueuePump _ = pump(10, event -> failing(event, "bad"))) {
            assertThat(bodies(next())).containsExactlyInAnyOrder("good", "bad");
            awaitBodies(Set.of("bad"));
            CLOCK.forward(Duration.ofSeconds(30));
            assertThat(bodies(next())).containsExactly("bad");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"batchItemFailures\":[{\"itemIdentifier\":\"nobody\"}]}",
                "{\"batchItemFailures\":[{\"itemIdentifier\":\"\"}]}",
                "{\"batchItemFailures\":[{\"id\":\"x\"}]}",
                "no JSON"
            })
    void anAnswerThatNamesNoMessageOfTheBatchFailsTheWholeBatch(String answer) throws Exception {
        send("m");

        try (QueuePump pump = pump(10, _ -> answer.getBytes(UTF_8))) {
            next();
            CLOCK.forward(Duration.ofSeconds(30));
            next();
            assertThat(pump.done()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "{}", "{\"batchItemFailures\":null}"})
    void anAnswerWithoutAListIsSuccess(String answer) throws Exception {
        send("m");

        try (QueuePump _ = pump(10, _ -> answer.getBytes(UTF_8))) {
            next();
            awaitEmpty(name);
        }
    }

    @Test
    void poisonGoesToTheDeadLetterQueueAfterItsLastReceiveAndNothingElseDoes() throws Exception {
        send("poison");
        send("good");

        try (QueuePump pump = pump(1, event -> {
            if (bodies(event).contains("poison")) {
                throw new IllegalStateException("cannot");
            }
            return SUCCESS;
        })) {
            next();
            next();
            for (int receives = 1; receives < 3; receives++) {
                CLOCK.forward(Duration.ofSeconds(30));
                assertThat(bodies(next())).containsExactly("poison");
            }
            CLOCK.forward(Duration.ofSeconds(30));
            awaitEmpty(name);
            assertThat(AWS.queues().bodies(dead)).containsExactly("poison");
            assertThat(invocations).isEmpty();
            assertThat(pump.done()).isEqualTo(1);
        }
    }

    @Test
    void aDelayedMessageIsNotHandedOverEarly() throws Exception {
        SQS.sendMessage(send -> send.queueUrl(url).messageBody("later").delaySeconds(45));
        send("now");

        try (QueuePump _ = pump(10, _ -> SUCCESS)) {
            assertThat(bodies(next())).containsExactly("now");
            CLOCK.forward(Duration.ofSeconds(44));
            send("then");
            assertThat(bodies(next())).containsExactly("then");
            CLOCK.forward(Duration.ofSeconds(1));
            assertThat(bodies(next())).containsExactly("later");
        }
    }

    @Test
    void aClosedPumpReceivesNothing() throws Exception {
        QueuePump pump = pump(10, _ -> SUCCESS);
        assertThat(pump.isRunning()).isTrue();

        pump.close();
        send("m");

        assertThat(pump.isRunning()).isFalse();
        assertThat(AWS.queues().bodies(name)).containsExactly("m");
    }

    @Test
    void aMappingIsReadFromTheTemplate() {
        assertThat(
                        QueueMapping.read(
                                "callTimers",
                                section(
                                        "{ Queue: !GetAtt Timers.Arn, BatchSize: 5,"
                                                + " MaximumBatchingWindowInSeconds: 0, FunctionResponseTypes: [ReportBatchItemFailures] }")))
                .isEqualTo(new QueueMapping("callTimers", "Timers", 5));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "FunctionResponseTypes: []",
                "FunctionResponseTypes: [ReportBatchItemFailures], BatchSize: 11",
                "FunctionResponseTypes: [ReportBatchItemFailures], MaximumBatchingWindowInSeconds: 1",
                "FunctionResponseTypes: [ReportBatchItemFailures], Enabled: false",
                "FunctionResponseTypes: [ReportBatchItemFailures], FilterCriteria: { Filters: [] }"
            })
    void aSettingThatThePumpDoesNotCarryOutIsRefused(String settings) {
        Section mapping = section("{ Queue: !GetAtt Timers.Arn, " + settings + " }");

        assertThatThrownBy(() -> QueueMapping.read("callTimers", mapping))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("does not carry out");
    }

    static Section section(String yaml) {
        return CloudFormationTemplate.parse("Resources: { X: { Type: T, Properties: " + yaml + " } }")
                .resources()
                .getFirst()
                .properties();
    }

    private String create() {
        AWS.queues().create(dead, Map.of());
        return AWS.queues()
                .create(
                        name,
                        Map.of(
                                "RedrivePolicy",
                                "{\"deadLetterTargetArn\":\"%s\",\"maxReceiveCount\":3}"
                                        .formatted(LocalQueues.arn(dead))))
                .toString();
    }

    private void send(String body) {
        SQS.sendMessage(send -> send.queueUrl(url).messageBody(body));
    }

    private QueuePump pump(int batchSize, UnaryOperator<byte[]> function) {
        QueuePump pump = new QueuePump(new QueueMapping("callTimers", name, batchSize), () -> SQS, url, event -> {
            try {
                return function.apply(event);
            } finally {
                invocations.add(Json.mapper().readTree(event));
            }
        });
        pump.start();
        return pump;
    }

    private JsonNode next() throws InterruptedException {
        JsonNode invocation = invocations.poll(20, TimeUnit.SECONDS);
        assertThat(invocation).as("an invocation").isNotNull();
        return invocation == null ? Json.mapper().nullNode() : invocation;
    }

    private static List<String> bodies(JsonNode event) {
        return event.path("Records").values().stream()
                .map(record -> record.path("body").stringValue(""))
                .toList();
    }

    private static List<String> bodies(byte[] event) {
        return bodies(Json.mapper().readTree(event));
    }

    private static byte[] failing(byte[] event, String body) {
        String id = Json.mapper().readTree(event).path("Records").values().stream()
                .filter(record -> record.path("body").stringValue("").equals(body))
                .findFirst()
                .orElseThrow()
                .path("messageId")
                .stringValue();
        return "{\"batchItemFailures\":[{\"itemIdentifier\":\"%s\"}]}"
                .formatted(id)
                .getBytes(UTF_8);
    }

    private void awaitEmpty(String queue) throws InterruptedException {
        awaitBodies(queue, Set.of());
    }

    private void awaitBodies(Set<String> bodies) throws InterruptedException {
        awaitBodies(name, bodies);
    }

    private static void awaitBodies(String queue, Set<String> bodies) throws InterruptedException {
        for (int tries = 0;
                tries < 1_000 && !Set.copyOf(AWS.queues().bodies(queue)).equals(bodies);
                tries++) {
            Thread.sleep(20);
        }
        assertThat(AWS.queues().bodies(queue)).containsExactlyInAnyOrderElementsOf(bodies);
    }
}
