package com.pantherkolab.api.command;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What became of a command.
public sealed interface Outcome {

    /// It was carried out, now or by an earlier call that said the same.
    ///
    /// @param answer a record, map or JSON object whose fields are the answer
    /// @param etag stands for the answer, where it has one: as long as it is the same, so is the answer
    record Done(Object answer, @Nullable String etag) implements Outcome {
        /// Without an ETag.
        public Done(Object answer) {
            this(answer, null);
        }

        /// With nothing to tell.
        public Done() {
            this(Map.of());
        }
    }

    /// The caller has the answer already.
    record NotModified(String etag) implements Outcome {}

    /// It was not, and nothing changed that anybody can see.
    record Refused(Refusal refusal) implements Outcome {}
}
