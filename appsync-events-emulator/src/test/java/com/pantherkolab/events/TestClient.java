package com.pantherkolab.events;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A client that shows every frame as it came, and the end of the connection.
final class TestClient implements AutoCloseable {

    static final JsonMapper JSON = JsonMapper.shared();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final WebSocket socket;
    private final BlockingQueue<String> frames = new LinkedBlockingQueue<>();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();

    /// Opens a socket with these subprotocols.
    TestClient(URI endpoint, String first, String... others) {
        socket = HTTP.newWebSocketBuilder()
                .subprotocols(first, others)
                .buildAsync(endpoint, new Listener())
                .join();
    }

    /// Opens a socket as Amplify does, with these credentials.
    static TestClient open(AppSyncEventsEmulator emulator, Map<String, String> credentials) {
        return new TestClient(emulator.realtimeEndpoint(), "aws-appsync-event-ws", header(credentials));
    }

    /// Opens a socket and sees it acknowledged.
    static TestClient connect(AppSyncEventsEmulator emulator, Map<String, String> credentials) {
        var client = open(emulator, credentials);
        client.send("{\"type\":\"connection_init\"}");
        assertThat(client.next().get("type").stringValue()).isEqualTo("connection_ack");
        assertThat(client.nextText()).isEqualTo("{\"type\":\"ka\"}");
        return client;
    }

    static String header(Map<String, String> credentials) {
        return "header-"
                + Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(JSON.writeValueAsString(credentials).getBytes(UTF_8));
    }

    String subprotocol() {
        return socket.getSubprotocol();
    }

    void send(String frame) {
        socket.sendText(frame, true).join();
    }

    void send(Map<String, ?> frame) {
        send(JSON.writeValueAsString(frame));
    }

    void sendBinary() {
        socket.sendBinary(ByteBuffer.wrap(new byte[] {1}), true).join();
    }

    void subscribe(String id, String channel, Map<String, String> authorization) {
        send(Map.of("type", "subscribe", "id", id, "channel", channel, "authorization", authorization));
    }

    /// Subscribes and sees it succeed.
    void subscribed(String id, String channel, Map<String, String> authorization) {
        subscribe(id, channel, authorization);
        assertThat(nextText()).isEqualTo("{\"type\":\"subscribe_success\",\"id\":\"" + id + "\"}");
    }

    JsonNode next() {
        return JSON.readTree(nextText());
    }

    String nextText() {
        try {
            String frame = frames.poll(5, SECONDS);
            assertThat(frame).as("a frame within 5 s").isNotNull();
            return Objects.requireNonNull(frame);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    /// Asserts that nothing came before an answer to something sent now.
    void hasNothingMore() {
        send("{\"type\":\"nothing more\"}");
        assertThat(next().at("/errors/0/errorType").stringValue()).isEqualTo("UnsupportedOperation");
    }

    /// The close code; 1006 when there was no close frame.
    int closeCode() throws Exception {
        return closed.get(5, SECONDS);
    }

    @Override
    public void close() {
        socket.abort();
    }

    private final class Listener implements WebSocket.Listener {

        private final StringBuilder text = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                frames.add(text.toString());
                text.setLength(0);
            }
            from.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
            closed.complete(code);
            return null;
        }

        @Override
        public void onError(WebSocket from, Throwable error) {
            closed.complete(1006);
        }
    }
}
