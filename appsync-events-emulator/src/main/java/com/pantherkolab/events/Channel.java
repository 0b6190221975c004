package com.pantherkolab.events;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// A channel to publish to: one to five segments, the first names the channel namespace.
///
/// With or without a slash at either end it is the same channel; upper and lower case differ.
///
/// Source: the page on channel namespaces of the AppSync Events developer guide.
record Channel(List<String> segments) {

    private static final Pattern SEGMENT = Pattern.compile("[A-Za-z0-9](?:[A-Za-z0-9-]{0,48}[A-Za-z0-9])?");

    static Outcome<Channel> parse(String text) {
        return of(List.of(trimmed(text).split("/", -1)))
                .map(Outcome::done)
                .orElseGet(() -> Outcome.refused(Refusal.badInput("Invalid Channel Format")));
    }

    static Optional<Channel> of(List<String> segments) {
        return segments.size() <= Limits.CHANNEL_SEGMENTS
                        && segments.stream()
                                .allMatch(segment -> SEGMENT.matcher(segment).matches())
                ? Optional.of(new Channel(segments))
                : Optional.empty();
    }

    /// Without the slash that may stand at either end.
    static String trimmed(String text) {
        int from = text.startsWith("/") ? 1 : 0;
        int to = text.length() > from && text.endsWith("/") ? text.length() - 1 : text.length();
        return text.substring(from, to);
    }

    String namespace() {
        return segments.getFirst();
    }

    String path() {
        return "/" + String.join("/", segments);
    }
}
