package com.pantherkolab.publisher;

import static com.pantherkolab.publisher.Samples.ALICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.pantherkolab.publisher.AppSyncServer.Received;
import com.pantherkolab.publisher.PublishAnswer.Answered;
import com.pantherkolab.publisher.PublishAnswer.Unavailable;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;
import software.amazon.awssdk.identity.spi.IdentityProvider;
import software.amazon.awssdk.identity.spi.ResolveIdentityRequest;

/// The publisher over a real socket: the contract, and what only a wire shows.
class AppSyncPublisherTest extends ChannelPublisherContract {
    private static final String SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    private static final PublishRequest ONE = new PublishRequest(ALICE, List.of("{\"id\":\"e\"}"));

    private final AppSyncServer server = new AppSyncServer();
    private final AppSyncPublisher publisher = publisher(server.endpoint(), Duration.ofSeconds(30));

    @AfterEach
    void close() throws IOException {
        publisher.close();
        server.close();
    }

    @Override
    ChannelPublisher publisher() {
        return publisher;
    }

    @Override
    void behave(Behaviour behaviour) {
        server.weather(_ -> behaviour);
    }

    @Override
    List<String> taken() {
        return server.taken();
    }

    @Test
    void theRequestIsAPostOfTheChannelAndItsEventsAsTexts() throws InterruptedException {
        publisher.publish(new PublishRequest(ALICE, List.of("{\"id\":\"a\"}", "{\"id\":\"b\"}")));

        Received request = server.received().getFirst();
        assertThat(request.line()).isEqualTo("POST /event HTTP/1.1");
        assertThat(request.headers())
                .containsEntry("content-type", "application/json")
                .doesNotContainKey("upgrade");
        assertThat(request.body())
                .isEqualTo("{\"channel\":\"/chats/alice\","
                        + "\"events\":[\"{\\\"id\\\":\\\"a\\\"}\",\"{\\\"id\\\":\\\"b\\\"}\"]}");
    }

    @Test
    void theSignatureVerifiesOverTheVeryBytesAndHeadersThatCame() throws InterruptedException {
        publisher.publish(new PublishRequest(ALICE, List.of("{\"text\":\"\uD83D\uDE00 \\u0001\"}")));

        Received request = server.received().getFirst();
        String authorization = request.headers().getOrDefault("authorization", "");
        String signedHeaders = authorization.replaceAll(".*SignedHeaders=([^,]*),.*", "$1");
        assertThat(signedHeaders.split(";")).contains("host", "content-type", "x-amz-date", "x-amz-security-token");
        assertThat(request.headers())
                .containsEntry("host", server.endpoint().getAuthority())
                .containsEntry("x-amz-date", "20260109T230640Z")
                .containsEntry("x-amz-security-token", "a session");
        assertThat(authorization)
                .startsWith("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260109/eu-central-1/appsync/aws4_request, ")
                .endsWith("Signature="
                        + SigV4.signature(
                                "/event", request.headers(), signedHeaders, request.body(), "eu-central-1", SECRET));
    }

    @Test
    void theVerifierAgreesWithAKnownSignature() {
        Map<String, String> headers = Map.of(
                "accept", "application/json, text/javascript",
                "content-encoding", "amz-1.0",
                "content-type", "application/json; charset=UTF-8",
                "host", "abcdefghijklmnopqrstuvwxyz.appsync-api.us-east-1.amazonaws.com",
                "x-amz-date", "20250101T000000Z");

        assertThat(SigV4.signature(
                        "/event",
                        headers,
                        "accept;content-encoding;content-type;host;x-amz-date",
                        "{}",
                        "us-east-1",
                        SECRET))
                .isEqualTo("24f75d232a09c03ce5ccdd123a7d5ec956abc28a7c45e540c8bc45c381930bea");
    }

    @Test
    void anAnswerThatNeverEndsIsGivenUpInTime() throws InterruptedException {
        behave(new Behaviour.Stall());

        try (AppSyncPublisher impatient = publisher(server.endpoint(), Duration.ofMillis(300))) {
            assertThat(impatient.publish(ONE)).isEqualTo(new Unavailable("TIMEOUT", null));
        }
    }

