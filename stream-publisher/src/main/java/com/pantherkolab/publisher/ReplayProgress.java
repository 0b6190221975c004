package com.pantherkolab.publisher;

import com.pantherkolab.publisher.ReplayAnswer.Replayed;
import java.io.PrintWriter;

/// What the command line shows while a replay is under way: one line, written over again and again.
///
/// A bar where the source knows how much there is, else counts alone.
final class ReplayProgress {
    private static final int WIDTH = 30;

    private final PrintWriter out;
    private int shown;

    ReplayProgress(PrintWriter out) {
        this.out = out;
    }

    void show(Replayed answer) {
        String line = line(answer);
        out.print("\r" + line + " ".repeat(Math.max(0, shown - line.length())));
        out.flush();
        shown = line.length();
    }

    /// Ends the line.
    void end() {
        if (shown > 0) {
            out.println();
            out.flush();
        }
        shown = 0;
    }

    static String line(Replayed answer) {
        ReplaySummary summary = answer.summary();
        String counts = "considered %d, %s %d%s"
                .formatted(
                        summary.considered(),
                        answer.dryRun() ? "would publish" : "published",
                        summary.published(),
                        summary.failed() > 0 ? ", waiting with " + summary.failed() : "");
        Long expected = answer.expected();
        return expected == null || expected == 0 ? counts : bar(answer, expected) + " " + counts;
    }

    /// Items are counted, and deliveries considered: a fair guess, and never more than full.
    private static String bar(Replayed answer, long expected) {
        long part =
                answer.done() ? expected : Math.min(expected, answer.summary().considered());
        int full = (int) (part * WIDTH / expected);
        return "[%s%s] %3d %%".formatted("#".repeat(full), ".".repeat(WIDTH - full), part * 100 / expected);
    }
}
