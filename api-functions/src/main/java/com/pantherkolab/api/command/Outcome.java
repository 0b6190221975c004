package com.pantherkolab.api.command;

import java.util.Map;

/// What became of a command.
public sealed interface Outcome {

    /// It was carried out, now or by an earlier call that said the same.
    ///
    /// @param answer a record, map or JSON object whose fields are the answer
    record Done(Object answer) implements Outcome {
        /// With nothing to tell.
        public Done() {
            this(Map.of());
        }
    }

    /// It was not, and nothing changed that anybody can see.
    record Refused(Refusal refusal) implements Outcome {}
}
