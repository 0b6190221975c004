package com.pantherkolab.api;

import com.pantherkolab.common.Json;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import tools.jackson.databind.JsonNode;

/// A DynamoDB on loopback in whose tables there is nothing, and which takes everything.
final class DynamoServer implements AutoCloseable {
    /// What DynamoDB says where a role does not allow the operation.
    private static final String DENIED = "{\"__type\":\"com.amazon.coral.service#AccessDeniedException\"}";

    /// A request as it came.
    ///
    /// @param call the operation and its table
    /// @param accessKey of whoever signed it
    /// @param connection by which it came
    record Received(String call, String accessKey, InetSocketAddress connection) {}

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Received> received = new ArrayList<>();
    private boolean denies;

    DynamoServer() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    URI endpoint() {
        return URI.create("http://localhost:" + server.getAddress().getPort());
    }

    synchronized List<Received> received() {
        return List.copyOf(received);
    }

    List<String> calls() {
        return received().stream().map(Received::call).toList();
    }

    /// From now on everything is refused.
    synchronized void deny() {
        denies = true;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            boolean refused = take(exchange);
            byte[] answer = (refused ? DENIED : "{}").getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.0");
            exchange.sendResponseHeaders(refused ? 400 : 200, answer.length);
            exchange.getResponseBody().write(answer);
        }
    }

    private synchronized boolean take(HttpExchange exchange) throws IOException {
        JsonNode body = Json.mapper().readTree(exchange.getRequestBody());
        String operation = exchange.getRequestHeaders().getFirst("X-Amz-Target").replaceFirst(".*\\.", "");
        String signed = exchange.getRequestHeaders().getFirst("Authorization");
        received.add(new Received(
                operation + " " + body.path("TableName").asString(""),
                signed.replaceFirst(".*Credential=([^/]*)/.*", "$1"),
                exchange.getRemoteAddress()));
        return denies;
    }
}
