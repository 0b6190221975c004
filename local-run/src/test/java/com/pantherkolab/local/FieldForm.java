package com.pantherkolab.local;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// A field of a body as the contract has it: what it may be, up to its limit, and what it may not, from one past
/// it.
///
/// All values are JSON texts.
///
/// @param required whether a body must have it
/// @param good what it may be; the first one stands in the example of a good body
/// @param bad what it may not be
record FieldForm(String name, boolean required, List<String> good, List<Bad> bad) {
    private static final List<String> NO_TEXT = List.of("5", "1.5", "true", "[]", "{}", "[\"x\"]", "{\"x\":1}");
    private static final List<String> UNCLEAN_TEXT = List.of(
            "\"\\u0000\"", "\"a\\u0000b\"", "\"\\ud800\"", "\"a\\udc00\"", "\"\\udc00\\ud800\"", "\"\\ud800x\\udc00\"");
    private static final List<String> NO_ID = List.of(
            "\"\"",
            "\"*\"",
            "\"a*\"",
            "\"a/b\"",
            "\"/chats/bob\"",
            "\"a.b\"",
            "\"a_b\"",
            "\"a b\"",
            "\"a#b\"",
            "\"-a\"",
            "\"a-\"",
            "\"\u00e4\"",
            "\"a\\n\"",
            many("x", 51));

    /// A value that is refused.
    ///
    /// @param json the value
    /// @param field what the answer must name: the field itself, or one element of it
    record Bad(String json, String field) {}

    /// The id of a conversation that the caller is in.
    static FieldForm conversation(String name) {
        return form(name, List.of(quoted(ApiRoutes.CONVERSATION)), List.of(NO_TEXT, UNCLEAN_TEXT, NO_ID))
                .thatIsRequired();
    }

    /// The id of a conversation of the participants that a good body names, which a body need not have.
    static FieldForm conversationOrNone(String name) {
        return form(name, List.of("null", quoted(ApiRoutes.CONVERSATION)), List.of(NO_TEXT, UNCLEAN_TEXT, NO_ID));
    }

    /// The id of a call.
    ///
    /// @param call what stands for it
    static FieldForm call(String name, String call) {
        return form(name, List.of(quoted(call)), List.of(NO_TEXT, UNCLEAN_TEXT, NO_ID))
                .thatIsRequired();
    }

    /// Text of at most so many characters, whatever their bytes.
    static FieldForm text(String name, int characters) {
        return form(
                name,
                List.of("\"some\"", "\"\"", many("x", characters), many("\ud83d\ude00", characters)),
                List.of(
                        NO_TEXT,
                        UNCLEAN_TEXT,
                        List.of(many("x", characters + 1), many("\ud83d\ude00", characters + 1))));
    }

    /// Text of at most so many characters that is not blank.
    static FieldForm name(String name, int characters) {
        return form(
                name,
                List.of("\"Ada\"", many("x", characters), many("\ud83d\ude00", characters)),
                List.of(
                        NO_TEXT,
                        UNCLEAN_TEXT,
                        List.of(
                                "\"\"",
                                "\" \"",
                                "\"\\t\\n\"",
                                many("x", characters + 1),
                                many("\ud83d\ude00", characters + 1))));
    }

    /// Text of at most so many bytes of UTF-8, an even number, that is not blank.
    static FieldForm content(String name, int bytes) {
        return form(
                        name,
                        List.of("\"hello\"", many("x", bytes), many("\u00fc", bytes / 2), many("\\u0001", bytes)),
                        List.of(
                                NO_TEXT,
                                UNCLEAN_TEXT,
                                List.of("\"\"", "\" \\n\"", many("x", bytes + 1), many("\u00fc", bytes / 2 + 1))))
                .thatIsRequired();
    }

    /// A client's own name for something.
    static FieldForm key(String name) {
        return form(
                name,
                List.of(quoted(ApiRoutes.KEY), "\"temp 1\"", many("~", 64)),
                List.of(NO_TEXT, UNCLEAN_TEXT, List.of("\"\"", "\"\u00fc\"", "\"\\n\"", "\"\\u007f\"", many("x", 65))));
    }

    /// A whole number.
    static FieldForm number(String name) {
        return form(
                name,
                List.of("5", "0", "9007199254740991"),
                List.of(
                        List.of("\"5\"", "1.0", "1.5", "1e2", "-0.0", "true", "false", "[]", "[5]", "{}", "\"\""),
                        List.of("-1", "9007199254740992", "18446744073709551616", "1e400", "1".repeat(999))));
    }

    /// A place in a conversation, at most that of its last message.
    static FieldForm place(String name) {
        FieldForm number = number(name);
        List<Bad> bad = new ArrayList<>(number.bad());
        bad.addAll(bad(name, List.of("9007199254740991")));
        return new FieldForm(name, true, List.of("1", "0"), bad);
    }

    /// A yes or no that a body must have.
    static FieldForm flag(String name) {
        return form(
                        name,
                        List.of("true", "false"),
                        List.of(List.of(
                                "\"true\"", "\"\"", "1", "0", "1.0", "[]", "[true]", "{}", "\"yes\"", "{\"x\":true}")))
                .thatIsRequired();
    }

    /// One of some names.
    static FieldForm oneOf(String name, String... names) {
        return form(
                name,
                Arrays.stream(names).map(FieldForm::quoted).toList(),
                List.of(
                        NO_TEXT,
                        UNCLEAN_TEXT,
                        List.of(
                                "\"\"",
                                "\"OTHER\"",
                                quoted(names[0].toLowerCase(Locale.ROOT)),
                                quoted(names[0] + " "),
                                "0")));
    }

    /// So many users beside the caller, each once.
    static FieldForm others(String name, int fewest, int most) {
        List<Bad> bad = new ArrayList<>(bad(
                name,
                List.of(
                        "\"bob\"",
                        "5",
                        "true",
                        "{}",
                        "{\"0\":\"bob\"}",
                        "[]",
                        "[\"%s\"]".formatted(ApiRoutes.CALLER),
                        users(most + 1))));
        Stream.of(NO_TEXT, UNCLEAN_TEXT, NO_ID, List.of("null"))
                .flatMap(List::stream)
                .forEach(element -> bad.add(new Bad("[\"bob\",%s]".formatted(element), name + "[1]")));
        return new FieldForm(
                        name,
                        false,
                        List.of(
                                "[\"bob\",\"carol\"]",
                                "[\"bob\",\"bob\",\"%s\"]".formatted(ApiRoutes.CALLER),
                                "[%s]".formatted(many("x", 50)),
                                users(fewest),
                                users(most)),
                        bad)
                .thatIsRequired();
    }

    FieldForm thatIsRequired() {
        return new FieldForm(name, true, good, bad);
    }

    private static FieldForm form(String name, List<String> good, List<List<String>> bad) {
        return new FieldForm(
                name,
                false,
                good,
                bad.stream().flatMap(values -> bad(name, values).stream()).toList());
    }

    private static List<Bad> bad(String name, List<String> values) {
        return values.stream().map(value -> new Bad(value, name)).toList();
    }

    private static String users(int number) {
        return IntStream.rangeClosed(1, number)
                .mapToObj(user -> quoted("u" + user))
                .collect(Collectors.joining(",", "[", "]"));
    }

    private static String many(String character, int times) {
        return quoted(character.repeat(times));
    }

    private static String quoted(String text) {
        return "\"" + text + "\"";
    }
}
