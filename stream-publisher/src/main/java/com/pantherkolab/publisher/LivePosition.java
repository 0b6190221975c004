package com.pantherkolab.publisher;

import java.time.Instant;
import java.util.Optional;

/// How far the live publisher has come.
public interface LivePosition {

    /// An instant before which everything that was written is settled; none, where that is not known. It is never
    /// guessed.
    ///
    /// @param now the time
    Optional<Instant> passed(Instant now);
}
