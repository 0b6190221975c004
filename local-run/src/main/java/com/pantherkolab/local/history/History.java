package com.pantherkolab.local.history;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A recorded history, read.
///
/// @param lines in the order of the file
public record History(List<Line> lines) {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    public History {
        lines = List.copyOf(lines);
    }

    /// Reads a file of JSON lines.
    ///
    /// @throws UnreadableHistoryException naming the line that is none of a history
    public static History read(Path file) throws IOException, UnreadableHistoryException {
        List<Line> lines = new ArrayList<>();
        try (BufferedReader text = Files.newBufferedReader(file)) {
            int number = 0;
            for (String line = text.readLine(); line != null; line = text.readLine()) {
                number++;
                try {
                    lines.add(line(MAPPER.readTree(line)));
                } catch (JacksonException | DateTimeException | IllegalArgumentException unreadable) {
                    throw new UnreadableHistoryException(number, unreadable);
                }
            }
        }
        return new History(lines);
    }

    /// Reads lines that are in memory.
    ///
    /// @throws IllegalArgumentException where one is no line of a history
    public static History of(List<? extends JsonNode> lines) {
        return new History(lines.stream().map(History::line).toList());
    }

    private static Line line(JsonNode line) {
        String kind = text(line, "kind");
        return switch (kind) {
            case "committed" -> committed(required(line, "entry"));
            case "acknowledged" ->
                new Line.Acknowledged(
                        text(line, "user"), text(line, "route"), line.path("body"), required(line, "answer"));
            case "published" -> published(text(line, "channel"), MAPPER.readTree(text(line, "event")));
            case "listed" -> new Line.Listed(text(line, "where"), text(line, "eventId"), optionalText(line, "channel"));
            case "mark" -> new Line.Mark(Instant.parse(text(line, "at")), text(line, "what"));
            default -> throw new IllegalArgumentException("a line of the kind " + kind);
        };
    }

    private static Line committed(JsonNode entry) {
        List<Line.Publication> publications = new ArrayList<>();
        for (JsonNode publication : required(entry, "publications")) {
            String expiresAt = optionalText(publication, "expiresAt");
            publications.add(new Line.Publication(
                    text(publication, "type"),
                    required(publication, "version").intValue(),
                    MAPPER.readTree(text(publication, "data")),
                    required(publication, "channels")
                            .valueStream()
                            .map(JsonNode::stringValue)
                            .toList(),
                    expiresAt == null ? null : Instant.parse(expiresAt)));
        }
        return new Line.Committed(
                text(entry, "aggregate"), text(entry, "eventId"), text(entry, "timestamp"), publications);
    }

    private static Line published(String channel, JsonNode event) {
        return new Line.Published(
                channel,
                text(event, "id"),
                text(event, "type"),
                required(event, "version").intValue(),
                text(event, "timestamp"),
                Instant.parse(text(event, "serverTimestamp")),
                required(event, "data"));
    }

    private static JsonNode required(JsonNode line, String field) {
        JsonNode value = line.path(field);
        if (value.isMissingNode() || value.isNull()) {
            throw new IllegalArgumentException("without " + field);
        }
        return value;
    }

    private static String text(JsonNode line, String field) {
        return required(line, field).stringValue();
    }

    private static @Nullable String optionalText(JsonNode line, String field) {
        return line.has(field) ? text(line, field) : null;
    }
}
