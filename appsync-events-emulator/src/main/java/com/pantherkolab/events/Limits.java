package com.pantherkolab.events;

/// The quotas of AppSync Events that a client can run into on one machine. Rates are not emulated.
///
/// AWS writes "240 KB" and "1.2 MB" and not which ones; these are five times 240 KiB, so that a request of five
/// full events does not fit, as it would not with its quotes on AWS.
///
/// @see <a href="https://docs.aws.amazon.com/general/latest/gr/appsync.html">AppSync quotas</a>
final class Limits {

    static final int EVENTS_PER_REQUEST = 5;
    static final int EVENT_BYTES = 240 * 1024;
    static final int REQUEST_BYTES = 5 * EVENT_BYTES;
    static final int SUBSCRIPTIONS_PER_CONNECTION = 200;
    static final int CHANNEL_SEGMENTS = 5;

    /// Amplify repeats a publication inside its frame, and JSON may double it once more.
    static final int FRAME_CHARS = 4 * REQUEST_BYTES;

    /// A signed request or a JWT, twice over: 8 KB, the usual default, is too little.
    static final int REQUEST_HEADER_BYTES = 64 * 1024;

    /// How much of a body that is too large is read and thrown away, so that its sender gets the answer.
    static final long DISCARDED_BYTES = 10 * 1024 * 1024;

    private Limits() {}
}
