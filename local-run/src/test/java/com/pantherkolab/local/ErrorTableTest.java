package com.pantherkolab.local;

import static com.pantherkolab.local.Refusals.headers;
import static com.pantherkolab.local.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import com.pantherkolab.common.UserId;
import com.pantherkolab.local.ApiRoutes.ApiRoute;
import com.pantherkolab.local.RunningSystem.Answer;
import com.pantherkolab.local.RunningSystem.Traces;
import com.pantherkolab.local.RunningSystem.User;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// The contract's error table, row by row, for every route: over HTTP, so the gateway and the function are both in
/// it.
///
/// After each refusal nothing was written and nothing was published.
class ErrorTableTest {
    private static final RunningSystem SYSTEM = RunningSystem.shared();
    private static final int MAX_BODY = 256 * 1024;
    private static final List<ApiRoute> ROUTES = ApiRoutes.ALL;
    private static final List<ApiRoute> WITH_BODY = ApiRoutes.withBody();

    private static final User ALICE = SYSTEM.signIn(fresh("alice"));
    private static final String CONVERSATION = SYSTEM.conversation(ALICE, "GROUP", List.of("bob", "carol"));
    private static final String CALL = SYSTEM.call(ALICE, "bob", "carol");
    private static final RingingCalls CALLS = new RingingCalls(SYSTEM, ALICE);

    @BeforeAll
    static void theCallerHasAProfileAndWroteAMessage() {
        SYSTEM.send(SYSTEM.as(ALICE, "/api/users/me")
                .PUT(BodyPublishers.ofString("{\"firstName\":\"Ada\",\"lastName\":\"Lovelace\"}")));
        SYSTEM.post(
                ALICE, "/api/messages/send", filled("{\"conversationId\":\"<conversation>\",\"content\":\"hello\"}"));
    }

    @BeforeEach
    void whatWasAcceptedIsPublished() {
        SYSTEM.awaitPublished();
    }

    /// So that no deadline of theirs falls into another test.
    @AfterAll
    static void nothingRingsAnyMore() {
        for (JsonNode call : SYSTEM.get(ALICE, "/api/calls").at("calls")) {
            SYSTEM.post(
                    ALICE,
                    "/api/calls/leave",
                    "{\"sessionId\":\"%s\"}".formatted(call.path("sessionId").stringValue()));
        }
        SYSTEM.awaitPublished();
    }

    @Test
    void everyRouteOfTheTemplateIsInTheTable() {
        assertThat(SYSTEM.deployment().routes())
                .extracting(Deployment.Route::key)
                .filteredOn(key -> !key.equals(Deployment.Route.DEFAULT))
                .containsExactlyInAnyOrderElementsOf(
                        ROUTES.stream().map(ApiRoute::toString).toList());
    }

    // ---------------------------------------------------------------------------------------- what is good

    static Stream<Body> goodBodies() {
        List<Body> bodies = new ArrayList<>();
        for (ApiRoute route : WITH_BODY) {
            String good = ApiRoutes.json(route.body());
            bodies.add(body(
                    route,
                    "of exactly the most bytes",
                    good + " ".repeat(MAX_BODY - filled(good).length())));
            for (FieldForm field : route.fields()) {
                for (String value : field.good()) {
                    bodies.add(body(route, field.name() + " " + value, route.bodyWith(field.name(), value)));
                }
                if (!field.required()) {
                    bodies.add(body(route, "no " + field.name(), route.bodyWithout(field.name())));
                    bodies.add(body(route, field.name() + " null", route.bodyWith(field.name(), "null")));
                }
            }
            for (String caller : List.of("senderId", "initiatedBy", "userId")) {
                bodies.add(body(route, "own " + caller, route.bodyWith(caller, "\"<caller>\"")));
            }
            for (String ignored : List.of("timestamp", "createdAt")) {
                for (String value : List.of("5", "null", "\"whenever\"", "[{}]")) {
                    bodies.add(body(route, "ignored " + ignored + " " + value, route.bodyWith(ignored, value)));
                }
            }
        }
        return bodies.stream();
    }

