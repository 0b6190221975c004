package com.pantherkolab.local;

import com.pantherkolab.api.ApiConfiguration;
import com.pantherkolab.api.calls.CallTimers;
import com.pantherkolab.api.http.Edge;
import com.pantherkolab.api.http.Gateway;
import com.pantherkolab.common.Json;
import com.pantherkolab.common.metrics.Metrics;
import com.pantherkolab.events.AppSyncEventsEmulator;
import com.pantherkolab.events.EmulatorOptions;
import com.pantherkolab.events.Faults;
import com.pantherkolab.local.aws.LocalAws;
import com.pantherkolab.local.aws.QueuePump;
import com.pantherkolab.publisher.LivePosition;
import com.pantherkolab.publisher.ParkingBeans;
import com.pantherkolab.publisher.PublisherBeans;
import com.pantherkolab.publisher.PublisherSettings;
import com.pantherkolab.publisher.ReplayBeans;
import com.pantherkolab.publisher.ReplayEvents;
import com.pantherkolab.publisher.ReplaySettings;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.services.chimesdkmeetings.ChimeSdkMeetingsClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sqs.SqsClient;
import tools.jackson.databind.JsonNode;

/// The functions of `template.yaml` on resources that are deployed, fed by the pumps of local run with the settings
/// of their mappings. AppSync Events and Chime are local run's own, for no other implementation of them is to be
/// had.
final class DeployedFunctions implements AutoCloseable {
    private static final AwsBasicCredentials PUBLISHER = AwsBasicCredentials.create("AKIDPUBLISHER", "a-secret");
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Deployed deployed;
    private final AppSyncEventsEmulator appSync;
    private final LocalAws chime = LocalAws.start(Clock.systemUTC(), UUID::randomUUID);
    private final ConfigurableApplicationContext context;
    private final List<StreamPump> streams;
    private final List<QueuePump> queues;
    private final List<Published> published = new ArrayList<>();

    /// An event that AppSync took.
    record Published(String channel, JsonNode event) {
        String type() {
            return event.path("type").stringValue();
        }

        JsonNode data() {
            return event.path("data");
        }
    }

    private DeployedFunctions(Deployed deployed, String... properties) {
        Deployment deployment = Deployed.deployment();
        this.deployed = deployed;
        this.appSync = AppSyncEventsEmulator.start(
                deployment.eventApi(),
                EmulatorOptions.DEFAULTS
                        .withRegion(LocalRun.REGION)
                        .withAccessKey(PUBLISHER.accessKeyId(), PUBLISHER.secretAccessKey()));
        appSync.onAccepted(this::accepted);
        this.context = new SpringApplicationBuilder(Wiring.class)
                .web(WebApplicationType.NONE)
                .initializers(it -> {
                    it.getBeanFactory().registerSingleton("deployed", deployed);
                    it.getBeanFactory().registerSingleton("appSync", appSync);
                    it.getBeanFactory().registerSingleton("chime", chime);
                    it.getBeanFactory().registerSingleton("metrics", Metrics.NONE);
                    it.getBeanFactory().registerSingleton("livePosition", (LivePosition) this::passed);
                    it.getEnvironment()
                            .getPropertySources()
                            .addLast(FunctionEnvironment.read(deployment.template(), deployed.names())
                                    .propertySource());
                })
                .run(properties);
        StreamFunctions functions = new StreamFunctions(context.getBeanFactory());
        Surroundings surroundings = new Surroundings(
                FailureDestination.bucket(deployed::storage, deployed.name("FailureBucket")),
                StreamPositions.NONE,
                deployed.bell(),
                Clock.systemUTC(),
                () -> UUID.randomUUID().toString());
        this.streams = deployment.streams().stream()
                .map(mapping -> new StreamPump(
                        mapping, deployed.stream(mapping.table()), functions.named(mapping.function()), surroundings))
                .toList();
        this.queues = deployment.aws().mappings().stream()
                .map(mapping -> new QueuePump(
                        mapping, deployed::queues, deployed.name(mapping.queue()), event -> context.getBean(
                                        mapping.function(), CallTimers.class)
                                .apply(new ByteArrayInputStream(event))))
                .toList();
        streams.forEach(StreamPump::start);
        queues.forEach(QueuePump::start);
    }

