package com.pantherkolab.local;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.events.DynamodbEvent;
import com.amazonaws.services.lambda.runtime.events.StreamsEventResponse;

/// A function that a stream feeds.
@FunctionalInterface
interface StreamFunction {
    /// Asks it about a batch. Any exception but [NotInvoked] is a failed invocation.
    StreamsEventResponse invoke(DynamodbEvent event, Context context) throws NotInvoked;

    /// The function was throttled or could not be started; it has seen nothing.
    final class NotInvoked extends Exception {
        private static final long serialVersionUID = 1;

        NotInvoked(String reason, Throwable cause) {
            super(reason, cause);
        }
    }
}
