package com.pantherkolab.publisher;

import static com.pantherkolab.publisher.Samples.ALICE;
import static com.pantherkolab.publisher.Samples.BOB;
import static com.pantherkolab.publisher.Samples.batch;
import static com.pantherkolab.publisher.Samples.insert;
import static com.pantherkolab.publisher.Samples.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.amazonaws.services.lambda.runtime.events.DynamodbEvent;
import com.pantherkolab.common.Aggregate;
import com.pantherkolab.common.Event;
import com.pantherkolab.common.OutboxEntry;
import com.pantherkolab.common.Publication;
import com.pantherkolab.common.metrics.Metric;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.crac.Context;
import org.crac.Core;
import org.crac.Resource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;

/// Around a snapshot: the deployable as it is wired, AppSync on loopback, and hooks that are called by hand.
class SnapshotTest {
    private static final SnapshotsByHand SNAPSHOTS = new SnapshotsByHand();

    private final Map<String, @Nullable String> before = new HashMap<>();
    private final AppSyncServer appSync = new AppSyncServer();
    private final Logger logger = (Logger) LoggerFactory.getLogger(SnapshotHooks.class);
    private final ListAppender<ILoggingEvent> logs = new ListAppender<>();

    @Configuration(proxyBeanMethods = false)
    static class ByHand {
        @Bean
        @Primary
        Context<Resource> byHand() {
            return SNAPSHOTS;
        }

        @Bean
        @Primary
        NotedMetrics noted() {
            return new NotedMetrics();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class AsItIs {}

    @BeforeEach
    void setUp() {
        set("aws.accessKeyId", "BEFORE");
        set("aws.secretAccessKey", "secret");
        SNAPSHOTS.forgetAll();
    }

    @AfterEach
    void tearDown() throws IOException {
        logger.detachAppender(logs);
        logger.setLevel(null);
        before.forEach((name, value) -> {
            if (value == null) {
                System.clearProperty(name);
            } else {
                System.setProperty(name, value);
            }
        });
        appSync.close();
    }

    @Test
    void beforeTheSnapshotAppSyncIsAskedOnceAndNobodyHearsOfIt() throws Exception {
        try (ConfigurableApplicationContext context = start(ByHand.class)) {
            context.getBean(StreamPublisher.class);

            SNAPSHOTS.checkpoint();

            assertThat(appSync.received()).hasSize(1);
            assertThat(appSync.received().getFirst().body()).contains("\"channel\":\"/chats/nobody\"", "\"events\":[]");
            assertThat(appSync.received().getFirst().headers()).containsKey("authorization");
            assertThat(appSync.taken()).isEmpty();
            assertThat(told(Level.INFO)).containsExactly("rehearsed");
        }
    }

    @Test
    void aRehearsalIsInNoFigureOfTheInstance() throws Exception {
        try (ConfigurableApplicationContext context = start(ByHand.class)) {
            context.getBean(StreamPublisher.class);

            SNAPSHOTS.checkpoint();

            NotedMetrics metrics = context.getBean(NotedMetrics.class);
            assertThat(metrics.values(Metric.PUBLISHER_IN)).isEmpty();
            assertThat(metrics.values(Metric.PUBLISHER_PUBLISHED)).isEmpty();
            assertThat(metrics.sent()).isZero();
            assertThat(context.getBean(PublisherTotals.class).totals()).isEqualTo(Counts.NONE);
        }
    }

    @Test
    void aRehearsalThatFailsIsToldAndTheSnapshotIsTakenNevertheless() throws Exception {
        URI nobody;
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = URI.create("http://localhost:%d/event".formatted(closed.getLocalPort()));
        }
        try (ConfigurableApplicationContext _ = start(ByHand.class, nobody)) {
            assertThatCode(SNAPSHOTS::checkpoint).doesNotThrowAnyException();
            assertThatCode(SNAPSHOTS::restore).doesNotThrowAnyException();

            assertThat(told(Level.WARN)).containsExactly("not rehearsed");
        }
    }

