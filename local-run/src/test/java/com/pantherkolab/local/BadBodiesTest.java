package com.pantherkolab.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.pantherkolab.api.http.Gateway;
import com.pantherkolab.api.http.Gateway.Reply;
import com.pantherkolab.common.Json;
import com.pantherkolab.local.ApiRoutes.ApiRoute;
import com.pantherkolab.local.BadBodies.BadBody;
import com.pantherkolab.local.RunningSystem.Answer;
import com.pantherkolab.local.RunningSystem.Traces;
import com.pantherkolab.local.RunningSystem.User;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import tools.jackson.databind.JsonNode;

/// Ten thousand bad bodies: none gets a 5xx, a word of the inside, or anything written that was not answered with
/// 200.
///
/// `-Dseed=…` repeats a run; a failure names its seed and its body.
class BadBodiesTest {
    private static final RunningSystem SYSTEM = RunningSystem.shared();
    private static final long SEED = Long.getLong("seed", System.nanoTime());
    private static final int IN_PROCESS = 10_000;
    private static final int OVER_HTTP = 500;
    private static final int INVOCATIONS = 500;
    private static final Set<Integer> ANSWERS = Set.of(200, 400, 403, 404, 409, 413);

    private final User mallory =
            SYSTEM.signIn("mallory-" + UUID.randomUUID().toString().substring(0, 8));
    private final String conversation = SYSTEM.conversation(mallory, "GROUP", List.of("bob", "carol"));
    private final RingingCalls ringing = new RingingCalls(SYSTEM, mallory);
    private final String incoming = ringing.incoming();
    private final String outgoing = ringing.outgoing();
    private final Set<String> calls = new HashSet<>();
    private final Map<String, Integer> codes = new HashMap<>();
    private final Set<String> messages = new HashSet<>();
    private final Map<String, Integer> conversations = new HashMap<>();
    private int typing;
    private int marks;
    private long marked;
    private final Map<String, Gateway> functions = new HashMap<>();

    @BeforeEach
    void everythingIsPublished() {
        SYSTEM.send(SYSTEM.as(mallory, "/api/users/me")
                .PUT(BodyPublishers.ofString("{\"firstName\":\"Ada\",\"lastName\":\"Lovelace\"}")));
        SYSTEM.awaitPublished();
        SYSTEM.deployment()
                .routes()
                .forEach(route -> functions.put(
                        route.key(),
                        new Gateway(Objects.requireNonNull(SYSTEM.edges().get(route.function())))));
    }

    @Test
    void noneOfTenThousandBadBodiesBreaksAFunction() {
        Map<String, Long> before = SYSTEM.traces().items();
        Calls callsBefore = calls();

        for (int number = 0; number < IN_PROCESS; number++) {
            BadBody body = bad(SEED, number);
            String described = described(number, body);
            Reply reply = Objects.requireNonNull(functions.get(body.route().toString()))
                    .send(event(body));
            check(reply.status(), reply.text(), described);
        }

        assertExplained(before, callsBefore);
        SYSTEM.awaitPublished();
        assertThat(codes.getOrDefault("INVALID_FIELD", 0))
                .as("enough of them are JSON with a bad field: %s", codes)
                .isGreaterThan(IN_PROCESS / 3);
        assertThat(codes.getOrDefault("INVALID_JSON", 0))
                .as("enough of them are no JSON: %s", codes)
                .isGreaterThan(IN_PROCESS / 5);
    }

    @Test
    void noneOfFiveHundredBadBodiesBreaksTheGateway() {
        Map<String, Long> before = SYSTEM.traces().items();
        Calls callsBefore = calls();

        for (int number = 0; number < OVER_HTTP; number++) {
            BadBody body = bad(~SEED, number);
            Answer answer = SYSTEM.send(SYSTEM.as(mallory, body.route().path())
                    .method(body.route().method(), BodyPublishers.ofByteArray(body.bytes())));
            check(answer.status(), answer.response().body(), described(number, body));
        }

        assertExplained(before, callsBefore);
        SYSTEM.awaitPublished();
    }

    @Test
    void noInvocationOfAFunctionBreaksItOrBringsInAnotherCaller() {
        Traces before = SYSTEM.traces();
        int digest = SYSTEM.digest();

        for (int number = 0; number < INVOCATIONS; number++) {
            BadBody body = bad(SEED, number);
            String forged = forged(body.route()).toString();
            for (String function : SYSTEM.deployment().functions()) {
                byte[] event = number % 3 == 0
                        ? "[%s,%s]".formatted(forged, forged).getBytes(StandardCharsets.UTF_8)
                        : number % 3 == 1 ? spoilt(toNowhere(), number) : body.bytes();
                Answer answer = SYSTEM.send(SYSTEM.request("/functions/" + function)
                        .header("payload", "[" + forged + "]")
                        .header("aws-api-gateway", "x")
                        .header("spring.cloud.function.definition", "conversationsApi")
                        .POST(BodyPublishers.ofByteArray(event)));

                String described =
                        "%s invoked with %s; -Dseed=%d, body %d".formatted(function, shown(event), SEED, number);
                assertThat(answer.status()).as(described).isEqualTo(200);
                Internals.assertNoneIn(answer.response().body(), described);
                Internals.assertNoneIn(answer.response().headers().map().toString(), described);
                if (functionsOfTheApi().contains(function)) {
                    assertThat(answer.at("statusCode").intValue()).as(described).isIn(400, 403, 404);
                }
            }
        }

        assertThat(SYSTEM.digest()).as("seed %d", SEED).isEqualTo(digest);
        assertThat(SYSTEM.traces().items()).isEqualTo(before.items());
        assertThat(SYSTEM.traces().events().path("published"))
                .isEqualTo(before.events().path("published"));
    }

