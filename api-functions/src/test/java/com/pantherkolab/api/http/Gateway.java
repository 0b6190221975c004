package com.pantherkolab.api.http;

import com.pantherkolab.common.Json;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Calls an edge as API Gateway does: payload format 2.0 in, status and body out.
public final class Gateway {
    private final Function<InputStream, byte[]> edge;

    public Gateway(Function<InputStream, byte[]> edge) {
        this.edge = edge;
    }

    /// What the gateway would answer.
    public record Reply(int status, Map<String, String> headers, String text) {
        public JsonNode body() {
            return Json.mapper().readTree(text);
        }

        public String code() {
            return body().path("code").asString("");
        }
    }

    public Reply call(@Nullable String sub, String method, String path, String body) {
        return send(event(sub, method, path).put("body", body).put("isBase64Encoded", false));
    }

    public Reply callWithKey(String sub, String method, String path, String key, String body) {
        ObjectNode event = event(sub, method, path).put("body", body).put("isBase64Encoded", false);
        event.withObject("headers").put("idempotency-key", key);
        return send(event);
    }

    public Reply callBytes(String sub, String method, String path, byte[] body) {
        return send(event(sub, method, path)
                .put("body", Base64.getEncoder().encodeToString(body))
                .put("isBase64Encoded", true));
    }

    public Reply send(JsonNode event) {
        return send(event.toString());
    }

    public Reply send(String event) {
        byte[] answer = edge.apply(new ByteArrayInputStream(event.getBytes(StandardCharsets.UTF_8)));
        JsonNode reply = Json.mapper().readTree(answer);
        Map<String, String> headers = Json.mapper()
                .convertValue(
                        reply.path("headers"),
                        Json.mapper().getTypeFactory().constructMapType(Map.class, String.class, String.class));
        return new Reply(
                reply.path("statusCode").intValue(), headers, reply.path("body").stringValue());
    }

    public static ObjectNode event(@Nullable String sub, String method, String path) {
        ObjectNode event =
                Json.mapper().createObjectNode().put("version", "2.0").put("rawPath", path);
        ObjectNode context = event.putObject("requestContext");
        context.putObject("http").put("method", method).put("path", path);
        if (sub != null) {
            context.putObject("authorizer").putObject("jwt").putObject("claims").put("sub", sub);
        }
        event.putObject("headers").put("content-type", "application/json");
        return event;
    }
}
