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

    static Answer to(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Done(Object answer) -> success(answer);
            case Outcome.Refused(Refusal refusal) -> problem(refusal);
        };
    }

    byte[] toJson() {
        return Json.mapper().writeValueAsBytes(this);
    }

    private static Answer success(Object answer) {
        ObjectNode body = Json.mapper().createObjectNode().put("success", true);
        body.setAll((ObjectNode) Json.mapper().valueToTree(answer));
        return new Answer(200, headers("application/json"), text(body), false);
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
