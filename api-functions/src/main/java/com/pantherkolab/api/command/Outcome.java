package com.pantherkolab.api.command;

/// What became of a command.
public sealed interface Outcome {

    /// It was carried out, now or by an earlier call that said the same.
    ///
    /// @param answer a record whose fields are the answer
    record Done(Object answer) implements Outcome {}

    /// It was not, and nothing changed that anybody can see.
    record Refused(Refusal refusal) implements Outcome {}
}
