package com.pantherkolab.local.aws;

import com.pantherkolab.common.Json;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/// EventBridge's default bus, with the rules of `template.yaml`.
///
/// An event is handed to the function of every rule that it matches, by a thread of its own; an invocation that
/// fails is repeated with a growing pause, as often as the rule says, and then given up with a warning. There is no
/// order between events, as EventBridge promises none; unlike EventBridge it loses none and hands none over twice.
public final class EventBus implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(EventBus.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);

    /// How to wait; an argument, so that a test need not.
    @FunctionalInterface
    public interface Sleeper {
        /// Waits.
        void sleep(Duration time) throws InterruptedException;
    }

    private final List<EventRule> rules;
    private final Invocations functions;
    private final Sleeper sleeper;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /// @param functions asked when an event comes
    public EventBus(List<EventRule> rules, Invocations functions, Sleeper sleeper) {
        this.rules = List.copyOf(rules);
        this.functions = functions;
        this.sleeper = sleeper;
    }

    /// Hands an event over and does not wait for it; once the bus is closed, not even that.
    public void put(byte[] event) {
        JsonNode read = Json.mapper().readTree(event);
        for (EventRule rule : rules) {
            if (!threads.isShutdown() && rule.matches(read)) {
                threads.execute(() -> deliver(rule, event));
            }
        }
    }

    /// Ends the invocations under way.
    @Override
    public void close() {
        threads.shutdownNow();
    }

    private void deliver(EventRule rule, byte[] event) {
        try {
            Duration pause = FIRST_PAUSE;
            for (int attempt = 0; !invoke(rule, event) && attempt < rule.retries(); attempt++) {
                sleeper.sleep(pause);
                pause = pause.multipliedBy(2);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean invoke(EventRule rule, byte[] event) {
        try {
            byte[] _ = functions.of(rule.function()).apply(event); // Nobody reads an event's answer.
            return true;
        } catch (RuntimeException failed) {
            log.warn("an invocation of {} with an event failed", rule.function(), failed);
            return false;
        }
    }
}
