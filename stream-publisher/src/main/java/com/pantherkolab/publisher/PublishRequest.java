package com.pantherkolab.publisher;

import com.pantherkolab.common.Channel;
import com.pantherkolab.common.Json;
import java.util.List;

/// One request to AppSync Events: up to five events for one channel.
///
/// @param channel the one channel
/// @param events the events, each the text of a JSON object
record PublishRequest(Channel channel, List<String> events) {
    /// How many events AppSync takes in one request.
    static final int MAX_EVENTS = 5;

    /// How many bytes AppSync takes in one body. It says 1.2 MB; this is the smaller reading.
    static final int MAX_BODY_BYTES = 1_200_000;

    private static final int FRAME_BYTES = "{\"channel\":\"\",\"events\":[]}".length();

    PublishRequest {
        events = List.copyOf(events);
        if (events.isEmpty() || events.size() > MAX_EVENTS) {
            throw new IllegalArgumentException("a request has 1 to %d events".formatted(MAX_EVENTS));
        }
    }

    /// The body as it is signed and sent.
    byte[] body() {
        return Json.mapper().writeValueAsBytes(this);
    }

    /// What the [encoded bytes][#encodedBytes] of a request's events may add up to. The last comma is not written.
    static int roomFor(Channel channel) {
        return MAX_BODY_BYTES - FRAME_BYTES - channel.path().length() + 1;
    }

    /// What an event takes up in a body: itself as a JSON string, every quote of it escaped, and a comma.
    static int encodedBytes(String event) {
        return Json.mapper().writeValueAsBytes(event).length + 1;
    }
}
