package com.pantherkolab.publisher;

import com.pantherkolab.common.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// How AppSync behaves to one request, be it the fake or the server on a socket.
sealed interface Behaviour {

    /// Answers, and takes what it says it took.
    record Answer(int status, Map<String, String> headers, String body, List<Integer> taken) implements Behaviour {}

    /// Cuts the connection before it took anything.
    record Reset() implements Behaviour {}

    /// Takes everything, and cuts the connection instead of answering.
    record LoseAnswer() implements Behaviour {}

    /// Takes everything, and never comes to the end of its answer.
    record Stall() implements Behaviour {}

    static Behaviour acknowledge(int events) {
        return fail(events, Map.of());
    }

    /// A 200 that hides failures.
    ///
    /// @param codes of the failed ones, by their index
    static Behaviour fail(int events, Map<Integer, String> codes) {
        List<Object> successful = new ArrayList<>();
        List<Object> failed = new ArrayList<>();
        List<Integer> taken = new ArrayList<>();
        for (int i = 0; i < events; i++) {
            String code = codes.get(i);
            if (code == null) {
                taken.add(i);
                successful.add(Map.of("identifier", "id-" + i, "index", i));
            } else {
                failed.add(Map.of("identifier", "id-" + i, "index", i, "code", code, "message", "a message"));
            }
        }
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("successful", successful);
        body.put("failed", failed);
        return new Answer(200, Map.of(), Json.mapper().writeValueAsString(body), taken);
    }

    static Behaviour status(int status, String errorType) {
        return status(status, errorType, Map.of());
    }

    static Behaviour status(int status, String errorType, Map<String, String> headers) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.put("x-amzn-ErrorType", errorType);
        return new Answer(
                status,
                all,
                "{\"errors\":[{\"errorType\":\"%s\",\"message\":\"a message\"}]}".formatted(errorType),
                List.of());
    }
}
