package com.pantherkolab.local;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Local run's own properties, `local.*`; the API's port is Spring's `server.port`.
///
/// @param events the AppSync Events emulator
/// @param dataDir the folder that keeps tables, stream positions, queues and buckets; absent: nothing is kept
@ConfigurationProperties("local")
record LocalSettings(@DefaultValue Events events, @Nullable String dataDir) {

    /// @param port where it listens on loopback; 0 picks a free one
    record Events(@DefaultValue("8081") int port) {
        Events {
            if (port < 0 || port > 65_535) {
                throw new IllegalArgumentException("local.events.port must be from 0 to 65535");
            }
        }
    }
}
