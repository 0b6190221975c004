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

/// Answers every request of an AWS client with an empty success: enough for a write, and for a read that finds
/// nothing.
///
/// It keeps nothing and checks nothing. It is for what looks at how a function starts, and not at what it does.
public final class EmptyAws implements AutoCloseable {
    private static final byte[] NOTHING = "{}".getBytes(StandardCharsets.UTF_8);

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    private EmptyAws(HttpServer server) {
        this.server = server;
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            try (exchange) {
                exchange.getRequestBody().readAllBytes();
                exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.0");
                exchange.sendResponseHeaders(200, NOTHING.length);
                exchange.getResponseBody().write(NOTHING);
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

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
