package com.pantherkolab.api.http;

import com.pantherkolab.api.command.Outcome;
import com.pantherkolab.api.command.Refusal;
import com.pantherkolab.api.command.Refusal.Code;
import com.pantherkolab.api.store.StoreUnavailable;
import com.pantherkolab.api.trace.Causes;
import com.pantherkolab.common.LogKey;
import com.pantherkolab.common.UserId;
import com.pantherkolab.common.metrics.Metric;
import com.pantherkolab.common.metrics.Metrics;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One Lambda function behind API Gateway: its routes, and the only place that catches.
///
/// It takes the event's bytes and gives the answer's. A typed function would let a client replace the event: the
/// adapter unwraps a body that is a JSON array, and a header `payload`, into the function's argument. Bytes it
/// leaves alone.
///
/// It answers every event and never throws; it promises that nothing internal is in an answer.
public final class Edge implements Function<InputStream, byte[]> {
    private static final Logger log = LoggerFactory.getLogger(Edge.class);

    private static final int FAILED = 500;

    private final Metrics metrics;
    private final Causes causes;
    private final List<Route> routes;

    public Edge(Metrics metrics, Causes causes, Route... routes) {
        this.metrics = metrics;
        this.causes = causes;
        this.routes = List.of(routes);
    }

    /// Its routes, each as `METHOD /path`.
    public List<String> routes() {
        return routes.stream().map(route -> route.method() + " " + route.path()).toList();
    }

    @Override
    public byte[] apply(InputStream event) {
        GatewayEvent read = GatewayEvent.read(event);
        return (read != null && read.isPreflight() ? Answer.NO_CONTENT : Answer.to(outcome(read))).toJson();
    }

    private Outcome outcome(@Nullable GatewayEvent event) {
        if (event == null) {
            return refused(Code.INVALID_JSON, "This function takes API Gateway events, payload format 2.0.");
        }
        if (event.sub() == null || !UserId.isValid(event.sub())) {
            return refused(Code.FORBIDDEN, "The token's subject is not a user of this system.");
        }
        for (Route route : routes) {
            Map<String, String> pathVariables = route.match(event);
            if (pathVariables != null) {
                Request request = new Request(new UserId(event.sub()), event, pathVariables);
                return causes.request(event.requestId(), event.headers(), route.method() + " " + route.path())
                        .during(() -> told(handle(route, request)));
            }
        }
        return refused(Code.NOT_FOUND, "There is no such route.");
    }

    private static Outcome handle(Route route, Request request) {
        try {
            return route.handler().handle(request);
        } catch (StoreUnavailable outage) {
            log.atWarn().addKeyValue(LogKey.REASON, outage.getMessage()).log("the store did not answer");
            return refused(Code.UNAVAILABLE, "Nothing was written. Try again.");
        } catch (RuntimeException bug) {
            log.atError().setCause(bug).log("a request failed");
            return refused(Code.INTERNAL, "Something went wrong on our side.");
        }
    }

    /// What goes wrong on our side is told to whoever runs this; what a caller does wrong, to the caller alone.
    private Outcome told(Outcome outcome) {
        if (outcome instanceof Outcome.Refused(Refusal refusal)
                && refusal.code().status() >= FAILED) {
            log.atWarn().addKeyValue(LogKey.REASON, refusal.code()).log("failed");
            metrics.count(Metric.API_FAILED);
            metrics.send();
        }
        return outcome;
    }

    private static Outcome refused(Code code, String detail) {
        return new Outcome.Refused(Refusal.of(code, detail));
    }
}
