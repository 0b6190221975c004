package com.pantherkolab.local;

import static com.pantherkolab.local.Refusals.headers;
import static com.pantherkolab.local.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;

import com.pantherkolab.common.Digest;
import com.pantherkolab.local.RunningSystem.Answer;
import com.pantherkolab.local.RunningSystem.Traces;
import com.pantherkolab.local.RunningSystem.User;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What may stand in the path and the query of the routes that read, over HTTP; no such request leaves a trace.
class QueryTableTest {
    private static final RunningSystem SYSTEM = RunningSystem.shared();

    private static final User ALICE = SYSTEM.signIn(fresh("alice"));
    private static final User BOB = SYSTEM.signIn(fresh("bob"));
    private static final User STRANGER = SYSTEM.signIn(fresh("mallory"));
    private static final String CONVERSATION = SYSTEM.conversation(ALICE, "GROUP", List.of(BOB.userId()));

    private static final String LIST = "/api/conversations";
    private static final String ONE = LIST + "/" + CONVERSATION;
    private static final String MESSAGES = ONE + "/messages";
    private static final String CALLS = "/api/calls";
    private static final String CALL = CALLS + "/" + SYSTEM.call(ALICE, BOB.userId(), fresh("carol"));

    @BeforeAll
    static void aFewConversationsAndMessages() {
        for (int number = 0; number < 3; number++) {
            SYSTEM.conversation(ALICE, "GROUP", List.of(BOB.userId()));
            SYSTEM.post(
                    ALICE,
                    "/api/messages/send",
                    "{\"conversationId\":\"%s\",\"content\":\"message\"}".formatted(CONVERSATION));
        }
        SYSTEM.awaitPublished();
    }

    /// So that no deadline of it falls into another test.
    @AfterAll
    static void nothingRingsAnyMore() {
        SYSTEM.post(
                ALICE,
                "/api/calls/cancel",
                "{\"sessionId\":\"%s\"}".formatted(CALL.substring(CALL.lastIndexOf('/') + 1)));
        SYSTEM.awaitPublished();
    }

    // ---------------------------------------------------------------------------------------- what is good

