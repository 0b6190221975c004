package com.pantherkolab.local.aws;

/// One service behind [LocalAws].
interface StandIn {
    /// Answers one request; called by many threads at once.
    AwsAnswer answer(AwsRequest request) throws InterruptedException;

    /// Lets go of requests that are still waiting.
    default void close() {}
}
