package com.pantherkolab.publisher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.amazonaws.services.lambda.runtime.ClientContext;
import com.amazonaws.services.lambda.runtime.CognitoIdentity;
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.pantherkolab.common.Json;
import com.pantherkolab.common.metrics.Metric;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.cloud.function.adapter.aws.FunctionInvoker;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import tools.jackson.databind.JsonNode;

/// The function as Lambda runs it: Spring's own invoker, raw JSON in, raw JSON out, a server at the other end.
class PublisherFunctionsTest {
    private static final Path EVENT = Path.of("..", "events", "dynamodb-stream.json");

    private final Map<String, @Nullable String> before = new HashMap<>();
    private final AppSyncServer server = new AppSyncServer();

    @BeforeEach
    void configure() {
        set("MAIN_CLASS", PublisherFunctions.class.getName());
        set("spring.cloud.function.definition", "streamPublisher");
        set("spring.main.banner-mode", "off");
        set("publisher.endpoint", server.endpoint().toString());
        set("publisher.region", "eu-central-1");
        set("publisher.parked-queue-url", "https://sqs.example/1/parked");
        set("publisher.failure-bucket", "failures");
        set("aws.accessKeyId", "AKIDEXAMPLE");
        set("aws.secretAccessKey", "secret");
    }

    @AfterEach
    void restore() throws IOException {
        before.forEach((name, value) -> {
            if (value == null) {
                System.clearProperty(name);
            } else {
                System.setProperty(name, value);
            }
        });
        server.close();
    }

    @Test
    void aRawStreamEventIsPublishedAndTheAnswerIsWhatTheMappingReads() throws IOException {
        String answer = invoke(new FunctionInvoker(), Files.readString(EVENT), new Remaining(60_000));

        assertThat(answer).isEqualTo("{\"batchItemFailures\":[]}");
        assertThat(server.taken())
                .extracting(event -> Json.mapper().readTree(event).path("id").asString())
                .containsExactlyInAnyOrder("e-1", "e-1", "e-2", "e-2");
        assertThat(server.taken())
                .extracting(event -> Json.mapper()
                        .readTree(event)
                        .path("data")
                        .path("content")
                        .asString())
                .contains("Hello, \"Bob\" \uD83D\uDE00", "Hello, Alice\nhow are you?");
    }

