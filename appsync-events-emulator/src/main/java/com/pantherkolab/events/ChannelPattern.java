package com.pantherkolab.events;

import java.util.ArrayList;
import java.util.List;

/// What a subscription listens to: one channel, or with `/*` at its end everything below one.
///
/// A wildcard reaches any depth and leaves out the channel that it stands below; it stands for a whole last
/// segment, never for the namespace.
///
/// @param base the channel, or what a wildcard is below
/// @param wildcard whether it ends in `/*`
record ChannelPattern(Channel base, boolean wildcard) {

    private static final String ANYTHING_BELOW = "/*";

    static Outcome<ChannelPattern> parse(String text) {
        String trimmed = Channel.trimmed(text);
        boolean wildcard = trimmed.endsWith(ANYTHING_BELOW);
        String base = wildcard ? trimmed.substring(0, trimmed.length() - ANYTHING_BELOW.length()) : trimmed;
        return Channel.of(List.of(base.split("/", -1)))
                .map(channel -> new ChannelPattern(channel, wildcard))
                .filter(pattern -> pattern.segments().size() <= Limits.CHANNEL_SEGMENTS)
                .map(Outcome::done)
                .orElseGet(() -> Outcome.refused(Refusal.badInput("Invalid Channel Format")));
    }

    /// Every pattern that an event on this channel must reach: at most five, so nobody need be searched for.
    static List<ChannelPattern> reaching(Channel channel) {
        var patterns = new ArrayList<ChannelPattern>();
        patterns.add(new ChannelPattern(channel, false));
        for (int depth = 1; depth < channel.segments().size(); depth++) {
            patterns.add(new ChannelPattern(new Channel(channel.segments().subList(0, depth)), true));
        }
        return patterns;
    }

    List<String> segments() {
        if (!wildcard) {
            return base.segments();
        }
        var segments = new ArrayList<>(base.segments());
        segments.add("*");
        return segments;
    }

    String path() {
        return "/" + String.join("/", segments());
    }
}
