package com.pantherkolab.local;

import com.amazonaws.services.lambda.runtime.events.StreamsEventResponse;
import com.amazonaws.services.lambda.runtime.events.StreamsEventResponse.BatchItemFailure;
import java.util.List;

/// What came of asking a function about a batch.
sealed interface Outcome {

    /// It answered.
    ///
    /// @param handled how many records, from the first on, are handled
    record Answered(int handled) implements Outcome {}

    /// It failed or ran out of time.
    record Failed() implements Outcome {}

    /// It was not asked: it was throttled, or it could not be started.
    record NotInvoked() implements Outcome {}

    /// Reads a response by Lambda's rules for `ReportBatchItemFailures`.
    ///
    /// No list and an empty one are success; otherwise everything before the lowest record that is named is
    /// handled. A name that is empty, absent or of no record of the batch fails the whole batch.
    static Answered answered(List<Incoming> batch, StreamsEventResponse response) {
        List<String> sequenceNumbers = batch.stream()
                .map(incoming -> incoming.record().dynamodb().sequenceNumber())
                .toList();
        List<BatchItemFailure> failures = response.getBatchItemFailures();
        int handled = batch.size();
        for (BatchItemFailure failure : failures == null ? List.<BatchItemFailure>of() : failures) {
            handled = Math.min(handled, Math.max(0, sequenceNumbers.indexOf(failure.getItemIdentifier())));
        }
        return new Answered(handled);
    }
}
