package com.pantherkolab.publisher;

import static org.assertj.core.api.Assertions.assertThat;

import com.pantherkolab.publisher.PublishAnswer.Answered;
import com.pantherkolab.publisher.PublishAnswer.Refused;
import com.pantherkolab.publisher.PublishAnswer.Unavailable;
import com.pantherkolab.publisher.PublishResult.Published;
import com.pantherkolab.publisher.PublishResult.Rejected;
import com.pantherkolab.publisher.PublishResult.Retryable;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AppSyncAnswersTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "\"ok\"",
                "<html>",
                "{\"successful\":[{\"index\":0},{\"index\":1}]",
                "{\"successful\":{\"index\":0},\"failed\":[]}",
                "{\"successful\":[{\"index\":0},{\"index\":0}],\"failed\":[]}",
                "{\"successful\":[{\"index\":0},{\"index\":2}],\"failed\":[]}",
                "{\"successful\":[{\"index\":0},{\"index\":-1}],\"failed\":[]}",
                "{\"successful\":[{\"index\":0},{\"index\":99999999999999999999}],\"failed\":[]}",
                "{\"successful\":[{\"index\":0},{\"index\":\"1\"}],\"failed\":[]}",
                "{\"successful\":[{\"index\":0},{\"index\":1.0}],\"failed\":[]}",
                "{\"successful\":[{\"index\":0},{\"identifier\":\"x\"}],\"failed\":[]}",
                "{\"successful\":[0,1],\"failed\":[]}",
                "{\"successful\":[{\"index\":0}],\"failed\":{}}",
                "{\"successful\":[{\"index\":0}],\"failed\":\"none\"}",
                "{\"successful\":[{\"index\":0},{\"index\":1}],\"failed\":[{\"index\":1,\"code\":\"x\"}]}",
                "{\"successful\":[{\"index\":0}],\"failed\":[{\"index\":1},{\"index\":1}]}",
            })
    void a200ThatMakesNoSenseIsBelievedInNothing(String body) {
        assertThat(read(200, Map.of(), body)).isEqualTo(new Unavailable("200 UNREADABLE", null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"successful\":[{\"index\":0}],\"failed\":[]}",
                "{\"successful\":[{\"index\":0}]}",
                "{\"successful\":[{\"index\":0}],\"failed\":null}",
                "{\"successful\":[{\"identifier\":\"a\",\"index\":0,\"new\":{}}],\"failed\":[],\"new\":1}",
            })
    void anEventOfWhichNothingIsSaidIsNotPublished(String body) {
        assertThat(read(200, Map.of(), body))
                .isEqualTo(new Answered(List.of(new Published(), new Retryable("200 UNACKNOWLEDGED"))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"errors\":[{\"errorType\":\"x\",\"message\":\"y\"}]}"})
    void a200ThatNamesNoEventPublishedNone(String body) {
        Retryable unacknowledged = new Retryable("200 UNACKNOWLEDGED");

        assertThat(read(200, Map.of(), body)).isEqualTo(new Answered(List.of(unacknowledged, unacknowledged)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"EventTooLargeException", "BadRequestException", "ValidationException"})
    void aCodeThatBlamesTheEventIsFinal(String code) {
        assertThat(read(200, Map.of(), failed(code)))
                .isEqualTo(new Answered(List.of(new Published(), new Rejected(code))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"InternalFailureException", "ThrottlingException", "UnauthorizedException", "SomethingNew"})
    void everyOtherCodeMayPass(String code) {
        assertThat(read(200, Map.of(), failed(code)))
                .isEqualTo(new Answered(List.of(new Published(), new Retryable(code))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "BadRequestException | Signature expired: 20260109T230640Z is now earlier than 20260109T231140Z",
                "BadRequestException | The request signature we calculated does not match",
                "InvalidSignatureException | no",
                "UnrecognizedClientException | The security token included in the request is invalid",
                "BadRequestException | RequestTimeTooSkewed"
            })
    void a400ThatIsAboutTheSignatureBlamesNoEvent(String errorType, String message) {
        Retryable later = new Retryable("400 " + errorType);

        assertThat(read(400, Map.of(), error(errorType, message))).isEqualTo(new Answered(List.of(later, later)));
    }

    @Test
    void theKindOfAnErrorIsReadFromTheHeaderElseFromTheBody() {
        assertThat(read(400, Map.of("x-amzn-errortype", "InHeader:http://a.b/c"), error("InBody", "m")))
                .isEqualTo(new Refused("400 InHeader"));
        assertThat(read(400, Map.of(), error("InBody", "m"))).isEqualTo(new Refused("400 InBody"));
        assertThat(read(400, Map.of(), "")).isEqualTo(new Refused("400"));
    }

    @Test
    void aReasonHoldsNoForeignText() {
        String hostile = "Bad\\n2026 ERROR \\u001b[31m" + "x".repeat(500);

        PublishAnswer answer = read(400, Map.of(), error(hostile, "the event was: secret"));

        assertThat(answer).isInstanceOfSatisfying(Refused.class, refused -> assertThat(refused.reason())
                .matches("400 [A-Za-z0-9_.-]{1,80}")
                .doesNotContain("secret"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "soon", "-1", "1.5", "Fri, 09 Jan 2026 23:06:40 GMT", "99999999999"})
    void aRetryAfterThatIsNoSmallNumberOfSecondsIsLeftAside(String retryAfter) {
        assertThat(read(429, Map.of("Retry-After", retryAfter), "")).isEqualTo(new Unavailable("429", null));
    }

    @Test
    void aRetryAfterInSecondsIsKept() {
        assertThat(read(429, Map.of("retry-after", "30"), ""))
                .isEqualTo(new Unavailable("429", Duration.ofSeconds(30)));
    }

    private static String failed(String code) {
        return "{\"successful\":[{\"index\":0}],\"failed\":[{\"index\":1,\"code\":\"%s\",\"message\":\"m\"}]}"
                .formatted(code);
    }

    private static String error(String errorType, String message) {
        return "{\"errors\":[{\"errorType\":\"%s\",\"message\":\"%s\"}]}".formatted(errorType, message);
    }

    private static PublishAnswer read(int status, Map<String, String> headers, String body) {
        HttpHeaders all = HttpHeaders.of(
                headers.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, e -> List.of(e.getValue()))),
                (name, value) -> true);
        return AppSyncAnswers.read(status, all, body.getBytes(StandardCharsets.UTF_8), 2);
    }
}
