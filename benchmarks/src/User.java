import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// A user of the API who has signed in.
///
/// @param http keeps its connections; may be shared
record User(String id, URI api, String token, HttpClient http) {

    static User signIn(String id, URI api, HttpClient http) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(api.resolve("/local/token"))
                .POST(BodyPublishers.ofString("{\"userId\":\"%s\"}".formatted(id)))
                .build();
        String answer = http.send(request, BodyHandlers.ofString()).body();
        return new User(id, api, text(answer, "idToken"), http);
    }

    /// @return the new conversation's id
    String converse(String type, List<String> participants) {
        String ids = participants.stream().map("\"%s\""::formatted).collect(Collectors.joining(","));
        String body = "{\"type\":\"%s\",\"participantIds\":[%s]}".formatted(type, ids);
        return text(post("/api/conversations", body).join().body(), "conversationId");
    }

    /// Sends a message without waiting for the answer.
    CompletableFuture<HttpResponse<String>> send(String conversation, String tempId, String content) {
        return post(
                "/api/messages/send",
                "{\"conversationId\":\"%s\",\"tempId\":\"%s\",\"content\":\"%s\"}"
                        .formatted(conversation, tempId, content));
    }

    /// Places a call and waits for the answer.
    ///
    /// @return the call's id
    String initiate(String other) {
        String body = "{\"callType\":\"AUDIO\",\"participantIds\":[\"%s\"]}".formatted(other);
        return text(post("/api/calls/initiate", body).join().body(), "sessionId");
    }

    /// A command on a call; waits for the answer.
    void onCall(String command, String sessionId) {
        HttpResponse<String> answer =
                post("/api/calls/" + command, "{\"sessionId\":\"%s\"}".formatted(sessionId)).join();
        if (answer.statusCode() != 200) {
            throw new IllegalStateException(command + " was answered " + answer.body());
        }
    }

    private CompletableFuture<HttpResponse<String>> post(String path, String body) {
        HttpRequest request = HttpRequest.newBuilder(api.resolve(path))
                .header("Authorization", "Bearer " + token)
                .POST(BodyPublishers.ofString(body))
                .build();
        return http.sendAsync(request, BodyHandlers.ofString());
    }

    private static String text(String json, String name) {
        Matcher field = Pattern.compile("\"%s\":\"([^\"]+)\"".formatted(name)).matcher(json);
        if (!field.find()) {
            throw new IllegalStateException("no " + name + " in the answer: " + json);
        }
        return field.group(1);
    }
}
