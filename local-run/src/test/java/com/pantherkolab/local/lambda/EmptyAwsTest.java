package com.pantherkolab.local.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import com.pantherkolab.common.Json;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class EmptyAwsTest {
    private final EmptyAws aws = EmptyAws.start();
    private final HttpClient client = HttpClient.newHttpClient();

    @AfterEach
    void end() {
        client.close();
        aws.close();
    }

    @Test
    void aRequestFindsNothing() throws Exception {
        assertThat(post("{\"TableName\":\"Users\"}").isEmpty()).isTrue();
    }

    /// Else the publisher would try them again until its time is up, and train just that.
    @Test
    void everyEventThatIsPublishedIsAcknowledgedWhateverStandsInIt() throws Exception {
        JsonNode answer = post("""
                {"channel":"/chats/bob","events":["{\\"a\\":[\\"]\\"]}","two\\\\","3"]}""");

        assertThat(answer.path("failed").isEmpty()).isTrue();
        assertThat(answer.path("successful").valueStream().map(event -> event.path("index")
                        .intValue()))
                .containsExactly(0, 1, 2);
    }

    private JsonNode post(String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(aws.endpoint() + "/event"))
                .POST(BodyPublishers.ofString(body))
                .build();
        return Json.mapper()
                .readTree(client.send(request, BodyHandlers.ofString()).body());
    }
}
