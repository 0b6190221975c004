package com.pantherkolab.events;

import static com.pantherkolab.events.TestApi.KEY;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RealtimeTest {

    private static AppSyncEventsEmulator emulator;

    @BeforeAll
    static void start() {
        emulator = AppSyncEventsEmulator.start(TestApi.open(), TestApi.options());
    }

    @AfterAll
    static void stop() {
        emulator.close();
    }

    @Nested
    class Connecting {

        @Test
        void selectsTheSubprotocolAndAcknowledgesWithAKeepAliveAtOnce() {
            try (var client = TestClient.open(emulator, KEY)) {
                client.send("{\"type\":\"connection_init\"}");

                assertThat(client.subprotocol()).isEqualTo("aws-appsync-event-ws");
                assertThat(client.nextText()).isEqualTo("{\"type\":\"connection_ack\",\"connectionTimeoutMs\":300000}");
                assertThat(client.nextText()).isEqualTo("{\"type\":\"ka\"}");
            }
        }

        @Test
        void takesTheSubprotocolsInEitherOrder() {
            try (var client =
                    new TestClient(emulator.realtimeEndpoint(), TestClient.header(KEY), "aws-appsync-event-ws")) {
                client.send("{\"type\":\"connection_init\"}");

                assertThat(client.next().get("type").stringValue()).isEqualTo("connection_ack");
            }
        }

        @Test
        void takesHeaderNamesInAnyCaseAndLongHeaders() {
            var credentials = Map.of("X-Api-Key", "da2-test", "padding", "x".repeat(16_000));
            TestClient.connect(emulator, credentials).close();
        }

        @Test
        void withBadCredentialsIsToldSoAndClosedNormally() throws Exception {
            try (var client = TestClient.open(emulator, Map.of("x-api-key", "wrong"))) {
                client.send("{\"type\":\"connection_init\"}");

                assertThat(client.nextText()).isEqualTo("""
                {"type":"connection_error","errors":[{"errorType":"UnauthorizedException",\
                "errorCode":401,"message":"The API key is not valid."}]}\
                """);
                assertThat(client.closeCode()).isEqualTo(1000);
            }
        }

        @Test
        void withBadCredentialsIsToldSoEvenIfItNeverSpeaks() throws Exception {
            try (var client = TestClient.open(emulator, Map.of())) {
                assertThat(client.next().get("type").stringValue()).isEqualTo("connection_error");
                assertThat(client.closeCode()).isEqualTo(1000);
            }
        }

        @ParameterizedTest
        @ValueSource(strings = {"header-", "header-e30", "header-bm8gSlNPTg", "header-!!!", "other"})
        void withoutReadableCredentialsIsRefused(String protocol) {
            try (var client = new TestClient(emulator.realtimeEndpoint(), "aws-appsync-event-ws", protocol)) {
                client.send("{\"type\":\"connection_init\"}");

                assertThat(client.next().at("/errors/0/errorCode").intValue()).isEqualTo(401);
            }
        }

        @Test
        void withoutTheSubprotocolIsRefused() {
            try (var client = new TestClient(emulator.realtimeEndpoint(), "graphql-ws", TestClient.header(KEY))) {
                assertThat(client.subprotocol()).isEmpty();
                assertThat(client.next().at("/errors/0/errorType").stringValue())
                        .isEqualTo("NoProtocolError");
            }
        }

        @Test
        void sendsKeepAlivesForAsLongAsItLasts() {
            try (var quick = AppSyncEventsEmulator.start(
                            TestApi.open(), TestApi.options().withKeepAlive(Duration.ofMillis(20)));
                    var client = TestClient.connect(quick, KEY)) {
                for (int i = 0; i < 3; i++) {
                    assertThat(client.nextText()).isEqualTo("{\"type\":\"ka\"}");
                }
            }
        }

        @Test
        void endsAtTheAgeThatAwsAllows() throws Exception {
            try (var brief = AppSyncEventsEmulator.start(
                            TestApi.open(), TestApi.options().withConnectionLifetime(Duration.ofSeconds(2)));
                    var client = TestClient.connect(brief, KEY)) {
                assertThat(client.closeCode()).isEqualTo(1001);
            }
        }

        @Test
        void endsWhenTheEmulatorCloses() throws Exception {
            var brief = AppSyncEventsEmulator.start(TestApi.open(), TestApi.options());
            try (var client = TestClient.connect(brief, KEY)) {
                brief.close();

                assertThat(client.closeCode()).isEqualTo(1001);
            }
        }

        @Test
        void endsWithoutACloseFrameWhenSocketsAreDroppedAndWorksAgain() throws Exception {
            try (var other = AppSyncEventsEmulator.start(TestApi.open(), TestApi.options());
                    var client = TestClient.connect(other, KEY)) {
                other.dropSockets();

                assertThat(client.closeCode()).isEqualTo(1006);
                TestClient.connect(other, KEY).close();
            }
        }
    }

    @Nested
    class Subscribing {

        @Test
        void needsNoConnectionInitFirst() {
            try (var client = TestClient.open(emulator, KEY)) {
                client.subscribed("s1", "open/a", KEY);
            }
        }

        @ParameterizedTest
        @ValueSource(strings = {"open", "/open/a", "open/a/", "/open/a/b/c/d/", "open/*", "/open/a/b/c/*"})
        void toAChannelOrEverythingBelowOneSucceeds(String channel) {
            try (var client = TestClient.connect(emulator, KEY)) {
                client.subscribed("s1", channel, KEY);
            }
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "",
                    "/",
                    "//open",
                    "open//a",
                    "open/a/b/c/d/e",
                    "open/a/b/c/d/*",
                    "*",
                    "/*",
                    "open/*/a",
                    "open/a*",
                    "open/**",
                    "open/-a",
                    "open/a-",
                    "open/a_b",
                    "open/a.b",
                    "open/a b",
                    "open/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
                    "open/ä"
                })
        void toWhatIsNoChannelIsRefused(String channel) {
            try (var client = TestClient.connect(emulator, KEY)) {
                client.subscribe("s1", channel, KEY);

                assertThat(client.nextText()).isEqualTo("""
                {"type":"subscribe_error","id":"s1","errors":[{"errorType":"InvalidInputError",\
                "message":"Invalid Channel Format"}]}\
                """);
            }
        }

        @ParameterizedTest
        @CsvSource({
            "nowhere/a,            ResourceNotFound",
            "Open/a,               ResourceNotFound",
            "handled/unauthorized, Unauthorized",
            "handled/error,        Closed",
            "handled/throws,       SubscriptionProcessingError"
        })
        void thatIsRefusedSaysWhyAndLeavesTheSocketOpen(String channel, String errorType) {
            try (var client = TestClient.connect(emulator, KEY)) {
                client.subscribe("s1", channel, KEY);

                var answer = client.next();
                assertThat(answer.get("type").stringValue()).isEqualTo("subscribe_error");
                assertThat(answer.get("id").stringValue()).isEqualTo("s1");
                assertThat(answer.at("/errors/0/errorType").stringValue()).isEqualTo(errorType);
                client.subscribed("s1", "open/a", KEY);
            }
        }

        @Test
        void needsItsOwnAuthorization() {
            try (var client = TestClient.connect(emulator, KEY)) {
                client.send("{\"type\":\"subscribe\",\"id\":\"s1\",\"channel\":\"open/a\"}");

                assertThat(client.next().at("/errors/0/errorType").stringValue())
                        .isEqualTo("UnauthorizedException");
            }
        }

        @Test
        void twiceUnderOneIdIsRefusedUntilTheFirstEnds() {
            try (var client = TestClient.connect(emulator, KEY);
                    var other = TestClient.connect(emulator, KEY)) {
                client.subscribed("s1", "open/a", KEY);
                client.subscribe("s1", "open/b", KEY);
                assertThat(client.next().at("/errors/0/errorType").stringValue())
                        .isEqualTo("DuplicatedOperationError");

                other.subscribed("s1", "open/a", KEY);

                client.send(Map.of("type", "unsubscribe", "id", "s1"));
                assertThat(client.nextText()).isEqualTo("{\"type\":\"unsubscribe_success\",\"id\":\"s1\"}");
                client.subscribed("s1", "open/b", KEY);
            }
        }

        @Test
        void moreThan200TimesIsRefused() {
            try (var client = TestClient.connect(emulator, KEY)) {
                IntStream.range(0, 200).forEach(i -> client.subscribed("s" + i, "open/a", KEY));

                client.subscribe("s200", "open/a", KEY);

                assertThat(client.next().at("/errors/0/errorType").stringValue())
                        .isEqualTo("MaxSubscriptionsReachedError");
            }
        }

        @Test
        void endsWithUnsubscribing() {
            try (var client = TestClient.connect(emulator, KEY)) {
                client.subscribed("s1", "open/ends", KEY);
                client.send(Map.of("type", "unsubscribe", "id", "s1"));
                client.next();

                TestApi.publish(emulator, "open/ends", "1");

                client.hasNothingMore();
            }
        }

        @Test
        void cannotEndWhatNeverBegan() {
            try (var client = TestClient.connect(emulator, KEY)) {
                client.send(Map.of("type", "unsubscribe", "id", "s9"));

                assertThat(client.nextText()).isEqualTo("""
                {"type":"unsubscribe_error","id":"s9","errors":[{"errorType":\
                "UnknownOperationError","message":"Unknown operation id s9"}]}\
                """);
            }
        }
    }

    @Nested
    class Receiving {

        @Test
        void givesEveryEventAFrameOfItsOwnWithTheExactTextOfThePublisher() {
            List<String> events = List.of(
                    "{ \"b\" : 1.0, \"a\":\"\\u0041\\/\" }",
                    "\"text\"",
                    "12345678901234567890",
                    "\"ü💙\\ud800\"",
                    "[\n\t]");
            try (var client = TestClient.connect(emulator, KEY)) {
                client.subscribed("s1", "open/exact", KEY);

                TestApi.publish(emulator, "/open/exact", events.toArray(String[]::new));

                for (String event : events) {
                    var frame = client.next();
                    assertThat(frame.propertyNames()).containsExactly("type", "id", "event");
                    assertThat(frame.get("type").stringValue()).isEqualTo("data");
                    assertThat(frame.get("id").stringValue()).isEqualTo("s1");
                    assertThat(frame.get("event").stringValue()).isEqualTo(event);
                }
            }
        }

        @Test
        void keepsTheOrderOfPublishing() {
            try (var client = TestClient.connect(emulator, KEY)) {
                client.subscribed("s1", "open/order/*", KEY);

                for (int i = 0; i < 100; i += 5) {
                    TestApi.publish(
                            emulator,
                            "open/order/" + i,
                            IntStream.range(i, i + 5).mapToObj(String::valueOf).toArray(String[]::new));
                }

                assertThat(IntStream.range(0, 100)
                                .mapToObj(i -> client.next().get("event").stringValue()))
                        .containsExactlyElementsOf(IntStream.range(0, 100)
                                .mapToObj(String::valueOf)
                                .toList());
            }
        }

        @Test
        void showsConcurrentPublicationsToAllInTheSameOrder() throws Exception {
            try (var one = TestClient.connect(emulator, KEY);
                    var other = TestClient.connect(emulator, KEY);
                    var publishers = Executors.newFixedThreadPool(4)) {
                one.subscribed("s1", "open/together", KEY);
                other.subscribed("s1", "open/together", KEY);

                publishers.invokeAll(IntStream.range(0, 100)
                        .mapToObj(i -> publishing(String.valueOf(2 * i), String.valueOf(2 * i + 1)))
                        .toList());

                var seen = IntStream.range(0, 200).mapToObj(i -> one.nextText()).toList();
                assertThat(seen).doesNotHaveDuplicates();
                assertThat(IntStream.range(0, 200).mapToObj(i -> other.nextText()))
                        .containsExactlyElementsOf(seen);
            }
        }

        private Callable<Integer> publishing(String... events) {
            return () -> TestApi.publish(emulator, "open/together", events).statusCode();
        }

        @Test
        void reachesEveryMatchingSubscriptionOnce() {
            try (var client = TestClient.connect(emulator, KEY);
                    var other = TestClient.connect(emulator, KEY)) {
                client.subscribed("exact", "open/fan/a/b", KEY);
                client.subscribed("parent", "open/fan/a/*", KEY);
                client.subscribed("root", "/open/*", KEY);
                client.subscribed("itself", "open/fan/a/b/*", KEY);
                client.subscribed("sibling", "open/fan/a/c", KEY);
                client.subscribed("case", "open/fan/a/B", KEY);
                other.subscribed("exact", "open/fan/a/b/", KEY);

                TestApi.publish(emulator, "open/fan/a/b", "1");

                assertThat(IntStream.range(0, 3)
                                .mapToObj(i -> client.next().get("id").stringValue()))
                        .containsExactlyInAnyOrder("exact", "parent", "root");
                client.hasNothingMore();
                assertThat(other.next().get("id").stringValue()).isEqualTo("exact");
                other.hasNothingMore();
            }
        }

        @Test
        void stopsForAClientThatDoesNotReadAndForNobodyElse() throws Exception {
            String event = "\"" + "x".repeat(200_000) + "\"";
            try (var small = AppSyncEventsEmulator.start(
                            TestApi.open(), TestApi.options().withSendBuffer(1_000_000));
                    var stuck = new StuckClient(small, KEY);
                    var client = TestClient.connect(small, KEY)) {
                stuck.subscribe("open/slow");
                client.subscribed("s1", "open/slow", KEY);

                for (int i = 0; i < 100; i++) {
                    assertThat(TestApi.publish(small, "open/slow", event).statusCode())
                            .isEqualTo(200);
                    assertThat(client.next().get("event").stringValue()).hasSize(event.length());
                }

                assertThat(stuck.isDropped()).isTrue();
            }
        }
    }

    @Nested
    class Publishing {

        @Test
        void reachesThePublisherTooAndListsWhatSucceeded() {
            try (var client = TestClient.connect(emulator, KEY)) {
                client.subscribed("s1", "open/own", KEY);

                client.send(publication("p1", "open/own", "{\"hello\":\"ws\"}"));

                assertThat(client.next().get("event").stringValue()).isEqualTo("{\"hello\":\"ws\"}");
                assertThat(client.nextText()).matches("""
                \\{"type":"publish_success","id":"p1",\
                "successful":\\[\\{"identifier":"[-0-9a-f]{36}","index":0\\}\\],"failed":\\[\\]\\}\
                """);
            }
        }

        @ParameterizedTest
        @CsvSource({
            "nowhere/a,            ResourceNotFound",
            "open/*,               InvalidInputError",
            "open/a#,              InvalidInputError",
            "signed/a,             UnauthorizedException",
            "handled/unauthorized, UnauthorizedException",
            "handled/throws,       MessageProcessingError"
        })
        void thatIsRefusedSaysWhy(String channel, String errorType) {
            try (var client = TestClient.connect(emulator, KEY)) {
                client.send(publication("p1", channel, "1"));

                var answer = client.next();
                assertThat(answer.get("type").stringValue()).isEqualTo("publish_error");
                assertThat(answer.get("id").stringValue()).isEqualTo("p1");
                assertThat(answer.at("/errors/0/errorType").stringValue()).isEqualTo(errorType);
            }
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "[]",
                    "[\"1\",\"2\",\"3\",\"4\",\"5\",\"6\"]",
                    "[{\"raw\":\"object\"}]",
                    "[\"not JSON\"]",
                    "\"1\"",
                    "null"
                })
        void whatIsNotOneToFiveStringsOfJsonIsRefused(String events) {
            try (var client = TestClient.connect(emulator, KEY)) {
                client.send("{\"type\":\"publish\",\"id\":\"p1\",\"channel\":\"open/a\",\"events\":"
                        + events
                        + ",\"authorization\":{\"x-api-key\":\"da2-test\"}}");

                var answer = client.next();
                assertThat(answer.get("type").stringValue()).isEqualTo("publish_error");
                assertThat(answer.at("/errors/0/errorType").stringValue()).isEqualTo("InvalidInputError");
            }
        }

        @Test
        void tooMuchAltogetherIsRefusedAndTheSocketStaysOpen() {
            try (var client = TestClient.connect(emulator, KEY)) {
                client.send(publication("p1", "open/a", "\"" + "x".repeat(1_300_000) + "\""));

                assertThat(client.next().get("type").stringValue()).isEqualTo("publish_error");
                client.subscribed("s1", "open/a", KEY);
            }
        }

        private Map<String, ?> publication(String id, String channel, String event) {
            return Map.of(
                    "type",
                    "publish",
                    "id",
                    id,
                    "channel",
                    channel,
                    "events",
                    List.of(event),
                    "authorization",
                    KEY,
                    "payload",
                    Map.of("ignored", true));
        }
    }

    @Nested
    class AFrame {

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "not JSON",
                    "[]",
                    "\"text\"",
                    "{\"type\":\"subscribe\",\"type\":\"publish\"}",
                    "{\"type\":\"subscribe\",\"channel\":\"open/a\"}",
                    "{\"type\":\"subscribe\",\"id\":\"\",\"channel\":\"open/a\"}",
                    "{\"type\":\"subscribe\",\"id\":7,\"channel\":\"open/a\"}",
                    "{\"type\":\"unsubscribe\",\"id\":\"with space\"}",
                    "{\"type\":\"publish\",\"id\":\"a.b\",\"channel\":\"open/a\",\"events\":[\"1\"]}"
                })
        void thatCannotBeReadIsAnErrorAndTheSocketStaysOpen(String frame) {
            try (var client = TestClient.connect(emulator, KEY)) {
                client.send(frame);

                var answer = client.next();
                assertThat(answer.get("type").stringValue()).isEqualTo("error");
                assertThat(answer.at("/errors/0/errorType").stringValue()).isEqualTo("InvalidInputError");
                client.subscribed("s1", "open/a", KEY);
            }
        }

        @Test
        void withAnIdOf129CharactersIsAnError() {
            try (var client = TestClient.connect(emulator, KEY)) {
                client.subscribed("a".repeat(128), "open/a", KEY);
                client.subscribe("a".repeat(129), "open/a", KEY);

                assertThat(client.next().get("type").stringValue()).isEqualTo("error");
            }
        }

        @ParameterizedTest
        @ValueSource(strings = {"{\"type\":\"ka\",\"id\":\"x\"}", "{\"type\":\"start\",\"id\":\"x\"}"})
        void ofAnUnknownTypeIsUnsupported(String frame) {
            try (var client = TestClient.connect(emulator, KEY)) {
                client.send(frame);

                assertThat(client.nextText()).isEqualTo("""
                {"type":"error","id":"x","errors":[{"errorType":"UnsupportedOperation",\
                "message":"This type of message is not supported."}]}\
                """);
            }
        }

        @Test
        void withoutATypeOrOfBytesIsAnError() {
            try (var client = TestClient.connect(emulator, KEY)) {
                client.send("{}");
                assertThat(client.next().at("/errors/0/errorType").stringValue())
                        .isEqualTo("UnsupportedOperation");

                client.sendBinary();
                assertThat(client.next().at("/errors/0/errorType").stringValue())
                        .isEqualTo("InvalidInputError");
                client.subscribed("s1", "open/a", KEY);
            }
        }
    }
}