    @Test
    void theLedgerOfARestoredInstanceIsEmpty() throws Exception {
        appSync.weather(request -> request.channel().equals(ALICE)
                ? Behaviour.status(503, "ServiceUnavailable")
                : Behaviour.acknowledge(request.events().size()));
        // Alice's comes again, and with it Bob's, which is out.
        DynamodbEvent batch = batch(insert("1", message("c1", 1, ALICE)), insert("2", message("c2", 1, BOB)));
        try (ConfigurableApplicationContext context = start(ByHand.class)) {
            StreamPublisher publisher = context.getBean(StreamPublisher.class);
            NotedMetrics metrics = context.getBean(NotedMetrics.class);
            publisher.publish(batch, in(Duration.ofSeconds(2)));
            publisher.publish(batch, in(Duration.ofSeconds(2)));
            assertThat(metrics.sum(Metric.PUBLISHER_SKIPPED)).isEqualTo(1);

            SNAPSHOTS.checkpoint();
            SNAPSHOTS.restore();
            publisher.publish(batch, in(Duration.ofSeconds(2)));

            assertThat(metrics.sum(Metric.PUBLISHER_SKIPPED)).isEqualTo(1);
            assertThat(metrics.sum(Metric.PUBLISHER_PUBLISHED)).isEqualTo(2);
        }
    }

    @Test
    void theBreakerOfARestoredInstanceIsShut() throws Exception {
        try (ConfigurableApplicationContext context = start(ByHand.class)) {
            StreamPublisher publisher = context.getBean(StreamPublisher.class);
            NotedMetrics metrics = context.getBean(NotedMetrics.class);
            appSync.weather(_ -> Behaviour.status(503, "ServiceUnavailable"));
            // Each gets one attempt, if it comes to it in its moment.
            for (int many = 0;
                    many < 900 && !metrics.values(Metric.PUBLISHER_BREAKER).contains(2L);
                    many += 30) {
                publisher.publish(typing(many, 30), in(Duration.ofSeconds(30)));
            }
            assertThat(metrics.values(Metric.PUBLISHER_BREAKER).getLast()).isEqualTo(2);

            SNAPSHOTS.checkpoint();
            appSync.weather(request -> Behaviour.acknowledge(request.events().size()));
            SNAPSHOTS.restore();
            publisher.publish(batch(insert("901", message("c1", 1, ALICE))), in(Duration.ofSeconds(30)));

            // An open one would be open for longer than that.
            assertThat(metrics.sum(Metric.PUBLISHER_PUBLISHED)).isEqualTo(1);
            assertThat(metrics.values(Metric.PUBLISHER_BREAKER).getLast()).isZero();
        }
    }

    @Test
    void whatWentBackwardsBeforeTheSnapshotIsComparedWithNothingAfterIt() throws Exception {
        try (ConfigurableApplicationContext context = start(ByHand.class)) {
            StreamPublisher publisher = context.getBean(StreamPublisher.class);
            NotedMetrics metrics = context.getBean(NotedMetrics.class);
            publisher.publish(batch(insert("1", message("c1", 3, ALICE))), in(Duration.ofSeconds(30)));
            publisher.publish(batch(insert("2", message("c1", 2, ALICE))), in(Duration.ofSeconds(30)));
            assertThat(metrics.sum(Metric.PUBLISHER_BACKWARDS)).isEqualTo(1);

            SNAPSHOTS.checkpoint();
            SNAPSHOTS.restore();
            publisher.publish(batch(insert("3", message("c1", 1, ALICE))), in(Duration.ofSeconds(30)));

            assertThat(metrics.sum(Metric.PUBLISHER_BACKWARDS)).isEqualTo(1);
        }
    }

    @Test
    void noConnectionOfBeforeTheSnapshotIsUsedAfterTheRestore() throws Exception {
        try (ConfigurableApplicationContext context = start(ByHand.class)) {
            StreamPublisher publisher = context.getBean(StreamPublisher.class);
            publisher.publish(batch(insert("1", message("c1", 1, ALICE))), in(Duration.ofSeconds(30)));
            publisher.publish(batch(insert("2", message("c1", 2, ALICE))), in(Duration.ofSeconds(30)));
            assertThat(appSync.connections()).isEqualTo(1);

            SNAPSHOTS.checkpoint();
            assertThat(appSync.connections())
                    .as("the rehearsal has one of its own")
                    .isEqualTo(2);
            SNAPSHOTS.restore();
            publisher.publish(batch(insert("3", message("c1", 3, ALICE))), in(Duration.ofSeconds(30)));
            publisher.publish(batch(insert("4", message("c1", 4, ALICE))), in(Duration.ofSeconds(30)));

            assertThat(appSync.connections()).isEqualTo(3);
            assertThat(appSync.taken()).hasSize(4);
        }
    }

