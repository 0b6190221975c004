package com.pantherkolab.publisher;

import org.jspecify.annotations.Nullable;

/// Opens the sources of replays.
interface ReplaySources {

    /// Opens what the options name.
    ///
    /// @param position where to go on, as a source of this kind gave it; none, for the beginning
    ReplaySource open(ReplayOptions options, @Nullable String position);
}
