package com.pantherkolab.publisher;

import com.amazonaws.services.lambda.runtime.events.DynamodbEvent.DynamodbStreamRecord;
import com.pantherkolab.common.OutboxEntry;
import org.jspecify.annotations.Nullable;

/// What a record of the outbox's stream turned out to be.
sealed interface StreamRecord {

    /// A new entry of the outbox.
    ///
    /// @param at its place in the stream
    /// @param entry what is to be published
    record Entry(SequenceNumber at, OutboxEntry entry) implements StreamRecord {}

    /// A record that this version cannot read, and will not be able to read at any repeat.
    ///
    /// @param raw the record as it came; none, where the batch held a hole
    /// @param reason why, without a word of its content
    record Unreadable(@Nullable DynamodbStreamRecord raw, String reason) implements StreamRecord {

        /// Its place in the stream, if it says so.
        @Nullable
        SequenceNumber at() {
            if (raw == null || raw.getDynamodb() == null) {
                return null;
            }
            String text = raw.getDynamodb().getSequenceNumber();
            return text == null || !SequenceNumber.isValid(text) ? null : new SequenceNumber(text);
        }
    }

    /// A record that says nothing new: a deletion, or a change of what is never changed.
    record Ignored() implements StreamRecord {}
}
