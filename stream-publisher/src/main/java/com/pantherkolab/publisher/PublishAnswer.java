package com.pantherkolab.publisher;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What AppSync says to one request.
sealed interface PublishAnswer {

    /// It says for each event what became of it; the service itself is well.
    ///
    /// @param results one for each event of the request, in its order; none of them expired
    record Answered(List<PublishResult> results) implements PublishAnswer {
        public Answered {
            results = List.copyOf(results);
        }
    }

    /// It refused the request for its content, and does not say which event is to blame.
    record Refused(String reason) implements PublishAnswer {}

    /// It did not answer, or about itself: nothing is known to be delivered, and everything may be.
    ///
    /// @param retryAfter how long it asks to be left alone
    record Unavailable(String reason, @Nullable Duration retryAfter) implements PublishAnswer {}
}
