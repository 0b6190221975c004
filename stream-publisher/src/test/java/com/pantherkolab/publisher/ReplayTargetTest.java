package com.pantherkolab.publisher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.pantherkolab.common.metrics.Metrics;
import com.pantherkolab.publisher.ReplayAnswer.Problem;
import com.pantherkolab.publisher.ReplayAnswer.Refused;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Where the command line has its replays carried out: over a socket, and in its own process.
class ReplayTargetTest {
    private static final Refused REFUSED = new Refused(new Problem("rate", "must be another"));

    private final List<String> requests = new ArrayList<>();
    private final HttpServer server = server();
    private int status = 200;
    private boolean functionError;

    private static HttpServer server() {
        try {
            return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException failed) {
            throw new AssertionError(failed);
        }
    }

    @BeforeEach
    void start() {
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void aLocalRunIsAskedAtItsFunction() throws Exception {
        ReplayRequest request = ReplayRequest.resuming("token").within(3);

        assertThat(http().invoke(request, _ -> {})).isEqualTo(REFUSED);
        assertThat(requests)
                .containsExactly("POST /functions/replayEvents application/json "
                        + new String(request.toJson(), StandardCharsets.UTF_8));
    }

    @Test
    void aFunctionThatFailedIsSaidToHave() {
        functionError = true;

        assertThat(catchThrowable(() -> http().invoke(ReplayRequest.resuming("token"), _ -> {})))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("status 200");
    }

    @Test
    void soIsOneThatIsNotThere() {
        status = 404;

        assertThat(catchThrowable(() -> http().invoke(ReplayRequest.resuming("token"), _ -> {})))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("status 404");
    }

    @Test
    void overASocketAnInvocationIsShortSoThatItsProgressShows() {
        assertThat(http().seconds()).isEqualTo(1);
        assertThat(ReplayTarget.inProcess(function(new ScriptedSource(1))).seconds())
                .isEqualTo(600);
    }

    @Test
    void inThisProcessTheFunctionAnswersAndItsProgressIsTold() throws Exception {
        ScriptedSource source = new ScriptedSource(1).add(Samples.message("c", 1, Samples.ALICE));
        ReplayTarget target = ReplayTarget.inProcess(function(source));
        List<ReplayAnswer.Replayed> told = new ArrayList<>();

        ReplayAnswer answer = target.invoke(request(), told::add);

        assertThat(((ReplayAnswer.Replayed) answer).summary().published()).isEqualTo(1);
        assertThat(told).isNotEmpty();
    }

    @Test
    void whatBreaksInThisProcessIsAFailureLikeAnyOther() {
        IllegalStateException outage = new IllegalStateException("no source");
        ReplayTarget target = ReplayTarget.inProcess(function(new ScriptedSource(1).eachPageTakes(() -> {
            throw outage;
        })));

        assertThat(catchThrowable(() -> target.invoke(request(), _ -> {})))
                .isInstanceOf(IOException.class)
                .hasCause(outage);
    }

    private static ReplayRequest request() {
        return new ReplayRequest(
                "stream", null, null, null, null, null, null, null, null, null, null, null, null, null);
    }

    private static ReplayEvents function(ScriptedSource source) {
        VirtualTime time = new VirtualTime();
        return new ReplayEvents(
                new Replay(
                        source,
                        place -> Samples.lanes(
                                Samples.retrying(new FakeAppSync(), time), place, _ -> {}, Ledger.NONE, time),
                        new MemoryParkedEvents(),
                        Optional::of,
                        time,
                        time),
                Duration.ofMinutes(14),
                Metrics.NONE);
    }

    private ReplayTarget http() {
        return ReplayTarget.http(
                URI.create("http://localhost:" + server.getAddress().getPort()));
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            requests.add("%s %s %s %s"
                    .formatted(
                            exchange.getRequestMethod(),
                            exchange.getRequestURI(),
                            exchange.getRequestHeaders().getFirst("content-type"),
                            new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
            if (functionError) {
                exchange.getResponseHeaders().add("x-amz-function-error", "Unhandled");
            }
            byte[] body = REFUSED.toJson();
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        }
    }
}
