package com.pantherkolab.api.trace;

import com.pantherkolab.common.Trace;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Says what is being done, from what a request brings along.
///
/// Whatever a caller writes into the headers of traces, there is a trace: theirs, if it is one, else the gateway's,
/// else one that begins here. A caller can choose the trace that their own lines are found by, and nothing else.
public final class Causes {
    /// The gateway's ids are some 16 characters of base64.
    private static final Pattern REQUEST_ID = Pattern.compile("[!-~]{1,100}");

    private final Supplier<UUID> ids;

    /// @param ids drawn at random, for traces that begin here
    public Causes(Supplier<UUID> ids) {
        this.ids = ids;
    }

    /// A request.
    ///
    /// @param requestId as the gateway has it
    /// @param headers by name in small letters
    /// @param route the pattern of its route, never the path itself, of which ids are a part
    public Cause request(@Nullable String requestId, Map<String, String> headers, String route) {
        Trace trace = Trace.read(headers.get("traceparent"));
        if (trace == null) {
            trace = Trace.readXray(headers.get("x-amzn-trace-id"), ids);
        }
        boolean known = requestId != null && REQUEST_ID.matcher(requestId).matches();
        return new Cause(known ? requestId : null, route, trace == null ? Trace.begin(ids) : trace);
    }

    /// What a function does without a request. What set it going, a stream's record or a timer, carries no trace:
    /// here one begins.
    public Cause function(String name) {
        return new Cause(null, name, Trace.begin(ids));
    }
}
