package com.pantherkolab.local;

import com.pantherkolab.api.http.Edge;
import com.pantherkolab.api.http.Gateway;
import com.pantherkolab.common.Json;
import com.pantherkolab.common.metrics.Metric;
import com.pantherkolab.publisher.PublisherSettings;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import tools.jackson.databind.JsonNode;

/// One local run on free ports for all the tests of this JVM, driven from outside: over HTTP and WebSocket.
final class RunningSystem implements AutoCloseable {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private static @Nullable RunningSystem shared;

    private final ConfigurableApplicationContext context;

    private RunningSystem(ConfigurableApplicationContext context) {
        this.context = context;
    }

    /// The shared local run; the JVM's end stops it.
    static synchronized RunningSystem shared() {
        RunningSystem running = shared;
        if (running == null) {
            // Calls ring for so long that none ends by itself while a test looks at what it left behind.
            running = start("--ring-timeout-seconds=900");
            shared = running;
        }
        return running;
    }

    /// One of the test's own, with these properties.
    static RunningSystem start(String... properties) {
        List<String> all = new ArrayList<>(List.of("--server.port=0", "--local.events.port=0"));
        all.addAll(List.of(properties));
        try {
            return new RunningSystem(LocalRun.start(all.toArray(String[]::new)));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /// One of the test's own, whose functions are wired each by itself and tell what they ask AWS for.
    ///
    /// @param otherwise variables that have another value than the template's
    /// @param log takes the lines by which they tell their metrics
    static RunningSystem startApart(SdkCalls calls, Map<String, String> otherwise, Consumer<String> log) {
        try {
            SpringApplication application = LocalRun.application();
            application.addInitializers(context -> {
                GenericApplicationContext local = (GenericApplicationContext) context;
                Deployment deployment = local.getBeanFactory().getBean(Deployment.class);
                local.getBeanFactory()
                        .addBeanPostProcessor(new DeployedApart(deployment, local, otherwise, calls, log));
            });
            return new RunningSystem(application.run("--server.port=0", "--local.events.port=0"));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /// One of the test's own, whose publisher waits a few milliseconds where it would wait up to 5 s: what a proof
    /// shows does not depend on how long.
    static RunningSystem startImpatient() {
        try {
            SpringApplication application = LocalRun.application();
            application.addInitializers(context -> makeImpatient((GenericApplicationContext) context));
            return new RunningSystem(application.run("--server.port=0", "--local.events.port=0"));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /// One of the test's own, whose pumps tell the age of records by another clock.
    static RunningSystem startWithPumpsAt(Clock clock, String... properties) {
        List<String> all = new ArrayList<>(List.of("--server.port=0", "--local.events.port=0"));
        all.addAll(List.of(properties));
        try {
            SpringApplication application = LocalRun.application();
            application.addInitializers(context -> movePumpsTo(clock, (GenericApplicationContext) context));
            return new RunningSystem(application.run(all.toArray(String[]::new)));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /// One of the test's own, in which hours pass at the test's word and the publisher waits a few milliseconds.
    ///
    /// @param pumps what the pumps tell the age of records by
    /// @param aws what queues and meetings go by
    static RunningSystem startForDrills(Clock pumps, Clock aws, String... properties) {
        List<String> all = new ArrayList<>(List.of("--server.port=0", "--local.events.port=0"));
        all.addAll(List.of(properties));
        try {
            SpringApplication application = LocalRun.application(aws);
            application.addInitializers(context -> makeImpatient((GenericApplicationContext) context));
            application.addInitializers(context -> movePumpsTo(pumps, (GenericApplicationContext) context));
            return new RunningSystem(application.run(all.toArray(String[]::new)));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private static void makeImpatient(GenericApplicationContext context) {
        context.registerBean(
                "impatient",
                PublisherSettings.class,
                () -> impatient(LocalRun.publisherSettings(
                        context.getBean(LocalSystem.class).emulator().httpEndpoint(), context.getEnvironment())),
                definition -> {
                    definition.setPrimary(true);
                    definition.setLazyInit(true);
                });
    }

    private static void movePumpsTo(Clock clock, GenericApplicationContext context) {
        context.registerBean(
                "pumpsAtAnotherTime",
                Surroundings.class,
                () -> {
                    Surroundings now = context.getBean("surroundings", Surroundings.class);
                    return new Surroundings(now.failures(), now.positions(), now.bell(), clock, now.ids());
                },
                definition -> definition.setPrimary(true));
    }

    private static PublisherSettings impatient(PublisherSettings settings) {
        return new PublisherSettings(
                settings.endpoint(),
                settings.region(),
                settings.parkedQueueUrl(),
                settings.failureBucket(),
                settings.connectTimeout(),
                settings.requestTimeout(),
                settings.parkTimeout(),
                settings.concurrentRequests(),
                Duration.ofMillis(5),
                Duration.ofMillis(50),
                Duration.ofMillis(50),
                settings.invocationTime(),
                settings.margin());
    }

    @Override
    public void close() {
        context.close();
    }

    /// The one bean of a type.
    <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    void faults(String body) {
        Answer answer = send(request("/local/faults").PUT(BodyPublishers.ofString(body)));
        if (answer.status() != 204) {
            throw new AssertionError(
                    "the faults were refused: " + answer.response().body());
        }
    }

    void clearFaults() {
        send(request("/local/faults").DELETE());
    }

    /// An answer, with its body as JSON where it has one.
    record Answer(int status, HttpResponse<String> response) {
        JsonNode body() {
            return Json.mapper().readTree(response.body());
        }

        JsonNode at(String field) {
            return body().path(field);
        }
    }

    /// A signed-in user.
    record User(String userId, String idToken, String accessToken) {}

    URI api() {
        return LocalRun.api(context);
    }

    URI events() {
        return context.getBean(LocalSystem.class).emulator().httpEndpoint();
    }

    URI realtime() {
        return context.getBean(LocalSystem.class).emulator().realtimeEndpoint();
    }

    User signIn(String userId) {
        JsonNode tokens = send(request("/local/token")
                        .POST(BodyPublishers.ofString("{\"userId\":\"%s\"}".formatted(userId))))
                .body();
        return new User(
                userId,
                tokens.path("idToken").stringValue(),
                tokens.path("accessToken").stringValue());
    }

    Answer post(User user, String path, String body) {
        return send(as(user, path).POST(BodyPublishers.ofString(body)));
    }

    Answer get(User user, String path) {
        return send(as(user, path).GET());
    }

    HttpRequest.Builder as(User user, String path) {
        return request(path).header("authorization", "Bearer " + user.accessToken());
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(api().resolve(path)).header("content-type", "application/json");
    }

    Answer send(HttpRequest.Builder request) {
        HttpRequest sent = request.timeout(Duration.ofSeconds(30)).build();
        sent.bodyPublisher().ifPresent(body -> LogWatch.knows(BodyText.of(body)));
        try {
            HttpResponse<String> response = HTTP.send(sent, BodyHandlers.ofString());
            return new Answer(response.statusCode(), response);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /// A function of the API, called as the gateway calls it but without the gateway.
    Gateway function(String bean) {
        Edge edge = context.getBean(bean, Edge.class);
        return new Gateway(event -> {
            byte[] bytes = bytes(event);
            LogWatch.knows(Json.mapper().readTree(bytes).path("body").asString(""));
            return edge.apply(new ByteArrayInputStream(bytes));
        });
    }

    private static byte[] bytes(InputStream event) {
        try {
            return event.readAllBytes();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /// The whole answer to bytes that are sent as they are.
    String raw(String head, byte[] body) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), api().getPort())) {
            socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().write(body);
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /// The id of a new conversation.
    String conversation(User creator, String type, Iterable<String> others) {
        Answer answer = post(
                creator,
                "/api/conversations",
                "{\"type\":\"%s\",\"participantIds\":[\"%s\"]}".formatted(type, String.join("\",\"", others)));
        return answer.at("conversation").path("conversationId").stringValue();
    }

    /// The id of a new call, which rings at the others.
    String call(User caller, String... others) {
        Answer answer = post(
                caller,
                "/api/calls/initiate",
                "{\"participantIds\":[\"%s\"],\"callType\":\"AUDIO\"}".formatted(String.join("\",\"", others)));
        return answer.at("call").path("sessionId").stringValue();
    }

    /// The beans of a type, by name.
    <T> Map<String, T> beans(Class<T> type) {
        return context.getBeansOfType(type);
    }

    JsonNode status() {
        return send(request("/local/status").GET()).body();
    }

    /// A metric as Prometheus has it: of a count and a level its value, of a time how many there are.
    long metric(Metric metric) {
        return metrics().getOrDefault(metric, -1L);
    }

    /// All of them, read at once.
    Map<Metric, Long> metrics() {
        Map<String, String> lines = send(request("/actuator/prometheus").GET())
                .response()
                .body()
                .lines()
                .filter(line -> line.matches("[a-z_]+ [0-9.E+-]+"))
                .collect(Collectors.toMap(line -> line.replaceFirst(" .*", ""), line -> line.replaceFirst(".* ", "")));
        Map<Metric, Long> metrics = new EnumMap<>(Metric.class);
        for (Metric metric : Metric.values()) {
            String value = lines.get(inPrometheus(metric));
            if (value != null) {
                metrics.put(metric, Math.round(Double.parseDouble(value)));
            }
        }
        return metrics;
    }

    /// The name by Prometheus' own rules, as the documents have it.
    static String inPrometheus(Metric metric) {
        return switch (metric.kind()) {
            case COUNT -> metric.text() + "_total";
            case LEVEL -> metric.text();
            case TIME -> metric.text() + "_milliseconds_count";
        };
    }

    /// What a refusal must leave as it is: how many items each table holds, and how many events went out.
    record Traces(Map<String, Long> items, JsonNode events) {}

    Traces traces() {
        EmbeddedDynamo dynamo = context.getBean(EmbeddedDynamo.class);
        return new Traces(
                tables().stream().collect(Collectors.toMap(table -> table, dynamo::count)), status().path("events"));
    }

    /// All that is in a table.
    List<Map<String, AttributeValue>> items(String table) {
        return dynamo().scanPaginator(scan -> scan.tableName(table)).items().stream()
                .toList();
    }

    /// A number for all that is in all tables: another one as soon as anything was written.
    int digest() {
        return tables().stream()
                .map(table -> table + new HashSet<>(items(table)).hashCode())
                .toList()
                .hashCode();
    }

    /// The deployed functions that serve the API, by bean name.
    Map<String, Edge> edges() {
        return context.getBeansOfType(Edge.class);
    }

    Deployment deployment() {
        return context.getBean(Deployment.class);
    }

    LocalIssuer issuer() {
        return context.getBean(LocalIssuer.class);
    }

    private DynamoDbClient dynamo() {
        return context.getBean(EmbeddedDynamo.class).client();
    }

    private List<String> tables() {
        return deployment().tables().stream().map(Deployment.Table::name).toList();
    }

    /// Waits until everything that was committed has been published.
    void awaitPublished() {
        Instant giveUp = Instant.now().plusSeconds(60);
        while (status().path("stream").path("behind").longValue() > 0) {
            if (Instant.now().isAfter(giveUp)) {
                throw new AssertionError("still behind after a minute: " + status());
            }
            pause(Duration.ofMillis(20));
        }
    }

    /// Sleeps.
    static void pause(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }
}