    @ParameterizedTest
    @ValueSource(
            strings = {
                LIST,
                LIST + "?limit=1",
                LIST + "?limit=100",
                LIST + "?limit=007",
                LIST + "?nobody=asks",
                LIST + "?nobody%01%C2%9B=asks",
                LIST + "?Limit=0",
                LIST + "?userId=victim&sub=victim"
            })
    void theListIsGivenForEveryGoodQuery(String uri) {
        assertRead(uri);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "?limit=1",
                "?limit=200",
                "?afterSequence=0",
                "?afterSequence=9007199254740991",
                "?beforeSequence=0",
                "?beforeSequence=9007199254740991",
                "?afterSequence=1&limit=1",
                "?conversationId=another",
                "?nobody=asks&nobody=again"
            })
    void messagesAreGivenForEveryGoodQuery(String query) {
        assertThat(assertRead(MESSAGES + query).at("messages").values())
                .allSatisfy(message ->
                        assertThat(message.path("conversationId").stringValue()).isEqualTo(CONVERSATION));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "?limit=0", "?cursor=x", "?nobody=asks&nobody=again", "?userId=victim&sub=victim"})
    void callsAreGivenWhateverTheQuery(String query) {
        for (User participant : List.of(ALICE, BOB)) {
            assertThat(assertRead(participant, CALLS + query).at("calls").findValuesAsString("sessionId"))
                    .containsExactly(CALL.substring(CALL.lastIndexOf('/') + 1));
            assertThat(assertRead(participant, CALL + query).at("call"))
                    .isEqualTo(assertRead(participant, CALLS).at("calls").get(0));
        }
    }

    // ---------------------------------------------------------------------------------------- 400

    static Stream<Arguments> badLimits() {
        return Stream.of(
                        "0",
                        "-1",
                        "1.0",
                        "1e1",
                        "ten",
                        "",
                        "%20",
                        "%2B1",
                        "1%20",
                        "0x1",
                        "%D9%A3",
                        "1,2",
                        "9".repeat(99))
                .flatMap(limit -> Stream.of(Arguments.of(LIST, limit), Arguments.of(MESSAGES, limit)));
    }

    @ParameterizedTest
    @MethodSource("badLimits")
    void aBadLimitIsNamed(String path, String limit) {
        assertNamed(path + "?limit=" + limit, "limit");
    }

    @Test
    void aLimitIsAtMostAHundredConversationsOrTwoHundredMessages() {
        assertNamed(LIST + "?limit=101", "limit");
        assertNamed(MESSAGES + "?limit=201", "limit");
    }

    @Test
    void aParameterThatIsRepeatedIsNamed() {
        assertNamed(LIST + "?limit=1&limit=1", "limit");
        assertNamed(MESSAGES + "?limit=1&limit=1", "limit");
        assertNamed(MESSAGES + "?afterSequence=1&afterSequence=1", "afterSequence");
        assertNamed(MESSAGES + "?beforeSequence=1&beforeSequence=1", "beforeSequence");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "1.0", "1e1", "ten", "", "null", "9007199254740992", "18446744073709551617", "%00"})
    void aBadPlaceIsNamed(String place) {
        assertNamed(MESSAGES + "?afterSequence=" + place, "afterSequence");
        assertNamed(MESSAGES + "?beforeSequence=" + place, "beforeSequence");
    }

    @Test
    void bothDirectionsAtOnceAreRefused() {
        assertNamed(MESSAGES + "?afterSequence=1&beforeSequence=3", "beforeSequence");
        assertNamed(MESSAGES + "?afterSequence=0&beforeSequence=0", "beforeSequence");
    }

    @Test
    void everyBadParameterIsNamedAtOnce() {
        assertNamed(LIST + "?limit=0&cursor=x", "limit", "cursor");
        assertNamed(
                LIST + "/a.b/messages?limit=0&afterSequence=x&beforeSequence=y",
                "conversationId",
                "afterSequence",
                "beforeSequence",
                "limit");
    }

    @ParameterizedTest
    @MethodSource("illegalIds")
    void anIllegalIdInThePathIsNamed(String id) {
        assertNamed(LIST + "/" + id, "conversationId");
        assertNamed(LIST + "/" + id + "/messages", "conversationId");
        assertNamed(CALLS + "/" + id, "sessionId");
    }

    static Stream<String> illegalIds() {
        return Stream.of(
                "*",
                "a*",
                "a.b",
                "a_b",
                "-a",
                "a-",
                "a:b",
                "a@b",
                "%20",
                "a%20b",
                "%C3%A4",
                "a%23b",
                "x".repeat(51),
                "a%09",
                "a%0A",
                "a%0D%0Ab",
                "%1F",
                "a%7F",
                "a%C2%85",
                "a%E2%80%A8",
                "a%E2%80%AEb");
    }

    static Stream<String> badCursors() {
        return Stream.of(
                "",
                "x",
                ".",
                "..",
                "*",
                "=.00000000",
                cursor("null"),
                cursor("[]"),
                cursor("{}"),
                cursor("5"),
                cursor("[null,null,null,null]"),
                cursor("[\"2026-01-09T23:07:02.000Z\",\"2026-01-09T23:07:02.000Z\",null,\"alice\"]"),
                cursor("[\"2026-01-09T23:07:02.000Z\",\"2026-01-09T23:07:02.000Z\",\"\\ud800\",\"alice\"]"),
                cursor("[\"+999999999-01-01T00:00:00.000Z\",\"-999999999-01-01T00:00:00.000Z\",\"c\",\"alice\"]"),
                cursor("[\"2026-02-30T00:00:00.000Z\",\"2026-02-30T00:00:00.000Z\",\"c\",\"alice\"]"),
                cursor("[".repeat(5_000)));
    }

    @ParameterizedTest
    @MethodSource("badCursors")
    void aCursorThatNobodyGaveOutIsNamed(String cursor) {
        assertNamed(LIST + "?cursor=" + URLEncoder.encode(cursor, StandardCharsets.UTF_8), "cursor");
    }

    @Test
    void aCursorIsGoodForTheCallerWhoGotItAndInFull() {
        String cursor = assertRead(LIST + "?limit=1").at("cursor").stringValue();

        assertRead(LIST + "?cursor=" + cursor);
        for (int length = 0; length < cursor.length(); length += 7) {
            assertNamed(LIST + "?cursor=" + cursor.substring(0, length), "cursor");
        }
        assertNamed(LIST + "?cursor=" + cursor + "&cursor=" + cursor, "cursor");
        assertNamed(LIST + "?cursor=" + cursor + "0", "cursor");
        Answer another = refused(SYSTEM.as(BOB, LIST + "?cursor=" + cursor).GET(), 400, "INVALID_FIELD");
        assertThat(another.at("errors").findValuesAsString("field")).containsExactly("cursor");
    }

    // ---------------------------------------------------------------------------------------- 404

    @ParameterizedTest
    @ValueSource(strings = {"", "/messages", "/messages?limit=1", "/messages?afterSequence=9007199254740991"})
    void aStrangersConversationAndAnUnknownOneCannotBeToldApart(String rest) {
        Answer ofStranger = refused(SYSTEM.as(STRANGER, ONE + rest).GET(), 404, "NOT_FOUND");

        for (String id : List.of("nowhere", "x".repeat(50), UUID.randomUUID().toString())) {
            Answer unknown = refused(SYSTEM.as(STRANGER, LIST + "/" + id + rest).GET(), 404, "NOT_FOUND");
            assertThat(unknown.response().body())
                    .isEqualTo(ofStranger.response().body());
            assertThat(headers(unknown)).isEqualTo(headers(ofStranger));
        }
    }

    @Test
    void aStrangersCallAndAnUnknownOneCannotBeToldApart() {
        Answer ofStranger = refused(SYSTEM.as(STRANGER, CALL).GET(), 404, "NOT_FOUND");

        for (String id : List.of("nowhere", "x".repeat(50), UUID.randomUUID().toString())) {
            Answer unknown = refused(SYSTEM.as(STRANGER, CALLS + "/" + id).GET(), 404, "NOT_FOUND");
            assertThat(unknown.response().body())
                    .isEqualTo(ofStranger.response().body());
            assertThat(headers(unknown)).isEqualTo(headers(ofStranger));
        }
    }

    @Test
    void aStrangersListIsEmpty() {
        assertThat(SYSTEM.get(STRANGER, CALLS).response().body()).isEqualTo("{\"success\":true,\"calls\":[]}");
        assertThat(SYSTEM.get(STRANGER, LIST).response().body()).isEqualTo("{\"success\":true,\"conversations\":[]}");
    }

    // ---------------------------------------------------------------------------------------- 304

    @Test
    void whatTheCallerHasIsNotSentAgain() {
        String etag = etag(SYSTEM.get(ALICE, MESSAGES));

        for (String known : List.of(etag, "W/" + etag, "\"x\", " + etag, etag + ",\"x\"", "*")) {
            Traces before = SYSTEM.traces();
            Answer again = SYSTEM.send(SYSTEM.as(ALICE, MESSAGES).GET().header("if-none-match", known));

            assertThat(again.status()).as(known).isEqualTo(304);
            assertThat(again.response().body()).isEmpty();
            assertThat(etag(again)).isEqualTo(etag);
            assertThat(SYSTEM.traces()).isEqualTo(before);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"x\"", "x", ",", "\"", "W/", "\"*\"", "**"})
    void whatTheCallerHasNotIsSent(String known) {
        Answer answer = SYSTEM.send(SYSTEM.as(ALICE, MESSAGES).GET().header("if-none-match", known));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.at("messages")).hasSize(3);
    }

    @Test
    void aTagIsOfOneQuery() {
        String etag = etag(SYSTEM.get(ALICE, MESSAGES + "?afterSequence=0"));

        for (String query : List.of("", "?beforeSequence=9", "?afterSequence=1", "?afterSequence=0&limit=1")) {
            assertThat(SYSTEM.send(SYSTEM.as(ALICE, MESSAGES + query).GET().header("if-none-match", etag))
                            .status())
                    .as(query)
                    .isEqualTo(200);
        }
    }

    @Test
    void noTagOpensAStrangersConversation() {
        String etag = etag(SYSTEM.get(ALICE, MESSAGES));

        for (String known : List.of(etag, "*")) {
            refused(SYSTEM.as(STRANGER, MESSAGES).GET().header("if-none-match", known), 404, "NOT_FOUND");
        }
    }

    // ---------------------------------------------------------------------------------------- how it is asked

    private static Answer assertRead(String uri) {
        return assertRead(ALICE, uri);
    }

    private static Answer assertRead(User reader, String uri) {
        Traces before = SYSTEM.traces();
        int digest = SYSTEM.digest();

        Answer answer = SYSTEM.get(reader, uri);

        assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
        assertThat(answer.response().body()).doesNotContain("victim");
        assertThat(SYSTEM.traces()).isEqualTo(before);
        assertThat(SYSTEM.digest()).isEqualTo(digest);
        return answer;
    }

    private static void assertNamed(String uri, String... fields) {
        Answer answer = refused(SYSTEM.as(ALICE, uri).GET(), 400, "INVALID_FIELD");

        assertThat(answer.at("errors").findValuesAsString("field")).containsExactly(fields);
    }

    private static String etag(Answer answer) {
        return answer.response().headers().firstValue("etag").orElseThrow();
    }

    /// Looks like a cursor; its checksum is right where the text's bytes survive.
    private static String cursor(String payload) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(payload.getBytes(StandardCharsets.UTF_8))
                + "."
                + Digest.of(List.of("cursor", payload)).substring(0, 8);
    }

    private static String fresh(String name) {
        return name + "-" + UUID.randomUUID().toString().substring(0, 8);
    }
}
