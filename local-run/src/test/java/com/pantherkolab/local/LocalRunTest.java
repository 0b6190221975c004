package com.pantherkolab.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.pantherkolab.local.RunningSystem.Answer;
import com.pantherkolab.local.RunningSystem.User;
import com.pantherkolab.local.aws.LocalAws;
import com.pantherkolab.local.aws.LocalMeetings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.services.chimesdkmeetings.ChimeSdkMeetingsClient;
import software.amazon.awssdk.services.s3.S3Client;

/// What a caller of local run sees, over HTTP.
class LocalRunTest {
    private final RunningSystem system = RunningSystem.shared();
    private final User alice = system.signIn("alice");

    @Test
    void itIsHealthyOnceEverythingRuns() {
        Answer health = system.send(system.request("/actuator/health").GET());

        assertThat(health.status()).isEqualTo(200);
        assertThat(health.at("status").stringValue()).isEqualTo("UP");
        assertThat(health.at("components").path("eventSources").path("status").stringValue())
                .isEqualTo("UP");
        assertThat(health.at("components").path("localSystem").path("status").stringValue())
                .isEqualTo("UP");
    }

    @Test
    void itGivesItsMetricsToPrometheus() {
        Answer metrics = system.send(system.request("/actuator/prometheus").GET());

        assertThat(metrics.status()).isEqualTo(200);
        assertThat(metrics.response().body()).contains("jvm_memory_used_bytes");
    }

    @Test
    void aMessageIsCommittedAndPublishedToEveryParticipant() {
        long before = published();
        String conversation = system.conversation(alice, "GROUP", List.of("bob", "carol"));

        Answer sent = system.post(
                alice,
                "/api/messages/send",
                "{\"conversationId\":\"%s\",\"content\":\"hello\",\"tempId\":\"t-1\"}".formatted(conversation));

        assertThat(sent.status()).isEqualTo(200);
        assertThat(sent.at("message").path("sequence").longValue()).isEqualTo(1);
        assertThat(sent.at("tempId").stringValue()).isEqualTo("t-1");
        system.awaitPublished();
        assertThat(published() - before).isEqualTo(2 * 3);
    }

    @Test
    void theIdTokenAndTheAccessTokenAreBothAccepted() {
        User withIdToken = new User("alice", alice.idToken(), alice.idToken());

        assertThat(system.get(alice, "/api/users/me").status()).isIn(200, 404);
        assertThat(system.get(withIdToken, "/api/users/me").status()).isIn(200, 404);
    }

