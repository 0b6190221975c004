package com.pantherkolab.common;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;

/// The one time format of the house: ISO-8601 in UTC with exactly three decimals, `2026-01-09T23:06:40.000Z`.
///
/// Three decimals always, so that such texts sort as the times they name; `Instant.toString()` drops `.000`. Finer
/// parts of an instant are cut off, not rounded.
public final class IsoMillis {
    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'")
            .withResolverStyle(ResolverStyle.STRICT)
            .withZone(ZoneOffset.UTC);

    private IsoMillis() {}

    /// The text of a time.
    public static String format(Instant time) {
        return FORMAT.format(time);
    }

    /// The time of a text that has exactly this format.
    ///
    /// @throws java.time.format.DateTimeParseException if it has another
    public static Instant parse(String text) {
        return FORMAT.parse(text, Instant::from);
    }
}
