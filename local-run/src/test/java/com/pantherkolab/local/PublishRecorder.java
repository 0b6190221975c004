package com.pantherkolab.local;

import com.pantherkolab.common.Json;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// An AppSync Events that takes everything, acknowledges it and remembers it.
final class PublishRecorder implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Published> published = new ArrayList<>();

    PublishRecorder() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/event", this::publish);
        server.start();
    }

    /// One event that was acknowledged on a channel.
    record Published(String channel, JsonNode event) {}

    URI endpoint() {
        return URI.create("http://localhost:" + server.getAddress().getPort() + "/event");
    }

    List<Published> published() {
        synchronized (published) {
            return List.copyOf(published);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }

    private void publish(HttpExchange exchange) throws IOException {
        JsonNode request = Json.mapper().readTree(exchange.getRequestBody().readAllBytes());
        ObjectNode answer = Json.mapper().createObjectNode();
        ArrayNode successful = answer.putArray("successful");
        answer.putArray("failed");
        synchronized (published) {
            for (JsonNode event : request.path("events")) {
                published.add(new Published(
                        request.path("channel").stringValue(), Json.mapper().readTree(event.stringValue())));
                successful
                        .addObject()
                        .put("identifier", "event-" + published.size())
                        .put("index", successful.size() - 1);
            }
        }
        byte[] body = Json.mapper().writeValueAsBytes(answer);
        exchange.sendResponseHeaders(200, body.length);
        try (exchange) {
            exchange.getResponseBody().write(body);
        }
    }
}
