package com.pantherkolab.publisher;

/// The way to the channels; in the deployment AppSync Events.
///
/// It promises to count an event as published only if exactly that was said, to tell every failure as an answer,
/// and to answer in bounded time. It does not retry, and it does not promise that an event which it calls
/// unavailable was not delivered: an answer can be lost.
interface ChannelPublisher {

    /// Makes one attempt.
    PublishAnswer publish(PublishRequest request) throws InterruptedException;
}
