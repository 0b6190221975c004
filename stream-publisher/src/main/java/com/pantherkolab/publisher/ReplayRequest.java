package com.pantherkolab.publisher;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.pantherkolab.common.Aggregate;
import com.pantherkolab.common.Event;
import com.pantherkolab.common.IsoMillis;
import com.pantherkolab.common.Json;
import com.pantherkolab.common.UserId;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/// The event of `replayEvents`, as it is written. Everything but `source` may be absent, and with `resume` that
/// too.
///
/// @param source `stream`, `table`, `failures` or `parked`
/// @param users whose channels
/// @param conversations of which conversations
/// @param calls of which calls, by session id
/// @param types of which events
/// @param from from when on, inclusive
/// @param until until when, exclusive; by default what the live publisher has safely passed
/// @param fromSequence from which sequence number of the stream on, inclusive
/// @param toSequence up to which, inclusive
/// @param dryRun only say what would be published
/// @param rate deliveries a second
/// @param readRate read units a second, from the table
/// @param seconds how long this invocation may take; 0 reads nothing, and says what reading costs
/// @param resume the token of an answer that was not the last; then nothing else but `seconds` is given
@JsonInclude(JsonInclude.Include.NON_NULL)
record ReplayRequest(
        @Nullable String source,
        @Nullable List<String> users,
        @Nullable List<String> conversations,
        @Nullable List<String> calls,
        @Nullable List<String> types,
        @Nullable String from,
        @Nullable String until,
        @Nullable String fromSequence,
        @Nullable String toSequence,
        @Nullable Boolean dryRun,
        @Nullable Integer rate,
        @Nullable Integer readRate,
        @Nullable Integer seconds,
        @Nullable String resume) {
    static final int DEFAULT_RATE = 100;
    static final int DEFAULT_READ_RATE = 100;

    private static final int MAX_RATE = 10_000;
    private static final int MAX_SECONDS = 3_600;

    /// Reads the event, strictly.
    static ReplayRequest read(byte[] event) throws BadOption {
        try {
            return Objects.requireNonNull(Json.mapper().readValue(event, ReplayRequest.class));
        } catch (UnrecognizedPropertyException unknown) {
            throw new BadOption(unknown.getPropertyName(), "is not an option");
        } catch (DatabindException wrong) {
            throw new BadOption(
                    wrong.getPath().isEmpty()
                            ? "request"
                            : String.valueOf(wrong.getPath().getFirst().getPropertyName()),
                    "has a value of a wrong type");
        } catch (JacksonException | NullPointerException unreadable) {
            throw new BadOption("request", "must be a JSON object");
        }
    }

    /// The same without what belongs to one invocation only.
    ReplayRequest lasting() {
        return with(null, null);
    }

    /// Whether it holds nothing but what belongs to one invocation.
    boolean isEmpty() {
        return lasting()
                .equals(new ReplayRequest(
                        null, null, null, null, null, null, null, null, null, null, null, null, null, null));
    }

    /// What goes on with an answer.
    static ReplayRequest resuming(String token) {
        return new ReplayRequest(null, null, null, null, null, null, null, null, null, null, null, null, null, token);
    }

    /// The same for an invocation of so many seconds.
    ReplayRequest within(int more) {
        return with(more, resume);
    }

    private ReplayRequest with(@Nullable Integer seconds, @Nullable String resume) {
        return new ReplayRequest(
                source,
                users,
                conversations,
                calls,
                types,
                from,
                until,
                fromSequence,
                toSequence,
                dryRun,
                rate,
                readRate,
                seconds,
                resume);
    }

    byte[] toJson() {
        return Json.mapper().writeValueAsBytes(this);
    }

    /// How long the invocation may take.
    ///
    /// @param most how long it may at most
    Duration time(Duration most) throws BadOption {
        if (seconds == null) {
            return most;
        }
        Duration asked = Duration.ofSeconds(between("seconds", seconds, 0, MAX_SECONDS));
        return asked.compareTo(most) < 0 ? asked : most;
    }

    /// The time that `until` names.
    @Nullable
    Instant untilTime() throws BadOption {
        return time("until", until);
    }

    /// Where from; the first thing that is looked at.
    ReplayFrom replayFrom() throws BadOption {
        ReplayFrom chosen =
                switch (source) {
                    case "stream" ->
                        new ReplayFrom.Stream(number("fromSequence", fromSequence), number("toSequence", toSequence));
                    case "table" ->
                        new ReplayFrom.Table(
                                between("readRate", readRate == null ? DEFAULT_READ_RATE : readRate, 1, 1_000_000));
                    case "failures" -> new ReplayFrom.Failures();
                    case "parked" -> new ReplayFrom.Parked();
                    case null, default -> throw new BadOption("source", "must be stream, table, failures or parked");
                };
        if (!(chosen instanceof ReplayFrom.Stream)) {
            onlyFor("stream", "fromSequence", fromSequence);
            onlyFor("stream", "toSequence", toSequence);
        }
        if (!(chosen instanceof ReplayFrom.Table)) {
            onlyFor("table", "readRate", readRate);
        }
        return chosen;
    }

    /// The options, all checked.
    ///
    /// @param safely what `until` is, given or not
    ReplayOptions options(Instant safely) throws BadOption {
        ReplayFrom chosen = replayFrom();
        if (chosen instanceof ReplayFrom.Stream(SequenceNumber first, SequenceNumber last)
                && first != null
                && last != null
                && first.compareTo(last) > 0) {
            throw new BadOption("toSequence", "must not be below fromSequence");
        }
        Instant begin = time("from", from);
        if (begin != null && untilTime() != null && !begin.isBefore(safely)) {
            throw new BadOption("until", "must be after from");
        }
        Set<Aggregate> aggregates = new HashSet<>(each("conversations", conversations, Aggregate::conversation));
        aggregates.addAll(each("calls", calls, Aggregate::call));
        return new ReplayOptions(
                chosen,
                new ReplayFilter(
                        each("users", users, UserId::new),
                        aggregates,
                        each("types", types, Event.Type::valueOf),
                        begin,
                        safely),
                Boolean.TRUE.equals(dryRun),
                between("rate", rate == null ? DEFAULT_RATE : rate, 1, MAX_RATE));
    }

    private static void onlyFor(String source, String option, @Nullable Object value) throws BadOption {
        if (value != null) {
            throw new BadOption(option, "is for the source " + source + " only");
        }
    }

    private static int between(String option, int value, int least, int most) throws BadOption {
        if (value < least || value > most) {
            throw new BadOption(option, "must be %d to %d".formatted(least, most));
        }
        return value;
    }

    private static @Nullable SequenceNumber number(String option, @Nullable String text) throws BadOption {
        if (text != null && !SequenceNumber.isValid(text)) {
            throw new BadOption(option, "must be a sequence number, up to 40 digits");
        }
        return text == null ? null : new SequenceNumber(text);
    }

    private static @Nullable Instant time(String option, @Nullable String text) throws BadOption {
        try {
            return text == null ? null : IsoMillis.parse(text);
        } catch (DateTimeException wrong) {
            throw new BadOption(option, "must be a time like 2026-01-09T23:06:40.000Z");
        }
    }

    private static <T> Set<T> each(String option, @Nullable List<String> texts, Function<String, T> read)
            throws BadOption {
        Set<T> values = new HashSet<>();
        for (String text : texts == null ? List.<String>of() : texts) {
            try {
                if (text == null || text.isBlank()) {
                    throw new IllegalArgumentException("nothing");
                }
                values.add(read.apply(text));
            } catch (IllegalArgumentException wrong) {
                throw new BadOption(option, wanted(option));
            }
        }
        return values;
    }

    private static String wanted(String option) {
        return switch (option) {
            case "types" -> "must be of " + Arrays.toString(Event.Type.values());
            case "users" -> "must be user ids";
            default -> "must be ids";
        };
    }
}
