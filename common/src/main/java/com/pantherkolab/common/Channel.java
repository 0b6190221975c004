package com.pantherkolab.common;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/// One user's channel in one namespace, the address of a publication: `/chats/{userId}` or `/calls/{userId}`.
///
/// There is no channel of a conversation or of a call: whoever is concerned is told on their own channel.
///
/// @param namespace the first segment
/// @param user the second and last segment
public record Channel(Namespace namespace, UserId user) {

    /// The channel namespaces that the deployment has.
    public enum Namespace {
        CHATS("chats"),
        CALLS("calls");

        private final String segment;

        Namespace(String segment) {
            this.segment = segment;
        }
    }

    /// The channel on which a user hears of messages and conversations.
    public static Channel chats(UserId user) {
        return new Channel(Namespace.CHATS, user);
    }

    /// The channel on which a user hears of calls.
    public static Channel calls(UserId user) {
        return new Channel(Namespace.CALLS, user);
    }

    /// Reads what [#path] writes.
    ///
    /// @throws IllegalArgumentException if the text is no path of this form
    @JsonCreator
    public static Channel parse(String path) {
        String[] segments = path.split("/", -1);
        if (segments.length == 3 && segments[0].isEmpty()) {
            for (Namespace namespace : Namespace.values()) {
                if (namespace.segment.equals(segments[1])) {
                    return new Channel(namespace, new UserId(segments[2]));
                }
            }
        }
        throw new IllegalArgumentException("not a channel of ours");
    }

    /// The channel as AppSync writes it, with the leading slash.
    @JsonValue
    public String path() {
        return "/" + namespace.segment + "/" + user;
    }

    @Override
    public String toString() {
        return path();
    }
}
