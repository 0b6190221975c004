package com.pantherkolab.events.handler;

import java.util.List;

/// What `onPublish` makes of a request.
public sealed interface PublishVerdict {

    /// These events go on. One that came in and is not here was dropped by the handler.
    record Pass(List<HandlerEvent> events) implements PublishVerdict {

        /// Copies the events.
        public Pass {
            events = List.copyOf(events);
        }
    }

    /// None goes on.
    record Refused(HandlerRefusal reason) implements PublishVerdict {}
}
