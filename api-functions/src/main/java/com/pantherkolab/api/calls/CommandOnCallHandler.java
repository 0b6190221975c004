package com.pantherkolab.api.calls;

import com.pantherkolab.api.calls.Calls.Given;
import com.pantherkolab.api.callstate.CallCommand;
import com.pantherkolab.api.command.Commands;
import com.pantherkolab.api.command.Idempotency;
import com.pantherkolab.api.command.Outcome;
import com.pantherkolab.api.http.Fields;
import com.pantherkolab.api.http.Reading;
import com.pantherkolab.api.http.Request;
import com.pantherkolab.api.store.StateReader;
import com.pantherkolab.common.Aggregate;
import com.pantherkolab.common.UserId;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/// `POST /api/calls/accept`, `reject`, `cancel`, `end` and `leave`: they differ in what they want, and in nothing
/// else.
public final class CommandOnCallHandler {
    private final StateReader state;
    private final Commands commands;
    private final CallSettings settings;
    private final Clock clock;
    private final Supplier<String> ids;

    public CommandOnCallHandler(
            StateReader state, Commands commands, CallSettings settings, Clock clock, Supplier<String> ids) {
        this.state = state;
        this.commands = commands;
        this.settings = settings;
        this.clock = clock;
        this.ids = ids;
    }

    /// What a body wants of the call, by the time it is decided.
    @FunctionalInterface
    private interface Wish {
        CallCommand at(Instant now);
    }

    public Outcome accept(Request request) {
        return handle(
                request,
                "calls/accept",
                CommandOnCall::withDevice,
                command -> now -> new CallCommand.Accept(
                        request.caller(), command.deviceId(), now.plus(settings.connectTimeout())));
    }

    public Outcome reject(Request request) {
        return handle(request, "calls/reject", CommandOnCall::read, _ -> _ -> new CallCommand.Reject(request.caller()));
    }

    public Outcome cancel(Request request) {
        return handle(request, "calls/cancel", CommandOnCall::read, _ -> _ -> new CallCommand.Cancel(request.caller()));
    }

    public Outcome end(Request request) {
        return handle(request, "calls/end", CommandOnCall::read, _ -> _ -> new CallCommand.End(request.caller()));
    }

    public Outcome leave(Request request) {
        return handle(request, "calls/leave", CommandOnCall::read, _ -> _ -> new CallCommand.Leave(request.caller()));
    }

    private Outcome handle(
            Request request,
            String route,
            Function<Fields, Reading<CommandOnCall>> form,
            Function<CommandOnCall, Wish> wish) {
        return request.read(form)
                .then(command ->
                        run(request.caller(), command.sessionId(), once(request, route, command), wish.apply(command)));
    }

    private Outcome run(UserId caller, String sessionId, Idempotency once, Wish wish) {
        Outcome outcome = commands.run(once, Calls::called, () -> {
            Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
            return Calls.decide(state.call(sessionId), wish.at(now), once, new Given(ids.get(), now));
        });
        return CurrentCall.added(outcome, () -> state.call(sessionId), caller);
    }

    private Idempotency once(Request request, String route, CommandOnCall command) {
        Aggregate aggregate = Aggregate.call(command.sessionId());
        return Idempotency.of(request.caller(), route, aggregate, request.idempotencyKey(), command, ids);
    }
}
