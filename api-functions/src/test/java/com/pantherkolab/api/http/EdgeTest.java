package com.pantherkolab.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.pantherkolab.api.HeardLogs;
import com.pantherkolab.api.HeardLogs.Line;
import com.pantherkolab.api.NotedMetrics;
import com.pantherkolab.api.command.Outcome;
import com.pantherkolab.api.command.Refusal;
import com.pantherkolab.api.command.Refusal.Code;
import com.pantherkolab.api.http.Gateway.Reply;
import com.pantherkolab.api.trace.Cause;
import com.pantherkolab.api.trace.Causes;
import com.pantherkolab.common.Json;
import com.pantherkolab.common.Message;
import com.pantherkolab.common.UserId;
import com.pantherkolab.common.metrics.Metric;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.MDC;
import tools.jackson.databind.node.ObjectNode;

class EdgeTest {
    /// A body with a field of each kind.
    record Thing(
            String text,
            @Nullable Long number,
            Message.@Nullable Type type,
            List<UserId> users,
            @Nullable String key) {
        static Reading<Thing> read(Fields body) {
            Field<String> text = body.required("text", Rule.content(8));
            Field<Long> number = body.optional("number", Rule.wholeNumber());
            Field<Message.Type> type = body.optional("type", Rule.oneOf(Message.Type.class));
            Field<List<UserId>> users = body.requiredList("users", Rule.user());
            Field<String> key = body.optional("key", Rule.key());
            return body.build(() -> new Thing(text.get(), number.orNull(), type.orNull(), users.get(), key.orNull()));
        }
    }

    private final NotedMetrics metrics = new NotedMetrics();

    private final Gateway gateway = new Gateway(new Edge(
            metrics,
            new Causes(UUID::randomUUID),
            new Route(
                    "POST", "/api/things", request -> request.read(Thing::read).then(Outcome.Done::new)),
            new Route(
                    "GET",
                    "/api/traces/{any}",
                    _ -> new Outcome.Done(
                            Map.of("trace", String.valueOf(Cause.currentTrace()), "log", MDC.getCopyOfContextMap()))),
            new Route("GET", "/api/bug", _ -> {
                throw new IllegalStateException("secret of com.pantherkolab.api");
            }),
            new Route(
                    "GET",
                    "/api/refused/UNAVAILABLE",
                    _ -> new Outcome.Refused(Refusal.of(Code.UNAVAILABLE, "Nothing was written. Try again.")))));

    // ------------------------------------------------------------------------------------------ what a request is
    // known by

