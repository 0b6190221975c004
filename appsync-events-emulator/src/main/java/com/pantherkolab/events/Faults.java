package com.pantherkolab.events;

import java.util.List;

/// Faults by chance: how often which thing goes wrong. The same seed and the same sequence of requests give the
/// same faults.
///
/// @param publish what goes wrong with HTTP publishes; publishes inside a WebSocket are left alone
/// @param sockets what goes wrong with WebSockets
/// @param seed of all chance
public record Faults(Publish publish, Sockets sockets, long seed) {

    /// Nothing goes wrong.
    public static final Faults NONE = new Faults(Publish.NONE, Sockets.NONE, 0);

    /// The plan that draws from these rates, starting from the seed.
    public FaultPlan plan() {
        return new SeededFaults(this);
    }

    /// What goes wrong with HTTP publishes. At most one of these befalls a request; they are drawn in the order of
    /// the parameters, each by its own rate.
    ///
    /// @param errorRate how often an error is answered and nothing is published
    /// @param statuses the HTTP statuses of those errors, each as likely as the others
    /// @param resetRate how often the connection is reset before anything is published
    /// @param lostResponseRate how often it is published and the answer never arrives
    /// @param partialFailureRate how often some of the events fail, in an answer of 200
    /// @param delayMs shortest and longest delay of every request, in milliseconds
    public record Publish(
            double errorRate,
            List<Integer> statuses,
            double resetRate,
            double lostResponseRate,
            double partialFailureRate,
            List<Integer> delayMs) {

        /// Nothing goes wrong.
        public static final Publish NONE = new Publish(0, List.of(500), 0, 0, 0, List.of(0, 0));

        /// Checks every field.
        ///
        /// @throws IllegalArgumentException naming the field that is out of range
        public Publish {
            Check.rate("publish.errorRate", errorRate);
            Check.rate("publish.resetRate", resetRate);
            Check.rate("publish.lostResponseRate", lostResponseRate);
            Check.rate("publish.partialFailureRate", partialFailureRate);
            Check.that(
                    "publish.statuses",
                    statuses.stream().allMatch(status -> 400 <= status && status <= 599),
                    "must be between 400 and 599");
            Check.that(
                    "publish.statuses",
                    errorRate == 0 || !statuses.isEmpty(),
                    "must not be empty when errorRate is above 0");
            Check.that(
                    "publish.delayMs",
                    delayMs.size() == 2
                            && 0 <= delayMs.getFirst()
                            && delayMs.getFirst() <= delayMs.getLast()
                            && delayMs.getLast() <= 60_000,
                    "must be the shortest and the longest delay, up to 60000");
            statuses = List.copyOf(statuses);
            delayMs = List.copyOf(delayMs);
        }
    }

    /// What goes wrong with WebSockets.
    ///
    /// @param dropRate how often a socket is dropped instead of taking an event
    public record Sockets(double dropRate) {

        /// Nothing goes wrong.
        public static final Sockets NONE = new Sockets(0);

        /// Checks every field.
        ///
        /// @throws IllegalArgumentException naming the field that is out of range
        public Sockets {
            Check.rate("sockets.dropRate", dropRate);
        }
    }

    /// A class of its own: [Faults] itself cannot be used by what its own constant is made of.
    private static final class Check {
        static void rate(String field, double rate) {
            that(field, 0 <= rate && rate <= 1, "must be between 0 and 1");
        }

        static void that(String field, boolean holds, String rule) {
            if (!holds) {
                throw new IllegalArgumentException(field + " " + rule);
            }
        }
    }
}
