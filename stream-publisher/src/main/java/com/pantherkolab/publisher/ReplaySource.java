package com.pantherkolab.publisher;

import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// What a replay reads, page by page, from a position on. Reading changes nothing.
interface ReplaySource {

    /// What was read at a time.
    ///
    /// @param found in the order in which it is to be published; empty pages may come before the end
    /// @param end whether there is nothing behind it
    record Page(List<Replayable.Found> found, boolean end) {}

    /// What a replay costs to read, as far as is known before.
    ///
    /// @param items how many items are read; the table's own count, some hours old
    /// @param bytes how much
    /// @param readUnits what is paid for
    record Price(long items, long bytes, long readUnits) {}

    /// Reads on.
    Page next() throws InterruptedException;

    /// Things that were found will not be asked for again by this replay.
    ///
    /// @param settled those that nobody needs any more: published, or expired
    default void done(List<Replayable.Found> found, List<Replayable.Found> settled) {}

    /// The replay lets go of the source.
    ///
    /// @param end whether the replay has come to its end, and will not go on later
    default void close(boolean end) {}

    /// How much there is, where the source knows.
    default OptionalLong expected() {
        return OptionalLong.empty();
    }

    /// What reading it costs, where that is worth saying.
    default @Nullable Price price() {
        return null;
    }
}
