package com.pantherkolab.events;

import com.pantherkolab.events.auth.Headers;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// The frames that a client sends. Members that are not known are ignored; Amplify sends some.
sealed interface ClientFrame {

    record ConnectionInit() implements ClientFrame {}

    record Subscribe(String id, String channel, Headers authorization) implements ClientFrame {

        /// What a client signs to subscribe.
        String signedText() {
            return "{\"channel\":" + Json.quote(channel) + "}";
        }
    }

    record Unsubscribe(String id) implements ClientFrame {}

    record Publish(String id, PublishRequest request, Headers authorization) implements ClientFrame {}

    /// A frame that cannot be acted on, and the frame that answers it.
    record Unusable(String answer) implements ClientFrame {}

    Pattern ID = Pattern.compile("[A-Za-z0-9_+-]{1,128}");

    static ClientFrame read(String text) {
        try {
            JsonNode frame = Json.STRICT.readTree(text);
            return frame.isObject() ? read(frame) : unusable("A frame must be a JSON object.");
        } catch (JacksonException notJson) {
            return unusable("A frame must be a JSON object.");
        }
    }

    private static ClientFrame read(JsonNode frame) {
        String type = frame.path("type").asString("");
        if (type.equals("connection_init")) {
            return new ConnectionInit();
        }
        Optional<String> id = text(frame, "id").filter(it -> ID.matcher(it).matches());
        return switch (type) {
            case "subscribe" -> id.map(it -> subscribe(it, frame)).orElseGet(ClientFrame::badId);
            case "unsubscribe" -> id.<ClientFrame>map(Unsubscribe::new).orElseGet(ClientFrame::badId);
            case "publish" -> id.map(it -> publish(it, frame)).orElseGet(ClientFrame::badId);
            default ->
                new Unusable(id.map(it -> ServerFrame.error("error", it, Refusal.unsupportedOperation()))
                        .orElseGet(() -> ServerFrame.error(Refusal.unsupportedOperation())));
        };
    }

    private static ClientFrame subscribe(String id, JsonNode frame) {
        return text(frame, "channel")
                .<ClientFrame>map(channel -> new Subscribe(id, channel, authorization(frame)))
                .orElseGet(() -> new Unusable(
                        ServerFrame.error("subscribe_error", id, Refusal.badInput("Invalid Channel Format"))));
    }

    private static ClientFrame publish(String id, JsonNode frame) {
        return switch (PublishRequest.from(frame)) {
            case Outcome.Done<PublishRequest>(var request) -> new Publish(id, request, authorization(frame));
            case Outcome.Refused<PublishRequest>(var refusal) ->
                new Unusable(ServerFrame.error("publish_error", id, refusal));
        };
    }

    /// The headers of an `authorization` object; none if there is none.
    static Headers authorization(JsonNode frame) {
        return headers(frame.path("authorization"));
    }

    /// The text members of an object as headers.
    static Headers headers(JsonNode object) {
        Map<String, String> headers = new LinkedHashMap<>();
        object.propertyStream()
                .filter(member -> member.getValue().isString())
                .forEach(
                        member -> headers.put(member.getKey(), member.getValue().stringValue()));
        return new Headers(headers);
    }

    private static Optional<String> text(JsonNode frame, String name) {
        return Optional.of(frame.path(name)).filter(JsonNode::isString).map(JsonNode::stringValue);
    }

    private static ClientFrame badId() {
        return unusable("id must be 1 to 128 of the characters a-z, A-Z, 0-9, -, _ and +.");
    }

    private static ClientFrame unusable(String message) {
        return new Unusable(ServerFrame.error(Refusal.badInput(message)));
    }
}