    @Test
    void anAnswerThatIsFarTooLongIsNotReadToItsEnd() throws InterruptedException {
        behave(new Behaviour.Answer(200, Map.of(), " ".repeat(2 << 20), List.of()));

        assertThat(publisher.publish(ONE)).isInstanceOf(Unavailable.class);
    }

    @Test
    void whereNobodyListensTheServiceIsUnavailable() throws InterruptedException {
        // A port that nobody is given. One that was just closed may still take a connection.
        try (AppSyncPublisher alone = publisher(URI.create("http://localhost:1/event"), Duration.ofSeconds(30))) {
            assertThat(alone.publish(ONE)).isInstanceOf(Unavailable.class);
        }
    }

    @Test
    void withoutCredentialsNothingIsSentAndNoEventIsBlamed() throws InterruptedException {
        try (AppSyncPublisher nobody = new AppSyncPublisher(
                settings(server.endpoint(), Duration.ofSeconds(30)),
                provider(CompletableFuture.failedFuture(new IllegalStateException("no role"))),
                time())) {
            assertThat(nobody.publish(ONE)).isEqualTo(new Unavailable("NO_CREDENTIALS", null));
        }
        assertThat(server.received()).isEmpty();
    }

    @Test
    void onAnInterruptTheAttemptIsGivenUp() {
        behave(new Behaviour.Stall());

        Thread.currentThread().interrupt();
        assertThat(catchThrowable(() -> publisher.publish(ONE))).isInstanceOf(InterruptedException.class);
    }

    @Test
    void connectionsAreKept() throws InterruptedException {
        server.weather(request -> Behaviour.acknowledge(request.events().size()));

        for (int i = 0; i < 5; i++) {
            assertThat(publisher.publish(ONE)).isInstanceOf(Answered.class);
        }
        assertThat(server.connections()).isEqualTo(1);
    }

    @Test
    void afterHangingUpTheNextRequestOpensAConnection() throws InterruptedException {
        publisher.publish(ONE);

        publisher.hangUp();

        assertThat(publisher.publish(ONE)).isInstanceOf(Answered.class);
        assertThat(server.connections()).isEqualTo(2);
    }

    @Test
    void aRequestWithoutEventsIsSignedAndRefusedAndNobodyIsToldAnything() throws InterruptedException {
        assertThat(publisher.publishNothing(ALICE)).isInstanceOf(PublishAnswer.Refused.class);

        assertThat(server.received()).hasSize(1);
        assertThat(server.received().getFirst().headers()).containsKey("authorization");
        assertThat(server.received().getFirst().body()).contains("\"events\":[]");
        assertThat(server.taken()).isEmpty();
    }

    private static AppSyncPublisher publisher(URI endpoint, Duration requestTimeout) {
        AwsCredentialsIdentity session = AwsSessionCredentialsIdentity.create("AKIDEXAMPLE", SECRET, "a session");
        return new AppSyncPublisher(
                settings(endpoint, requestTimeout), provider(CompletableFuture.completedFuture(session)), time());
    }

    private static PublisherSettings settings(URI endpoint, Duration requestTimeout) {
        return new PublisherSettings(
                endpoint,
                "eu-central-1",
                URI.create("https://sqs.example/1/parked"),
                "failures",
                Duration.ofSeconds(30),
                requestTimeout,
                Duration.ofSeconds(2),
                4,
                Duration.ofMillis(100),
                Duration.ofSeconds(5),
                Duration.ofSeconds(2),
                Duration.ofSeconds(60),
                Duration.ofSeconds(33));
    }

    private static Clock time() {
        return Clock.fixed(VirtualTime.START, ZoneOffset.UTC);
    }

    private static IdentityProvider<AwsCredentialsIdentity> provider(
            CompletableFuture<AwsCredentialsIdentity> identity) {
        return new IdentityProvider<>() {
            @Override
            public Class<AwsCredentialsIdentity> identityType() {
                return AwsCredentialsIdentity.class;
            }

            @Override
            public CompletableFuture<AwsCredentialsIdentity> resolveIdentity(ResolveIdentityRequest request) {
                return identity;
            }
        };
    }
}
