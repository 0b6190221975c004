package com.pantherkolab.api.store;

import com.pantherkolab.common.LogKey;
import com.pantherkolab.common.OutboxEntry;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/// Says in the log which event a change became: the step from a request to its publications.
///
/// One line for each change that this call committed, or may have. Whatever others committed before is said by
/// whoever answers with it; what wrote nothing is not said, nor is a change without an event.
public final class LoggingChangeWriter implements ChangeWriter {
    private static final Logger log = LoggerFactory.getLogger(LoggingChangeWriter.class);

    private final ChangeWriter writer;

    public LoggingChangeWriter(ChangeWriter writer) {
        this.writer = writer;
    }

    @Override
    public Written write(Change change) {
        Written written = writer.write(change);
        OutboxEntry entry = entry(change);
        if (entry != null) {
            switch (written) {
                case Written.Committed() -> say(Level.INFO, entry, "committed");
                case Written.Unknown() -> say(Level.WARN, entry, "perhaps committed");
                case Written.CommittedBefore _, Written.Overtaken(), Written.Unavailable() -> {}
            }
        }
        return written;
    }

    private static @Nullable OutboxEntry entry(Change change) {
        return switch (change) {
            case Change.Announced announced -> announced.entry();
            case Change.EventOnly event -> event.entry();
            case Change.Quiet _ -> null;
        };
    }

    private static void say(Level level, OutboxEntry entry, String what) {
        log.atLevel(level)
                .addKeyValue(LogKey.EVENT_ID, entry.eventId())
                .addKeyValue(LogKey.AGGREGATE, entry.aggregate())
                .log(what);
    }
}
