package com.pantherkolab.local.history;

/// A file that is no history, at a line.
public final class UnreadableHistoryException extends Exception {
    private static final long serialVersionUID = 1;

    UnreadableHistoryException(int line, Exception cause) {
        super("line %d: %s".formatted(line, cause.getMessage()), cause);
    }
}
