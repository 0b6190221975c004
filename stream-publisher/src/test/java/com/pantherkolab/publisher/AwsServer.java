package com.pantherkolab.publisher;

import com.pantherkolab.common.Json;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executors;

/// As much of SQS and S3, on a loopback socket, as the sending of a message and the putting of an object take.
final class AwsServer implements AutoCloseable {

    /// A request as it came, its body freed of the chunks that S3's client signs.
    record Request(String method, String path, Headers headers, String body) {
        String header(String name) {
            return Objects.requireNonNull(headers.getFirst(name), name);
        }
    }

    private final HttpServer server;
    private final List<Request> requests = new ArrayList<>();
    private int status = 200;

    AwsServer() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle);
        server.start();
    }

    URI endpoint() {
        return URI.create("http://localhost:" + server.getAddress().getPort());
    }

    /// Answers with this status from now on.
    synchronized void answer(int next) {
        status = next;
    }

    /// What was taken, in the order of its coming.
    synchronized List<Request> requests() {
        return List.copyOf(requests);
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void handle(HttpExchange exchange) throws IOException {
        byte[] raw = exchange.getRequestBody().readAllBytes();
        boolean chunked = "aws-chunked".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
        Request request = new Request(
                exchange.getRequestMethod(),
                exchange.getRequestURI().getPath(),
                exchange.getRequestHeaders(),
                new String(chunked ? dechunked(raw) : raw, StandardCharsets.UTF_8));
        byte[] answer = request.method().equals("POST") ? sqs(request) : new byte[0];
        int now = take(request);
        exchange.getResponseHeaders().add("Content-Type", "application/x-amz-json-1.0");
        exchange.sendResponseHeaders(now, now == 200 && answer.length > 0 ? answer.length : -1);
        if (now == 200 && answer.length > 0) {
            exchange.getResponseBody().write(answer);
        }
        exchange.close();
    }

    private synchronized int take(Request request) {
        if (status == 200) {
            requests.add(request);
        }
        return status;
    }

    /// The client compares the digest of what it sent.
    private static byte[] sqs(Request request) {
        String message =
                Json.mapper().readTree(request.body()).path("MessageBody").asString();
        return "{\"MessageId\":\"1\",\"MD5OfMessageBody\":\"%s\"}"
                .formatted(md5(message))
                .getBytes(StandardCharsets.UTF_8);
    }

    private static String md5(String message) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("MD5").digest(message.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /// Reads `<hex size>;chunk-signature=…`, a line break, the chunk, a line break, and so on up to a size of 0.
    private static byte[] dechunked(byte[] body) throws IOException {
        InputStream in = new ByteArrayInputStream(body);
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (int size = size(in); size > 0; size = size(in)) {
            content.write(in.readNBytes(size));
            in.skipNBytes(2);
        }
        return content.toByteArray();
    }

    private static int size(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            line.append((char) next);
        }
        return Integer.parseInt(line.toString().strip().replaceFirst(";.*", ""), 16);
    }
}