    @Test
    void whileARequestIsHandledItsIdItsRouteAndItsTraceAreKnown() {
        ObjectNode event = Gateway.event("alice", "GET", "/api/traces/of-a-secret");
        event.withObject("requestContext").put("requestId", "JKJaXmPLvHcESHA=");
        event.withObject("headers").put("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");

        Reply reply = gateway.send(event);

        assertThat(reply.body().path("trace").stringValue()).contains("4bf92f3577b34da6a3ce929d0e0e4736");
        assertThat(reply.body().path("log"))
                .isEqualTo(Json.mapper()
                        .valueToTree(Map.of(
                                "requestId", "JKJaXmPLvHcESHA=",
                                "route", "GET /api/traces/{any}",
                                "traceId", "4bf92f3577b34da6a3ce929d0e0e4736")));
        assertThat(Cause.currentTrace()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "nonsense", "00-00000000000000000000000000000000-0000000000000000-00", "\u0000"})
    void aTraceThatIsNoneIsNoReasonToRefuseARequest(String bad) {
        ObjectNode event = Gateway.event("alice", "GET", "/api/traces/any");
        event.withObject("headers").put("traceparent", bad).put("x-amzn-trace-id", bad);

        Reply reply = gateway.send(event);

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body().path("log").path("traceId").stringValue()).matches("[0-9a-f]{32}");
    }

    @Test
    void whatFailsOnOurSideIsSaidWithTheRequestAndWhatTheCallerDoesWrongIsNot() {
        try (HeardLogs logs = new HeardLogs()) {
            ObjectNode event = Gateway.event("alice", "GET", "/api/refused/UNAVAILABLE");
            event.withObject("requestContext").put("requestId", "r-1");
            gateway.send(event);
            post("{");
            gateway.call("alice", "GET", "/api/nothing", "");

            assertThat(logs.lines()).singleElement().satisfies(line -> {
                assertThat(line.message()).isEqualTo("failed");
                assertThat(line.level()).isEqualTo("WARN");
                assertThat(line.values())
                        .containsEntry("requestId", "r-1")
                        .containsEntry("reason", "UNAVAILABLE")
                        .containsEntry("route", "GET /api/refused/UNAVAILABLE");
            });
        }
    }

    @Test
    void aBugIsSaidWithTheRequest() {
        try (HeardLogs logs = new HeardLogs()) {
            gateway.call("alice", "GET", "/api/bug", "");

            assertThat(logs.lines()).extracting(Line::message).containsExactly("a request failed", "failed");
            assertThat(logs.lines())
                    .allSatisfy(line -> assertThat(line.values()).containsEntry("route", "GET /api/bug"));
        }
    }

    private Reply post(String body) {
        return gateway.call("alice", "POST", "/api/things", body);
    }

    @Test
    void aGoodBodyIsAnsweredWithSuccessFirst() {
        Reply reply = post("{\"text\":\"hi\",\"number\":5,\"type\":\"IMAGE\",\"users\":[\"bob\"],\"key\":\"k 1\"}");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.headers()).containsEntry("content-type", "application/json");
        assertThat(reply.text())
                .isEqualTo("{\"success\":true,\"text\":\"hi\",\"number\":5,\"type\":\"IMAGE\",\"users\":[\"bob\"],"
                        + "\"key\":\"k 1\"}");
    }

    @Test
    void anOptionalFieldMayBeAbsentOrNull() {
        assertThat(post("{\"text\":\"hi\",\"users\":[],\"number\":null}").status())
                .isEqualTo(200);
    }

    @Test
    void aBase64BodyIsDecoded() {
        Reply reply = gateway.callBytes(
                "alice", "POST", "/api/things", "{\"text\":\"häßlich\",\"users\":[]}".getBytes(StandardCharsets.UTF_8));

        assertThat(reply.status()).isEqualTo(400); // 9 bytes of UTF-8, one too many
        assertThat(gateway.callBytes(
                                "alice",
                                "POST",
                                "/api/things",
                                "{\"text\":\"häßl\",\"users\":[]}".getBytes(StandardCharsets.UTF_8))
                        .body()
                        .path("text")
                        .stringValue())
                .isEqualTo("häßl");
    }

    @Test
    void aProblemDocumentNamesEveryBadFieldAtOnce() {
        Reply reply = post("{\"text\":5,\"number\":\"5\",\"type\":\"text\",\"users\":[\"bob\",\"*\",7],\"key\":\"ü\","
                + "\"more\":1}");

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.headers()).containsEntry("content-type", "application/problem+json");
        assertThat(reply.code()).isEqualTo("INVALID_FIELD");
        assertThat(reply.body().path("status").intValue()).isEqualTo(400);
        assertThat(reply.body().path("title").stringValue()).isEqualTo("Bad Request");
        assertThat(reply.body().path("error")).isEqualTo(reply.body().path("detail"));
        assertThat(reply.body().path("errors").findValuesAsString("field"))
                .containsExactly("text", "number", "type", "users[1]", "users[2]", "key", "more");
    }

    @Test
    void aMissingListAndOneThatIsNoListAreToldApart() {
        assertThat(post("{\"text\":\"hi\"}").text())
                .contains("{\"field\":\"users\",\"message\":\"must not be missing\"}");
        assertThat(post("{\"text\":\"hi\",\"users\":\"bob\"}").text())
                .contains("{\"field\":\"users\",\"message\":\"must be a list\"}");
    }

    @Test
    void anUnknownNameIsToldUpTo64Characters() {
        String name = "n".repeat(64);

        assertThat(post("{\"text\":\"hi\",\"users\":[],\"%s\":1}".formatted(name))
                        .body()
                        .path("errors")
                        .findValuesAsString("field"))
                .containsExactly(name);
        assertThat(post("{\"text\":\"hi\",\"users\":[],\"%sn\":1}".formatted(name))
                        .body()
                        .path("errors")
                        .findValuesAsString("field"))
                .containsExactly(name + "\u2026");
    }

    @Test
    void missingFieldsAreNamed() {
        assertThat(post("{\"text\":null}").body().path("errors").findValuesAsString("field"))
                .containsExactly("text", "users");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"1.0", "1e2", "-1", "9007199254740992", "18446744073709551616", "true", "\"1\"", "[]", "{}"})
    void whatIsNoWholeNumberOfTheRangeIsRefused(String number) {
        assertThat(post("{\"text\":\"hi\",\"users\":[],\"number\":%s}".formatted(number))
                        .body()
                        .path("errors")
                        .findValuesAsString("field"))
                .containsExactly("number");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"\"\"", "\" \\n\"", "\"\\u0000\"", "\"a\\ud800\"", "\"\\udc00b\"", "\"123456789\"", "5", "[]"})
    void whatIsNoCleanTextOfTheSizeIsRefused(String text) {
        Reply reply = post("{\"text\":%s,\"users\":[]}".formatted(text));

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.body().path("errors").findValuesAsString("field")).containsExactly("text");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "5",
                "\"text\"",
                "[{\"text\":\"hi\",\"users\":[]}]",
                "{\"text\":\"hi\",\"users\":[]",
                "{\"text\":\"hi\",\"text\":\"hi\",\"users\":[]}",
                "{\"text\":\"hi\",\"users\":[]} {}",
                "{'text':'hi','users':[]}",
                "{\"text\":\"hi\",\"users\":[],}",
                "{\"text\":NaN}"
            })
    void whatIsNotOneJsonObjectIsRefused(String body) {
        Reply reply = post(body);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.code()).isEqualTo("INVALID_JSON");
    }

    @Test
    void deepNestingIsRefused() {
        String deep = "[".repeat(100_000) + "]".repeat(100_000);

        assertThat(post("{\"text\":" + deep + "}").code()).isEqualTo("INVALID_JSON");
    }

    @Test
    void invalidUtf8IsNotJson() {
        byte[] body = "{\"text\":\"?\",\"users\":[]}".getBytes(StandardCharsets.UTF_8);
        body[9] = (byte) 0xff;

        assertThat(gateway.callBytes("alice", "POST", "/api/things", body).code())
                .isEqualTo("INVALID_JSON");
    }

    /// Jackson reads all of these, and UTF-16 and UTF-32 too, where it is handed bytes.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "an overlong letter: c1a1",
                "an overlong NUL: c080",
                "half a surrogate pair: eda080",
                "a surrogate pair in six bytes: eda0bdedb880",
                "past the last character: f5808080",
                "a cut-off character: c3"
            })
    void whatOnlyLooksLikeUtf8IsNotJson(String example) {
        String bytes = new String(
                HexFormat.of().parseHex(example.substring(example.indexOf(": ") + 2)), StandardCharsets.ISO_8859_1);
        byte[] body = "{\"text\":\"%s\",\"users\":[]}".formatted(bytes).getBytes(StandardCharsets.ISO_8859_1);

        assertThat(gateway.callBytes("alice", "POST", "/api/things", body).code())
                .isEqualTo("INVALID_JSON");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32", "UTF-32LE"})
    void jsonInAnotherEncodingIsNotJson(String charset) {
        byte[] body = "{\"text\":\"hi\",\"users\":[]}".getBytes(Charset.forName(charset));

        assertThat(gateway.callBytes("alice", "POST", "/api/things", body).code())
                .isEqualTo("INVALID_JSON");
    }

    @Test
    void aByteOrderMarkIsNotJson() {
        assertThat(post("\ufeff{\"text\":\"hi\",\"users\":[]}").code()).isEqualTo("INVALID_JSON");
    }

    @Test
    void halfASurrogatePairInTheEventsTextIsRefusedAndNotRepaired() {
        Reply reply = gateway.send(
                Gateway.event("alice", "POST", "/api/things").toString().replaceFirst("}$", "")
                        + ",\"body\":\"{\\\"text\\\":\\\"a\\ud800\\\",\\\"users\\\":[]}\"}");

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.code()).isEqualTo("INVALID_JSON");
    }

    @Test
    void aBodyOver256KibIsTooLarge() {
        String padding = " ".repeat(256 * 1024 - "{\"text\":\"hi\",\"users\":[]}".length());

        assertThat(post("{\"text\":\"hi\",\"users\":[]}" + padding).status()).isEqualTo(200);
        Reply reply = post("{\"text\":\"hi\",\"users\":[]} " + padding);
        assertThat(reply.status()).isEqualTo(413);
        assertThat(reply.code()).isEqualTo("BODY_TOO_LARGE");
    }

    @Test
    void theCallerMayRepeatTheirIdAndOldFrontEndsTheirTimes() {
        assertThat(post("{\"text\":\"hi\",\"users\":[],\"senderId\":\"alice\",\"initiatedBy\":\"alice\","
                                + "\"userId\":\"alice\",\"timestamp\":\"whenever\",\"createdAt\":7}")
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"senderId", "initiatedBy", "userId"})
    void actingAsSomebodyElseIsForbidden(String field) {
        Reply reply = post("{\"text\":\"hi\",\"users\":[],\"%s\":\"mallory\"}".formatted(field));

        assertThat(reply.status()).isEqualTo(403);
        assertThat(reply.code()).isEqualTo("FORBIDDEN");
        assertThat(post("{\"text\":\"hi\",\"users\":[],\"%s\":7}".formatted(field))
                        .status())
                .isEqualTo(400);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "*", "a/b", "user_1", "-alice", "eu-central-1:0f8b"})
    void aSubjectThatIsNoChannelSegmentIsForbidden(@Nullable String sub) {
        assertThat(gateway.call(sub, "POST", "/api/things", "{\"text\":\"hi\",\"users\":[]}")
                        .status())
                .isEqualTo(403);
    }

    @ParameterizedTest
    @CsvSource({
        "GET,/api/things",
        "POST,/api/things/",
        "POST,/api/things/x",
        "POST,/api/Things",
        "DELETE,/",
        "POST,//api/things"
    })
    void whatIsNoRouteIsNotFound(String method, String path) {
        Reply reply = gateway.call("alice", method, path, "{}");

        assertThat(reply.status()).isEqualTo(404);
        assertThat(reply.code()).isEqualTo("NOT_FOUND");
    }

    @Test
    void aPreflightThatTheGatewayPassesOnIsNotRefused() {
        ObjectNode event = Gateway.event(null, "OPTIONS", "/api/things");
        event.withObject("headers").put("access-control-request-method", "POST");

        Reply reply = gateway.send(event);

        assertThat(reply.status()).isEqualTo(204);
        assertThat(reply.text()).isEmpty();
    }

    @Test
    void askingForOptionsIsNoPreflightUnlessItSaysForWhat() {
        assertThat(gateway.call(null, "OPTIONS", "/api/things", "").status()).isEqualTo(403);
        assertThat(gateway.call("alice", "OPTIONS", "/api/things", "").status()).isEqualTo(404);
    }

    @Test
    void aBugIsAnsweredWithoutAWordOfTheInside() {
        Reply reply = gateway.call("alice", "GET", "/api/bug", "");

        assertThat(reply.status()).isEqualTo(500);
        assertThat(reply.code()).isEqualTo("INTERNAL");
        assertThat(reply.text()).doesNotContain("secret", "pantherkolab", "Exception");
        assertThat(metrics.sum(Metric.API_FAILED)).isEqualTo(1);
        assertThat(metrics.sent()).isEqualTo(1);
    }

    @Test
    void anOutageSaysWhenToComeBack() {
        Reply reply = gateway.call("alice", "GET", "/api/refused/UNAVAILABLE", "");

        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.headers()).containsEntry("retry-after", "1");
        assertThat(metrics.sum(Metric.API_FAILED)).isEqualTo(1);
    }

    @Test
    void whatIsAnsweredOrRefusedTellsNoMetric() {
        gateway.call("alice", "GET", "/api/nothing", "");

        assertThat(metrics.sum(Metric.API_FAILED)).isZero();
        assertThat(metrics.sent()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void everyCodeHasATitleOfItsStatus(Code code) {
        Answer answer = Answer.to(new Outcome.Refused(Refusal.of(code, "detail")));

        assertThat(answer.statusCode()).isEqualTo(code.status());
        assertThat(answer.body()).contains("\"title\":\"").doesNotContain("\"title\":null");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "[]", "{}", "{\"rawPath\":\"/api/things\"}", "{\"Records\":[]}", "not json"})
    void whatIsNoGatewayEventIsRefused(String event) {
        assertThat(gateway.send(event).status()).isEqualTo(400);
    }

    @Test
    void aBodyThatIsNotTheBase64ItClaimsToBeIsRefused() {
        assertThat(gateway.send(Gateway.event("alice", "POST", "/api/things")
                                .put("body", "%%%")
                                .put("isBase64Encoded", true))
                        .status())
                .isEqualTo(400);
    }

    @Test
    void aThousandBadFieldsAreToldAsAHundredAndNoneOfTheirNamesBreaksTheAnswer() {
        StringBuilder body = new StringBuilder("{\"text\":\"hi\",\"users\":[]");
        for (int field = 0; field < 1000; field++) {
            body.append(",\"\\u0007<%d>\":1".formatted(field));
        }

        Reply reply = post(body.append("}").toString());

        assertThat(reply.body().path("errors")).hasSize(100);
        assertThat(reply.body().path("errors").get(0).path("field").stringValue())
                .isEqualTo("?<0>");
    }
}
