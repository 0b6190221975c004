package com.pantherkolab.api.command;

import com.pantherkolab.api.store.Change;

/// What a decision came to: pure, a value that depends on its arguments alone.
public sealed interface Decision {

    /// Write the change; once it is committed, this is the answer.
    record Write(Change change, Object answer) implements Decision {}

    /// There is nothing to write: it is as it should be already.
    record Answer(Object answer) implements Decision {}

    /// It may not be.
    record Refuse(Refusal refusal) implements Decision {}
}
