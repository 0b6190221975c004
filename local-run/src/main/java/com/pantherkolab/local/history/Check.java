package com.pantherkolab.local.history;

import java.util.function.BiConsumer;

/// One thing that the contract says, held against a history.
@FunctionalInterface
interface Check {
    /// Looks through the history.
    ///
    /// @param found takes the kind of a violation and where it is
    void hold(Recorded history, BiConsumer<Violation.Kind, Object> found);
}
