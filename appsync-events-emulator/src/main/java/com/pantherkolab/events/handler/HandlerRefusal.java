package com.pantherkolab.events.handler;

import java.util.Optional;

/// Why a handler did not let something happen.
public sealed interface HandlerRefusal {

    /// It called `util.unauthorized()`.
    record Unauthorized() implements HandlerRefusal {}

    /// It called `util.error(message, errorType)`.
    record Rejected(String message, Optional<String> errorType) implements HandlerRefusal {}

    /// It failed: it threw, does not compile, ran for too long or answered nonsense.
    record Broken() implements HandlerRefusal {}
}
