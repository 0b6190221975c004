package com.pantherkolab.api.calls;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/// Where meetings are made, from the properties `meetings.*` (in a Lambda function: `MEETINGS_…`).
///
/// @param region the control plane that is asked; Chime has it in a few regions only
/// @param mediaRegion where the media flow
@ConfigurationProperties("meetings")
public record MeetingSettings(String region, String mediaRegion) {
    public MeetingSettings {
        require("meetings.region", region);
        require("meetings.media-region", mediaRegion);
    }

    private static void require(String property, @Nullable String value) {
        if (value == null || value.isBlank()) {
            throw new IllegalArgumentException(property + " is not set");
        }
    }
}
