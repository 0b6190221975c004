package com.pantherkolab.api.calls;

import com.pantherkolab.api.callstate.CallState;
import com.pantherkolab.api.command.Outcome;
import com.pantherkolab.api.command.Refusal;
import com.pantherkolab.api.command.Refusal.Code;
import com.pantherkolab.common.UserId;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A reused key is refused without a look at the state; the contract wants the call beside it.
final class CurrentCall {
    private CurrentCall() {}

    static Outcome added(Outcome outcome, Supplier<@Nullable CallState> read, UserId caller) {
        if (!(outcome instanceof Outcome.Refused(Refusal refusal)) || refusal.code() != Code.KEY_REUSED) {
            return outcome;
        }
        CallState current = read.get();
        return current == null || !current.call().has(caller)
                ? outcome
                : new Outcome.Refused(refusal.with(current.call()));
    }
}
