package com.pantherkolab.local;

import com.pantherkolab.local.ApiRoutes.ApiRoute;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;

/// Bodies that nobody should send: good ones, spoilt in one of many ways. A few come out good all the same.
///
/// The same seed and number give the same body.
final class BadBodies {
    /// Letters that make no word of ours, and what parsers, tables and channels stumble over.
    private static final String[] CHARACTERS = {
        "a",
        "b",
        "x",
        "y",
        "Z",
        "0",
        "9",
        "-",
        "_",
        "*",
        "/",
        "#",
        ".",
        ":",
        ";",
        " ",
        "<",
        ">",
        "&",
        "'",
        "%",
        "$",
        "{",
        "}",
        "[",
        "]",
        "\u00fc",
        "\u4e2d",
        "\ud83d\ude00",
        "\u202e",
        "\ufeff",
        "\ufffd",
        "\\\"",
        "\\\\",
        "\\n",
        "\\u0000",
        "\\u0007",
        "\\ud800",
        "\\udc00",
        "\\u00fc",
        "\u007f"
    };

    private static final List<String> TOKENS = List.of(
            "NaN",
            "Infinity",
            "-Infinity",
            "01",
            "1.",
            ".5",
            "+1",
            "0x10",
            "tru",
            "TRUE",
            "None",
            "undefined",
            "''",
            "\"",
            "\"\\x\"",
            "\"\\u12\"",
            "/**/1",
            "1 2",
            ",",
            "",
            "\u0000",
            "\"\t\"");

    private static final List<String> NUMBERS = List.of(
            "0",
            "-0",
            "-1",
            "1.0",
            "1e2",
            "1e400",
            "-1e-400",
            "9007199254740991",
            "9007199254740992",
            "9223372036854775808",
            "1".repeat(400),
            "1".repeat(1_100),
            "0.1",
            "1E+2");

    private static final List<String> NAMES = List.of(
            "senderId",
            "userId",
            "initiatedBy",
            "timestamp",
            "createdAt",
            "sub",
            "id",
            "__proto__",
            "constructor",
            "",
            " ",
            "*",
            "Content",
            "conversationID",
            "$ref",
            "@type",
            "body",
            "payload");

    private final SplittableRandom random;
    private final String conversation;
    private final String caller;
    private final UnaryOperator<String> calls;

    private BadBodies(long seed, int number, String conversation, String caller, UnaryOperator<String> calls) {
        this.random = new SplittableRandom(seed * 1_000_003 + number);
        this.conversation = conversation;
        this.caller = caller;
        this.calls = calls;
    }

    /// A body and the route that it is sent to.
    // Never compared, so the array does no harm.
    @SuppressWarnings("ArrayRecordComponent")
    record BadBody(ApiRoute route, byte[] bytes) {}

    /// One of the bodies of a seed.
    ///
    /// @param calls puts calls in the place of what stands for them
    static BadBody of(long seed, int number, String conversation, String caller, UnaryOperator<String> calls) {
        return new BadBodies(seed, number, conversation, caller, calls).spoilt();
    }

    private BadBody spoilt() {
        ApiRoute route = oneOf(ApiRoutes.withBody());
        return new BadBody(
                route,
                switch (random.nextInt(20)) {
                    case 0, 1, 2, 3, 4, 5, 6, 7, 8 -> bytes(ApiRoutes.json(badFields(route)));
                    case 9 -> bytes(ApiRoutes.json(named(route, oneOf(TOKENS))));
                    case 10 -> bytes(ApiRoutes.json(named(route, nested())));
                    case 11 -> bytes(twice(route));
                    case 12 -> cutOff(good(route));
                    case 13, 14 -> flipped(good(route));
                    case 15 -> inserted(good(route));
                    case 16 -> crossed(good(route));
                    case 17 -> bytes("[" + ApiRoutes.json(badFields(route)) + "]");
                    case 18 -> bytes(value(3));
                    default -> randomBytes(1 + random.nextInt(200));
                });
    }