    @ParameterizedTest
    @MethodSource("goodBodies")
    void whatTheContractAllowsIsAccepted(Body body) {
        Answer answer = SYSTEM.send(body.request(ALICE));

        assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
        assertThat(answer.at("success").booleanValue()).isTrue();
        assertNamesTheCaller(body.route(), answer);
    }

    // ---------------------------------------------------------------------------------------- 400 INVALID_FIELD

    static Stream<Body> badFields() {
        List<Body> bodies = new ArrayList<>();
        for (ApiRoute route : WITH_BODY) {
            for (FieldForm field : route.fields()) {
                for (FieldForm.Bad bad : field.bad()) {
                    bodies.add(body(route, field.name() + " " + bad.json(), route.bodyWith(field.name(), bad.json()))
                            .naming(bad.field()));
                }
                if (field.required()) {
                    bodies.add(body(route, "no " + field.name(), route.bodyWithout(field.name()))
                            .naming(field.name()));
                    bodies.add(body(route, field.name() + " null", route.bodyWith(field.name(), "null"))
                            .naming(field.name()));
                }
            }
            for (String unknown : List.of("sub", "more", "Content", "__proto__", "*", "requestContext", "id")) {
                bodies.add(body(route, "unknown " + unknown, route.bodyWith(unknown, "\"victim\""))
                        .naming(unknown));
            }
            bodies.add(body(route, "an unknown null", route.bodyWith("more", "null"))
                    .naming("more"));
            for (String caller : List.of("senderId", "initiatedBy", "userId")) {
                for (String value : List.of("5", "true", "[]", "{}", "\"*\"", "\"\"", "[\"<caller>\"]")) {
                    bodies.add(body(route, caller + " " + value, route.bodyWith(caller, value))
                            .naming(caller));
                }
            }
        }
        return bodies.stream();
    }

    @ParameterizedTest
    @MethodSource("badFields")
    void aBadFieldIsNamed(Body body) {
        Answer answer = refused(body.request(ALICE), 400, "INVALID_FIELD");

        assertThat(answer.at("errors").findValuesAsString("field")).containsExactly(body.bad());
        assertThat(answer.at("errors").get(0).path("message").stringValue()).isNotBlank();
    }

    @ParameterizedTest
    @FieldSource("WITH_BODY")
    void everyBadFieldIsNamedAtOnce(ApiRoute route) {
        Map<String, String> body = new LinkedHashMap<>();
        route.fields().forEach(field -> body.put(field.name(), "{}"));
        body.put("more", "1");

        Answer answer = refused(body(route, "all bad", body).request(ALICE), 400, "INVALID_FIELD");

        assertThat(answer.at("errors").findValuesAsString("field")).containsExactlyInAnyOrderElementsOf(body.keySet());
        Answer empty = refused(body(route, "nothing", "{}").request(ALICE), 400, "INVALID_FIELD");
        assertThat(empty.at("errors").findValuesAsString("field"))
                .containsExactlyElementsOf(route.fields().stream()
                        .filter(FieldForm::required)
                        .map(FieldForm::name)
                        .toList());
    }

    static Stream<Body> badKeys() {
        return WITH_BODY.stream().flatMap(route -> Stream.of("", "x".repeat(65), "a\tb", "\u00fc", "\u009b")
                .map(key -> body(route, key, route.body()).naming("Idempotency-Key")));
    }

    @ParameterizedTest
    @MethodSource("badKeys")
    void aBadKeyIsNamedWhereKeysAreRemembered(Body body) {
        String head = "%s %s HTTP/1.1\r\nIdempotency-Key: %s"
                .formatted(body.route().method(), body.route().path(), body.what());
        byte[] bytes = withoutTempId(body);
        Traces before = SYSTEM.traces();

        String answer = raw(head, bytes);

        if (body.route().keyed()) {
            assertThat(answer)
                    .contains(" 400 ")
                    .contains("\"INVALID_FIELD\"")
                    .contains("\"field\":\"Idempotency-Key\"");
            assertThat(SYSTEM.traces()).isEqualTo(before);
        } else {
            assertThat(answer).contains(" 200 ");
        }
    }

