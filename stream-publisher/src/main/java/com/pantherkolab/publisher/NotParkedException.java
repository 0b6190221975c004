package com.pantherkolab.publisher;

/// What was to be parked could not be stored; nothing may pass it.
///
/// The message says which kind of failure it was, and nothing of what was to be parked.
final class NotParkedException extends Exception {
    NotParkedException(Throwable cause) {
        super(cause.getClass().getSimpleName(), cause);
    }
}
