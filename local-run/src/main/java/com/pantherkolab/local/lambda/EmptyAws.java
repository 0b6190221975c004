package com.pantherkolab.local.lambda;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Answers every request of an AWS client with an empty success: enough for a write, and for a read that finds
/// nothing. Events that are published to AppSync are acknowledged, each by its place.
///
/// It keeps nothing and checks nothing. It is for what looks at how a function starts, and not at what it does.
public final class EmptyAws implements AutoCloseable {
    private static final String EVENTS = "\"events\":[";

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    private EmptyAws(HttpServer server) {
        this.server = server;
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            try (exchange) {
                String request = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
                byte[] answer = acknowledged(request).getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.0");
                exchange.sendResponseHeaders(200, answer.length);
                exchange.getResponseBody().write(answer);
            }
        });
        server.start();
    }

    /// Starts and listens on loopback, on a free port.
    public static EmptyAws start() {
        try {
            return new EmptyAws(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
        } catch (IOException unavailable) {
            throw new UncheckedIOException(unavailable);
        }
    }

    /// Where it is, as `AWS_ENDPOINT_URL` says it.
    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /// `{}`, and for events their acknowledgement. There is no JSON in the JDK, so that the events, which are
    /// strings, are counted by their quotes.
    private static String acknowledged(String request) {
        int list = request.indexOf(EVENTS);
        if (list < 0) {
            return "{}";
        }
        int events = 0;
        boolean inside = false;
        for (int at = list + EVENTS.length(); inside || request.charAt(at) != ']'; at++) {
            switch (request.charAt(at)) {
                case '\\' -> at++;
                case '"' -> {
                    inside = !inside;
                    events += inside ? 1 : 0;
                }
                default -> {}
            }
        }
        return IntStream.range(0, events)
                .mapToObj(index -> "{\"identifier\":\"%d\",\"index\":%d}".formatted(index, index))
                .collect(Collectors.joining(",", "{\"failed\":[],\"successful\":[", "]}"));
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
