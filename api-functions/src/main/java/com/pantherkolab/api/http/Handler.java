package com.pantherkolab.api.http;

import com.pantherkolab.api.command.Outcome;

/// What a route does.
@FunctionalInterface
public interface Handler {
    /// Handles a request. Expected refusals are outcomes; an exception is a bug or an outage.
    Outcome handle(Request request);
}
