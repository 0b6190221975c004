package com.pantherkolab.events;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.nimbusds.jwt.JWTClaimsSet;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/// The API as `template.yaml` deploys it: users subscribe with tokens, only IAM publishes.
class DeploymentTest {

    private static final Map<String, String> ALICE = bearing(TestIssuer.accessToken("alice"));

    private static TestIssuer issuer;
    private static AppSyncEventsEmulator emulator;

    @BeforeAll
    static void start() {
        issuer = new TestIssuer();
        emulator = AppSyncEventsEmulator.start(
                TestApi.deployed(), TestApi.options().withUserPool(issuer.userPool()));
    }

    @AfterAll
    static void stop() {
        emulator.close();
        issuer.close();
    }

    @Test
    void aUserReceivesWhatIsPublishedToTheirChannel() {
        try (var client = TestClient.connect(emulator, ALICE)) {
            client.subscribed("s1", "chats/alice", ALICE);

            var response = TestApi.publishSigned(emulator, "/chats/alice", "{\"ü\":1}");

            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
            assertThat(client.next().get("event").stringValue()).isEqualTo("{\"ü\":1}");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"chats/bob", "/calls/bob", "chats/*", "chats", "calls/alice/deeper"})
    void aSubscriptionToAnyOtherChannelIsRefused(String channel) {
        try (var client = TestClient.connect(emulator, ALICE)) {
            client.subscribe("s1", channel, ALICE);

            var answer = client.next();
            assertThat(answer.get("type").stringValue()).isEqualTo("subscribe_error");
            assertThat(answer.at("/errors/0/errorType").stringValue()).isEqualTo("Unauthorized");
        }
    }

    @Test
    void theTokenOfTheFrameCountsAndNotThatOfTheConnection() {
        try (var client = TestClient.connect(emulator, ALICE)) {
            client.subscribed("s1", "chats/bob", bearing(TestIssuer.accessToken("bob")));
        }
    }

    @Test
    void noUserCanPublish() {
        var overHttp = TestApi.post(emulator, ALICE, TestApi.body("chats/alice", "1"));
        assertThat(overHttp.statusCode()).isEqualTo(403);

        try (var client = TestClient.connect(emulator, ALICE)) {
            client.send(Map.of(
                    "type", "publish",
                    "id", "p1",
                    "channel", "chats/alice",
                    "events", List.of("1"),
                    "authorization", ALICE));

            assertThat(client.next().at("/errors/0/errorType").stringValue()).isEqualTo("UnauthorizedException");
        }
    }

    @ParameterizedTest
    @MethodSource
    void anAcceptableTokenConnects(String name, String token) {
        TestClient.connect(emulator, bearing(token)).close();
    }

    static Stream<Arguments> anAcceptableTokenConnects() {
        return Stream.of(
                Arguments.of("access token", TestIssuer.accessToken("alice")),
                Arguments.of("with Bearer", "Bearer " + TestIssuer.accessToken("alice")),
                Arguments.of("with bearer", "bearer " + TestIssuer.accessToken("alice")),
                Arguments.of("ID token", token(it -> idToken(it).audience(TestIssuer.CLIENT))));
    }

    @ParameterizedTest
    @MethodSource
    void anyOtherTokenIsRefused(String name, String token) throws Exception {
        try (var client = TestClient.open(emulator, bearing(token))) {
            client.send("{\"type\":\"connection_init\"}");

            var answer = client.next();
            assertThat(answer.get("type").stringValue()).isEqualTo("connection_error");
            assertThat(answer.at("/errors/0/errorType").stringValue()).isEqualTo("UnauthorizedException");
            assertThat(client.closeCode()).isEqualTo(1000);
        }
    }

    static Stream<Arguments> anyOtherTokenIsRefused() {
        Date aSecondAgo = Date.from(Instant.now().minus(Duration.ofSeconds(1)));
        Date later = Date.from(Instant.now().plus(Duration.ofHours(1)));
        String good = TestIssuer.accessToken("alice");
        return Stream.of(
                Arguments.of("empty", ""),
                Arguments.of("only Bearer", "Bearer "),
                Arguments.of("no token", "secret"),
                Arguments.of("expired", token(it -> it.expirationTime(aSecondAgo))),
                Arguments.of("never expires", token(it -> it.expirationTime(null))),
                Arguments.of("not yet valid", token(it -> it.notBeforeTime(later))),
                Arguments.of("other issuer", token(it -> it.issuer("https://evil.test"))),
                Arguments.of("no issuer", token(it -> it.issuer(null))),
                Arguments.of("no subject", token(it -> it.subject(null))),
                Arguments.of("other client", token(it -> it.claim("client_id", "other"))),
                Arguments.of("no client", token(it -> it.claim("client_id", null))),
                Arguments.of("client in aud of an access token", token(DeploymentTest::clientInAudience)),
                Arguments.of(
                        "ID token of another client", token(it -> idToken(it).audience("other"))),
                Arguments.of("ID token without aud", token(DeploymentTest::idToken)),
                Arguments.of("neither ID nor access", token(it -> it.claim("token_use", "refresh"))),
                Arguments.of("other key", TestIssuer.forged("alice")),
                Arguments.of("changed", good.substring(0, good.lastIndexOf('.') - 1) + "x."),
                Arguments.of(
                        "unsigned",
                        "eyJhbGciOiJub25lIn0" + good.substring(good.indexOf('.'), good.lastIndexOf('.') + 1)));
    }

