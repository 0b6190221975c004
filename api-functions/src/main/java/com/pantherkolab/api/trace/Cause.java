package com.pantherkolab.api.trace;

import com.pantherkolab.common.LogKey;
import com.pantherkolab.common.Trace;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/// What is being done now, and for whom: a request, or what the workflow of calls does of its own accord.
///
/// It stands beside what is done and is no part of it: nobody decides by it. While [#during] lasts, every log line
/// of this thread has it, and the change writer finds it to put its trace into the outbox entry. It does not reach
/// other threads.
///
/// @param requestId the gateway's id of the request, if there is one
/// @param route the request's route as `METHOD /path`, or the function
/// @param trace what it is a part of
public record Cause(@Nullable String requestId, String route, Trace trace) {
    private static final ScopedValue<Cause> NOW = ScopedValue.newInstance();

    /// The trace of what is being done now; none, where nobody said.
    public static @Nullable Trace currentTrace() {
        return NOW.isBound() ? NOW.get().trace() : null;
    }

    /// Does something for this cause.
    public <T> T during(Supplier<T> what) {
        Map<String, String> before = MDC.getCopyOfContextMap();
        values().forEach(MDC::put);
        try {
            return ScopedValue.where(NOW, this).call(what::get);
        } finally {
            MDC.setContextMap(before == null ? Map.of() : before);
        }
    }

    private Map<String, String> values() {
        Map<String, String> values = new HashMap<>();
        if (requestId != null) {
            values.put(LogKey.REQUEST_ID, requestId);
        }
        values.put(LogKey.ROUTE, route);
        values.put(LogKey.TRACE_ID, trace.traceId());
        return values;
    }
}
