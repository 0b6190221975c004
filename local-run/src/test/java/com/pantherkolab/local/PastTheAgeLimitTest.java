package com.pantherkolab.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.pantherkolab.local.RunningSystem.User;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.S3Client;
import tools.jackson.databind.JsonNode;

/// AppSync was away for longer than the mapping waits: the pump of the publisher gives up what is too old, by its
/// clock, and a replay brings back whatever has not expired.
class PastTheAgeLimitTest {
    private static final int MESSAGES = 120;

    @Test
    void aReplayBringsBackWhateverHasNotExpiredInOrder() throws Exception {
        LaterClock clock = new LaterClock();
        Subscriber messages = new Subscriber();
        Subscriber rings = new Subscriber();
        try (RunningSystem system = RunningSystem.startWithPumpsAt(clock, "--ring-timeout-seconds=1")) {
            User alice = system.signIn("alice");
            User bob = system.signIn("bob");
            clock.later(Duration.ofHours(12).plusMinutes(1));
            String conversation = system.conversation(alice, "DIRECT", List.of("bob"));
            send(system, alice, conversation, MESSAGES);
            String call = system.call(alice, "bob");
            awaitEnded(system, alice, call);
            system.awaitPublished();
            clock.later(Duration.ZERO);

            try (RawClient _ = RawClient.subscribe(system, bob, "chats", messages);
                    RawClient _ = RawClient.subscribe(system, bob, "calls", rings)) {
                // The pump goes on behind what it gave up.
                send(system, alice, conversation, 1);
                messages.awaitMessages(1);
                system.awaitPublished();
                assertThat(sequences(messages)).containsExactly(MESSAGES + 1);
                assertThat(system.status().path("events").path("published").intValue())
                        .isEqualTo(2);
                assertThat(documents(system)).isNotEmpty().allMatch(key -> key.startsWith("aws/lambda/"));

                JsonNode summary = replay(system).path("summary");

                messages.awaitMessages(1 + MESSAGES);
                assertThat(sequences(messages).subList(1, 1 + MESSAGES))
                        .containsExactlyElementsOf(
                                IntStream.rangeClosed(1, MESSAGES).boxed().toList());
                rings.await("CALL_ENDED");
                assertThat(rings.heard())
                        .extracting(event -> event.path("type").stringValue())
                        .as("no phone rings past its deadline")
                        .containsOnly("CALL_ENDED");
                assertThat(summary.path("published").intValue())
                        .as("the conversation, its messages and the end of the call, to both")
                        .isEqualTo(2 * (1 + MESSAGES + 1));
                assertThat(summary.path("expired").intValue()).isPositive();
            }
        }
    }

    private static void send(RunningSystem system, User user, String conversation, int count) {
        for (int i = 0; i < count; i++) {
            system.post(
                    user,
                    "/api/messages/send",
                    "{\"conversationId\":\"%s\",\"content\":\"hello\"}".formatted(conversation));
        }
    }

    /// Whoever reads a call past its deadline ends it.
    private static void awaitEnded(RunningSystem system, User user, String call) throws InterruptedException {
        while (!system.get(user, "/api/calls/" + call)
                .at("call")
                .path("status")
                .stringValue()
                .equals("ENDED")) {
            Thread.sleep(50);
        }
    }

    private static List<String> documents(RunningSystem system) {
        return system.bean(S3Client.class).listObjectsV2(list -> list.bucket("FailureBucket")).contents().stream()
                .map(object -> object.key())
                .toList();
    }

    private static JsonNode replay(RunningSystem system) {
        JsonNode answer = system.send(system.request("/functions/replayEvents")
                        .POST(BodyPublishers.ofString("{\"source\":\"failures\",\"rate\":1000}")))
                .body();
        assertThat(answer.path("done").booleanValue()).as(answer.toString()).isTrue();
        return answer;
    }

    private static List<Integer> sequences(Subscriber heard) {
        return heard.messages().stream()
                .map(message -> message.path("sequence").intValue())
                .toList();
    }
}
