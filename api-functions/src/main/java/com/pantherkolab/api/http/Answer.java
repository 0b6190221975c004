package com.pantherkolab.api.http;

import com.pantherkolab.api.command.Outcome;
import com.pantherkolab.api.command.Refusal;
import com.pantherkolab.api.command.Refusal.Code;
import com.pantherkolab.common.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/// The answer of a function to API Gateway, payload format 2.0.
///
/// Success is 200 with `success: true`; a refusal is a problem document (RFC 9457) with our `code`, the guide's
/// `error` and, for a bad body, every bad field.
record Answer(int statusCode, Map<String, String> headers, String body, boolean isBase64Encoded) {
    private static final Map<Integer, String> TITLES = Map.of(
            400, "Bad Request",
            403, "Forbidden",
            404, "Not Found",
            409, "Conflict",
            413, "Content Too Large",
            500, "Internal Server Error",
            503, "Service Unavailable");

    /// Says nothing, and that nothing is wrong.
    static final Answer NO_CONTENT = new Answer(204, Map.of("cache-control", "no-store"), "", false);

    static Answer to(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Done done -> success(done);
            case Outcome.NotModified(String etag) -> notModified(etag);
            case Outcome.Refused(Refusal refusal) -> problem(refusal);
        };
    }

    byte[] toJson() {
        return Json.mapper().writeValueAsBytes(this);
    }

    private static Answer success(Outcome.Done done) {
        ObjectNode body = Json.mapper().createObjectNode().put("success", true);
        body.setAll((ObjectNode) Json.mapper().valueToTree(done.answer()));
        Map<String, String> headers = headers("application/json");
        if (done.etag() != null) {
            headers.put("etag", done.etag());
            // Kept by the caller, but asked for again before it is used.
            headers.put("cache-control", "private, no-cache");
        }
        return new Answer(200, headers, text(body), false);
    }

    private static Answer notModified(String etag) {
        return new Answer(304, Map.of("etag", etag, "cache-control", "private, no-cache"), "", false);
    }

    private static Answer problem(Refusal refusal) {
        Code code = refusal.code();
        ObjectNode body = Json.mapper()
                .createObjectNode()
                .put("type", "about:blank")
                .put("title", TITLES.get(code.status()))
                .put("status", code.status())
                .put("detail", refusal.detail())
                .put("code", code.name())
                .put("error", refusal.detail());
        if (!refusal.errors().isEmpty()) {
            body.set("errors", Json.mapper().valueToTree(refusal.errors()));
        }
        if (refusal.call() != null) {
            body.set("call", Json.mapper().valueToTree(refusal.call()));
        }
        Map<String, String> headers = headers("application/problem+json");
        if (code.status() == 503) {
            headers.put("retry-after", "1");
        }
        return new Answer(code.status(), headers, text(body), false);
    }

    private static Map<String, String> headers(String contentType) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("content-type", contentType);
        headers.put("cache-control", "no-store");
        return headers;
    }

    private static String text(ObjectNode body) {
        return Json.mapper().writeValueAsString(body);
    }
}