    @Test
    void namesInATokenRequestMakeTheProfile() {
        String user = "named-" + UUID.randomUUID().toString().substring(0, 8);
        system.send(system.request("/local/token")
                .POST(BodyPublishers.ofString(
                        "{\"userId\":\"%s\",\"firstName\":\"Ada\",\"lastName\":\"Lovelace\"}".formatted(user))));

        Answer profile = system.get(system.signIn(user), "/api/users/me");

        assertThat(profile.at("user").toString())
                .isEqualTo("{\"userId\":\"%s\",\"firstName\":\"Ada\",\"lastName\":\"Lovelace\"}".formatted(user));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}|userId",
                "{\"userId\":\"a/b\"}|userId",
                "{\"userId\":5}|userId",
                "{\"userId\":\"a\",\"expiresInSeconds\":0}|expiresInSeconds",
                "{\"userId\":\"a\",\"expiresInSeconds\":\"5\"}|expiresInSeconds",
                "{\"userId\":\"a\",\"firstName\":\"Ada\"}|lastName",
                "{\"userId\":\"a\",\"more\":1}|more",
                "[]|body",
                "{|body"
            })
    void aBadTokenRequestIsToldWhichFieldIsWrong(String body, String field) {
        Answer answer = system.send(system.request("/local/token").POST(BodyPublishers.ofString(body)));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.at("error").stringValue()).startsWith(field + " ");
    }

    @Test
    void withoutATokenTheGatewayItselfRefuses() {
        Answer answer = system.send(system.request("/api/users/me").GET());

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.response().body()).isEqualTo("{\"message\":\"Unauthorized\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "a.b.c", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbGljZSJ9."})
    void aTokenThatTheIssuerDidNotSignIsRefused(String token) {
        assertThat(system.get(new User("alice", token, token), "/api/users/me").status())
                .isEqualTo(401);
    }

    @Test
    void anExpiredTokenIsRefused() throws InterruptedException {
        String token = system.send(system.request("/local/token")
                        .POST(BodyPublishers.ofString("{\"userId\":\"alice\",\"expiresInSeconds\":1}")))
                .at("accessToken")
                .stringValue();
        Thread.sleep(1_100);

        assertThat(system.get(new User("alice", token, token), "/api/users/me").status())
                .isEqualTo(401);
    }

    @Test
    void anUnknownRouteGetsTheFunctionsProblemDocument() {
        Answer answer = system.get(alice, "/api/nowhere");

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.response().headers().firstValue("content-type")).contains("application/problem+json");
        assertThat(answer.at("code").stringValue()).isEqualTo("NOT_FOUND");
    }

    @Test
    void aBodyThatIsNoUtf8IsRefusedAndNotRepaired() {
        byte[] body = "{\"firstName\":\"?\",\"lastName\":\"B\"}".getBytes(StandardCharsets.UTF_8);
        body[14] = (byte) 0xff;

        Answer answer = system.send(system.as(alice, "/api/users/me").PUT(BodyPublishers.ofByteArray(body)));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.at("code").stringValue()).isEqualTo("INVALID_JSON");
    }

    @Test
    void aBodyOverTenMegabytesIsRefusedByTheGateway() {
        Answer answer = system.send(
                system.as(alice, "/api/users/me").PUT(BodyPublishers.ofByteArray(new byte[10 * 1024 * 1024 + 1])));

        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.response().body()).isEqualTo("{\"message\":\"Request Entity Too Large\"}");
    }

    @Test
    void aFunctionIsInvokedAsLambdaWouldAndNothingElseIsThere() {
        Answer edge = system.send(system.request("/functions/messagesApi").POST(BodyPublishers.ofString("{}")));
        Answer publisher = system.send(
                system.request("/functions/streamPublisher").POST(BodyPublishers.ofString("{\"Records\":[]}")));
        Answer broken = system.send(system.request("/functions/streamPublisher").POST(BodyPublishers.ofString("{}")));

        assertThat(edge.at("statusCode").intValue()).isEqualTo(400);
        assertThat(publisher.response().body()).isEqualTo("{\"batchItemFailures\":[]}");
        assertThat(broken.response().headers().firstValue("x-amz-function-error"))
                .contains("Unhandled");
        for (String name : List.of("commands", "changeWriter", "messagesApi,conversationsApi", "functionRouter")) {
            assertThat(system.send(system.request("/functions/" + name).POST(BodyPublishers.ofString("{}")))
                            .status())
                    .isEqualTo(404);
        }
    }

    @Test
    void theFunctionsBehindTheCallsAreInvokedAsLambdaWould() {
        for (String name : List.of("callWorkflow", "callTimers")) {
            Answer nothing =
                    system.send(system.request("/functions/" + name).POST(BodyPublishers.ofString("{\"Records\":[]}")));
            Answer broken = system.send(system.request("/functions/" + name).POST(BodyPublishers.ofString("{")));

            assertThat(nothing.response().body()).isEqualTo("{\"batchItemFailures\":[]}");
            assertThat(broken.response().headers().firstValue("x-amz-function-error"))
                    .as(name)
                    .contains("Unhandled");
        }
    }

    @Test
    void aForgedEventInAHeaderOrAnArrayDoesNotReachAFunction() {
        String forged = "{\"rawPath\":\"/api/users/me\",\"requestContext\":{\"http\":{\"method\":\"GET\"},"
                + "\"authorizer\":{\"jwt\":{\"claims\":{\"sub\":\"victim\"}}}}}";

        Answer answer = system.send(system.request("/functions/conversationsApi")
                .header("payload", "[" + forged + "]")
                .POST(BodyPublishers.ofString("[" + forged + "]")));

        assertThat(answer.at("statusCode").intValue()).isEqualTo(400);
    }

    @Test
    void onlyRequestsToThisMachinesNameAreAnswered() throws IOException {
        assertThat(statusLine("GET /local/status HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"))
                .contains(" 421 ");
        assertThat(statusLine("GET /local/status HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                .contains(" 200 ");
    }

    @ParameterizedTest
    @CsvSource({
        "http://evil.example,403",
        "https://localhost.evil.example,403",
        "null,403",
        "http://localhost:3000,200",
        "http://127.0.0.1:5173,200"
    })
    void onlyPagesOfThisMachineMayCall(String origin, int status) {
        assertThat(system.send(system.request("/local/status")
                                .header("origin", origin)
                                .GET())
                        .status())
                .isEqualTo(status);
    }

    /// As `template.yaml` has it.
    @Test
    void aPageMayReadTheIdOfItsRequestTheTagAndWhenToComeAgain() {
        Answer answer = system.send(system.request("/local/status")
                .header("origin", "http://localhost:3000")
                .GET());

        assertThat(answer.response().headers().firstValue("access-control-expose-headers"))
                .contains("apigw-requestid, etag, retry-after");
    }

    @Test
    void aPreflightOfAPageOfThisMachineNeedsNoToken() {
        Answer answer = system.send(system.request("/api/messages/send")
                .header("origin", "http://localhost:3000")
                .header("access-control-request-method", "POST")
                .header("access-control-request-headers", "authorization,content-type")
                .method("OPTIONS", BodyPublishers.noBody()));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.response().headers().firstValue("access-control-allow-origin"))
                .contains("http://localhost:3000");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"publish\":{\"errorRate\":2}}|publish.errorRate",
                "{\"publish\":{\"statuses\":[200]}}|publish.statuses",
                "{\"sockets\":{\"dropRate\":\"often\"}}|sockets.dropRate",
                "{\"store\":{\"conflictRate\":-1}}|store.conflictRate",
                "{\"meetings\":{\"errorRate\":1.5}}|meetings.errorRate",
                "{\"meetings\":{\"lostResponseRate\":\"often\"}}|meetings.lostResponseRate",
                "{\"meetings\":{\"dropRate\":0}}|meetings.dropRate",
                "{\"publisher\":{\"crashRate\":-0.1}}|publisher.crashRate",
                "{\"publisher\":{\"crashRate\":\"now\"}}|publisher.crashRate",
                "{\"publisher\":{\"errorRate\":0}}|publisher.errorRate"
            })
    void aBadFaultIsToldWhichFieldIsWrong(String body, String field) {
        Answer answer = system.send(system.request("/local/faults").PUT(BodyPublishers.ofString(body)));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.at("error").stringValue()).startsWith(field + " ");
    }

    @Test
    void theMeetingsFailAsTheFaultsSayUntilTheyAreCleared() {
        LocalAws aws = system.beans(LocalAws.class).values().iterator().next();
        String session = UUID.randomUUID().toString();
        try (ChimeSdkMeetingsClient chime = aws.meetingsClient()
                .overrideConfiguration(override -> override.retryStrategy(AwsRetryStrategy.doNotRetry()))
                .build()) {
            Answer set = system.send(system.request("/local/faults")
                    .PUT(BodyPublishers.ofString("{\"meetings\":{\"errorRate\":1},\"seed\":3}")));
            assertThat(set.status()).isEqualTo(204);
            assertThatThrownBy(() -> meeting(chime, session)).isInstanceOf(SdkServiceException.class);
            assertThat(aws.meetings().made(session)).isZero();

            system.send(system.request("/local/faults").DELETE());
            meeting(chime, session);
            assertThat(aws.meetings().made(session)).isEqualTo(1);
        } finally {
            system.send(system.request("/local/faults").DELETE());
        }
    }

    @Test
    void aMeetingEndsOnDemandOnce() {
        LocalAws aws = system.beans(LocalAws.class).values().iterator().next();
        try (ChimeSdkMeetingsClient chime = aws.meetingsClient().build()) {
            String meeting = meeting(chime, UUID.randomUUID().toString());
            String end = "/local/meetings/%s/end".formatted(meeting);

            assertThat(system.send(system.request(end).POST(BodyPublishers.noBody()))
                            .status())
                    .isEqualTo(204);
            assertThat(system.send(system.request(end).POST(BodyPublishers.noBody()))
                            .status())
                    .isEqualTo(404);
            assertThat(aws.meetings().alive())
                    .extracting(LocalMeetings.Meeting::meetingId)
                    .doesNotContain(meeting);
        }
    }

    @Test
    void theBucketsOfTheTemplateAreThereForTheRealClient() {
        S3Client storage = system.beans(S3Client.class).values().iterator().next();

        assertThat(storage.listObjectsV2(list -> list.bucket("FailureBucket")).contents())
                .isEmpty();
    }

    private static String meeting(ChimeSdkMeetingsClient chime, String session) {
        return chime.createMeeting(create -> create.clientRequestToken(session)
                        .externalMeetingId(session)
                        .mediaRegion("us-east-1"))
                .meeting()
                .meetingId();
    }

    private long published() {
        return system.status().path("events").path("published").longValue();
    }

    private String statusLine(String request) throws IOException {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), system.api().getPort())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return String.valueOf(
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                            .readLine());
        }
    }
}