    @Test
    void theCredentialsOfARestoredInstanceAreThoseOfAfterTheRestore() throws Exception {
        try (ConfigurableApplicationContext context = start(ByHand.class)) {
            StreamPublisher publisher = context.getBean(StreamPublisher.class);
            SNAPSHOTS.checkpoint();
            set("aws.accessKeyId", "AFTER");
            SNAPSHOTS.restore();

            publisher.publish(batch(insert("1", message("c1", 1, ALICE))), in(Duration.ofSeconds(30)));

            assertThat(appSync.received().stream()
                            .map(request -> request.headers().getOrDefault("authorization", ""))
                            .map(signed -> signed.replaceFirst(".*Credential=([^/]*)/.*", "$1")))
                    .containsExactly("BEFORE", "AFTER");
        }
    }

    @Test
    void twoInstancesThatAreRestoredFromOneSnapshotWaitDifferently() throws Exception {
        Random ordinary = new Random();

        assertThat(waits(restored(ordinary, Random.class))).isEqualTo(waits(restored(ordinary, Random.class)));
        assertThat(waits(restored((SecureRandom) PublisherBeans.LOTS, SecureRandom.class)))
                .isNotEqualTo(waits(restored((SecureRandom) PublisherBeans.LOTS, SecureRandom.class)));
    }

    @Test
    void whereNobodyTakesSnapshotsNothingIsRehearsed() throws Exception {
        try (ConfigurableApplicationContext context = start(AsItIs.class)) {
            assertThat(context.getBean(Context.class)).isSameAs(Core.getGlobalContext());
            context.getBean(StreamPublisher.class)
                    .publish(batch(insert("1", message("c1", 1, ALICE))), in(Duration.ofSeconds(30)));

            assertThat(appSync.received()).hasSize(1);
            assertThat(appSync.taken()).hasSize(1);
            assertThat(logs.list).isEmpty();
        }
    }

    private static List<Duration> waits(RandomGenerator lots) {
        Backoff backoff = Backoff.doubling(Duration.ofMillis(100), Duration.ofSeconds(5), lots::nextDouble);
        return IntStream.rangeClosed(1, 5).mapToObj(backoff::after).toList();
    }

    /// What an instance has in its memory after a restore: what was in it before the snapshot, as every other has.
    private static <T extends Serializable> T restored(T before, Class<T> type) throws Exception {
        ByteArrayOutputStream snapshot = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(snapshot)) {
            out.writeObject(before);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(snapshot.toByteArray()))) {
            return type.cast(in.readObject());
        }
    }

    /// Events that get one attempt.
    private static DynamodbEvent typing(int from, int many) {
        return batch(IntStream.range(from, from + many)
                .mapToObj(number -> insert(
                        String.valueOf(number + 1),
                        new OutboxEntry(
                                Aggregate.conversation("c"),
                                "typing-" + number,
                                0,
                                Instant.EPOCH,
                                List.of(new Publication(
                                        Event.Type.USER_TYPING,
                                        1,
                                        "{}",
                                        List.of(Samples.channel("u" + number)),
                                        Clock.systemUTC().instant().plus(Duration.ofDays(1)))))))
                .toArray(DynamodbEvent.DynamodbStreamRecord[]::new));
    }

    private static Deadline in(Duration time) {
        return new Deadline(Clock.systemUTC().instant().plus(time));
    }

    private ConfigurableApplicationContext start(Class<?> snapshots) {
        return start(snapshots, appSync.endpoint());
    }

    private ConfigurableApplicationContext start(Class<?> snapshots, URI endpoint) {
        ConfigurableApplicationContext context = new SpringApplicationBuilder(PublisherFunctions.class, snapshots)
                .web(WebApplicationType.NONE)
                .run(
                        "--spring.main.banner-mode=off",
                        "--spring.cloud.function.definition=streamPublisher",
                        "--publisher.endpoint=" + endpoint,
                        "--publisher.region=eu-central-1",
                        "--publisher.parked-queue-url=https://sqs.example/1/parked",
                        "--publisher.failure-bucket=failures",
                        // So that it is still open when the test comes to it.
                        "--publisher.outage-pause=60s");
        // Whoever listened before the start, Boot has taken away.
        logger.setLevel(Level.INFO);
        logs.start();
        logger.addAppender(logs);
        return context;
    }

    private List<String> told(Level level) {
        return logs.list.stream()
                .filter(line -> line.getLevel().equals(level))
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    private void set(String name, String value) {
        String old = System.setProperty(name, value);
        if (!before.containsKey(name)) {
            before.put(name, old);
        }
    }
}
