package com.pantherkolab.events;

import java.util.List;

/// Hears of every event that the emulator accepts, before its subscribers and its publisher do.
@FunctionalInterface
public interface PublishListener {

    /// Nobody listens.
    PublishListener NONE = (channel, events) -> {};

    /// Events were accepted. Called by many threads at once; what is slow here holds the publisher up.
    ///
    /// @param channel the channel, such as `/chats/ann`
    /// @param events in their order
    void accepted(String channel, List<String> events);
}
