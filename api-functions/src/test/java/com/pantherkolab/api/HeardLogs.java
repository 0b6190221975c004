package com.pantherkolab.api;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/// What our loggers say while it is open, however little of it they would say otherwise.
public final class HeardLogs implements AutoCloseable {
    private final Logger ours = (Logger) LoggerFactory.getLogger("com.pantherkolab");
    private final @Nullable Level before = ours.getLevel();
    private final ListAppender<ILoggingEvent> heard = new ListAppender<>() {
        /// While the line's thread still has its values.
        @Override
        protected void append(ILoggingEvent event) {
            event.prepareForDeferredProcessing();
            super.append(event);
        }
    };

    public HeardLogs() {
        heard.setContext(ours.getLoggerContext());
        heard.start();
        ours.setLevel(Level.TRACE);
        ours.addAppender(heard);
    }

    /// A line: its level, its message, and every value that it has, its own and its thread's.
    public record Line(String level, String message, Map<String, Object> values) {}

    /// All lines so far.
    public List<Line> lines() {
        return List.copyOf(heard.list).stream().map(HeardLogs::line).toList();
    }

    private static Line line(ILoggingEvent event) {
        Map<String, Object> values = new HashMap<>(event.getMDCPropertyMap());
        if (event.getKeyValuePairs() != null) {
            event.getKeyValuePairs().forEach(pair -> values.put(pair.key, String.valueOf(pair.value)));
        }
        return new Line(event.getLevel().toString(), event.getFormattedMessage(), values);
    }

    @Override
    public void close() {
        ours.detachAppender(heard);
        ours.setLevel(before);
    }
}
