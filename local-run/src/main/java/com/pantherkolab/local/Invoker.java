package com.pantherkolab.local;

import com.amazonaws.services.lambda.runtime.events.StreamsEventResponse;
import com.pantherkolab.local.StreamFunction.NotInvoked;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks the mapping's function about a batch, for no longer than the function's `Timeout`.
///
/// An invocation that runs out of time is interrupted and has failed, whatever it answers after that. Lambda would
/// end its process; here the next invocation waits until it has come back, so that there is never a second one
/// beside it.
final class Invoker {
    private static final Logger log = LoggerFactory.getLogger(Invoker.class);

    private final StreamMapping mapping;
    private final String streamArn;
    private final StreamFunction function;
    private final ScheduledExecutorService timer;
    private final Clock clock;
    private final Supplier<String> ids;

    /// @param timer what interrupts
    /// @param ids draws an id for each invocation
    Invoker(
            StreamMapping mapping,
            String streamArn,
            StreamFunction function,
            ScheduledExecutorService timer,
            Clock clock,
            Supplier<String> ids) {
        this.mapping = mapping;
        this.streamArn = streamArn;
        this.function = function;
        this.timer = timer;
        this.clock = clock;
        this.ids = ids;
    }

    /// Invokes the function in this thread.
    Outcome invoke(List<Incoming> batch) {
        LocalContext context =
                new LocalContext(mapping.function(), ids.get(), clock.instant().plus(mapping.timeout()), clock);
        TimeLimit limit = new TimeLimit(Thread.currentThread());
        var alarm = timer.schedule(limit::pass, mapping.timeout().toNanos(), TimeUnit.NANOSECONDS);
        Outcome outcome;
        try {
            StreamsEventResponse response = function.invoke(
                    LambdaRecords.event(batch.stream().map(Incoming::record).toList(), streamArn), context);
            outcome = mapping.retrying().reportsItems()
                    ? Outcome.answered(batch, response)
                    : new Outcome.Answered(batch.size());
        } catch (NotInvoked notInvoked) {
            log.warn("{} could not be invoked; trying again", mapping.function(), notInvoked);
            outcome = new Outcome.NotInvoked();
        } catch (RuntimeException failed) {
            if (!Thread.currentThread().isInterrupted()) {
                log.warn(
                        "an invocation of {} failed; its batch of {} is repeated",
                        mapping.function(),
                        batch.size(),
                        failed);
            }
            outcome = new Outcome.Failed();
        }
        alarm.cancel(false);
        if (limit.wasPassed()) {
            log.warn("an invocation of {} ran for more than {}", mapping.function(), mapping.timeout());
            return new Outcome.Failed();
        }
        return outcome;
    }

    /// Interrupts a thread once, and never after it has come back.
    private static final class TimeLimit {
        private final Thread thread;
        private boolean back;
        private boolean passed;

        private TimeLimit(Thread thread) {
            this.thread = thread;
        }

        private synchronized void pass() {
            if (!back) {
                passed = true;
                thread.interrupt();
            }
        }

        /// The thread is back; its interruption is taken from it if it comes from here.
        private synchronized boolean wasPassed() {
            back = true;
            if (passed) {
                Thread.interrupted();
            }
            return passed;
        }
    }
}
