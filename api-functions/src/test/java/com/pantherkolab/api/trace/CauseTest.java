package com.pantherkolab.api.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.pantherkolab.common.Trace;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.MDC;

class CauseTest {
    private static final String TRACEPARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    private static final String XRAY = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1";
    private static final UUID ID = UUID.fromString("01234567-89ab-4def-8123-456789abcdef");
    private static final Trace TRACE = Objects.requireNonNull(Trace.read(TRACEPARENT));
    private static final Cause CAUSE = new Cause("r-1", "POST /api/messages/send", TRACE);

    private final Causes causes = new Causes(() -> ID);

    @AfterEach
    void clear() {
        MDC.clear();
    }

    // ------------------------------------------------------------------------------------------ while it lasts

    @Test
    void itsTraceIsTheCurrentOneAndItsValuesAreInEveryLineWhileItLasts() {
        MDC.put("other", "stays");

        Map<String, String> during = CAUSE.during(() -> {
            assertThat(Cause.currentTrace()).isEqualTo(TRACE);
            return MDC.getCopyOfContextMap();
        });

        assertThat(during)
                .isEqualTo(Map.of(
                        "other",
                        "stays",
                        "requestId",
                        "r-1",
                        "route",
                        "POST /api/messages/send",
                        "traceId",
                        TRACE.traceId()));
        assertThat(Cause.currentTrace()).isNull();
        assertThat(MDC.getCopyOfContextMap()).isEqualTo(Map.of("other", "stays"));
    }

    @Test
    void nothingOfItStaysAfterAFailure() {
        assertThatThrownBy(() -> CAUSE.during(() -> {
                    throw new IllegalStateException("planted");
                }))
                .hasMessage("planted");

        assertThat(Cause.currentTrace()).isNull();
        assertThat(MDC.get("requestId")).isNull();
    }

    @Test
    void oneInsideAnotherCountsUntilItIsOver() {
        Cause inner = causes.function("callWorkflow");

        CAUSE.during(() -> {
            assertThat(inner.during(Cause::currentTrace)).isEqualTo(inner.trace());
            assertThat(Cause.currentTrace()).isEqualTo(TRACE);
            assertThat(MDC.get("route")).isEqualTo("POST /api/messages/send");
            return 0;
        });
    }

    @Test
    void otherThreadsHaveNoneOfIt() {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Trace elsewhere = CAUSE.during(() ->
                    CompletableFuture.supplyAsync(Cause::currentTrace, threads).join());

            assertThat(elsewhere).isNull();
        }
    }

    // ------------------------------------------------------------------------------------------ where it comes from

    @Test
    void theCallersTraceComesBeforeTheGateways() {
        assertThat(trace(Map.of("traceparent", TRACEPARENT, "x-amzn-trace-id", XRAY)))
                .isEqualTo(TRACE);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "nonsense", "00-00000000000000000000000000000000-00f067aa0ba902b7-01"})
    void theGatewaysTraceIsTakenWhereTheCallersIsNone(@Nullable String bad) {
        Map<String, String> headers =
                bad == null ? Map.of("x-amzn-trace-id", XRAY) : Map.of("traceparent", bad, "x-amzn-trace-id", XRAY);

        assertThat(trace(headers)).isEqualTo(new Trace("5759e988bd862e3fe1be46a994272793", "53995c3f42cd8ad8", true));
    }

    @Test
    void aTraceBeginsHereWhereNobodyBroughtOne() {
        Trace begun = new Trace("0123456789ab4def8123456789abcdef", "8123456789abcdef", false);

        assertThat(trace(Map.of())).isEqualTo(begun);
        assertThat(trace(Map.of("traceparent", "x", "x-amzn-trace-id", "y"))).isEqualTo(begun);
        assertThat(causes.function("callTimers")).isEqualTo(new Cause(null, "callTimers", begun));
    }

    @Test
    void aRequestIdIsTakenIfItCanBeOne() {
        assertThat(requestId("JKJaXmPLvHcESHA=")).isEqualTo("JKJaXmPLvHcESHA=");
        assertThat(requestId("a\nb")).isNull();
        assertThat(requestId("a".repeat(101))).isNull();
        assertThat(causes.request(null, Map.of(), "GET /api/calls").requestId()).isNull();
    }

    private @Nullable String requestId(String given) {
        return causes.request(given, Map.of(), "GET /api/calls").requestId();
    }

    private Trace trace(Map<String, String> headers) {
        return causes.request("r-1", headers, "GET /api/calls").trace();
    }
}
