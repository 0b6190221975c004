package com.pantherkolab.events;

import static com.pantherkolab.events.TestApi.KEY;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class PublishTest {

    private static final UUID ID = new UUID(0, 7);
    private static AppSyncEventsEmulator emulator;

    @BeforeAll
    static void start() {
        emulator = AppSyncEventsEmulator.start(TestApi.open(), TestApi.options());
    }

    @AfterAll
    static void stop() {
        emulator.close();
    }

    @Test
    void listsEveryEventThatWasPublished() {
        try (var fixed =
                AppSyncEventsEmulator.start(TestApi.open(), TestApi.options().withIds(() -> ID))) {
            var response = TestApi.publish(fixed, "/open/a", "1");

            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.body()).isEqualTo("""
              {"successful":[{"identifier":"00000000-0000-0000-0000-000000000007","index":0}],\
              "failed":[]}\
              """);
            assertThat(response.headers().map())
                    .containsEntry("content-type", List.of("application/json; charset=UTF-8"))
                    .containsEntry("access-control-allow-origin", List.of("*"))
                    .containsEntry("x-amzn-requestid", List.of(ID.toString()));
        }
    }

    @Test
    void takesFiveEventsAndNoMore() {
        assertThat(TestApi.publish(emulator, "open/a", "1", "2", "3", "4", "5").statusCode())
                .isEqualTo(200);
        assertThat(TestApi.publish(emulator, "open/a", "1", "2", "3", "4", "5", "6")
                        .statusCode())
                .isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "not JSON",
                "[]",
                "{\"channel\":\"open/a\",\"events\":[\"1\"]} trailing",
                "{\"channel\":\"open/a\",\"channel\":\"open/b\",\"events\":[\"1\"]}",
                "{\"events\":[\"1\"]}",
                "{\"channel\":7,\"events\":[\"1\"]}",
                "{\"channel\":\"open/a\"}",
                "{\"channel\":\"open/a\",\"events\":[]}",
                "{\"channel\":\"open/a\",\"events\":\"1\"}",
                "{\"channel\":\"open/a\",\"events\":[1]}",
                "{\"channel\":\"open/a\",\"events\":[{\"raw\":\"object\"}]}",
                "{\"channel\":\"open/a\",\"events\":[\"\"]}",
                "{\"channel\":\"open/a\",\"events\":[\"not JSON\"]}",
                "{\"channel\":\"open/a\",\"events\":[\"1\",\"{} {}\"]}",
                "{\"channel\":\"open/*\",\"events\":[\"1\"]}",
                "{\"channel\":\"open/a#\",\"events\":[\"1\"]}",
                "{\"channel\":\"open/a/b/c/d/e\",\"events\":[\"1\"]}"
            })
    void refusesWhatItCannotRead(String body) {
        var response = TestApi.post(emulator, KEY, body);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(error(response)).isEqualTo("BadRequestException");
        assertThat(response.headers().firstValue("x-amzn-ErrorType")).contains("BadRequestException");
    }

    @Test
    void ignoresUnknownMembers() {
        var body = "{\"more\":1,\"channel\":\"open/a\",\"events\":[\"1\"]}";

        assertThat(TestApi.post(emulator, KEY, body).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "nowhere/a,            404, ResourceNotFound",
        "signed/a,             403, UnauthorizedException",
        "handled/unauthorized, 401, UnauthorizedException",
        "handled/error,        403, UnauthorizedException",
        "handled/throws,       500, InternalFailureException"
    })
    void refusesWhatIsNotAllowed(String channel, int status, String errorType) {
        var response = TestApi.publish(emulator, channel, "1");

        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(error(response)).isEqualTo(errorType);
    }

    @Test
    void listsAnEventOfMoreThan240KilobytesAsFailedAndDeliversTheOthers() {
        String full = "\"" + "ü".repeat(120 * 1024 - 1) + "\"";
        String tooLarge = "\"" + "ü".repeat(120 * 1024 - 1) + "x\"";
        try (var client = TestClient.connect(emulator, KEY)) {
            client.subscribed("s1", "open/large", KEY);

            var response = TestApi.publish(emulator, "open/large", "1", tooLarge, full);

            assertThat(response.statusCode()).isEqualTo(200);
            JsonNode answer = TestClient.JSON.readTree(response.body());
            assertThat(answer.get("successful").valueStream().map(it -> it.get("index")
                            .intValue()))
                    .containsExactly(0, 2);
            assertThat(answer.get("failed")).hasSize(1);
            assertThat(answer.at("/failed/0/index").intValue()).isEqualTo(1);
            assertThat(answer.at("/failed/0/code").stringValue()).isEqualTo("EventTooLargeException");
            assertThat(client.next().get("event").stringValue()).isEqualTo("1");
            assertThat(client.next().get("event").stringValue()).isEqualTo(full);
            client.hasNothingMore();
        }
    }

    @Test
    void refusesARequestOfMoreThan1200Kilobytes() {
        String[] events = new String[5];
        Arrays.fill(events, "\"" + "x".repeat(240 * 1024 - 2) + "\"");

        var announced = TestApi.publish(emulator, "open/a", events);
        var chunked = TestApi.send(HttpRequest.newBuilder(emulator.httpEndpoint())
                .header("x-api-key", "da2-test")
                .POST(HttpRequest.BodyPublishers.fromPublisher(
                        HttpRequest.BodyPublishers.ofString(TestApi.body("open/a", events))))
                .build());

        assertThat(announced.statusCode()).isEqualTo(413);
        assertThat(chunked.statusCode()).isEqualTo(413);
    }

    @Test
    void tellsWhatTheHandlerFailedAndDeliversWhatItChanged() {
        try (var client = TestClient.connect(emulator, KEY)) {
            client.subscribed("s1", "handled/odd", KEY);

            JsonNode answer = TestClient.JSON.readTree(
                    TestApi.publish(emulator, "handled/odd", "1", "2").body());

            assertThat(answer.at("/successful/0/index").intValue()).isEqualTo(1);
            assertThat(answer.at("/failed/0/index").intValue()).isEqualTo(0);
            assertThat(answer.at("/failed/0/message").stringValue()).isEqualTo("odd");
            assertThat(client.next().get("event").stringValue()).isEqualTo("{\"value\":2}");
        }
    }

    @Test
    void countsTheSizeThatTheHandlerMadeOfIt() {
        JsonNode answer = TestClient.JSON.readTree(
                TestApi.publish(emulator, "handled/grows", "1").body());

        assertThat(answer.get("successful")).isEmpty();
        assertThat(answer.at("/failed/0/code").stringValue()).isEqualTo("EventTooLargeException");
    }

    @Test
    void answersAPreflight() {
        var response = TestApi.send(HttpRequest.newBuilder(emulator.httpEndpoint())
                .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
                .header("Origin", "http://localhost:5173")
                .header("Access-Control-Request-Method", "POST")
                .build());

        assertThat(response.statusCode()).isEqualTo(204);
        assertThat(response.headers().firstValue("access-control-allow-origin")).contains("*");
        assertThat(response.headers().firstValue("access-control-allow-headers").orElseThrow())
                .contains(
                        "content-type",
                        "x-api-key",
                        "authorization",
                        "x-amz-user-agent",
                        "x-amz-date",
                        "x-amz-security-token");
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://evil.test", "null", "http://localhost.evil.test"})
    void refusesPagesThatAreNotOfThisMachine(String origin) {
        var response =
                TestApi.post(emulator, Map.of("x-api-key", "da2-test", "Origin", origin), TestApi.body("open/a", "1"));

        assertThat(response.statusCode()).isEqualTo(403);
        assertThat(response.headers().firstValue("access-control-allow-origin")).isEmpty();
    }

    @Test
    void refusesRequestsThatAreNotAddressedToThisMachine() throws IOException {
        assertThat(rawStatus("GET /event/realtime HTTP/1.1\r\nHost: evil.test\r\n\r\n"))
                .isEqualTo("HTTP/1.1 403 Forbidden");
        assertThat(rawStatus("GET /event/realtime HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"))
                .isEqualTo("HTTP/1.1 426 Upgrade Required");
    }

    @ParameterizedTest
    @CsvSource({"GET, /event", "POST, /", "POST, /event/", "POST, /event/realtime", "PUT, /event"})
    void hasNothingElse(String method, String path) {
        URI uri = emulator.httpEndpoint().resolve(path);
        var response = TestApi.send(HttpRequest.newBuilder(uri)
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build());

        assertThat(response.statusCode()).isEqualTo(404);
    }

    private static String rawStatus(String request) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), emulator.port())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().flush();
            var answer = new StringBuilder();
            for (int c = socket.getInputStream().read(); c != '\r' && c >= 0; ) {
                answer.append((char) c);
                c = socket.getInputStream().read();
            }
            return answer.toString();
        }
    }

    private static String error(HttpResponse<String> response) {
        return TestClient.JSON
                .readTree(response.body())
                .at("/errors/0/errorType")
                .stringValue();
    }
}
