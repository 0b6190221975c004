package com.pantherkolab.local;

import com.pantherkolab.common.Json;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// What one user has heard, in the order of arrival.
final class Subscriber {
    private final List<JsonNode> heard = new ArrayList<>();

    /// Takes an event, the text of a JSON object.
    void hear(String event) {
        hear(Json.mapper().readTree(event));
    }

    synchronized void hear(JsonNode event) {
        heard.add(event);
    }

    /// All events so far.
    synchronized List<JsonNode> heard() {
        return List.copyOf(heard);
    }
}
