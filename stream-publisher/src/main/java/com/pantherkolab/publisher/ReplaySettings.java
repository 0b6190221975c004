package com.pantherkolab.publisher;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// The configuration of replays: the properties below `replay.`, checked when they are read.
///
/// @param outboxTable the outbox; without default
/// @param publisherFunction the function whose `IteratorAge` tells how far the live publisher is; without default
/// @param invocationTime how long one invocation may take, where it is not asked for less
@ConfigurationProperties("replay")
public record ReplaySettings(
        String outboxTable,
        String publisherFunction,

        @DefaultValue(ReplaySettings.INVOCATION_SECONDS + "s")
        Duration invocationTime) {

    /// The default of `invocationTime`, in seconds; the function's timeout leaves room behind it.
    public static final int INVOCATION_SECONDS = 840;

    public ReplaySettings {
        check(isText(outboxTable), "replay.outbox-table", "the name of a table");
        check(isText(publisherFunction), "replay.publisher-function", "the name of a function");
        check(invocationTime.isPositive(), "replay.invocation-time", "longer than nothing");
    }

    private static void check(boolean valid, String property, String what) {
        if (!valid) {
            throw new IllegalArgumentException("%s must be %s".formatted(property, what));
        }
    }

    private static boolean isText(@Nullable String text) {
        return text != null && !text.isBlank();
    }
}
