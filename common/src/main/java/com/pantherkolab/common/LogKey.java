package com.pantherkolab.common;

/// What the values in a log line are called, the same on both sides of the outbox: by them a request is followed to
/// its publications (`docs/logs.md`).
///
/// Values are ids, channels, counts and reasons. There is no key for what people say, nor for what lets them in.
public final class LogKey {
    /// The id of the request at API Gateway, which its answer has in the header `apigw-requestid`.
    public static final String REQUEST_ID = "requestId";

    /// The id of the trace, see [Trace].
    public static final String TRACE_ID = "traceId";

    /// The route of a request, as `METHOD /path`; the function, where no request is behind a change.
    public static final String ROUTE = "route";

    /// The id of the event.
    public static final String EVENT_ID = "eventId";

    /// What the event is about.
    public static final String AGGREGATE = "aggregate";

    /// A list of channels; the last of a line, since of a line with many values CloudWatch finds the first 200.
    public static final String CHANNELS = "channels";

    /// How many attempts were made, the first included; of several deliveries the most.
    public static final String ATTEMPTS = "attempts";

    /// Why, in a word or a code.
    public static final String REASON = "reason";

    private LogKey() {}
}
