package com.pantherkolab.publisher;

import com.amazonaws.services.lambda.runtime.events.StreamsEventResponse;
import com.amazonaws.services.lambda.runtime.events.StreamsEventResponse.BatchItemFailure;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where the stream goes on: at the lowest sequence number that still has something undelivered.
///
/// The mapping repeats that record and everything behind it, also what was delivered. So one number says it all,
/// and a second would only have to be compared.
///
/// @param undelivered the lowest of them; none, when everything is done
record Checkpoint(@Nullable SequenceNumber undelivered) {
    /// Everything is done.
    static final Checkpoint END = new Checkpoint(null);

    /// The lower of the two.
    Checkpoint and(Checkpoint other) {
        if (undelivered == null || other.undelivered == null) {
            return undelivered == null ? other : this;
        }
        return undelivered.compareTo(other.undelivered) <= 0 ? this : other;
    }

    boolean isEnd() {
        return undelivered == null;
    }

    /// Whether a record of the batch will not come again.
    boolean passes(SequenceNumber at) {
        return undelivered == null || at.compareTo(undelivered) < 0;
    }

    /// What the event source mapping reads. An empty list is success; an identifier is never null or empty, for
    /// that would fail the whole batch.
    StreamsEventResponse response() {
        return new StreamsEventResponse(
                undelivered == null ? List.of() : List.of(new BatchItemFailure(undelivered.text())));
    }

    @Override
    public String toString() {
        return undelivered == null ? "end" : undelivered.text();
    }
}
