package com.pantherkolab.common;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.HexFormat;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The trace that something belongs to, by W3C's Trace Context: what a caller began, a change goes on with, and a
/// publication ends.
///
/// It decides nothing, so a text that is no trace is none, and never an error. It is passed on as it came: nothing
/// here records a span of its own, which could be named as a parent in its place.
///
/// @param traceId 32 small hexadecimal digits, not all of them zero
/// @param parentId 16 of them, not all zero
/// @param sampled whether the caller records the trace
public record Trace(String traceId, String parentId, boolean sampled) {
    /// A later version may add fields behind the flags; the first says that there are none.
    private static final Pattern TRACEPARENT = Pattern.compile(
            "(?!ff)(?<version>[0-9a-f]{2})-(?<trace>[0-9a-f]{32})-(?<parent>[0-9a-f]{16})-(?<flags>[0-9a-f]{2})(?<more>-.*)?");

    private static final Pattern TRACE_ID = Pattern.compile("(?!0{32})[0-9a-f]{32}");
    private static final Pattern PARENT_ID = Pattern.compile("(?!0{16})[0-9a-f]{16}");

    /// What AWS writes: fields with semicolons between them, of which the root is the trace.
    private static final Pattern XRAY_ROOT = Pattern.compile("(?:^|;) *Root=1-([0-9a-f]{8})-([0-9a-f]{24})(?=;|$)");

    private static final Pattern XRAY_PARENT = Pattern.compile("(?:^|;) *Parent=([0-9a-f]{16})(?=;|$)");
    private static final Pattern XRAY_SAMPLED = Pattern.compile("(?:^|;) *Sampled=1(?=;|$)");

    public Trace {
        if (!TRACE_ID.matcher(traceId).matches() || !PARENT_ID.matcher(parentId).matches()) {
            throw new IllegalArgumentException("not the ids of a trace");
        }
    }

    /// A trace that begins here, and that nobody records.
    ///
    /// @param ids drawn at random
    public static Trace begin(Supplier<UUID> ids) {
        UUID trace = ids.get();
        return new Trace(
                hex(trace.getMostSignificantBits()) + hex(trace.getLeastSignificantBits()), parent(ids), false);
    }

    /// Reads the header `traceparent`, or what [#traceparent] wrote.
    ///
    /// @return null if it is none
    @JsonCreator
    public static @Nullable Trace read(@Nullable String traceparent) {
        Matcher fields = TRACEPARENT.matcher(traceparent == null ? "" : traceparent);
        if (!fields.matches() || (fields.group("version").equals("00") && fields.group("more") != null)) {
            return null;
        }
        boolean sampled = (HexFormat.fromHexDigits(fields.group("flags")) & 1) == 1;
        return of(fields.group("trace"), fields.group("parent"), sampled);
    }

    /// Reads the header `X-Amzn-Trace-Id`, which AWS gives to every request.
    ///
    /// @param ids for the parent, which AWS may leave out
    /// @return null if it is none
    public static @Nullable Trace readXray(@Nullable String header, Supplier<UUID> ids) {
        String fields = header == null ? "" : header;
        Matcher root = XRAY_ROOT.matcher(fields);
        if (!root.find()) {
            return null;
        }
        Matcher parent = XRAY_PARENT.matcher(fields);
        return of(
                root.group(1) + root.group(2),
                parent.find() ? parent.group(1) : parent(ids),
                XRAY_SAMPLED.matcher(fields).find());
    }

    /// The trace as the header `traceparent` has it.
    @JsonValue
    public String traceparent() {
        return "00-%s-%s-%s".formatted(traceId, parentId, sampled ? "01" : "00");
    }

    private static @Nullable Trace of(String traceId, String parentId, boolean sampled) {
        return TRACE_ID.matcher(traceId).matches()
                        && PARENT_ID.matcher(parentId).matches()
                ? new Trace(traceId, parentId, sampled)
                : null;
    }

    private static String parent(Supplier<UUID> ids) {
        return hex(ids.get().getLeastSignificantBits());
    }

    private static String hex(long bits) {
        return HexFormat.of().toHexDigits(bits);
    }
}
