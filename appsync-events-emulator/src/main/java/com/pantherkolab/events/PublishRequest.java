package com.pantherkolab.events;

import static java.util.stream.Collectors.joining;

import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// What is to be published, whichever way it came in.
///
/// @param channel as it was written, for that is what was signed
/// @param events one to five, each the JSON text that subscribers are to get
record PublishRequest(String channel, List<String> events) {

    static Outcome<PublishRequest> read(byte[] body) {
        try {
            return from(Json.STRICT.readTree(body));
        } catch (JacksonException notJson) {
            return Outcome.refused(Refusal.badInput("The request is not valid JSON."));
        }
    }

    /// Takes `channel` and `events` and ignores what else there is.
    static Outcome<PublishRequest> from(JsonNode request) {
        JsonNode channel = request.path("channel");
        if (!channel.isString()) {
            return Outcome.refused(Refusal.badInput("Invalid Channel Format"));
        }
        JsonNode events = request.path("events");
        if (!events.isArray() || events.isEmpty() || events.size() > Limits.EVENTS_PER_REQUEST) {
            return Outcome.refused(
                    Refusal.badInput("events must be an array of 1 to " + Limits.EVENTS_PER_REQUEST + " events."));
        }
        if (!events.valueStream().allMatch(PublishRequest::isEvent)) {
            return Outcome.refused(Refusal.badInput("Every event must be a string of valid JSON."));
        }
        return Outcome.done(new PublishRequest(
                channel.stringValue(),
                events.valueStream().map(JsonNode::stringValue).toList()));
    }

    private static boolean isEvent(JsonNode event) {
        return event.isString() && Json.isValid(event.stringValue());
    }

    /// What a client signs to publish this inside a WebSocket.
    String signedText() {
        return "{\"channel\":"
                + Json.quote(channel)
                + ",\"events\":"
                + events.stream().map(Json::quote).collect(joining(",", "[", "]"))
                + "}";
    }

    /// Says where it goes and not what it says.
    @Override
    public String toString() {
        return "PublishRequest[" + channel + ", " + events.size() + " events]";
    }
}
