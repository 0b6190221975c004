package com.pantherkolab.api.http;

import com.pantherkolab.api.command.Outcome;
import com.pantherkolab.api.command.Refusal;
import java.util.function.Function;

/// What reading a body came to.
///
/// @param <T> the command
public sealed interface Reading<T> {

    /// The body is a command.
    record Good<T>(T command) implements Reading<T> {}

    /// It is not.
    record Bad<T>(Refusal refusal) implements Reading<T> {}

    /// Runs the command if there is one.
    default Outcome then(Function<T, Outcome> run) {
        return switch (this) {
            case Good<T>(T command) -> run.apply(command);
            case Bad<T>(Refusal refusal) -> new Outcome.Refused(refusal);
        };
    }
}