    /// Starts them.
    ///
    /// @param properties in place of the template's environment, as `--name=value`
    static DeployedFunctions start(Deployed deployed, String... properties) {
        return new DeployedFunctions(deployed, properties);
    }

    /// What the functions are made of, and what they are given here.
    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableConfigurationProperties(ReplaySettings.class)
    @Import({ApiConfiguration.class, PublisherBeans.class, ParkingBeans.class, ReplayBeans.class})
    static class Wiring {
        @Bean
        Clock clock() {
            return Clock.systemUTC();
        }

        @Bean(destroyMethod = "")
        DynamoDbClient dynamo(Deployed deployed) {
            return deployed.dynamo();
        }

        @Bean(destroyMethod = "")
        DynamoDbStreamsClient streams(Deployed deployed) {
            return deployed.streams();
        }

        @Bean(destroyMethod = "")
        SqsClient queues(Deployed deployed) {
            return deployed.queues();
        }

        @Bean(destroyMethod = "")
        S3Client storage(Deployed deployed) {
            return deployed.storage();
        }

        @Bean
        @Lazy
        ChimeSdkMeetingsClient chimeClient(LocalAws chime) {
            return chime.meetingsClient().build();
        }

        @Bean
        AwsCredentialsProvider credentials() {
            return StaticCredentialsProvider.create(PUBLISHER);
        }

        @Bean
        PublisherSettings publisherSettings(AppSyncEventsEmulator appSync, Environment environment) {
            return LocalRun.publisherSettings(appSync.httpEndpoint(), environment);
        }
    }

    /// A function behind the gateway.
    Gateway function(String bean) {
        return new Gateway(context.getBean(bean, Edge.class));
    }

    /// A new conversation.
    ///
    /// @return its id
    String conversation(String creator, Iterable<String> others) {
        return function("conversationsApi")
                .call(
                        creator,
                        "POST",
                        "/api/conversations",
                        "{\"type\":\"GROUP\",\"participantIds\":[\"%s\"]}".formatted(String.join("\",\"", others)))
                .body()
                .path("conversation")
                .path("conversationId")
                .stringValue();
    }

    /// Sends a message.
    Gateway.Reply send(String sender, String conversation, String content) {
        return function("messagesApi")
                .call(
                        sender,
                        "POST",
                        "/api/messages/send",
                        "{\"conversationId\":\"%s\",\"content\":\"%s\"}".formatted(conversation, content));
    }

    /// Invokes `replayEvents`.
    ///
    /// @param request JSON, with single quotes
    JsonNode replay(String request) {
        byte[] event = request.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        return Json.mapper().readTree(context.getBean(ReplayEvents.class).apply(new ByteArrayInputStream(event)));
    }

    /// From now on publishing fails by this rate, with this status.
    void refuse(double rate, int status) {
        appSync.faults(
                new Faults(new Faults.Publish(rate, List.of(status), 0, 0, 0, List.of(0, 0)), Faults.Sockets.NONE, 1));
    }

    /// From now on nothing goes wrong.
    void mend() {
        appSync.faults(Faults.NONE);
    }

    /// What AppSync took for a channel, in its order.
    List<Published> published(String channel) {
        synchronized (published) {
            return published.stream().filter(it -> it.channel().equals(channel)).toList();
        }
    }

    /// Waits until everything that was committed has been handled by the functions that its stream feeds.
    void awaitHandled() {
        await(() -> streams.stream().allMatch(pump -> pump.behind() == 0));
    }

    /// Waits until something is so.
    static void await(BooleanSupplier holds) {
        Instant giveUp = Instant.now().plus(PATIENCE);
        while (!holds.getAsBoolean()) {
            if (Instant.now().isAfter(giveUp)) {
                throw new AssertionError("it is not so after a minute");
            }
            try {
                Thread.sleep(20);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(interrupted);
            }
        }
    }

    @Override
    public void close() {
        queues.forEach(QueuePump::close);
        streams.forEach(StreamPump::close);
        context.close();
        appSync.close();
        chime.close();
        deployed.close();
    }

    private Optional<Instant> passed(Instant now) {
        return streams.stream()
                .filter(pump -> pump.function().equals("streamPublisher"))
                .map(pump -> pump.passed(now))
                .findFirst();
    }

    private void accepted(String channel, List<String> events) {
        synchronized (published) {
            events.forEach(
                    event -> published.add(new Published(channel, Json.mapper().readTree(event))));
        }
    }
}
