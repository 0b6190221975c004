package com.pantherkolab.local.aws;

import java.util.Set;

/// What goes wrong with one call of the meetings API.
public sealed interface MeetingFault {
    /// Nothing.
    record None() implements MeetingFault {}

    /// Refused with this status and without any effect: 429, 500 or 503.
    record Refused(int status) implements MeetingFault {}

    /// Some attendees of a batch are not made.
    ///
    /// @param indexes which, counted from 0; others than the batch has are passed over
    record PartialFailure(Set<Integer> indexes) implements MeetingFault {
        /// Copies the indexes.
        public PartialFailure {
            indexes = Set.copyOf(indexes);
        }
    }

    /// It happened, and the answer never arrives.
    record LostResponse() implements MeetingFault {}
}