    @Test
    void onLambdaAnInvocationTellsItsMetricsByOneLineOfTheLog() throws IOException {
        set("AWS_LAMBDA_FUNCTION_NAME", "stack-StreamPublisher-1");
        PrintStream console = System.out;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setOut(new PrintStream(log, true, StandardCharsets.UTF_8));
        try {
            invoke(new FunctionInvoker(), Files.readString(EVENT), new Remaining(60_000));
        } finally {
            System.setOut(console);
        }

        List<String> told = log.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.startsWith("{\"_aws\""))
                .toList();
        assertThat(told).hasSize(1);
        JsonNode line = Json.mapper().readTree(told.getFirst());
        assertThat(line.path("function").asString()).isEqualTo("stack-StreamPublisher-1");
        assertThat(line.path("publisher_in").intValue()).isEqualTo(4);
        assertThat(line.path("publisher_published").intValue()).isEqualTo(4);
        assertThat(line.path("publisher_parked").isNumber()).isTrue();
        assertThat(line.path("publisher_commit_to_published").valueStream()).hasSize(2);
        assertThat(line.path("_aws")
                        .path("CloudWatchMetrics")
                        .path(0)
                        .path("Metrics")
                        .valueStream()
                        .map(metric -> metric.path("Name").asString()))
                .containsExactlyElementsOf(Arrays.stream(Metric.values())
                        .map(Metric::text)
                        .filter(name -> name.startsWith("publisher_"))
                        .toList());
    }

    @Test
    void theContextsRemainingTimeLessTheMarginIsTheDeadline() throws IOException {
        FunctionInvoker invoker = new FunctionInvoker();

        assertThat(invoke(invoker, Files.readString(EVENT), new Remaining(7_999)))
                .isEqualTo("{\"batchItemFailures\":[{\"itemIdentifier\":\"99999999999999999999998\"}]}");
        assertThat(server.received()).isEmpty();
    }

    @Test
    void somethingThatIsNoStreamEventFailsTheInvocation() {
        FunctionInvoker invoker = new FunctionInvoker();

        for (String event : List.of("{}", "[]", "null", "{\"Records\":null}", "\"x\"")) {
            assertThat(catchThrowable(() -> invoke(invoker, event, new Remaining(60_000))))
                    .as(event)
                    .isNotNull();
        }
    }

    @Test
    void aMissingPropertyStopsTheStartAndIsNamed() {
        set("publisher.region", "");

        assertThat(catchThrowable(FunctionInvoker::new))
                .rootCause()
                .hasMessage("publisher.region must be the name of a region");
    }

    @Test
    void theBeansCanBeImportedWithOtherSettingsAndCredentials() throws Exception {
        try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
            context.registerBean(PublisherSettings.class, () -> Samples.settings(server.endpoint()));
            context.registerBean(
                    AwsCredentialsProvider.class,
                    () -> StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")));
            context.registerBean(MemoryParkedEvents.class);
            context.registerBean(NotedMetrics.class);
            context.register(PublisherBeans.class);
            context.refresh();
            StreamPublisher publisher = context.getBean(StreamPublisher.class);

            assertThat(publisher
                            .publish(
                                    Samples.batch(Samples.insert("1", Samples.message("c1", 1, Samples.ALICE))),
                                    new Deadline(Instant.MAX))
                            .getBatchItemFailures())
                    .isEmpty();
            assertThat(context.getBean(PublisherTotals.class).totals().published())
                    .isEqualTo(1);
            assertThat(context.getBean(MemoryParkedEvents.class).latest()).isEmpty();
            assertThat(context.getBean(NotedMetrics.class).sum(Metric.PUBLISHER_PUBLISHED))
                    .isEqualTo(1);
            assertThat(context.getBean(NotedMetrics.class).values(Metric.PUBLISHER_BREAKER))
                    .containsExactly(0L);
        }
    }

    @Test
    void noBeanIsMadeBeforeItIsWanted() {
        try (AnnotationConfigApplicationContext context =
                new AnnotationConfigApplicationContext(PublisherBeans.class, ParkingBeans.class)) {
            assertThat(context.getBean(PublisherTotals.class)).isNotNull();
            assertThat(context.getBeanFactory().getSingletonNames())
                    .doesNotContain("streamPublisher", "channelPublisher", "parkedEvents");
        }
    }

    private static String invoke(FunctionInvoker invoker, String event, Context context) throws IOException {
        InputStream in = new ByteArrayInputStream(event.getBytes(StandardCharsets.UTF_8));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        invoker.handleRequest(in, out, context);
        return out.toString(StandardCharsets.UTF_8);
    }

    private void set(String name, String value) {
        String old = System.setProperty(name, value);
        if (!before.containsKey(name)) {
            before.put(name, old);
        }
    }

    /// A context that says how much time remains, and nothing else.
    private record Remaining(int getRemainingTimeInMillis) implements Context {
        @Override
        public String getAwsRequestId() {
            return "request";
        }

        @Override
        public String getLogGroupName() {
            return "group";
        }

        @Override
        public String getLogStreamName() {
            return "stream";
        }

        @Override
        public String getFunctionName() {
            return "streamPublisher";
        }

        @Override
        public String getFunctionVersion() {
            return "1";
        }

        @Override
        public String getInvokedFunctionArn() {
            return "arn";
        }

        @Override
        public @Nullable CognitoIdentity getIdentity() {
            return null;
        }

        @Override
        public @Nullable ClientContext getClientContext() {
            return null;
        }

        @Override
        public int getMemoryLimitInMB() {
            return 1024;
        }

        @Override
        public @Nullable LambdaLogger getLogger() {
            return null;
        }
    }
}