    private static JWTClaimsSet.Builder clientInAudience(JWTClaimsSet.Builder claims) {
        return claims.claim("client_id", null).audience(TestIssuer.CLIENT);
    }

    private static JWTClaimsSet.Builder idToken(JWTClaimsSet.Builder claims) {
        return claims.claim("token_use", "id");
    }

    @Test
    void theKeysAreFetchedForTheFirstTokenAndThenKept() {
        try (var lazy = new TestIssuer();
                var other = AppSyncEventsEmulator.start(
                        TestApi.deployed(), TestApi.options().withUserPool(lazy.userPool()))) {
            assertThat(lazy.fetches()).isZero();

            TestClient.connect(other, ALICE).close();
            TestClient.connect(other, ALICE).close();

            assertThat(lazy.fetches()).isEqualTo(1);
        }
    }

    @Test
    void anIssuerThatCannotBeReachedIsAnOutageAndNoRefusal() {
        var gone = new TestIssuer();
        try (var other = AppSyncEventsEmulator.start(
                TestApi.deployed(), TestApi.options().withUserPool(gone.userPool()))) {
            gone.close();

            try (var client = TestClient.open(other, ALICE)) {
                assertThat(client.next().at("/errors/0/errorCode").intValue()).isEqualTo(503);
            }
        }
    }

    @Test
    void aConnectionSignedWithIamIsNotAllowed() {
        try (var client = TestClient.open(emulator, signed("{}"))) {
            assertThat(client.next().at("/errors/0/errorCode").intValue()).isEqualTo(403);
        }
    }

    @Test
    void operationsOfAWebSocketMayBeSigned() {
        try (var open = AppSyncEventsEmulator.start(TestApi.open(), TestApi.options());
                var client = TestClient.connect(open, signed("{}"))) {
            client.subscribed("s1", "/open/a", signed("{\"channel\":\"/open/a\"}"));
            String event = "{\"a\":\"/ü\\u001f\\n\"}";
            client.send(Map.of(
                    "type",
                    "publish",
                    "id",
                    "p1",
                    "channel",
                    "open/a",
                    "events",
                    List.of(event),
                    "authorization",
                    signed("{\"channel\":\"open/a\",\"events\":" + "[\"{\\\"a\\\":\\\"/ü\\\\u001f\\\\n\\\"}\"]}")));
            assertThat(client.next().get("event").stringValue()).isEqualTo(event);
            assertThat(client.next().get("type").stringValue()).isEqualTo("publish_success");

            client.subscribe("s2", "/open/b", signed("{\"channel\":\"/open/a\"}"));
            assertThat(client.next().at("/errors/0/errorType").stringValue())
                    .as("a signature for another channel")
                    .isEqualTo("BadRequestException");
        }
    }

    @Test
    void logsHoldNeitherEventsNorTokens() {
        var logger = (Logger) LoggerFactory.getLogger("com.pantherkolab");
        var log = new ListAppender<ILoggingEvent>();
        log.start();
        logger.addAppender(log);
        logger.setLevel(Level.TRACE);
        try (var open = AppSyncEventsEmulator.start(TestApi.open(), TestApi.options());
                var client = TestClient.connect(open, TestApi.KEY)) {
            client.subscribed("s1", "handled/*", TestApi.KEY);
            TestApi.publish(open, "handled/throws", "\"MARKER\"");
            TestApi.publish(open, "handled/a", "\"MARKER\"");
            TestClient.open(emulator, bearing("MARKER.MARKER.MARKER")).next();

            assertThat(log.list).isNotEmpty();
            assertThat(log.list).allSatisfy(entry -> {
                assertThat(entry.getFormattedMessage()).doesNotContain("MARKER");
                assertThat(entry.getThrowableProxy()).isNull();
            });
        } finally {
            logger.detachAppender(log);
            logger.setLevel(null);
        }
    }

    private static Map<String, String> bearing(String token) {
        return Map.of("host", "localhost", "Authorization", token);
    }

    private static String token(UnaryOperator<JWTClaimsSet.Builder> change) {
        return TestIssuer.token("alice", change);
    }

    /// The authorization object of a WebSocket operation, with Amplify's constant headers and the one that it adds
    /// without signing it.
    private static Map<String, String> signed(String body) {
        var headers = new LinkedHashMap<>(TestSigner.KNOWN.sign(
                emulator.httpEndpoint(),
                Map.of(
                        "accept", "application/json, text/javascript",
                        "content-encoding", "amz-1.0",
                        "content-type", "application/json; charset=UTF-8"),
                body,
                Clock.systemUTC()));
        headers.put("x-amz-user-agent", "aws-amplify/6.22.1 framework/100");
        return headers;
    }
}
