package com.pantherkolab.api.calls;

import com.pantherkolab.api.calls.Calls.Given;
import com.pantherkolab.api.calls.Calls.Initiation;
import com.pantherkolab.api.calls.Calls.Known;
import com.pantherkolab.api.command.Commands;
import com.pantherkolab.api.command.Idempotency;
import com.pantherkolab.api.command.Outcome;
import com.pantherkolab.api.http.Handler;
import com.pantherkolab.api.http.Request;
import com.pantherkolab.api.store.Profile;
import com.pantherkolab.api.store.StateReader;
import com.pantherkolab.common.Aggregate;
import com.pantherkolab.common.Conversation;
import com.pantherkolab.common.Digest;
import com.pantherkolab.common.UserId;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// `POST /api/calls/initiate`.
public final class InitiateCallHandler implements Handler {
    private static final String ROUTE = "calls/initiate";

    private final StateReader state;
    private final Commands commands;
    private final CallSettings settings;
    private final Clock clock;
    private final Supplier<String> ids;

    public InitiateCallHandler(
            StateReader state, Commands commands, CallSettings settings, Clock clock, Supplier<String> ids) {
        this.state = state;
        this.commands = commands;
        this.settings = settings;
        this.clock = clock;
        this.ids = ids;
    }

    @Override
    public Outcome handle(Request request) {
        return request.read(body -> InitiateCall.read(body, request.caller()))
                .then(command -> initiate(initiation(request.caller(), request.idempotencyKey(), command)));
    }

    /// The id of the new call derives from the caller's key, if there is one.
    private Initiation initiation(UserId caller, @Nullable String key, InitiateCall command) {
        String sessionId = key == null ? ids.get() : Digest.of(List.of(caller.value(), ROUTE, key));
        Aggregate aggregate = Aggregate.call(sessionId);
        Idempotency once = Idempotency.of(caller, ROUTE, aggregate, key, command, ids);
        return new Initiation(caller, command, sessionId, once);
    }

    private Outcome initiate(Initiation initiation) {
        Outcome outcome = commands.run(
                initiation.once(),
                Calls::called,
                () -> Calls.initiate(
                        known(initiation),
                        initiation,
                        settings,
                        new Given(ids.get(), clock.instant().truncatedTo(ChronoUnit.MILLIS))));
        return CurrentCall.added(outcome, () -> state.call(initiation.sessionId()), initiation.caller());
    }

    private Known known(Initiation initiation) {
        InitiateCall command = initiation.command();
        UserId caller = initiation.caller();
        Conversation conversation =
                command.conversationId() == null ? null : state.conversationOf(caller, command.conversationId());
        String paired = command.participants().size() == 2
                ? state.pairedCall(
                        command.participants().getFirst(),
                        command.participants().getLast())
                : null;
        Profile profile = state.profile(caller);
        return new Known(
                conversation,
                profile == null ? "Unknown" : profile.firstName() + " " + profile.lastName(),
                paired,
                paired == null ? null : state.call(paired));
    }
}
