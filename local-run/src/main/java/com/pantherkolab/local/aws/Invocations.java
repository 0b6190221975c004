package com.pantherkolab.local.aws;

import java.util.function.UnaryOperator;

/// The deployed functions, as Lambda invokes them: an event's bytes in, the answer's bytes out, an exception for a
/// failed invocation.
@FunctionalInterface
public interface Invocations {
    /// The function of a name.
    ///
    /// @throws IllegalArgumentException if nothing of this name is deployed
    UnaryOperator<byte[]> of(String function);
}
