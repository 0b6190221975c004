package com.pantherkolab.local;

import java.util.SplittableRandom;
import java.util.function.Supplier;

/// What goes wrong with writes to the store, by chance; DynamoDB Local itself hardly ever has a bad day.
///
/// @param conflictRate how often another transaction holds one of the items
/// @param throttleRate how often the write is throttled, and nothing is written
/// @param lostResponseRate how often it is written and the answer never arrives
record StoreFaults(double conflictRate, double throttleRate, double lostResponseRate) {
    static final StoreFaults NONE = new StoreFaults(0, 0, 0);

    /// What befalls one write.
    enum Fate {
        NONE,
        CONFLICT,
        THROTTLE,
        /// Not written, and no answer.
        LOST_REQUEST,
        /// Written, and no answer.
        LOST_RESPONSE
    }

    StoreFaults {
        requireRate("store.conflictRate", conflictRate);
        requireRate("store.throttleRate", throttleRate);
        requireRate("store.lostResponseRate", lostResponseRate);
    }

    /// Draws fates; the same seed gives the same ones. At most one befalls a write, drawn in the order of the
    /// fields.
    Supplier<Fate> plan(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        return () -> {
            synchronized (random) {
                if (random.nextDouble() < conflictRate) {
                    return Fate.CONFLICT;
                }
                if (random.nextDouble() < throttleRate) {
                    return Fate.THROTTLE;
                }
                return random.nextDouble() < lostResponseRate ? Fate.LOST_RESPONSE : Fate.NONE;
            }
        };
    }

    private static void requireRate(String field, double rate) {
        if (!(rate >= 0 && rate <= 1)) {
            throw new IllegalArgumentException(field + " must be between 0 and 1");
        }
    }
}
