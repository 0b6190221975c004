import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Prints what a user of a local run hears, in one file without dependencies:
///
///     java examples/Listen.java bob
///
/// It signs in as the user, subscribes to `/chats/{user}` and `/calls/{user}` and prints each event as it comes, until
/// Ctrl-C. It does not reconnect and reads nothing back, as a real client must.
class Listen implements WebSocket.Listener {
    private final String token;
    private final String user;
    private final String host;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final StringBuilder frame = new StringBuilder();
    private CompletableFuture<?> sent = CompletableFuture.completedFuture(null);

    Listen(String token, String user, String host) {
        this.token = token;
        this.user = user;
        this.host = host;
    }

    public static void main(String[] args) throws Exception {
        if (args.length == 0) {
            System.err.println("usage: java examples/Listen.java USER [API] [EVENTS]");
            System.exit(2);
        }
        String api = args.length > 1 ? args[1] : "http://localhost:8080";
        URI events = URI.create(args.length > 2 ? args[2] : "http://localhost:8081/event");
        HttpClient http = HttpClient.newHttpClient();

        HttpRequest signIn = HttpRequest.newBuilder(URI.create(api + "/local/token"))
                .POST(HttpRequest.BodyPublishers.ofString("{\"userId\":\"" + args[0] + "\"}"))
                .build();
        Matcher token = Pattern.compile("\"idToken\":\"([^\"]+)\"")
                .matcher(http.send(signIn, BodyHandlers.ofString()).body());
        if (!token.find()) {
            System.err.println("no token for " + args[0]);
            System.exit(1);
        }

        Listen listener = new Listen(token.group(1), args[0], events.getAuthority());
        http.newWebSocketBuilder()
                .subprotocols("aws-appsync-event-ws", "header-" + base64Url(listener.authorization()))
                .buildAsync(URI.create(events.toString().replaceFirst("^http", "ws") + "/realtime"), listener)
                .join();
        listener.closed.await();
        // The HTTP client's threads would keep the process alive.
        System.exit(0);
    }

    private String authorization() {
        return "{\"Authorization\":\"" + token + "\",\"host\":\"" + host + "\"}";
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
            String text = frame.toString();
            frame.setLength(0);
            if (text.contains("\"type\":\"connection_ack\"")) {
                subscribe(socket, "chats");
                subscribe(socket, "calls");
            } else if (!text.contains("\"type\":\"ka\"")) {
                System.out.println(user + " hears: " + event(text));
            }
        }
        socket.request(1);
        return null;
    }

    /// A data frame carries the event as a text inside; any other frame is shown as it is.
    private static String event(String frame) {
        Matcher event = Pattern.compile("\"event\":\"(.*)\"}").matcher(frame);
        return event.find() ? event.group(1).replace("\\\"", "\"").replace("\\\\", "\\") : frame;
    }

    private void subscribe(WebSocket socket, String namespace) {
        send(socket, "{\"type\":\"subscribe\",\"id\":\"" + namespace + "\",\"channel\":\"/" + namespace + "/" + user
                + "\",\"authorization\":" + authorization() + "}");
    }

    /// One after the other: a frame is not taken while the one before is under way.
    private void send(WebSocket socket, String text) {
        sent = sent.thenCompose(ignored -> socket.sendText(text, true));
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
        System.out.println(user + " hears no more: the connection was closed (" + code + ")");
        closed.countDown();
        return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
        System.out.println(user + " hears no more: the connection broke");
        closed.countDown();
    }

    private static String base64Url(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
