package com.pantherkolab.publisher;

import com.pantherkolab.common.Json;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// AppSync Events on a loopback socket, down to the connection that breaks.
final class AppSyncServer implements AutoCloseable {

    /// A request as it came over the wire; header names in lower case.
    record Received(String line, Map<String, String> headers, String body) {}

    private final ServerSocket socket;
    private final List<Received> received = new ArrayList<>();
    private final List<String> taken = new ArrayList<>();
    private int connections;
    private Function<PublishRequest, Behaviour> weather =
            request -> Behaviour.acknowledge(request.events().size());

    AppSyncServer() {
        try {
            socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        Thread.startVirtualThread(this::accept);
    }

    URI endpoint() {
        return URI.create("http://localhost:%d/event".formatted(socket.getLocalPort()));
    }

    synchronized void weather(Function<PublishRequest, Behaviour> next) {
        weather = next;
    }

    synchronized List<Received> received() {
        return List.copyOf(received);
    }

    synchronized List<String> taken() {
        return List.copyOf(taken);
    }

    synchronized int connections() {
        return connections;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private void accept() {
        try {
            while (true) {
                Socket connection = socket.accept();
                count();
                Thread.startVirtualThread(() -> serve(connection));
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private synchronized void count() {
        connections++;
    }

    private void serve(Socket connection) {
        try (connection) {
            InputStream in = new BufferedInputStream(connection.getInputStream());
            boolean open = true;
            while (open) {
                Received request = read(in);
                if (request == null) {
                    return;
                }
                open = answer(connection, decide(request));
            }
        } catch (IOException gone) {
            // The client has given up, as some tests want it to.
        }
    }

    private synchronized Behaviour decide(Received request) {
        received.add(request);
        if (Json.mapper().readTree(request.body()).path("events").isEmpty()) {
            return Behaviour.status(400, "BadRequestException");
        }
        PublishRequest publish = Json.mapper().readValue(request.body(), PublishRequest.class);
        Behaviour behaviour = weather.apply(publish);
        List<Integer> all = IntStream.range(0, publish.events().size()).boxed().toList();
        List<Integer> indexes =
                switch (behaviour) {
                    case Behaviour.Answer answer -> answer.taken();
                    case Behaviour.Reset() -> List.of();
                    case Behaviour.LoseAnswer() -> all;
                    case Behaviour.Stall() -> all;
                };
        indexes.forEach(index -> taken.add(publish.events().get(index)));
        return behaviour;
    }

    private static boolean answer(Socket connection, Behaviour behaviour) throws IOException {
        OutputStream out = connection.getOutputStream();
        return switch (behaviour) {
            case Behaviour.Answer answer -> {
                String headers = answer.headers().entrySet().stream()
                        .map(header -> header.getKey() + ": " + header.getValue() + "\r\n")
                        .collect(Collectors.joining());
                int length = answer.body().getBytes(StandardCharsets.UTF_8).length;
                // In one piece: two would wait for each other, for 40 ms of every request.
                out.write("HTTP/1.1 %d Something\r\nContent-Length: %d\r\n%s\r\n%s"
                        .formatted(answer.status(), length, headers, answer.body())
                        .getBytes(StandardCharsets.UTF_8));
                out.flush();
                yield true;
            }
            case Behaviour.Reset() -> reset(connection);
            case Behaviour.LoseAnswer() -> reset(connection);
            case Behaviour.Stall() -> {
                out.write(
                        "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"succ".getBytes(StandardCharsets.ISO_8859_1));
                out.flush();
                yield true;
            }
        };
    }

    private static boolean reset(Socket connection) throws SocketException {
        // Closing then sends RST instead of FIN.
        connection.setSoLinger(true, 0);
        return false;
    }

    private static @Nullable Received read(InputStream in) throws IOException {
        String line = line(in);
        if (line.isEmpty()) {
            return null;
        }
        Map<String, String> headers = new TreeMap<>();
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
            int colon = header.indexOf(':');
            headers.put(
                    header.substring(0, colon).toLowerCase(Locale.ROOT),
                    header.substring(colon + 1).strip());
        }
        int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
        return new Received(line, headers, new String(in.readNBytes(length), StandardCharsets.UTF_8));
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n' && next != -1; next = in.read()) {
            if (next != '\r') {
                line.write(next);
            }
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }
}
