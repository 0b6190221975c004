package com.pantherkolab.events.handler;

import com.pantherkolab.events.auth.Headers;
import com.pantherkolab.events.auth.Identity;
import java.util.List;

/// What a handler is asked about; it becomes `ctx`.
///
/// @param identity becomes `ctx.identity`
/// @param channel becomes `ctx.info.channel.path`, with its leading slash
/// @param segments become `ctx.info.channel.segments`; the first names the channel namespace
/// @param headers become `ctx.request.headers`, without the credentials among them
public record HandlerCall(Identity identity, String channel, List<String> segments, Headers headers) {

    /// Copies the segments.
    public HandlerCall {
        segments = List.copyOf(segments);
    }
}
