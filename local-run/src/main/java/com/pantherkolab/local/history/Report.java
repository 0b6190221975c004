package com.pantherkolab.local.history;

import com.pantherkolab.local.history.Violation.Kind;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// What a check found.
///
/// @param counts of how much it was
/// @param violations all of them, check by check
public record Report(Counts counts, List<Violation> violations) {
    private static final int SHOWN = 10;

    public Report {
        violations = List.copyOf(violations);
    }

    /// How much was looked at. All but the first two are in deliveries: event × channel.
    ///
    /// @param changes committed, with something durable to tell
    /// @param acknowledged successes that clients saw
    /// @param durable that committed changes ask for
    /// @param ephemeral that were asked for
    /// @param published each once
    /// @param duplicates published again
    /// @param dropped ephemeral ones that were not published
    /// @param expired durable ones that were not published before their expiry
    /// @param listed durable ones that were not published and can be found
    public record Counts(
            long changes,
            long acknowledged,
            long durable,
            long ephemeral,
            long published,
            long duplicates,
            long dropped,
            long expired,
            long listed) {}

    /// Whether nothing is broken.
    public boolean isClean() {
        return violations.isEmpty();
    }

    /// How many of a kind there are.
    public long count(Kind kind) {
        return violations.stream().filter(violation -> violation.kind() == kind).count();
    }

    /// For people: the counts in a line, then each kind of violation with its first few.
    public String text() {
        StringBuilder text = new StringBuilder("""
                %d committed changes, %d acknowledged answers
                %d durable deliveries, %d ephemeral: %d published, %d duplicates, %d dropped, %d expired, %d listed
                """.formatted(
                        counts.changes,
                        counts.acknowledged,
                        counts.durable,
                        counts.ephemeral,
                        counts.published,
                        counts.duplicates,
                        counts.dropped,
                        counts.expired,
                        counts.listed));
        if (isClean()) {
            return text.append("nothing lost, nothing forged, nothing out of order\n")
                    .toString();
        }
        Map<Kind, Long> kinds = new EnumMap<>(Kind.class);
        violations.forEach(violation -> kinds.merge(violation.kind(), 1L, Long::sum));
        kinds.forEach((kind, number) -> {
            text.append("%s %d%n".formatted(kind, number));
            violations.stream()
                    .filter(violation -> violation.kind() == kind)
                    .limit(SHOWN)
                    .forEach(violation ->
                            text.append("  ").append(violation.where()).append('\n'));
            if (number > SHOWN) {
                text.append("  and %d more%n".formatted(number - SHOWN));
            }
        });
        return text.toString();
    }
}
