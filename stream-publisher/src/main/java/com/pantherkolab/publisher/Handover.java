package com.pantherkolab.publisher;

import com.pantherkolab.publisher.PublishResult.Retryable;

/// How far the handing over of one delivery has come.
///
/// @param delivery what is handed over
/// @param result what the last attempt brought; retryable as long as there is a point in another
/// @param attempts how many were made
record Handover(Delivery delivery, PublishResult result, int attempts) {

    static Handover begin(Delivery delivery) {
        return new Handover(delivery, new Retryable("OUT_OF_TIME"), 0);
    }

    boolean isOpen() {
        return result instanceof Retryable;
    }

    /// After one more attempt.
    Handover attempted(PublishResult next) {
        return new Handover(delivery, next, attempts + 1);
    }

    /// After something else than an attempt.
    Handover now(PublishResult next) {
        return new Handover(delivery, next, attempts);
    }
}
