package com.pantherkolab.api.http;

import com.pantherkolab.common.Json;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// What the edge reads of an API Gateway HTTP API event, payload format 2.0.
///
/// The caller is the claim `sub` of the token that the gateway verified, and nothing else: no header, no field of
/// the body and no query parameter is believed.
///
/// @param method in capitals
/// @param path as the caller wrote it, without the query
/// @param sub the claim, if there is one
/// @param requestId the gateway's id of the request, if it says so
/// @param headers by name, which the gateway writes in small letters
/// @param query the parameters of the query, decoded; of one that is repeated the values, with commas between them
/// @param body the bytes of the body, decoded if the gateway encoded them; empty without a body
// Never compared, so the array does no harm.
@SuppressWarnings("ArrayRecordComponent")
record GatewayEvent(
        String method,
        String path,
        @Nullable String sub,
        @Nullable String requestId,
        Map<String, String> headers,
        Map<String, String> query,
        byte[] body) {

    /// Whether a browser asks, without a token, if a page may send a request. API Gateway answers that itself;
    /// should it ask the function nevertheless, a refusal would keep the page out.
    boolean isPreflight() {
        return method.equals("OPTIONS") && headers.containsKey("access-control-request-method");
    }

    /// Reads an event.
    ///
    /// @return null if it is none
    static @Nullable GatewayEvent read(InputStream event) {
        try {
            JsonNode root = Json.mapper().readTree(event);
            JsonNode context = root.path("requestContext");
            String method = context.path("http").path("method").stringValue(null);
            String path = root.path("rawPath").stringValue(null);
            if (method == null || path == null) {
                return null;
            }
            String sub = context.path("authorizer")
                    .path("jwt")
                    .path("claims")
                    .path("sub")
                    .stringValue(null);
            return new GatewayEvent(
                    method,
                    path,
                    sub,
                    context.path("requestId").stringValue(null),
                    texts(root.path("headers")),
                    texts(root.path("queryStringParameters")),
                    body(root));
        } catch (JacksonException | IllegalArgumentException | CharacterCodingException _) {
            return null;
        }
    }

    private static Map<String, String> texts(JsonNode object) {
        Map<String, String> texts = new HashMap<>();
        object.properties()
                .forEach(member -> texts.put(member.getKey(), member.getValue().asString("")));
        return texts;
    }

    private static byte[] body(JsonNode root) throws CharacterCodingException {
        String body = root.path("body").stringValue("");
        return root.path("isBase64Encoded").booleanValue(false)
                ? Base64.getDecoder().decode(body)
                : utf8(body);
    }

    /// `getBytes` would put a question mark in the place of half a surrogate pair.
    private static byte[] utf8(String text) throws CharacterCodingException {
        ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
        byte[] bytes = new byte[encoded.remaining()];
        encoded.get(bytes);
        return bytes;
    }
}
