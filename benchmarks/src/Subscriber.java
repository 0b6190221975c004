import java.net.URI;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/// One user's WebSocket, subscribed to `/chats/{user}` or `/calls/{user}`. It keeps what it hears and reads it later, so that reading
/// delays nothing that is measured.
final class Subscriber implements WebSocket.Listener, AutoCloseable {
    private final User user;
    private final String namespace;
    private final URI events;
    private final Runnable onEvent;
    private final Queue<Heard> heard = new ConcurrentLinkedQueue<>();
    private final CompletableFuture<Void> subscribed = new CompletableFuture<>();
    private final StringBuilder frame = new StringBuilder();
    private CompletableFuture<?> sent = CompletableFuture.completedFuture(null);
    private volatile WebSocket socket;
    private volatile boolean closed;

    private Subscriber(User user, String namespace, URI events, Runnable onEvent) {
        this.user = user;
        this.namespace = namespace;
        this.events = events;
        this.onEvent = onEvent;
    }

    /// An event's frame.
    ///
    /// @param at when its last part had come
    record Heard(Instant at, String frame) {}

    /// Subscribes, and waits until that is confirmed.
    ///
    /// @param onEvent called after each event was kept
    static Subscriber subscribe(User user, String namespace, URI events, Runnable onEvent) throws Exception {
        Subscriber subscriber = new Subscriber(user, namespace, events, onEvent);
        String credentials = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(subscriber.authorization().getBytes(StandardCharsets.UTF_8));
        subscriber.socket = user.http()
                .newWebSocketBuilder()
                .subprotocols("aws-appsync-event-ws", "header-" + credentials)
                .buildAsync(events, subscriber)
                .join();
        subscriber.subscribed.get(30, TimeUnit.SECONDS);
        return subscriber;
    }

    User user() {
        return user;
    }

    /// What was heard, in the order of its coming.
    Queue<Heard> heard() {
        return heard;
    }

    @Override
    public void onOpen(WebSocket socket) {
        send(socket, "{\"type\":\"connection_init\"}");
        socket.request(1);
    }

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
        frame.append(part);
        if (last) {
            Instant now = Instant.now();
            String text = frame.toString();
            frame.setLength(0);
            take(socket, new Heard(now, text));
        }
        socket.request(1);
        return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
        if (!closed) {
            subscribed.completeExceptionally(error);
            System.err.println(user.id() + "'s WebSocket broke: " + error);
        }
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
        onError(socket, new IllegalStateException("it was closed with " + code));
        return null;
    }

    /// Ends it without ceremony.
    @Override
    public void close() {
        closed = true;
        socket.abort();
    }

    private void take(WebSocket socket, Heard text) {
        if (text.frame().contains("\"type\":\"data\"")) {
            heard.add(text);
            onEvent.run();
        } else if (text.frame().contains("\"type\":\"connection_ack\"")) {
            send(
                    socket,
                    "{\"type\":\"subscribe\",\"id\":\"own\",\"channel\":\"/%s/%s\",\"authorization\":%s}"
                            .formatted(namespace, user.id(), authorization()));
        } else if (text.frame().contains("\"type\":\"subscribe_success\"")) {
            subscribed.complete(null);
        } else if (text.frame().contains("error")) {
            subscribed.completeExceptionally(new IllegalStateException(text.frame()));
        }
    }

    /// One after the other: an answer may be here before the frame that it answers counts as sent, and the socket
    /// refuses a second frame until then.
    private synchronized void send(WebSocket socket, String text) {
        sent = sent.thenCompose(_ -> socket.sendText(text, true));
    }

    private String authorization() {
        return "{\"Authorization\":\"%s\",\"host\":\"%s\"}".formatted(user.token(), events.getAuthority());
    }
}
