package com.pantherkolab.local;

import com.pantherkolab.common.IsoMillis;
import com.pantherkolab.common.Json;
import com.pantherkolab.local.history.History;
import com.pantherkolab.local.history.HistoryChecker;
import com.pantherkolab.local.history.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Writes a history down (`docs/history.md`) as it is watched from outside. Called by many threads.
final class HistoryRecorder {
    private final Clock clock = Clock.systemUTC();
    private final Queue<JsonNode> lines = new ConcurrentLinkedQueue<>();

    /// A client was answered with success.
    void acknowledged(String user, String route, String body, JsonNode answer) {
        ObjectNode line = line("acknowledged").put("user", user).put("route", route);
        line.set("body", Json.mapper().readTree(body));
        line.set("answer", answer);
        lines.add(line);
    }

    /// Events were accepted, in this order.
    void accepted(String channel, List<String> events) {
        for (String event : events) {
            lines.add(line("published").put("at", now()).put("channel", channel).put("event", event));
        }
    }

    void committed(JsonNode entry) {
        ObjectNode line = line("committed");
        line.set("entry", entry);
        lines.add(line);
    }

    void listed(String where, String eventId, String channel) {
        lines.add(line("listed").put("where", where).put("eventId", eventId).put("channel", channel));
    }

    void listedForAll(String where, String eventId) {
        lines.add(line("listed").put("where", where).put("eventId", eventId));
    }

    void mark(String what) {
        lines.add(line("mark").put("at", now()).put("what", what));
    }

    /// Writes the history to a file.
    void write(Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.write(file, lines.stream().map(JsonNode::toString).toList());
    }

    /// What the checker says to it.
    Report check() {
        return HistoryChecker.check(History.of(new ArrayList<>(lines)));
    }

    private String now() {
        return IsoMillis.format(clock.instant());
    }

    private static ObjectNode line(String kind) {
        return Json.mapper().createObjectNode().put("kind", kind);
    }
}