    private byte[] good(ApiRoute route) {
        return bytes(ApiRoutes.json(route.body()));
    }

    /// One to three fields missing, of another type, past a limit, unknown, or somebody else.
    private Map<String, String> badFields(ApiRoute route) {
        Map<String, String> body = route.body();
        for (int times = 1 + random.nextInt(3); times > 0; times--) {
            FieldForm field = oneOf(route.fields());
            switch (random.nextInt(8)) {
                case 0, 1, 2 -> body.put(field.name(), oneOf(field.bad()).json());
                case 3, 4 -> body.put(field.name(), value(2));
                case 5 -> body.remove(field.name());
                case 6 -> body.put(oneOf(NAMES), value(1));
                default -> body.put(text(), value(1));
            }
        }
        return body;
    }

    private Map<String, String> named(ApiRoute route, String json) {
        return route.bodyWith(oneOf(route.fields()).name(), json);
    }

    private String nested() {
        int levels = 1 + random.nextInt(60);
        return random.nextBoolean()
                ? "[".repeat(levels) + value(0) + "]".repeat(levels)
                : "{\"a\":".repeat(levels) + value(0) + "}".repeat(levels);
    }

    private String twice(ApiRoute route) {
        String body = ApiRoutes.json(route.body());
        return body.substring(0, body.length() - 1)
                + ",\"%s\":%s}".formatted(oneOf(route.fields()).name(), value(1));
    }

    private byte[] cutOff(byte[] body) {
        return Arrays.copyOf(body, random.nextInt(body.length));
    }

    private byte[] flipped(byte[] body) {
        for (int times = 1 + random.nextInt(4); times > 0; times--) {
            body[random.nextInt(body.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return body;
    }

    private byte[] inserted(byte[] body) {
        return joined(body, random.nextInt(body.length), randomBytes(1 + random.nextInt(8)), body);
    }

    /// The beginning of one body, and the end of another.
    private byte[] crossed(byte[] body) {
        return joined(body, random.nextInt(body.length), new byte[0], good(oneOf(ApiRoutes.withBody())));
    }

    private byte[] joined(byte[] begin, int at, byte[] middle, byte[] end) {
        int from = Math.min(at, end.length);
        byte[] whole = Arrays.copyOf(begin, at + middle.length + end.length - from);
        System.arraycopy(middle, 0, whole, at, middle.length);
        System.arraycopy(end, from, whole, at + middle.length, end.length - from);
        return whole;
    }

    /// Any JSON value, or nearly one.
    private String value(int depth) {
        return switch (random.nextInt(depth > 0 ? 8 : 5)) {
            case 0 -> "null";
            case 1 -> random.nextBoolean() ? "true" : "false";
            case 2 -> oneOf(NUMBERS);
            case 3, 4 -> "\"" + text() + "\"";
            case 5, 6 -> {
                List<String> elements = new ArrayList<>();
                for (int size = random.nextInt(4); size > 0; size--) {
                    elements.add(value(depth - 1));
                }
                yield "[" + String.join(",", elements) + "]";
            }
            default -> {
                Map<String, String> object = new LinkedHashMap<>();
                for (int size = random.nextInt(4); size > 0; size--) {
                    object.put(text(), value(depth - 1));
                }
                yield ApiRoutes.json(object);
            }
        };
    }

    private String text() {
        int length = random.nextInt(50) == 0 ? random.nextInt(3_000) : random.nextInt(12);
        StringBuilder text = new StringBuilder();
        for (int characters = 0; characters < length; characters++) {
            text.append(CHARACTERS[random.nextInt(CHARACTERS.length)]);
        }
        return text.toString();
    }

    private byte[] randomBytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private <T> T oneOf(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }

    /// The key comes from the seed too.
    private byte[] bytes(String body) {
        String filled = ApiRoutes.filled(body.replace(ApiRoutes.KEY, "k" + random.nextLong()), conversation, caller);
        return calls.apply(filled).getBytes(StandardCharsets.UTF_8);
    }
}