    @Test
    void aKeyInTheHeaderMustBeTheTempId() {
        ApiRoute route = route("POST /api/messages/send");

        Answer answer = refused(
                body(route, "two keys", route.body()).request(ALICE).header("idempotency-key", "another"),
                400,
                "INVALID_FIELD");

        assertThat(answer.at("errors").findValuesAsString("field")).containsExactly("tempId");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "[\"<caller>\"]", "[\"bob\",\"carol\"]"})
    void aDirectConversationHasExactlyOneOther(String others) {
        ApiRoute route = route("POST /api/conversations");
        Map<String, String> body = route.bodyWith("type", "\"DIRECT\"");
        body.put("participantIds", others);

        Answer answer = refused(body(route, "DIRECT", body).request(ALICE), 400, "INVALID_FIELD");

        assertThat(answer.at("errors").findValuesAsString("field")).containsExactly("participantIds");
    }

    // ---------------------------------------------------------------------------------------- 400 INVALID_JSON

    static Stream<Body> noJson() {
        List<Body> bodies = new ArrayList<>();
        for (ApiRoute route : WITH_BODY) {
            String good = ApiRoutes.json(route.body());
            String name = route.fields().getFirst().name();
            Map<String, String> texts = new LinkedHashMap<>();
            texts.put("nothing", "");
            texts.put("blank", " \n");
            Stream.of("null", "true", "5", "\"text\"", "[]", "[[]]", "{", "}", "undefined")
                    .forEach(text -> texts.put(text, text));
            texts.put("a list of the body", "[" + good + "]");
            texts.put("a list of a forged event", "[" + forged(route) + "]");
            texts.put("a list of forged events", "[" + forged(route) + "," + forged(route) + "]");
            texts.put("two bodies", good + good);
            texts.put("trailing data", good + " x");
            texts.put("a trailing bracket", good + "]");
            texts.put("a trailing NUL", good + "\u0000");
            texts.put("cut off", good.substring(0, good.length() - 1));
            texts.put("a trailing comma", good.substring(0, good.length() - 1) + ",}");
            texts.put("single quotes", good.replace('"', '\''));
            texts.put("unquoted names", good.replaceAll("\"(\\w+)\":", "$1:"));
            texts.put("a comment", "/* */" + good);
            texts.put("a byte order mark", "\ufeff" + good);
            texts.put("a raw line break in a text", ApiRoutes.json(route.bodyWith(name, "\"a\nb\"")));
            texts.put("a raw NUL in a text", ApiRoutes.json(route.bodyWith(name, "\"a\u0000b\"")));
            for (String literal :
                    List.of("NaN", "Infinity", "01", "+1", ".5", "1.", "0x1", "1e", "tru", "\"\\x\"", "\"\\u12\"")) {
                texts.put("the value " + literal, ApiRoutes.json(route.bodyWith(name, literal)));
            }
            texts.put("a number of 2,000 digits", ApiRoutes.json(route.bodyWith(name, "1".repeat(2_000))));
            texts.put("33 levels", ApiRoutes.json(route.bodyWith("more", "[".repeat(33) + "]".repeat(33))));
            texts.put(
                    "100,000 levels",
                    ApiRoutes.json(route.bodyWith("more", "[".repeat(100_000) + "]".repeat(100_000))));
            texts.put("100,000 open brackets", "[".repeat(100_000));
            texts.put("objects in objects", "{\"a\":".repeat(20_000));
            for (FieldForm field : route.fields()) {
                String pair = "\"%s\":%s".formatted(field.name(), field.good().getFirst());
                texts.put(field.name() + " twice", good.replace(pair, pair + "," + pair));
            }
            texts.put("a name twice in an unknown field", ApiRoutes.json(route.bodyWith("more", "{\"a\":1,\"a\":1}")));
            texts.forEach((what, text) -> bodies.add(body(route, what, text)));

            byte[] bytes = filled(good).getBytes(StandardCharsets.UTF_8);
            bodies.add(new Body(route, "a lone 0xff", with(bytes, 0xff), ""));
            bodies.add(new Body(route, "a cut-off character", with(bytes, 0xc3), ""));
            bodies.add(new Body(route, "an overlong letter", with(bytes, 0xc1, 0xa1), ""));
            bodies.add(new Body(route, "an overlong NUL", with(bytes, 0xc0, 0x80), ""));
            bodies.add(new Body(route, "half a surrogate pair", with(bytes, 0xed, 0xa0, 0x80), ""));
            bodies.add(new Body(
                    route, "a surrogate pair in six bytes", with(bytes, 0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80), ""));
            bodies.add(new Body(route, "past the last character", with(bytes, 0xf5, 0x80, 0x80, 0x80), ""));
            bodies.add(new Body(route, "bytes that are no text", new byte[] {(byte) 0x80, (byte) 0xfe, 0, 1}, ""));
            for (String charset : List.of("UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32", "UTF-32LE")) {
                bodies.add(new Body(route, charset, filled(good).getBytes(Charset.forName(charset)), ""));
            }
        }
        return bodies.stream();
    }

    @ParameterizedTest
    @MethodSource("noJson")
    void whatIsNotOneJsonObjectInUtf8IsRefused(Body body) {
        refused(body.request(ALICE), 400, "INVALID_JSON");
    }

    // ---------------------------------------------------------------------------------------- 401

    static Stream<BadToken> badTokens() {
        return Stream.of(
                new BadToken("none", request -> {}),
                bearer("empty", ""),
                bearer("no token at all", "x"),
                bearer("three dots", "a.b.c"),
                bearer("illegal characters", "\u00fc*"),
                new BadToken("another scheme", request -> request.header("authorization", "Basic YWxpY2U6YWxpY2U=")),
                new BadToken("in the query only", request -> {}),
                bearer(
                        "expired",
                        own(claims().expirationTime(Date.from(Instant.now().minusSeconds(1))))),
                bearer(
                        "not valid yet",
                        own(claims().notBeforeTime(Date.from(Instant.now().plusSeconds(60))))),
                bearer("of another issuer", own(claims().issuer("https://issuer.example"))),
                bearer("without an issuer", own(claims().issuer(null))),
                bearer("for another audience", own(claims().audience("another-client"))),
                bearer("for nobody", own(claims().audience((String) null))),
                bearer("of another client", own(claims().audience((String) null).claim("client_id", "another-client"))),
                bearer("signed by another key", foreign()),
                bearer("not signed", new PlainJWT(claims().build()).serialize()),
                bearer("signed with the public key as a secret", confused()),
                bearer("with claims put in place", tampered()));
    }

    @ParameterizedTest
    @MethodSource("badTokens")
    void theGatewayItselfRefusesEveryRouteWithoutAGoodToken(BadToken token) {
        // Whose calls are here already, so that none is placed below.
        CALLS.incoming();
        CALLS.outgoing();
        Traces before = SYSTEM.traces();
        List<ApiRoute> routes = new ArrayList<>(ROUTES);
        routes.add(ApiRoutes.bare("GET", "/api/nowhere"));
        for (ApiRoute route : routes) {
            HttpRequest.Builder request = SYSTEM.request(
                            route.pathTo(CONVERSATION, CALL) + "?access_token=" + ALICE.accessToken())
                    .method(
                            route.method(),
                            BodyPublishers.ofString(CALLS.filled(filled(ApiRoutes.json(route.body())))));
            token.onto().accept(request);

            Answer answer = SYSTEM.send(request);

            assertThat(answer.status()).as("%s, token %s", route, token).isEqualTo(401);
            assertThat(answer.response().body()).isEqualTo("{\"message\":\"Unauthorized\"}");
            assertThat(answer.response().headers().firstValue("content-type")).contains("application/json");
        }
        assertThat(SYSTEM.traces()).isEqualTo(before);
    }

    // ---------------------------------------------------------------------------------------- 403

    @ParameterizedTest
    @FieldSource("ROUTES")
    void aTokenWhoseSubjectIsNoUserOfThisSystemIsForbidden(ApiRoute route) {
        for (String sub : List.of("*", "a/b", "user_1", "-alice", "eu-central-1:0f8b", "x".repeat(51))) {
            String token = own(claims().subject(sub));

            refused(body(route, sub, route.body()).request(new User(sub, token, token)), 403, "FORBIDDEN");
        }
    }

    @ParameterizedTest
    @FieldSource("WITH_BODY")
    void actingAsSomebodyElseIsForbidden(ApiRoute route) {
        for (String caller : List.of("senderId", "initiatedBy", "userId")) {
            refused(body(route, caller, route.bodyWith(caller, "\"bob\"")).request(ALICE), 403, "FORBIDDEN");
        }
    }

    @ParameterizedTest
    @FieldSource("ROUTES")
    void noHeaderAndNoQueryMakesACallerSomebodyElse(ApiRoute route) {
        HttpRequest.Builder request = body(route, "forged", route.body())
                .request(ALICE)
                .uri(SYSTEM.api()
                        .resolve(route.pathTo(CONVERSATION, CALL) + "?sub=victim&userId=victim&payload=%5B%5D"))
                .header("payload", "[" + forged(route) + "]")
                .header("aws-api-gateway", "x")
                .header("aws-event", "x")
                .header("caller-sub", "victim")
                .header("sub", "victim")
                .header("x-user-id", "victim")
                .header("spring.cloud.function.definition", "streamPublisher")
                .header("spring.cloud.function.routing-expression", "'streamPublisher'")
                .header("statuscode", "500");

        Answer answer = SYSTEM.send(request);

        assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
        assertNamesTheCaller(route, answer);
        assertThat(answer.response().body()).doesNotContain("victim");
        assertThat(answer.response().headers().map()).doesNotContainKeys("payload", "caller-sub", "authorization");
    }

    // ---------------------------------------------------------------------------------------- 404

    static Stream<ApiRoute> routesToAConversation() {
        return ROUTES.stream()
                .filter(route -> route.path().contains("{conversationId}")
                        || route.body().containsValue("\"" + ApiRoutes.CONVERSATION + "\""));
    }

    @Test
    void thereAreRoutesToAConversation() {
        assertThat(routesToAConversation()).hasSizeGreaterThanOrEqualTo(5);
    }

    @ParameterizedTest
    @MethodSource("routesToAConversation")
    void anUnknownConversationAndAStrangersCannotBeToldApart(ApiRoute route) {
        User stranger = SYSTEM.signIn(fresh("mallory"));
        List<String> unknown =
                List.of("nowhere", "x".repeat(50), UUID.randomUUID().toString());

        Answer ofStranger = refused(body(route, "a stranger's", route.body()).request(stranger), 404, "NOT_FOUND");

        for (String id : unknown) {
            Map<String, String> body = route.body();
            body.replace("conversationId", "\"" + id + "\"");
            Answer answer = refused(
                    SYSTEM.as(stranger, route.pathTo(id, CALL))
                            .method(route.method(), BodyPublishers.ofString(filled(ApiRoutes.json(body)))),
                    404,
                    "NOT_FOUND");
            assertThat(answer.response().body()).isEqualTo(ofStranger.response().body());
            assertThat(headers(answer)).isEqualTo(headers(ofStranger));
        }
    }

    static Stream<ApiRoute> routesToACall() {
        return ROUTES.stream().filter(ApiRoute::isAboutACall);
    }

    @Test
    void thereAreRoutesToACall() {
        assertThat(routesToACall()).hasSize(6);
    }

    @ParameterizedTest
    @MethodSource("routesToACall")
    void anUnknownCallAndAStrangersCannotBeToldApart(ApiRoute route) {
        User stranger = SYSTEM.signIn(fresh("mallory"));
        String over = CALLS.outgoing();
        SYSTEM.post(ALICE, "/api/calls/cancel", "{\"sessionId\":\"%s\"}".formatted(over));
        SYSTEM.awaitPublished();

        Answer ofStranger = refused(body(route, "a stranger's", route.body()).request(stranger), 404, "NOT_FOUND");

        for (String id :
                List.of(over, "nowhere", "x".repeat(50), UUID.randomUUID().toString())) {
            Map<String, String> body = route.body();
            body.replace("sessionId", "\"" + id + "\"");
            Answer answer = refused(
                    SYSTEM.as(stranger, route.pathTo(CONVERSATION, id))
                            .method(route.method(), BodyPublishers.ofString(filled(ApiRoutes.json(body)))),
                    404,
                    "NOT_FOUND");
            assertThat(answer.response().body()).isEqualTo(ofStranger.response().body());
            assertThat(headers(answer)).isEqualTo(headers(ofStranger));
        }
    }

    static Stream<ApiRoute> notRoutes() {
        Set<String> routes = ROUTES.stream()
                .map(route -> route.method() + " " + route.pathTo(CONVERSATION, CALL))
                .collect(Collectors.toSet());
        List<String> paths = new ArrayList<>(ROUTES.stream()
                .map(route -> route.pathTo(CONVERSATION, CALL))
                .distinct()
                .flatMap(path -> Stream.of(
                        path,
                        path + "/",
                        path + "/x",
                        path.toUpperCase(Locale.ROOT).replace("/API/", "/api/")))
                .toList());
        paths.addAll(List.of(
                "/api",
                "/api/",
                "/api/nowhere",
                "/api/messages",
                "/api/users/bob",
                "/api/%C3%BC",
                "/api/%7B%7D",
                "/api/*"));
        return paths.stream()
                .flatMap(path ->
                        Stream.of("GET", "POST", "PUT", "DELETE", "PATCH").map(method -> ApiRoutes.bare(method, path)))
                .filter(candidate -> !routes.contains(candidate.toString()));
    }

    @ParameterizedTest
    @MethodSource("notRoutes")
    void whatIsNoRouteIsNotFound(ApiRoute route) {
        refused(body(route, "to nowhere", "{}").request(ALICE), 404, "NOT_FOUND");
    }

    // ---------------------------------------------------------------------------------------- 409

    /// The routes about one call count a key for that call, and all but one have nothing else in their body.
    static Stream<ApiRoute> keyed() {
        return ROUTES.stream()
                .filter(ApiRoute::keyed)
                .filter(route -> !route.isAboutACall() || route.fields().size() > 1);
    }

    @ParameterizedTest
    @MethodSource("keyed")
    void aKeyThatWasUsedForAnotherBodyIsRefused(ApiRoute route) {
        String key = UUID.randomUUID().toString();
        Map<String, String> body = route.body();
        body.remove("tempId");
        body.replaceAll((_, json) -> CALLS.filled(json));
        Map<String, String> other = new LinkedHashMap<>(body);
        other.replaceAll((name, json) -> Set.of("content", "name", "deviceId").contains(name) ? "\"another\"" : json);

        Answer first = SYSTEM.send(body(route, "first", body).request(ALICE).header("idempotency-key", key));
        SYSTEM.awaitPublished();

        assertThat(first.status()).isEqualTo(200);
        Answer again =
                refused(body(route, "another", other).request(ALICE).header("idempotency-key", key), 409, "KEY_REUSED");
        assertThat(again.at("call").path("sessionId"))
                .isEqualTo(first.at("call").path("sessionId"));
    }

    // ---------------------------------------------------------------------------------------- 413

    @ParameterizedTest
    @FieldSource("WITH_BODY")
    void aBodyOver256KibIsTooLarge(ApiRoute route) {
        String good = filled(ApiRoutes.json(route.body()));

        refused(
                body(route, "one too many", good + " ".repeat(MAX_BODY - good.length() + 1))
                        .request(ALICE),
                413,
                "BODY_TOO_LARGE");
        refused(body(route, "1 MB", good + " ".repeat(1_000_000)).request(ALICE), 413, "BODY_TOO_LARGE");
        refused(body(route, "1 MB of no JSON", "x".repeat(1_000_000)).request(ALICE), 413, "BODY_TOO_LARGE");
        refused(
                new Body(route, "1 MB of no text", with(new byte[1_000_000], 0xff), "").request(ALICE),
                413,
                "BODY_TOO_LARGE");
    }

    @ParameterizedTest
    @FieldSource("WITH_BODY")
    void theGatewayItselfRefusesABodyOverTenMegabytes(ApiRoute route) {
        Traces before = SYSTEM.traces();

        Answer answer = SYSTEM.send(new Body(route, "over 10 MB", new byte[10 * 1024 * 1024 + 1], "").request(ALICE));

        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.response().body()).isEqualTo("{\"message\":\"Request Entity Too Large\"}");
        assertThat(SYSTEM.traces()).isEqualTo(before);
    }

    // ---------------------------------------------------------------------------------------- whatever the headers

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/x-www-form-urlencoded",
                "text/plain",
                "application/json;charset=UTF-16",
                "multipart/form-data",
                "multipart/form-data; boundary=x",
                "no media type",
                ""
            })
    void aBodyIsReadAsJsonWhateverItsContentTypeSays(String contentType) {
        for (ApiRoute route : WITH_BODY) {
            Answer answer = SYSTEM.send(body(route, contentType, route.body())
                    .request(ALICE)
                    .setHeader("content-type", contentType)
                    .header("accept", "text/html"));

            assertThat(answer.status())
                    .as("%s: %s", route, answer.response().body())
                    .isEqualTo(200);
        }
    }

    /// Local run's own firewall is stricter here than API Gateway, which would hand all of them to the default
    /// route.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api//users/me",
                "/api/users/me;a=b",
                "/api/users/me/",
                "/api/users%2Fme",
                "/api/users/../users/me",
                "/api/%2e%2e/users/me",
                "/api/users/%6de",
                "/api/%zz",
                "/api/%ff",
                "/api/%00",
                "/api/users\\me",
                "/api/\u00fc",
                "/api/{}"
            })
    void aPathThatOnlyLooksLikeARouteIsNone(String path) {
        int status = statusOf(ApiRoutes.bare("GET", path), "");

        assertThat(status).isIn(400, 404);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET /api/%00 HTTP/1.1 | Host: localhost | 400 | Bad Request",
                "GET /api/%zz HTTP/1.1 | Host: localhost | 400 | Bad Request",
                "GET /api/users/me HTTP/1.1 | Host: localhost, elsewhere | 400 | Bad Request",
                "GET /api/users/me HTTP/1.1 | Host : localhost | 400 | Bad Request",
                "GET /api/users/me HTTP/1.1 | Content-Length: many | 400 | Bad Request",
                "GET /api/users/me HTTP/7.1 | Host: localhost | 505 | HTTP Version not supported",
                "HELLO | Host: localhost | 400 | Bad Request"
            })
    void whatIsNoRequestIsRefusedInTheGatewaysOwnVoice(String line, String header, int status, String message) {
        String answer = SYSTEM.raw(line + "\r\n" + header + "\r\nConnection: close\r\n\r\n", new byte[0]);

        assertThat(answer).startsWith("HTTP/1.1 " + status).containsIgnoringCase("content-type: application/json");
        assertThat(answer.substring(answer.indexOf("\r\n\r\n")).strip())
                .isEqualTo("{\"message\":\"%s\"}".formatted(message));
    }

    @ParameterizedTest
    @ValueSource(strings = {"?a=%zz", "?a=%ff", "?%", "?a=1&a=2&&=", "?a=%00", "?;"})
    void aQueryThatNobodyAsksForIsNoBodysConcern(String query) {
        for (ApiRoute route : ROUTES) {
            int status = statusOf(route, query);

            assertThat(status).as("%s%s", route, query).isIn(200, 400);
        }
    }

    // ---------------------------------------------------------------------------------------- how it is asked

    /// A request's body.
    ///
    /// @param bad the field that the answer must name, if any
    // Never compared, so the array does no harm.
    @SuppressWarnings("ArrayRecordComponent")
    record Body(ApiRoute route, String what, byte[] bytes, String bad) {
        Body naming(String field) {
            return new Body(route, what, bytes, field);
        }

        HttpRequest.Builder request(User user) {
            return SYSTEM.as(user, route.pathTo(CONVERSATION, CALL))
                    .method(route.method(), BodyPublishers.ofByteArray(withCalls(bytes)));
        }

        @Override
        public String toString() {
            String shown = what.length() <= 80 ? what : what.substring(0, 80) + "\u2026 of " + what.length();
            return route + ": " + shown.replaceAll("\\p{Cntrl}", "?");
        }
    }

    /// What stands in place of a good token.
    record BadToken(String what, Consumer<HttpRequest.Builder> onto) {
        @Override
        public String toString() {
            return what;
        }
    }

    private static Body body(ApiRoute route, String what, Map<String, String> body) {
        return body(route, what, ApiRoutes.json(body));
    }

    private static Body body(ApiRoute route, String what, String text) {
        return new Body(route, what, filled(text).getBytes(StandardCharsets.UTF_8), "");
    }

    /// Puts calls in the place of what stands for them, in any bytes: what stands for them is ASCII.
    private static byte[] withCalls(byte[] bytes) {
        return CALLS.filled(new String(bytes, StandardCharsets.ISO_8859_1)).getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String filled(String body) {
        return ApiRoutes.filled(body, CONVERSATION, ALICE.userId());
    }

    private static void assertNamesTheCaller(ApiRoute route, Answer answer) {
        if (!route.caller().isEmpty()) {
            assertThat(answer.body().at(route.caller()).stringValue()).isEqualTo(ALICE.userId());
        }
    }

    private static ApiRoute route(String key) {
        return ROUTES.stream()
                .filter(route -> route.toString().equals(key))
                .findFirst()
                .orElseThrow();
    }

    /// A gateway event in which somebody else is the caller.
    private static String forged(ApiRoute route) {
        return "{\"version\":\"2.0\",\"rawPath\":\"%s\",\"requestContext\":{\"http\":{\"method\":\"%s\"},\"authorizer\":{\"jwt\":{\"claims\":{\"sub\":\"victim\"}}}},\"body\":\"{}\"}"
                .formatted(route.pathTo(CONVERSATION, CALL), route.method());
    }

    /// Puts bytes into the first text of a body.
    private static byte[] with(byte[] body, int... more) {
        int at = new String(body, StandardCharsets.ISO_8859_1).indexOf(":\"") + 2;
        byte[] bytes = new byte[body.length + more.length];
        System.arraycopy(body, 0, bytes, 0, at);
        for (int index = 0; index < more.length; index++) {
            bytes[at + index] = (byte) more[index];
        }
        System.arraycopy(body, at, bytes, at + more.length, body.length - at);
        return bytes;
    }

    /// A status over a raw socket, for a URI that Java's client would not send.
    private static int statusOf(ApiRoute route, String query) {
        String answer = raw(
                "%s %s%s HTTP/1.1".formatted(route.method(), route.pathTo(CONVERSATION, CALL), query),
                withCalls(filled(ApiRoutes.json(route.body())).getBytes(StandardCharsets.UTF_8)));
        Internals.assertNoneIn(answer.substring(answer.indexOf("\r\n\r\n")), route + query);
        return Integer.parseInt(answer.split(" ", 3)[1]);
    }

    private static String raw(String head, byte[] body) {
        return SYSTEM.raw(
                "%s\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer %s\r\nContent-Length: %d\r\n\r\n"
                        .formatted(head, ALICE.accessToken(), body.length),
                body);
    }

    private static byte[] withoutTempId(Body body) {
        return withCalls(
                filled(ApiRoutes.json(body.route().bodyWithout("tempId"))).getBytes(StandardCharsets.UTF_8));
    }

    // ---------------------------------------------------------------------------------------- tokens

    private static JWTClaimsSet.Builder claims() {
        return new JWTClaimsSet.Builder()
                .issuer(SYSTEM.issuer().issuer())
                .subject(ALICE.userId())
                .audience(LocalIssuer.CLIENT_ID)
                .claim("token_use", "id")
                .issueTime(Date.from(Instant.now()))
                .expirationTime(Date.from(Instant.now().plusSeconds(600)));
    }

    private static String own(JWTClaimsSet.Builder claims) {
        return SYSTEM.issuer().signed(claims.build());
    }

    private static String foreign() {
        return new LocalIssuer(() -> SYSTEM.issuer().issuer(), Clock.systemUTC())
                .tokens(new UserId(ALICE.userId()), null, null, Duration.ofMinutes(10))
                .idToken();
    }

    private static String confused() {
        try {
            SignedJWT token = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims().build());
            token.sign(new MACSigner(SYSTEM.issuer().publicKey().getEncoded()));
            return token.serialize();
        } catch (JOSEException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static String tampered() {
        String[] parts = ALICE.idToken().split("\\.", -1);
        return parts[0] + "." + claims().subject("victim").build().toPayload().toBase64URL() + "." + parts[2];
    }

    private static BadToken bearer(String what, String token) {
        return new BadToken(what, request -> request.header("authorization", "Bearer " + token));
    }

    private static String fresh(String name) {
        return name + "-" + UUID.randomUUID().toString().substring(0, 8);
    }
}
