package com.pantherkolab.api.command;

import com.pantherkolab.api.store.Change;

/// What a decision came to: pure, a value that depends on its arguments alone.
public sealed interface Decision {

    /// Write the change; the answer is what its entry says.
    record Announce(Change.Announced change) implements Decision {}

    /// Write this first, which is nobody's command but is due, and then decide again.
    record First(Change.Announced due) implements Decision {}

    /// There is nothing to write: it is as it should be already.
    record Answer(Object answer) implements Decision {}

    /// It may not be.
    record Refuse(Refusal refusal) implements Decision {}
}
