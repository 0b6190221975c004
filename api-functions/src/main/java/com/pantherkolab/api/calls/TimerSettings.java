package com.pantherkolab.api.calls;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/// The queue of the call timers, from the properties `timers.*` (in a Lambda function: `TIMERS_…`).
///
/// @param queueUrl its URL
@ConfigurationProperties("timers")
public record TimerSettings(String queueUrl) {
    public TimerSettings {
        require(queueUrl);
    }

    private static void require(@Nullable String queueUrl) {
        if (queueUrl == null || queueUrl.isBlank()) {
            throw new IllegalArgumentException("timers.queue-url is not set");
        }
    }
}
