package com.pantherkolab.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.pantherkolab.common.Json;
import com.pantherkolab.local.RunningSystem.User;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Users with a real, unmodified Amplify client each, in one Node process (`client/test/subscribers.mjs`).
final class AmplifyClients implements AutoCloseable {
    private final Process node;
    private final Thread reader;

    private AmplifyClients(Process node, Thread reader) {
        this.node = node;
        this.reader = reader;
    }

    /// Subscribes each user's own chats channel.
    ///
    /// @param subscribers who hears what a user is told, by user id
    static AmplifyClients subscribe(RunningSystem system, List<User> users, Map<String, Subscriber> subscribers)
            throws Exception {
        Process node = Node.program(List.of("node", "test/subscribers.mjs"), Map.of())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedWriter order = node.outputWriter(StandardCharsets.UTF_8);
        order.write(order(system, users));
        order.newLine();
        order.flush();

        CountDownLatch ready = new CountDownLatch(users.size());
        Thread reader = Thread.ofPlatform()
                .daemon()
                .start(() -> read(node.inputReader(StandardCharsets.UTF_8), subscribers, ready));
        assertThat(ready.await(90, TimeUnit.SECONDS))
                .as("every Amplify client is subscribed")
                .isTrue();
        return new AmplifyClients(node, reader);
    }

    @Override
    public void close() throws IOException {
        node.outputWriter(StandardCharsets.UTF_8).close();
        try {
            if (!node.waitFor(20, TimeUnit.SECONDS)) {
                node.destroyForcibly();
            }
            reader.join();
        } catch (InterruptedException interrupted) {
            node.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private static String order(RunningSystem system, List<User> users) {
        ObjectNode order = Json.mapper().createObjectNode().put("eventsUrl", AmplifyTest.amplifyEndpoint(system));
        ArrayNode list = order.putArray("users");
        for (User user : users) {
            list.addObject()
                    .put("userId", user.userId())
                    .put("accessToken", user.accessToken())
                    .put("idToken", user.idToken())
                    .putArray("channels")
                    .add("/chats/" + user.userId());
        }
        return order.toString();
    }

    private static void read(BufferedReader lines, Map<String, Subscriber> subscribers, CountDownLatch ready) {
        try {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                JsonNode told = Json.mapper().readTree(line);
                switch (told.path("kind").stringValue()) {
                    case "ready" -> ready.countDown();
                    case "event" -> hearer(told, subscribers).hear(told.path("event"));
                    default -> throw new AssertionError("Amplify was refused: " + line);
                }
            }
        } catch (IOException _) {
            // The process has ended.
        }
    }

    private static Subscriber hearer(JsonNode told, Map<String, Subscriber> subscribers) {
        return Objects.requireNonNull(subscribers.get(told.path("userId").stringValue()));
    }
}
