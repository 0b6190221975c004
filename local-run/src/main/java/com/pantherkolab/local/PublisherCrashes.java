package com.pantherkolab.local;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.events.DynamodbEvent;
import com.amazonaws.services.lambda.runtime.events.StreamsEventResponse;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Lets the publisher die half-way through a batch, by chance, as a Lambda that runs out of time would.
///
/// After a number of accepted publish requests, drawn up to the batch's size, the invocation is interrupted: it has
/// failed, what it sent is out, and whoever sent it had no answer. One that is done before that dies on the way to
/// its answer. What the instance remembered is gone with it: the next invocation finds a cold one.
final class PublisherCrashes {
    private static final Logger log = LoggerFactory.getLogger(PublisherCrashes.class);

    /// No invocation dies.
    private static final Plan NONE = new Plan(0, 0);

    private final Runnable coldStart;
    private Plan plan = NONE;
    private @Nullable Doomed doomed;
    private long deaths;

    /// @param coldStart lets the next invocation find a new instance
    PublisherCrashes(Runnable coldStart) {
        this.coldStart = coldStart;
    }

    /// How often an invocation dies.
    ///
    /// @param crashRate by invocation
    /// @param random which, and when
    record Plan(double crashRate, SplittableRandom random) {
        Plan(double crashRate, long seed) {
            this(crashRate, new SplittableRandom(seed));
        }

        Plan {
            if (!(crashRate >= 0 && crashRate <= 1)) {
                throw new IllegalArgumentException("publisher.crashRate must be between 0 and 1");
            }
        }
    }

    /// An invocation that is going to die.
    private static final class Doomed {
        private final Thread thread;
        private int left;
        private boolean struck;

        private Doomed(Thread thread, int left) {
            this.thread = thread;
            this.left = left;
        }
    }

    /// From now on invocations die by this plan.
    synchronized void plan(Plan next) {
        plan = next;
    }

    /// From now on none dies.
    void clear() {
        plan(NONE);
    }

    /// How many invocations have died, or are about to.
    synchronized long deaths() {
        return deaths;
    }

    /// A publish request was accepted; the invocation may end with it.
    synchronized void accepted(String channel, List<String> events) {
        Doomed dying = doomed;
        if (dying != null && --dying.left == 0) {
            dying.struck = true;
            dying.thread.interrupt();
        }
    }

    /// The function, which dies now and then.
    StreamFunction around(StreamFunction function) {
        return (event, context) -> draw(event) ? dying(function, event, context) : function.invoke(event, context);
    }

    private synchronized boolean draw(DynamodbEvent event) {
        if (plan.random().nextDouble() >= plan.crashRate()) {
            return false;
        }
        deaths++;
        doomed = new Doomed(
                Thread.currentThread(),
                1 + plan.random().nextInt(Math.max(1, event.getRecords().size())));
        return true;
    }

    private StreamsEventResponse dying(StreamFunction function, DynamodbEvent event, Context context)
            throws StreamFunction.NotInvoked {
        try {
            StreamsEventResponse lost = function.invoke(event, context);
            log.debug("an invocation dies with its answer {}", lost);
        } finally {
            over();
            coldStart.run();
        }
        throw new IllegalStateException("the invocation died");
    }

    /// Nobody interrupts the thread after this; that it was interrupted is no concern of what it does next.
    private synchronized void over() {
        if (doomed != null && doomed.struck) {
            Thread.interrupted();
        }
        doomed = null;
    }
}
