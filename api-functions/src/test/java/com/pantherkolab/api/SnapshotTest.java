package com.pantherkolab.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.pantherkolab.api.http.Edge;
import com.pantherkolab.api.http.Gateway;
import com.pantherkolab.api.http.Gateway.Reply;
import com.pantherkolab.api.store.Pause;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.crac.Context;
import org.crac.Core;
import org.crac.Resource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;

/// Around a snapshot: the deployable as it is wired, a store on loopback, and hooks that are called by hand.
class SnapshotTest {
    private static final SnapshotsByHand SNAPSHOTS = new SnapshotsByHand();

    private final Map<String, @Nullable String> before = new HashMap<>();
    private final DynamoServer dynamo = new DynamoServer();
    private final Logger logger = (Logger) LoggerFactory.getLogger(SnapshotHooks.class);
    private final ListAppender<ILoggingEvent> logs = new ListAppender<>();

    @Configuration(proxyBeanMethods = false)
    static class ByHand {
        @Bean
        @Primary
        Context<Resource> byHand() {
            return SNAPSHOTS;
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class AsItIs {}

    @BeforeEach
    void setUp() {
        set("aws.endpointUrl", dynamo.endpoint().toString());
        set("aws.region", "eu-central-1");
        set("aws.accessKeyId", "BEFORE");
        set("aws.secretAccessKey", "secret");
        SNAPSHOTS.forgetAll();
    }

    @AfterEach
    void tearDown() {
        logger.detachAppender(logs);
        logger.setLevel(null);
        before.forEach((name, value) -> {
            if (value == null) {
                System.clearProperty(name);
            } else {
                System.setProperty(name, value);
            }
        });
        dynamo.close();
    }

    static Stream<String> functions() {
        return RehearsalCalls.OF.keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("functions")
    void beforeTheSnapshotAFunctionReadsWhatNobodyHasAndWritesNothing(String function) throws Exception {
        try (ConfigurableApplicationContext _ = start(function, ByHand.class)) {
            assertThat(dynamo.calls()).isEmpty();

            SNAPSHOTS.checkpoint();

            assertThat(dynamo.calls()).isEqualTo(RehearsalCalls.OF.get(function));
            assertThat(told(Level.INFO)).containsExactly("rehearsed [function=\"%s\"]".formatted(function));
        }
    }

    @ParameterizedTest
    @MethodSource("functions")
    void aRehearsalThatFailsIsToldAndTheSnapshotIsTakenNevertheless(String function) {
        dynamo.deny();
        try (ConfigurableApplicationContext _ = start(function, ByHand.class)) {
            assertThatCode(SNAPSHOTS::checkpoint).doesNotThrowAnyException();

            assertThat(dynamo.calls()).hasSize(1);
            assertThat(told(Level.WARN)).containsExactly("not rehearsed [function=\"%s\"]".formatted(function));
        }
    }

    @Test
    void aFunctionWithoutARehearsalIsToldAndItsSnapshotIsTaken() {
        try (ConfigurableApplicationContext _ = start("nobodysFunction", ByHand.class)) {
            assertThatCode(SNAPSHOTS::checkpoint).doesNotThrowAnyException();

            assertThat(dynamo.calls()).isEmpty();
            assertThat(told(Level.WARN)).hasSize(1);
        }
    }

    @Test
    void noConnectionOfBeforeTheSnapshotIsUsedAfterTheRestore() throws Exception {
        try (ConfigurableApplicationContext context = start("messagesApi", ByHand.class)) {
            SNAPSHOTS.checkpoint();
            var closed = dynamo.received().stream()
                    .map(DynamoServer.Received::connection)
                    .toList();
            SNAPSHOTS.restore();

            assertThat(send(context).status()).isEqualTo(404);

            var opened = dynamo.received().stream()
                    .skip(closed.size())
                    .map(DynamoServer.Received::connection)
                    .toList();
            assertThat(opened).hasSize(2).doesNotContainAnyElementsOf(closed);
            // From then on it is kept, as in any other instance.
            assertThat(opened.getFirst()).isEqualTo(opened.getLast());
        }
    }

    @Test
    void theCredentialsOfARestoredInstanceAreThoseOfAfterTheRestore() throws Exception {
        try (ConfigurableApplicationContext context = start("messagesApi", ByHand.class)) {
            SNAPSHOTS.checkpoint();
            set("aws.accessKeyId", "AFTER");
            SNAPSHOTS.restore();

            send(context);

            assertThat(dynamo.received().stream().map(DynamoServer.Received::accessKey))
                    .containsExactly("BEFORE", "BEFORE", "AFTER", "AFTER");
        }
    }

    @Test
    void twoInstancesThatAreRestoredFromOneSnapshotWaitDifferently() throws Exception {
        Random ordinary = new Random();

        assertThat(waits(restored(ordinary, Random.class))).isEqualTo(waits(restored(ordinary, Random.class)));
        assertThat(waits(restored((SecureRandom) ApiConfiguration.LOTS, SecureRandom.class)))
                .isNotEqualTo(waits(restored((SecureRandom) ApiConfiguration.LOTS, SecureRandom.class)));
    }

    @Test
    void whereNobodyTakesSnapshotsNothingIsRehearsed() {
        try (ConfigurableApplicationContext context = start("messagesApi", AsItIs.class)) {
            assertThat(context.getBean(Context.class)).isSameAs(Core.getGlobalContext());
            assertThat(send(context).status()).isEqualTo(404);

            assertThat(dynamo.calls()).isEqualTo(RehearsalCalls.OF.get("messagesApi"));
            assertThat(logs.list).isEmpty();
        }
    }

    private static List<Duration> waits(RandomGenerator lots) {
        List<Duration> waits = new ArrayList<>();
        Pause pause = new Pause(Duration.ofMillis(8), Duration.ofSeconds(1), lots, waits::add);
        IntStream.rangeClosed(2, 6).forEach(pause::before);
        return waits;
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

    private static Reply send(ConfigurableApplicationContext context) {
        return new Gateway(context.getBean("messagesApi", Edge.class))
                .callWithKey(
                        "alice",
                        "POST",
                        "/api/messages/send",
                        "key",
                        "{\"conversationId\":\"nowhere\",\"content\":\"hello\"}");
    }

    private ConfigurableApplicationContext start(String function, Class<?> snapshots) {
        ConfigurableApplicationContext context = new SpringApplicationBuilder(ApiFunctions.class, snapshots)
                .web(WebApplicationType.NONE)
                .run(
                        "--spring.main.banner-mode=off",
                        "--spring.cloud.function.definition=" + function,
                        "--tables.users=UsersTable",
                        "--tables.conversations=ConversationsTable",
                        "--tables.memberships=MembershipsTable",
                        "--tables.messages=MessagesTable",
                        "--tables.calls=CallsTable",
                        "--tables.outbox=OutboxTable",
                        "--timers.queue-url=http://localhost:9/timers",
                        "--meetings.region=eu-central-1",
                        "--meetings.media-region=eu-central-1");
        // Whoever listened before the start, Boot has taken away.
        logger.setLevel(Level.INFO);
        logs.start();
        logger.addAppender(logs);
        return context;
    }

    private List<String> told(Level level) {
        return logs.list.stream()
                .filter(line -> line.getLevel().equals(level))
                .map(line -> line.getFormattedMessage() + " " + line.getKeyValuePairs())
                .toList();
    }

    private void set(String name, String value) {
        String old = System.setProperty(name, value);
        if (!before.containsKey(name)) {
            before.put(name, old);
        }
    }
}
