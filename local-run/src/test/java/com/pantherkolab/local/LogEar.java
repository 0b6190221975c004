package com.pantherkolab.local;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.function.Consumer;
import org.slf4j.LoggerFactory;

/// Hears every log line of this JVM, until it is closed or its logging is set up anew, as each start of a Spring
/// application does.
final class LogEar extends AppenderBase<ILoggingEvent> implements AutoCloseable {
    private final Logger root;
    private final Consumer<ILoggingEvent> heard;

    private LogEar(LoggerContext loggers, Consumer<ILoggingEvent> heard) {
        this.root = loggers.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        this.heard = heard;
        setContext(loggers);
    }

    static LogEar open(Consumer<ILoggingEvent> heard) {
        LogEar ear = new LogEar((LoggerContext) LoggerFactory.getILoggerFactory(), heard);
        ear.listen();
        return ear;
    }

    /// Hears from now on, also if it heard no more.
    void listen() {
        start();
        // Adds it once, however often it is asked.
        root.addAppender(this);
    }

    @Override
    public void close() {
        root.detachAppender(this);
        stop();
    }

    @Override
    protected void append(ILoggingEvent event) {
        // While the line's thread still has its values.
        event.prepareForDeferredProcessing();
        heard.accept(event);
    }
}
