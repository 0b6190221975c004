package com.pantherkolab.publisher;

/// What became of a delivery.
///
/// A reason is a status, a code or a word of ours; it never holds what AppSync wrote about the event, for that
/// could repeat the event.
sealed interface PublishResult {

    /// AppSync acknowledged it. That it reached a subscriber is not said, and nobody knows.
    record Published() implements PublishResult {}

    /// Not delivered, or not known to be: the same event may succeed later.
    record Retryable(String reason) implements PublishResult {}

    /// Refused for what it is: the same event will never succeed.
    record Rejected(String reason) implements PublishResult {}

    /// Retryable for so long, while others succeeded, that it is laid aside; see [Patience].
    record GivenUp(String reason) implements PublishResult {}

    /// Not sent, because it was no longer worth it. Of an earlier attempt the answer may have been lost.
    record Expired() implements PublishResult {}
}
