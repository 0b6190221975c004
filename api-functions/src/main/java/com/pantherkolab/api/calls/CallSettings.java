package com.pantherkolab.api.calls;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How long a call rings and how long connecting may take, from the properties `ring-timeout-seconds` and
/// `connect-timeout-seconds` (in a Lambda function: `RING_TIMEOUT_SECONDS`, `CONNECT_TIMEOUT_SECONDS`).
///
/// @param ringTimeoutSeconds 1 to 900
/// @param connectTimeoutSeconds 1 to 900
@ConfigurationProperties
public record CallSettings(
        @DefaultValue("45") int ringTimeoutSeconds,
        @DefaultValue("10") int connectTimeoutSeconds) {
    /// What one delayed message of a queue can bridge.
    private static final int MOST = 900;

    public CallSettings {
        require("ring-timeout-seconds", ringTimeoutSeconds);
        require("connect-timeout-seconds", connectTimeoutSeconds);
    }

    Duration ringTimeout() {
        return Duration.ofSeconds(ringTimeoutSeconds);
    }

    Duration connectTimeout() {
        return Duration.ofSeconds(connectTimeoutSeconds);
    }

    private static void require(String property, int seconds) {
        if (seconds < 1 || seconds > MOST) {
            throw new IllegalArgumentException("%s must be 1 to %d".formatted(property, MOST));
        }
    }
}
