package com.pantherkolab.local;

import java.net.BindException;
import org.springframework.boot.web.server.PortInUseException;

/// Why local run did not start, in one line.
final class LaunchFailure {
    private LaunchFailure() {}

    static String reason(Throwable failure) {
        Throwable innermost = failure;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof PortInUseException taken) {
                return "port %d is taken; --server.port=0 picks a free one.".formatted(taken.getPort());
            }
            if (cause instanceof BindException) {
                return "the port of the events is taken; --local.events.port=0 picks a free one.";
            }
            innermost = cause;
        }
        return String.valueOf(innermost.getMessage());
    }
}
