package com.pantherkolab.events;

import java.time.Duration;
import java.util.Set;

/// What goes wrong with one HTTP publish: first a delay, then an effect.
///
/// @param delay waited before anything else happens
/// @param effect what happens then
public record PublishFault(Duration delay, Effect effect) {

    /// Nothing goes wrong.
    public static final PublishFault NONE = new PublishFault(Duration.ZERO, new Effect.None());

    /// An effect without a delay.
    public static PublishFault of(Effect effect) {
        return new PublishFault(Duration.ZERO, effect);
    }

    /// What happens to a request.
    public sealed interface Effect {

        /// It is published and answered.
        record None() implements Effect {}

        /// It is not published, and the answer is an error of this HTTP status.
        record ErrorAnswer(int status) implements Effect {}

        /// It is not published; the connection is reset (a TCP `RST`) instead of an answer.
        record Reset() implements Effect {}

        /// It is published, and the connection is closed instead of an answer.
        record LostResponse() implements Effect {}

        /// The events at these indexes are listed in `failed` and not delivered; the others are.
        record PartialFailure(Set<Integer> indexes) implements Effect {

            /// Copies the indexes.
            public PartialFailure {
                indexes = Set.copyOf(indexes);
            }
        }
    }
}
