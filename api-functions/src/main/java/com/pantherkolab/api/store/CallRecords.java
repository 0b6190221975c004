package com.pantherkolab.api.store;

import java.util.Optional;

/// What the stream of the Calls table says by its keys; it brings nothing else.
public final class CallRecords {
    private CallRecords() {}

    /// The call that an item is, if it is one and not something beside it.
    public static Optional<String> sessionId(String subject, String part) {
        return part.equals(CallItems.CALL) && subject.startsWith(CallItems.CALL_SUBJECT)
                ? Optional.of(subject.substring(CallItems.CALL_SUBJECT.length()))
                : Optional.empty();
    }
}
