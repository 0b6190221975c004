package com.pantherkolab.api.calls;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.pantherkolab.api.calls.Calls.Given;
import com.pantherkolab.api.callstate.CallState;
import com.pantherkolab.api.command.Commands;
import com.pantherkolab.api.command.Idempotency;
import com.pantherkolab.api.command.Outcome;
import com.pantherkolab.api.http.Field;
import com.pantherkolab.api.http.Request;
import com.pantherkolab.api.http.Rule;
import com.pantherkolab.api.store.StateReader;
import com.pantherkolab.common.Aggregate;
import com.pantherkolab.common.Attendee;
import com.pantherkolab.common.Call;
import com.pantherkolab.common.Call.Participant;
import com.pantherkolab.common.Call.Status;
import com.pantherkolab.common.Json;
import com.pantherkolab.common.UserId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// `GET /api/calls` and `GET /api/calls/{sessionId}`.
///
/// Strongly consistent: a client that missed an event learns here whether its phone still rings. A deadline that is
/// past is committed first, so what is answered never rings too long.
public final class CallQueries {
    /// How long a call that is over stays in the list.
    private static final Duration LISTED_AFTER_END = Duration.ofHours(24);

    /// Nobody's phone has rung more often within the two days that are looked at.
    private static final int MAX_LISTED = 1_000;

    /// What the calls may take up as JSON.
    static final int MAX_LIST_BYTES = 990_000;

    private final StateReader state;
    private final Commands commands;
    private final Clock clock;
    private final Supplier<String> ids;

    public CallQueries(StateReader state, Commands commands, Clock clock, Supplier<String> ids) {
        this.state = state;
        this.commands = commands;
        this.clock = clock;
        this.ids = ids;
    }

    record Listed(List<Call> calls) {}

    /// A call as one participant sees it.
    ///
    /// @param meeting the Chime SDK's `Meeting`, while the reader is connected
    /// @param attendee the reader's own, while they are connected
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Detailed(
            Call call, @Nullable JsonNode meeting, @Nullable Attendee attendee) {}

    /// The caller's calls that are not over, or over for less than a day.
    public Outcome list(Request request) {
        UserId caller = request.caller();
        List<String> sessionIds =
                state.callIds(caller, now().minus(LISTED_AFTER_END.plus(CallState.LONGEST)), MAX_LISTED);
        List<Call> calls = new ArrayList<>();
        for (Map.Entry<String, CallState> found : state.calls(sessionIds).entrySet()) {
            if (found.getValue().due(now()) == null) {
                calls.add(found.getValue().call());
                continue;
            }
            Outcome settled = settled(caller, found.getKey(), Calls.Called::of);
            if (!(settled instanceof Outcome.Done done) || !(done.answer() instanceof Calls.Called(Call call))) {
                return settled;
            }
            calls.add(call);
        }
        return new Outcome.Done(new Listed(listed(calls, now())));
    }

    /// One call, with what lets the reader into its meeting.
    public Outcome get(Request request) {
        return request.readParameters(parameters -> {
                    Field<String> id = parameters.required("sessionId", Rule.id());
                    return parameters.build(id::get);
                })
                .then(sessionId -> settled(request.caller(), sessionId, call -> detailed(request.caller(), call)));
    }

    private Outcome settled(UserId caller, String sessionId, Function<CallState, Object> view) {
        return commands.run(
                Idempotency.unkeyed(Aggregate.call(sessionId), ids.get()),
                Calls::called,
                () -> Calls.look(state.call(sessionId), caller, view, new Given(ids.get(), now())));
    }

    private Detailed detailed(UserId reader, CallState state) {
        boolean connected = state.call()
                .participant(reader)
                .filter(participant -> participant.state() == Participant.State.CONNECTED)
                .isPresent();
        Attendee attendee = connected && state instanceof CallState.Active
                ? this.state.attendee(state.call().sessionId(), reader)
                : null;
        return attendee != null && state instanceof CallState.Active active
                ? new Detailed(state.call(), active.meeting().json(), attendee)
                : new Detailed(state.call(), null, null);
    }

    /// The last one first. Should there be too much for one answer, the calls that are over give way, then the
    /// oldest.
    private static List<Call> listed(List<Call> calls, Instant now) {
        Comparator<Call> lastFirst = Comparator.comparing(Call::createdAt)
                .thenComparing(Call::sessionId)
                .reversed();
        List<Call> listed = new ArrayList<>();
        long bytes = 0;
        for (Call call : calls.stream()
                .filter(call -> isRecent(call, now))
                .sorted(Comparator.comparing((Call call) -> call.status() == Status.ENDED)
                        .thenComparing(lastFirst))
                .toList()) {
            bytes += Json.mapper().writeValueAsBytes(call).length + 1;
            if (bytes > MAX_LIST_BYTES) {
                break;
            }
            listed.add(call);
        }
        return listed.stream().sorted(lastFirst).toList();
    }

    private static boolean isRecent(Call call, Instant now) {
        Instant endedAt = call.endedAt();
        return endedAt == null || now.isBefore(endedAt.plus(LISTED_AFTER_END));
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
