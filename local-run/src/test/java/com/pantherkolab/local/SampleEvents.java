package com.pantherkolab.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.pantherkolab.common.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// For each function of `template.yaml` the event in `events` that shows what it does, and what it answers.
final class SampleEvents {
    private static final Map<String, String> OF_FUNCTIONS = ofFunctions();

    private SampleEvents() {}

    /// The file for each function bean, in an order in which later ones find what earlier ones have made.
    static Map<String, String> files() {
        return OF_FUNCTIONS;
    }

    /// What stands in a file.
    static String text(String file) {
        try {
            return Files.readString(Deployment.find().resolveSibling("events").resolve(file));
        } catch (IOException unreadable) {
            throw new AssertionError(unreadable);
        }
    }

    /// That a function has done what its event asks for.
    static void assertAnswered(String function, String answer) {
        switch (function) {
            case "replayEvents" -> assertThat(json(answer).path("planned")).isNotEmpty();
            case "callWorkflow", "callTimers", "streamPublisher" ->
                assertThat(answer).as(function).isEqualTo("{\"batchItemFailures\":[]}");
            default ->
                assertThat(json(answer).path("statusCode").intValue())
                        .as("%s: %s", function, answer)
                        .isEqualTo(200);
        }
    }

    private static JsonNode json(String text) {
        return Json.mapper().readTree(text);
    }

    private static Map<String, String> ofFunctions() {
        Map<String, String> files = new LinkedHashMap<>();
        files.put("conversationsApi", "create-conversation.json");
        files.put("messagesApi", "send-message.json");
        files.put("callsApi", "initiate-call.json");
        files.put("callWorkflow", "calls-stream.json");
        files.put("callTimers", "timers.json");
        files.put("streamPublisher", "dynamodb-stream.json");
        files.put("replayEvents", "replay.json");
        return Collections.unmodifiableMap(files);
    }
}
