package com.pantherkolab.api.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.pantherkolab.api.HeardLogs;
import com.pantherkolab.api.HeardLogs.Line;
import com.pantherkolab.api.store.ChangeWriter.Written;
import com.pantherkolab.common.Aggregate;
import com.pantherkolab.common.OutboxEntry;
import com.pantherkolab.common.UserId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LoggingChangeWriterTest {
    private static final OutboxEntry ENTRY = new OutboxEntry(
            Aggregate.conversation("c1"), "e-1", 1, Instant.parse("2026-01-09T23:06:40.120Z"), List.of());
    private static final Change CHANGE = new Change.TypingAnnounced(ENTRY);
    private static final Change QUIET = new Change.ProfileSaved(new Profile(new UserId("alice"), "Alice", "Liddell"));

    private static List<Line> said(Written written, Change change) {
        try (HeardLogs logs = new HeardLogs()) {
            assertThat(new LoggingChangeWriter(_ -> written).write(change)).isSameAs(written);
            return logs.lines();
        }
    }

    @Test
    void whatCommitsIsSaidWithItsEvent() {
        assertThat(said(new Written.Committed(), CHANGE))
                .containsExactly(
                        new Line("INFO", "committed", Map.of("eventId", "e-1", "aggregate", "conversation#c1")));
    }

    @Test
    void whatMayHaveCommittedIsSaidWithItsEvent() {
        assertThat(said(new Written.Unknown(), CHANGE))
                .containsExactly(new Line(
                        "WARN", "perhaps committed", Map.of("eventId", "e-1", "aggregate", "conversation#c1")));
    }

    @Test
    void whatWroteNothingIsNotSaid() {
        assertThat(said(new Written.CommittedBefore(ENTRY), CHANGE)).isEmpty();
        assertThat(said(new Written.Overtaken(), CHANGE)).isEmpty();
        assertThat(said(new Written.Unavailable(), CHANGE)).isEmpty();
    }

    @Test
    void whatHasNoEventIsNotSaid() {
        assertThat(said(new Written.Committed(), QUIET)).isEmpty();
    }
}
