package com.pantherkolab.api.http;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A method and a path, and what they do. The same pair stands in `template.yaml`.
///
/// @param method in capitals
/// @param path matched whole; a segment in braces stands for any one segment
/// @param handler what is done
public record Route(String method, String path, Handler handler) {

    /// What the segments in braces stand for in a request, by their names; null if the request is for another
    /// route.
    @Nullable
    Map<String, String> match(GatewayEvent event) {
        if (!method.equals(event.method())) {
            return null;
        }
        List<String> pattern = List.of(path.split("/", -1));
        List<String> segments = List.of(event.path().split("/", -1));
        if (pattern.size() != segments.size()) {
            return null;
        }
        Map<String, String> variables = new HashMap<>();
        for (int i = 0; i < pattern.size(); i++) {
            String expected = pattern.get(i);
            if (expected.startsWith("{")) {
                variables.put(expected.substring(1, expected.length() - 1), segments.get(i));
            } else if (!expected.equals(segments.get(i))) {
                return null;
            }
        }
        return variables;
    }
}
