package com.pantherkolab.events.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.pantherkolab.events.TestSigner;
import com.pantherkolab.events.auth.Authentication.Authenticated;
import com.pantherkolab.events.auth.Authentication.Reason;
import com.pantherkolab.events.auth.Authentication.Refused;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SigV4VerifierTest {

    private static final String HOST = "abcdefghijklmnopqrstuvwxyz.appsync-api.us-east-1.amazonaws.com";
    private static final Clock THEN = Clock.fixed(Instant.parse("2025-01-01T00:00:00Z"), ZoneOffset.UTC);
    private static final Authentication KNOWN = new Authenticated(new Identity.Signer(TestSigner.KNOWN.accessKey()));

    /// Signatures that a client of the real service made.
    @Nested
    class APublishedVector {

        private static final String SIGNED_HEADERS = "accept;content-encoding;content-type;host;x-amz-date";

        @ParameterizedTest
        @CsvSource(
                quoteCharacter = '\u0000',
                delimiter = '|',
                value = {
                    "{}"
                            + "|44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
                            + "|59bdba27176579e476927a050666b30604d96f85b1bbeb27b2055966f1b4b4d6"
                            + "|24f75d232a09c03ce5ccdd123a7d5ec956abc28a7c45e540c8bc45c381930bea",
                    "{\"channel\":\"default/a\"}"
                            + "|6aa983b2d00485ba5cfdd838a1c6517b6b865176bb0a2d4b639c01ae16d29e75"
                            + "|8bb5c4bcbe5f59b68161694163e6e40b6750a9c62b9e81a46704dc86f346cc08"
                            + "|2368833a9b1aa819a10f77267a158308ab502d03e74a9837a56e108143ecce8c",
                    "{\"channel\":\"default/a\",\"events\":[\"{\\\"hello\\\":\\\"ws\\\"}\"]}"
                            + "|618db9ca0432b12cb85084fe743c7e7d2c6792e0852567b85424ea3cea0ef131"
                            + "|6fc1ef3c0a65af0ada26c95bcfd75d6fda1b67170ac11d382f074b1f8b7932f7"
                            + "|f1a2ab6bdd05955900cb504f73f69378f4ce9aa494c5ea3e98c4edcceed7e303"
                })
        void isReproduced(String body, String bodyHash, String requestHash, String signature) {
            var request = vector(body, signature);

            assertThat(SigV4Verifier.sha256(body.getBytes(UTF_8))).isEqualTo(bodyHash);
            assertThat(SigV4Verifier.sha256(
                            SigV4Verifier.canonicalRequest(request, List.of(SIGNED_HEADERS.split(";")), bodyHash)
                                    .getBytes(UTF_8)))
                    .isEqualTo(requestHash);
            assertThat(verifier(THEN).verify(request)).isEqualTo(KNOWN);
        }

        private PresentedRequest vector(String body, String signature) {
            return PresentedRequest.operation(
                    new Headers(Map.of(
                            "accept", "application/json, text/javascript",
                            "content-encoding", "amz-1.0",
                            "content-type", "application/json; charset=UTF-8",
                            "host", HOST,
                            "x-amz-date", "20250101T000000Z",
                            "x-amz-user-agent", "not signed",
                            "authorization",
                                    "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20250101/us-east-1/appsync"
                                            + "/aws4_request, SignedHeaders="
                                            + SIGNED_HEADERS
                                            + ", Signature="
                                            + signature)),
                    body);
        }
    }

    @Nested
    class ARequestSignedByTheSdk {

        @Test
        void isAcceptedWhateverItsBody() {
            long seed = System.nanoTime();
            var random = new Random(seed);
            for (int i = 0; i < 50; i++) {
                String body = random.ints(random.nextInt(200), 0x20, 0xd7ff)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString();

                assertThat(verifier(THEN).verify(signed(TestSigner.KNOWN, body, it -> it)))
                        .as("seed %s", seed)
                        .isEqualTo(KNOWN);
            }
        }

        @ParameterizedTest
        @ValueSource(strings = {"b=2&a=1", "a=%20b%2Fc", "a", "a=1&a=0", "%C3%BC=~*"})
        void isAcceptedWhateverItsQuery(String query) {
            var endpoint = URI.create("http://localhost:8081/event?" + query);
            var headers = TestSigner.KNOWN.sign(endpoint, Map.of(), "{}", THEN);

            var request = new PresentedRequest(query, new Headers(headers), "{}".getBytes(UTF_8));

            assertThat(verifier(THEN).verify(request)).isEqualTo(KNOWN);
        }

        @ParameterizedTest
        @ValueSource(ints = {-300, 0, 300})
        void isAcceptedWithinFiveMinutes(int seconds) {
            assertThat(verifier(offset(seconds)).verify(signed(TestSigner.KNOWN, "{}", it -> it)))
                    .isEqualTo(KNOWN);
        }

        @ParameterizedTest
        @ValueSource(ints = {-360, -301, 301, 360, 86_400})
        void isRefusedAfterFiveMinutesAndBefore(int seconds) {
            assertRefused(verifier(offset(seconds)).verify(signed(TestSigner.KNOWN, "{}", it -> it)));
        }

        @Test
        void isRefusedWhenAnyByteOfTheBodyChanged() {
            String body = "{\"channel\":\"chats/alice\",\"events\":[\"1\"]}";
            var headers = new Headers(sdkHeaders(TestSigner.KNOWN, body));
            for (int i = 0; i < body.length(); i++) {
                byte[] changed = body.getBytes(UTF_8);
                changed[i] ^= 1;
                assertRefused(verifier(THEN).verify(new PresentedRequest("", headers, changed)));
            }
        }

        @Test
        void isRefusedWhenAHeaderThatIsSignedChangedOrIsGone() {
            assertRefused(changed(headers -> with(headers, "host", "evil.test")));
            assertRefused(changed(headers -> with(headers, "x-amz-date", "20250101T000001Z")));
            assertRefused(changed(headers -> with(headers, "x-amz-date", "yesterday")));
            assertRefused(changed(headers -> with(headers, "content-type", "text/plain")));
            assertRefused(changed(headers -> without(headers, "content-type")));
            assertRefused(changed(headers -> without(headers, "Host")));
        }

        @Test
        void isRefusedWhenTheQueryChanged() {
            var headers = new Headers(sdkHeaders(TestSigner.KNOWN, "{}"));
            for (String query : List.of("a=1", "%zz")) {
                assertRefused(verifier(THEN).verify(new PresentedRequest(query, headers, "{}".getBytes(UTF_8))));
            }
        }

        @Test
        void isRefusedWhenItSaysThatItsBodyIsNotSigned() {
            assertRefused(changed(headers -> with(headers, "x-amz-content-sha256", "UNSIGNED-PAYLOAD")));
        }

        @Test
        void isRefusedForAnotherServiceOrRegion() {
            var key = TestSigner.KNOWN;
            for (TestSigner other : List.of(
                    new TestSigner(key.accessKey(), key.secretKey(), key.region(), "execute-api"),
                    new TestSigner(key.accessKey(), key.secretKey(), "eu-central-1", key.service()))) {
                assertRefused(verifier(THEN).verify(signed(other, "{}", it -> it)));
            }
        }

        @Test
        void isRefusedWithAnotherSecret() {
            var key = TestSigner.KNOWN;
            var guessed = new TestSigner(key.accessKey(), "guessed", key.region(), key.service());

            assertRefused(verifier(THEN).verify(signed(guessed, "{}", it -> it)));
        }

        @Test
        void isRefusedWithAnUnknownKey() {
            var key = TestSigner.KNOWN;
            var stranger = new TestSigner("STRANGER", key.secretKey(), key.region(), key.service());

            assertThat(verifier(THEN).verify(signed(stranger, "{}", it -> it)))
                    .isEqualTo(Authentication.unauthorized("The security token included in the request is invalid."));
        }

        @ParameterizedTest
        @ValueSource(strings = {"host;", ";x-amz-date"})
        void isRefusedWhenHostOrDateIsNotSigned(String leftOut) {
            assertRefused(changed(headers -> with(
                    headers,
                    "authorization",
                    Optional.ofNullable(headers.get("authorization"))
                            .orElseThrow()
                            .replace(leftOut, ""))));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "AWS4-HMAC-SHA256",
                    "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE",
                    "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20250101/us-east-1/appsync/aws4_request, "
                            + "SignedHeaders=host;x-amz-date, Signature=",
                    "AWS4-HMAC-SHA512 Credential=AKIDEXAMPLE/20250101/us-east-1/appsync/aws4_request"
                })
        void isRefusedWhenItsSignatureCannotBeRead(String authorization) {
            assertRefused(changed(headers -> with(headers, "authorization", authorization)));
        }

        private Authentication changed(UnaryOperator<Map<String, String>> change) {
            return verifier(THEN).verify(signed(TestSigner.KNOWN, "{}", change));
        }
    }

    private static void assertRefused(Authentication answer) {
        assertThat(answer).isInstanceOf(Refused.class);
        assertThat(((Refused) answer).reason()).isEqualTo(Reason.BAD_SIGNATURE);
    }

    private static SigV4Verifier verifier(Clock clock) {
        return new SigV4Verifier(
                "us-east-1",
                Map.of(TestSigner.KNOWN.accessKey(), TestSigner.KNOWN.secretKey(), "OTHER", "other"),
                clock);
    }

    private static Clock offset(int seconds) {
        return Clock.offset(THEN, Duration.ofSeconds(seconds));
    }

    private static PresentedRequest signed(TestSigner signer, String body, UnaryOperator<Map<String, String>> change) {
        var lowered = new Headers(sdkHeaders(signer, body)).values();
        return new PresentedRequest("", new Headers(change.apply(lowered)), body.getBytes(UTF_8));
    }

    private static Map<String, String> sdkHeaders(TestSigner signer, String body) {
        return signer.sign(
                URI.create("http://localhost:8081/event"), Map.of("content-type", "application/json"), body, THEN);
    }

    private static Map<String, String> with(Map<String, String> headers, String name, String value) {
        var changed = new LinkedHashMap<>(headers);
        changed.put(name, value);
        return changed;
    }

    private static Map<String, String> without(Map<String, String> headers, String name) {
        var changed = new LinkedHashMap<>(headers);
        changed.keySet().removeIf(name::equalsIgnoreCase);
        return changed;
    }
}
