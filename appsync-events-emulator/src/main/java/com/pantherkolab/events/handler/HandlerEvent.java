package com.pantherkolab.events.handler;

import java.util.Optional;

/// One event on its way through `onPublish`.
///
/// @param id what ties the event that comes out to the one that went in
/// @param payload JSON text
/// @param error set by the handler to have this event not delivered
public record HandlerEvent(String id, String payload, Optional<String> error) {

    /// An event as the publisher sent it.
    public static HandlerEvent incoming(String id, String payload) {
        return new HandlerEvent(id, payload, Optional.empty());
    }

    /// Names the event and does not quote it.
    @Override
    public String toString() {
        return "HandlerEvent[" + id + "]";
    }
}
