package com.pantherkolab.local;

import com.pantherkolab.common.Json;
import com.pantherkolab.local.RunningSystem.User;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Base64;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A small AppSync Events client that sends, frame by frame, what Amplify was recorded to send.
///
/// The frames are the recording's own, with its placeholders filled in, so that they cannot drift from it; that the
/// recording is still what Amplify does, [AmplifyTest] holds.
final class RawClient implements WebSocket.Listener, AutoCloseable {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final User user;
    private final String namespace;
    private final String host;
    private final Subscriber subscriber;
    private final JsonNode recording;
    private final StringBuilder frame = new StringBuilder();
    private final CompletableFuture<Void> subscribed = new CompletableFuture<>();
    private CompletableFuture<?> sent = CompletableFuture.completedFuture(null);
    private @Nullable WebSocket socket;

    private RawClient(User user, String namespace, String host, Subscriber subscriber) throws IOException {
        this.user = user;
        this.namespace = namespace;
        this.host = host;
        this.subscriber = subscriber;
        this.recording =
                Json.mapper().readTree(Files.readString(Node.client().resolve("recorded/amplify-6.22.1-frames.json")));
    }

    /// Connects and subscribes the user's own chats channel.
    static RawClient subscribe(RunningSystem system, User user, Subscriber subscriber) throws Exception {
        return subscribe(system, user, "chats", subscriber);
    }

    /// Connects and subscribes the user's own channel of a namespace.
    static RawClient subscribe(RunningSystem system, User user, String namespace, Subscriber subscriber)
            throws Exception {
        RawClient client = new RawClient(user, namespace, system.events().getAuthority(), subscriber);
        String header = client.filled(client.recording.path("handshake").path("header"));
        client.socket = HTTP.newWebSocketBuilder()
                .subprotocols(
                        client.recording
                                .path("handshake")
                                .path("subprotocols")
                                .path(0)
                                .stringValue(),
                        "header-"
                                + Base64.getUrlEncoder()
                                        .withoutPadding()
                                        .encodeToString(header.getBytes(StandardCharsets.UTF_8)))
                .buildAsync(system.realtime(), client)
                .get(30, TimeUnit.SECONDS);
        client.subscribed.get(30, TimeUnit.SECONDS);
        return client;
    }

    @Override
    public void close() {
        if (socket != null) {
            var _ = socket.sendClose(WebSocket.NORMAL_CLOSURE, "");
        }
    }

    @Override
    public void onOpen(WebSocket opened) {
        send(opened, "connection_init");
        opened.request(1);
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
        frame.append(part);
        if (last) {
            take(from, Json.mapper().readTree(frame.toString()));
            frame.setLength(0);
        }
        from.request(1);
        return null;
    }

    private void take(WebSocket from, JsonNode received) {
        switch (received.path("type").stringValue()) {
            case "connection_ack" -> send(from, "subscribe");
            case "subscribe_success" -> subscribed.complete(null);
            case "data" -> subscriber.hear(received.path("event").stringValue());
            case "ka" -> {}
            default -> subscribed.completeExceptionally(new AssertionError("unexpected frame " + received));
        }
    }

    /// One after the other: a frame is not taken while the one before is under way.
    private void send(WebSocket to, String type) {
        sent = sent.thenCompose(_ -> to.sendText(recorded(type), true));
    }

    private String recorded(String type) {
        for (JsonNode sent : recording.path("frames")) {
            if (sent.path("type").stringValue().equals(type)) {
                return filled(sent);
            }
        }
        throw new AssertionError("Amplify was not recorded to send " + type);
    }

    private String filled(JsonNode recorded) {
        return recorded.toString()
                .replace("<id>", UUID.randomUUID().toString())
                .replace("<access token>", user.accessToken())
                .replace("<host>", host)
                .replace("/chats/alice", "/" + namespace + "/" + user.userId());
    }
}
