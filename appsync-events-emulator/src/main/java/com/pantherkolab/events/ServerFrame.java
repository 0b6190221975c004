package com.pantherkolab.events;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The frames that the server sends, as text.
///
/// Source: the WebSocket protocol page of the AppSync Events developer guide.
final class ServerFrame {

    /// What a client may take for a dead connection if it hears nothing for so long.
    private static final int CONNECTION_TIMEOUT_MS = 300_000;

    static final String KEEP_ALIVE = "{\"type\":\"ka\"}";

    private ServerFrame() {}

    static String connectionAck() {
        return frame("connection_ack")
                .put("connectionTimeoutMs", CONNECTION_TIMEOUT_MS)
                .toString();
    }

    static String connectionError(Refusal refusal) {
        ObjectNode frame = frame("connection_error");
        frame.putArray("errors")
                .addObject()
                .put("errorType", refusal.socketType())
                .put("errorCode", refusal.status())
                .put("message", refusal.message());
        return frame.toString();
    }

    /// A frame that says no more than that an operation worked.
    static String success(String type, String id) {
        return frame(type).put("id", id).toString();
    }

    static String error(String type, String id, Refusal refusal) {
        return withErrors(frame(type).put("id", id), refusal);
    }

    /// An error that belongs to no operation.
    static String error(Refusal refusal) {
        return withErrors(frame("error"), refusal);
    }

    static String published(String id, PublishAnswer answer) {
        ObjectNode frame = frame("publish_success").put("id", id);
        frame.setAll((ObjectNode) Json.STRICT.<JsonNode>valueToTree(answer));
        return frame.toString();
    }

    /// One event. It is quoted once for all its subscribers, and an id has nothing to escape.
    static String data(String subscriptionId, String quotedEvent) {
        return "{\"type\":\"data\",\"id\":\"" + subscriptionId + "\",\"event\":" + quotedEvent + "}";
    }

    private static ObjectNode frame(String type) {
        return Json.STRICT.createObjectNode().put("type", type);
    }

    private static String withErrors(ObjectNode frame, Refusal refusal) {
        frame.putArray("errors")
                .addObject()
                .put("errorType", refusal.socketType())
                .put("message", refusal.message());
        return frame.toString();
    }
}
