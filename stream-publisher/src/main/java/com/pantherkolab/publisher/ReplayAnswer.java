package com.pantherkolab.publisher;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.pantherkolab.common.Aggregate;
import com.pantherkolab.common.Event;
import com.pantherkolab.common.Json;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What `replayEvents` answers.
sealed interface ReplayAnswer {

    /// How far it came.
    ///
    /// @param done whether there is nothing left
    /// @param resume what goes on with it, where it is not done
    /// @param dryRun whether nothing was published
    /// @param until what it takes up to, exclusive
    /// @param summary of all invocations so far
    /// @param planned in a dry run, what this invocation would have published, in order
    /// @param expected how many items the source holds, where it knows
    /// @param price what reading costs, where that is worth saying
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Replayed(
            boolean done,
            @Nullable String resume,
            boolean dryRun,
            Instant until,
            ReplaySummary summary,
            @Nullable List<Planned> planned,
            @Nullable Long expected,
            ReplaySource.@Nullable Price price)
            implements ReplayAnswer {}

    /// One event that a dry run would publish.
    ///
    /// @param channels to how many
    record Planned(Aggregate aggregate, long order, String eventId, Event.Type type, int channels) {}

    /// Nothing was done.
    record Refused(Problem error) implements ReplayAnswer {}

    /// Why.
    ///
    /// @param option which option it is about
    /// @param message what it has to be
    record Problem(String option, String message) {}

    /// Reads what [#toJson] writes.
    static ReplayAnswer read(byte[] json) {
        JsonNode answer = Json.mapper().readTree(json);
        return answer.has("error")
                ? Json.mapper().treeToValue(answer, Refused.class)
                : Json.mapper().treeToValue(answer, Replayed.class);
    }

    default byte[] toJson() {
        return Json.mapper().writeValueAsBytes(this);
    }
}
