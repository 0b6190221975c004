package com.pantherkolab.local.lambda;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;

/// Lambda's runtime API, version 2018-06-01, for one function process at a time: it hands over events and takes
/// answers.
///
/// It listens on loopback, on a free port. It promises the requests that the runtime interface client makes: the
/// next event, the answer or the error of an invocation, an error of the start, and the restore of a snapshot. It
/// does not end an invocation that takes too long, and limits no answer's size, as Lambda does.
public final class RuntimeApi implements AutoCloseable {
    private static final String INVOCATION = "/2018-06-01/runtime/invocation/";
    private static final String RESTORE = "/2018-06-01/runtime/restore/";
    private static final String INIT_ERROR = "/2018-06-01/runtime/init/error";

    /// What became of an invocation.
    public sealed interface Answer {
        /// What the function returned, or how it failed: JSON.
        String text();

        /// The function returned.
        record Returned(String text) implements Answer {}

        /// The function threw.
        record Failed(String text) implements Answer {}
    }

    private record Invocation(String id, String event, Instant deadline, CompletableFuture<Answer> answer) {}

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final BlockingQueue<Invocation> waiting = new LinkedBlockingQueue<>();
    private final Map<String, Invocation> underWay = new ConcurrentHashMap<>();
    private final CompletableFuture<Long> ready = new CompletableFuture<>();
    private final CompletableFuture<Long> checkpoint = new CompletableFuture<>();
    private final CompletableFuture<Boolean> restored = new CompletableFuture<>();

    private RuntimeApi(HttpServer server) {
        this.server = server;
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    /// Starts and listens.
    public static RuntimeApi start() {
        try {
            return new RuntimeApi(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
        } catch (IOException unavailable) {
            throw new UncheckedIOException(unavailable);
        }
    }

    /// Host and port, as `AWS_LAMBDA_RUNTIME_API` has them.
    public String authority() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    /// When the process asked for its first event, by `System.nanoTime()`; fails with what it said if it could not
    /// start.
    public CompletableFuture<Long> ready() {
        return ready;
    }

    /// When the process was ready for a snapshot to be taken, by `System.nanoTime()`.
    public CompletableFuture<Long> checkpoint() {
        return checkpoint;
    }

    /// Lets the process go on behind the snapshot, as if it had been restored from it.
    public void restore() {
        restored.complete(true);
    }

    /// Hands an event over; the answer comes when the function has given it.
    ///
    /// @param remaining how much time the function is told it has
    public CompletableFuture<Answer> invoke(String event, Duration remaining) {
        Invocation invocation = new Invocation(
                UUID.randomUUID().toString(), event, Instant.now().plus(remaining), new CompletableFuture<>());
        underWay.put(invocation.id(), invocation);
        waiting.add(invocation);
        return invocation.answer();
    }

    /// Stops listening; whoever waits for an event or an answer is told.
    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
        IllegalStateException closed = new IllegalStateException("the runtime API is closed");
        ready.completeExceptionally(closed);
        checkpoint.completeExceptionally(closed);
        underWay.values().forEach(invocation -> invocation.answer().completeExceptionally(closed));
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            if (path.equals(INVOCATION + "next")) {
                next(exchange);
            } else if (path.equals(RESTORE + "next")) {
                checkpoint.complete(System.nanoTime());
                restored.join();
                answer(exchange, 200);
            } else if (path.equals(INIT_ERROR) || path.equals(RESTORE + "error")) {
                ready.completeExceptionally(new IllegalStateException(body(exchange)));
                answer(exchange, 202);
            } else if (path.startsWith(INVOCATION)) {
                settle(exchange, path.substring(INVOCATION.length()));
            } else {
                answer(exchange, 404);
            }
        }
    }

    private void next(HttpExchange exchange) throws IOException {
        ready.complete(System.nanoTime());
        Invocation invocation;
        try {
            invocation = waiting.take();
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
            return;
        }
        exchange.getResponseHeaders().set("Lambda-Runtime-Aws-Request-Id", invocation.id());
        exchange.getResponseHeaders()
                .set(
                        "Lambda-Runtime-Deadline-Ms",
                        Long.toString(invocation.deadline().toEpochMilli()));
        exchange.getResponseHeaders()
                .set("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:us-east-1:000000000000:function:here");
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        byte[] event = invocation.event().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, event.length);
        exchange.getResponseBody().write(event);
    }

    private void settle(HttpExchange exchange, String idAndKind) throws IOException {
        int slash = idAndKind.indexOf('/');
        Invocation invocation = slash < 0 ? null : underWay.remove(idAndKind.substring(0, slash));
        if (invocation == null) {
            answer(exchange, 400);
            return;
        }
        String text = body(exchange);
        boolean returned = idAndKind.endsWith("/response");
        answer(exchange, 202);
        invocation.answer().complete(returned ? new Answer.Returned(text) : new Answer.Failed(text));
    }

    private static String body(HttpExchange exchange) throws IOException {
        return new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static void answer(HttpExchange exchange, int status) throws IOException {
        exchange.sendResponseHeaders(status, -1);
    }
}
