package com.pantherkolab.common.metrics;

import java.util.Locale;

/// Every metric of our namespace. What is not here is not told.
///
/// A metric has the same name wherever it goes, [#text]. CloudWatch has it below [#NAMESPACE], with the one
/// dimension `function`, the name of the Lambda function that tells it. What AWS measures by itself (errors and
/// iterator age of a function, answers of the gateway, the depth of a queue) is not measured again.
///
/// Deliveries are event × channel, as everywhere in the publisher.
public enum Metric {
    /// A delivery comes in once for each invocation that is given it. Equal to the sum of the six that follow, or
    /// something was lost count of.
    PUBLISHER_IN(Kind.COUNT, "Deliveries that came in."),
    /// Acknowledgements: a repeated batch may count one again.
    PUBLISHER_PUBLISHED(Kind.COUNT, "Deliveries that AppSync acknowledged."),
    /// Only a warm instance knows of them.
    PUBLISHER_SKIPPED(Kind.COUNT, "Deliveries not sent again, because an earlier invocation had settled them."),
    /// A phone that need not ring any more.
    PUBLISHER_EXPIRED(Kind.COUNT, "Deliveries not sent, because no longer worth it."),
    /// Typing and the like.
    PUBLISHER_DROPPED(Kind.COUNT, "Ephemeral deliveries that failed at their one attempt."),
    /// Each waits for an operator: see the queue of parked events and the failure bucket.
    PUBLISHER_PARKED(Kind.COUNT, "Deliveries refused for good, given up or unreadable, and laid aside."),
    /// They come again.
    PUBLISHER_RETURNED(Kind.COUNT, "Deliveries left to the next invocation."),
    /// How much AppSync refuses or fails for a while.
    PUBLISHER_RETRIED(Kind.COUNT, "Attempts after a delivery's first."),
    /// Clients repair it; the stream promises no order between entries.
    PUBLISHER_BACKWARDS(Kind.COUNT, "Deliveries acknowledged behind a later one of their aggregate."),
    /// How much one channel holds.
    PUBLISHER_LANE_DEPTH(Kind.LEVEL, "The most durable deliveries that an invocation had for one channel."),
    /// Told when an instance starts and whenever it changes.
    PUBLISHER_BREAKER(Kind.LEVEL, "The circuit breaker before AppSync: 0 shut, 1 half open, 2 open."),
    /// The way through DynamoDB's stream and its mapping; of a batch that is repeated, its age.
    PUBLISHER_COMMIT_TO_SEEN(Kind.TIME, "From the decision of a change until the publisher had its entry before it."),
    /// The way through the publisher and AppSync.
    PUBLISHER_SEEN_TO_PUBLISHED(
            Kind.TIME, "From there until the last acknowledgement of a durable delivery of the entry."),
    /// Both hops together.
    PUBLISHER_COMMIT_TO_PUBLISHED(Kind.TIME, "From the decision of a change until that last acknowledgement."),

    /// A replay counts by itself: what it publishes did not come in by the stream.
    REPLAY_PUBLISHED(Kind.COUNT, "Deliveries of a replay that AppSync acknowledged."),
    /// A replay filters what has expired before; these expired on the way.
    REPLAY_EXPIRED(Kind.COUNT, "Deliveries of a replay that expired before they were sent."),
    /// As in the publisher.
    REPLAY_DROPPED(Kind.COUNT, "Ephemeral deliveries of a replay that failed at their one attempt."),
    /// Refused again, or given up.
    REPLAY_PARKED(Kind.COUNT, "Deliveries of a replay that were laid aside."),

    /// The gateway counts these too, together with what never reached a function.
    API_FAILED(Kind.COUNT, "Answers of a function of the API with a status of 500 or more."),

    /// A meeting costs for as long as somebody is in it.
    CALLS_ORPHANED_MEETINGS(
            Kind.COUNT, "Runs of the workflow that could not delete the meeting of a call that is over."),
    /// One run asks several times.
    CALLS_MEETINGS_UNAVAILABLE(Kind.COUNT, "Requests that Chime did not answer, or would not now."),
    /// They come again.
    CALLS_RETURNED(Kind.COUNT, "Calls left to the next invocation of the workflow."),
    /// They come again, and end in the dead-letter queue.
    TIMERS_RETURNED(Kind.COUNT, "Reminders left to the next delivery of the timers' queue.");

    /// The namespace in CloudWatch.
    public static final String NAMESPACE = "PantherKolab/Realtime";

    /// The one dimension in CloudWatch: which Lambda function tells it.
    public static final String DIMENSION = "function";

    /// What the values of a metric are.
    public enum Kind {
        /// So many more; values are added up.
        COUNT("Count"),
        /// So many now; the last value stands.
        LEVEL("None"),
        /// So long; values are a distribution.
        TIME("Milliseconds");

        private final String unit;

        Kind(String unit) {
            this.unit = unit;
        }

        /// CloudWatch's name of the unit.
        public String unit() {
            return unit;
        }
    }

    private final Kind kind;
    private final String meaning;

    Metric(Kind kind, String meaning) {
        this.kind = kind;
        this.meaning = meaning;
    }

    /// What its values are.
    public Kind kind() {
        return kind;
    }

    /// One sentence for operators.
    public String meaning() {
        return meaning;
    }

    /// Its name, the same everywhere.
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
