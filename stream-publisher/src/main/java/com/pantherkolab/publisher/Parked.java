package com.pantherkolab.publisher;

import com.amazonaws.services.lambda.runtime.events.DynamodbEvent.DynamodbStreamRecord;
import com.pantherkolab.common.Aggregate;
import com.pantherkolab.common.Channel;
import org.jspecify.annotations.Nullable;

/// Something that could not be delivered as it is, laid aside for somebody to look at and to replay.
///
/// What it logs as never holds an event's data.
public sealed interface Parked {

    /// Why, in a word or a code.
    String reason();

    /// A delivery that was refused, or given up after too long. It points at the entry, which stays in the outbox.
    ///
    /// @param aggregate with `eventId` the key of the entry
    /// @param eventId which event
    /// @param channel whose delivery
    record Undelivered(Aggregate aggregate, String eventId, Channel channel, String reason) implements Parked {}

    /// A record that could not be read, as it is: nothing in it is known to point anywhere.
    ///
    /// @param raw the record; none, where the batch held a hole
    record Unreadable(@Nullable DynamodbStreamRecord raw, String reason) implements Parked {
        /// The sequence number and the reason.
        @Override
        public String toString() {
            String at = raw == null || raw.getDynamodb() == null
                    ? "unknown"
                    : String.valueOf(raw.getDynamodb().getSequenceNumber());
            return "Unreadable[at=%s, reason=%s]".formatted(at, reason);
        }
    }
}
