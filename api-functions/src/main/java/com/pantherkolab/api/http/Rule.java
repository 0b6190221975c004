package com.pantherkolab.api.http;

import com.pantherkolab.common.UserId;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/// What a value must be. There is no coercion: `"5"` is no number and `5` no text.
///
/// @param must how a refusal ends: "must be …"
/// @param read the value of the right form, or nothing
/// @param <T> what it is read as
public record Rule<T>(String must, Function<JsonNode, Optional<T>> read) {
    /// What JSON's readers agree on as a whole number.
    private static final long MAX_NUMBER = (1L << 53) - 1;

    /// An id: what may also stand as a channel's segment.
    public static Rule<String> id() {
        return text("must be 1 to 50 letters, digits and inner hyphens", UserId::isValid);
    }

    /// A user's id.
    public static Rule<UserId> user() {
        Rule<String> id = id();
        return new Rule<>(id.must, value -> id.read.apply(value).map(UserId::new));
    }

    /// Text of at most so many characters.
    public static Rule<String> text(int characters) {
        return text(
                "must be a text of at most %,d characters".formatted(characters),
                value -> value.codePointCount(0, value.length()) <= characters);
    }

    /// Text of at most so many characters that is not blank.
    public static Rule<String> name(int characters) {
        return text(
                "must be a text of 1 to %,d characters, not blank".formatted(characters),
                value -> !value.isBlank() && value.codePointCount(0, value.length()) <= characters);
    }

    /// Text of at most so many bytes of UTF-8 that is not blank.
    public static Rule<String> content(int bytes) {
        return text(
                "must be a text of at most %,d bytes of UTF-8, not blank".formatted(bytes),
                value -> !value.isBlank() && value.getBytes(StandardCharsets.UTF_8).length <= bytes);
    }

    /// A client's own name for something: 1 to 64 printable ASCII characters.
    public static Rule<String> key() {
        return text(
                "must be 1 to 64 printable ASCII characters",
                value -> !value.isEmpty()
                        && value.length() <= 64
                        && value.chars().allMatch(character -> character >= 0x20 && character < 0x7f));
    }

    /// A whole number from 0.
    public static Rule<Long> wholeNumber() {
        return new Rule<>(
                "must be a whole number from 0 to %d".formatted(MAX_NUMBER),
                value -> value.isIntegralNumber()
                                && value.canConvertToLong()
                                && value.longValue() >= 0
                                && value.longValue() <= MAX_NUMBER
                        ? Optional.of(value.longValue())
                        : Optional.empty());
    }

    /// True or false.
    public static Rule<Boolean> flag() {
        return new Rule<>(
                "must be true or false",
                value -> value.isBoolean() ? Optional.of(value.booleanValue()) : Optional.empty());
    }

    /// One of the names of an enum.
    public static <E extends Enum<E>> Rule<E> oneOf(Class<E> names) {
        List<E> constants = Arrays.asList(names.getEnumConstants());
        return new Rule<>("must be one of " + constants, value -> constants.stream()
                .filter(constant -> value.isString() && constant.name().equals(value.stringValue()))
                .findFirst());
    }

    private static Rule<String> text(String must, Predicate<String> fits) {
        return new Rule<>(
                must + ", without U+0000 and lone surrogates",
                value -> value.isString() && isClean(value.stringValue()) && fits.test(value.stringValue())
                        ? Optional.of(value.stringValue())
                        : Optional.empty());
    }

    /// DynamoDB and half of the clients disagree on what U+0000 and a lone surrogate become.
    private static boolean isClean(String text) {
        return text.codePoints()
                .noneMatch(
                        point -> point == 0 || (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE));
    }
}
