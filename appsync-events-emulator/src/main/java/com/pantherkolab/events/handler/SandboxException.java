package com.pantherkolab.events.handler;

/// Code that cannot be run, or was stopped. The message says what happened and quotes no data.
final class SandboxException extends Exception {

    SandboxException(String message) {
        super(message);
    }
}
