package com.pantherkolab.publisher;

import com.pantherkolab.common.LogKey;
import com.pantherkolab.common.OutboxEntry;
import com.pantherkolab.common.Trace;
import com.pantherkolab.publisher.Progress.End;
import com.pantherkolab.publisher.Progress.Settled;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/// The log lines about deliveries, all with the same values: by them an event is followed to its channels.
///
/// One line for each entry, invocation and end of its deliveries, with their channels, because a message to 90
/// people would else be 90 lines. What was settled by an earlier invocation, or is left to the next, has no line.
final class DeliveryLog {
    private static final Logger log = LoggerFactory.getLogger(DeliveryLog.class);

    private DeliveryLog() {}

    private record Line(SequenceNumber at, End end) {}

    /// Says what came to its end.
    static void say(List<Settled> settled) {
        if (!log.isInfoEnabled()) {
            return;
        }
        Map<Line, List<Settled>> lines = new LinkedHashMap<>();
        for (Settled one : settled) {
            lines.computeIfAbsent(new Line(one.delivery().at(), one.end()), _ -> new ArrayList<>())
                    .add(one);
        }
        lines.forEach((line, together) -> of(
                        log.atInfo(),
                        together.stream().map(Settled::delivery).toList(),
                        together.stream().mapToInt(Settled::attempts).max().orElse(0),
                        null)
                .log(line.end().name().toLowerCase(Locale.ROOT)));
    }

    /// A line about deliveries of one entry, without its message.
    ///
    /// @param deliveries one at least
    /// @param attempts the most that were made of one
    /// @param reason why, where there is something to say
    static LoggingEventBuilder of(
            LoggingEventBuilder line, List<Delivery> deliveries, int attempts, @Nullable String reason) {
        OutboxEntry entry = deliveries.getFirst().entry();
        LoggingEventBuilder about =
                line.addKeyValue(LogKey.EVENT_ID, entry.eventId()).addKeyValue(LogKey.AGGREGATE, entry.aggregate());
        Trace trace = entry.trace();
        if (trace != null) {
            about = about.addKeyValue(LogKey.TRACE_ID, trace.traceId());
        }
        if (reason != null) {
            about = about.addKeyValue(LogKey.REASON, reason);
        }
        return about.addKeyValue(LogKey.ATTEMPTS, attempts)
                .addKeyValue(
                        LogKey.CHANNELS,
                        deliveries.stream()
                                .map(delivery -> delivery.channel().path())
                                .toList());
    }
}
