package com.pantherkolab.local.aws;

import com.pantherkolab.common.Json;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A request as a stand-in sees it.
///
/// @param method such as `POST`
/// @param path below the stand-in's own prefix, decoded, beginning with `/`
/// @param query the first value of each parameter, decoded
/// @param headers by name in lower case
@SuppressWarnings("ArrayRecordComponent") // Bytes on their way through; nobody compares requests.
record AwsRequest(String method, String path, Map<String, String> query, Map<String, String> headers, byte[] body) {

    String header(String name) {
        return headers.getOrDefault(name, "");
    }

    /// The body as a JSON object.
    ///
    /// @throws IllegalArgumentException if it is none
    ObjectNode json() {
        try {
            JsonNode read = body.length == 0
                    ? Json.mapper().createObjectNode()
                    : Json.mapper().readTree(body);
            if (read instanceof ObjectNode object) {
                return object;
            }
        } catch (JacksonException unreadable) {
            throw new IllegalArgumentException("The body is no JSON.", unreadable);
        }
        throw new IllegalArgumentException("The body is no JSON object.");
    }
}