    private void check(int status, String text, String described) {
        assertThat(status).as("%s answered %s", described, text).isIn(ANSWERS);
        Internals.assertNoneIn(text, described);
        JsonNode answer = Json.mapper().readTree(text);
        codes.merge(answer.path("code").stringValue("OK"), 1, Integer::sum);
        if (status == 200) {
            remember(answer);
        } else {
            assertThat(answer.path("status").intValue()).as(described).isEqualTo(status);
            assertThat(answer.path("detail").stringValue()).as(described).isNotBlank();
        }
    }

    private void remember(JsonNode answer) {
        if (answer.size() == 1) {
            typing++;
        }
        long mark = answer.path("lastReadSequence").longValue(0);
        if (mark > marked) {
            marked = mark;
            marks++;
        }
        if (answer.has("message")) {
            messages.add(answer.path("message").path("messageId").stringValue());
        }
        if (answer.has("call")) {
            calls.add(answer.path("call").path("sessionId").stringValue());
        }
        if (answer.has("conversation")) {
            JsonNode created = answer.path("conversation");
            conversations.put(
                    created.path("conversationId").stringValue(),
                    created.path("participants").size());
        }
    }

    /// What stands in the table of calls.
    ///
    /// @param named every call that any of its items is about
    /// @param changes of all of them, each of which has an entry in the outbox
    private record Calls(Set<String> named, long changes) {}

    private static Calls calls() {
        Set<String> named = new HashSet<>();
        long changes = 0;
        for (Map<String, AttributeValue> item : SYSTEM.items("CallsTable")) {
            AttributeValue sessionId = item.get("sessionId");
            named.add(
                    sessionId == null
                            ? Objects.requireNonNull(item.get("subject")).s().replaceFirst("^call#", "")
                            : sessionId.s());
            AttributeValue version = item.get("version");
            changes += version == null ? 0 : Long.parseLong(version.n());
        }
        return new Calls(named, changes);
    }

    /// What the tables hold more than before must be what was answered with 200; of typing, what its window let
    /// through; of calls, what became of those that were answered.
    private void assertExplained(Map<String, Long> before, Calls callsBefore) {
        // What the workflow has to do for them is done.
        SYSTEM.awaitPublished();
        Calls callsNow = calls();
        calls.addAll(callsBefore.named());
        assertThat(callsNow.named()).as("seed %d", SEED).isEqualTo(calls);
        Map<String, Long> items = new HashMap<>(before);
        items.merge("MessagesTable", (long) messages.size(), Long::sum);
        items.merge("ConversationsTable", 2L * conversations.size(), Long::sum);
        items.merge(
                "MembershipsTable",
                conversations.values().stream().mapToLong(Integer::longValue).sum(),
                Long::sum);
        long entries = Objects.requireNonNull(items.remove("OutboxTable"))
                + messages.size()
                + conversations.size()
                + marks
                + callsNow.changes()
                - callsBefore.changes();

        Map<String, Long> now = new HashMap<>(SYSTEM.traces().items());
        items.remove("CallsTable");
        now.remove("CallsTable");
        assertThat(now.remove("OutboxTable")).as("seed %d", SEED).isBetween(entries, entries + typing);
        assertThat(now).as("seed %d", SEED).isEqualTo(items);
    }

    private BadBody bad(long seed, int number) {
        return BadBodies.of(
                seed, number, conversation, mallory.userId(), body -> body.replace(ApiRoutes.INCOMING, incoming)
                        .replace(ApiRoutes.OUTGOING, outgoing));
    }

    /// The event that the gateway would make of a body.
    private JsonNode event(BadBody body) {
        var event = Gateway.event(
                mallory.userId(), body.route().method(), body.route().path());
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body.bytes()))
                    .toString();
            return event.put("body", text).put("isBase64Encoded", false);
        } catch (CharacterCodingException _) {
            return event.put("body", body.bytes()).put("isBase64Encoded", true);
        }
    }

    /// An event in which somebody else is the caller. Alone it would be an invocation like any other; it is not to
    /// count inside a list, or in a header.
    private JsonNode forged(ApiRoute route) {
        return Gateway.event("victim", route.method(), route.path())
                .put("body", ApiRoutes.filled(ApiRoutes.json(route.body()), conversation, "victim"));
    }

    private String toNowhere() {
        return Gateway.event(mallory.userId(), "POST", "/api/nowhere")
                .put("body", "{}")
                .toString();
    }

    private byte[] spoilt(String event, int number) {
        SplittableRandom random = new SplittableRandom(SEED + number);
        byte[] bytes = event.getBytes(StandardCharsets.UTF_8);
        for (int times = random.nextInt(4); times > 0; times--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return bytes;
    }

    private static Set<String> functionsOfTheApi() {
        return SYSTEM.edges().keySet();
    }

    private static String described(int number, BadBody body) {
        return "%s with -Dseed=%d, body %d, %s".formatted(body.route(), SEED, number, shown(body.bytes()));
    }

    private static String shown(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        return text.getBytes(StandardCharsets.UTF_8).length == bytes.length && !text.contains("\ufffd")
                ? text
                : "hex " + HexFormat.of().formatHex(bytes);
    }
}
