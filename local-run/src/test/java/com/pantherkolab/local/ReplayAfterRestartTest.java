package com.pantherkolab.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.pantherkolab.local.RunningSystem.User;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// With `local.data-dir` what was parked, and what the mapping gave up, is found by a replay after a restart.
class ReplayAfterRestartTest {
    private static final int MESSAGES = 5;

    @Test
    void whatWasParkedAndWhatWasGivenUpComesBackAfterARestart(@TempDir Path folder) throws Exception {
        String parked;
        String givenUp;
        LaterClock clock = new LaterClock();
        try (RunningSystem system = RunningSystem.startWithPumpsAt(clock, "--local.data-dir=" + folder)) {
            system.faults("{\"publish\":{\"errorRate\":1.0,\"statuses\":[400]}}");
            parked = written(system, "bob");
            clock.later(Duration.ofHours(13));
            givenUp = written(system, "carol");
        }

        try (RunningSystem system = RunningSystem.start("--local.data-dir=" + folder)) {
            assertThat(comesBack(system, "bob", "{\"source\":\"parked\",\"conversations\":[\"" + parked + "\"]}"))
                    .as("from the queue")
                    .isEqualTo(2 * (MESSAGES + 1));
            assertThat(comesBack(system, "carol", "{\"source\":\"failures\",\"conversations\":[\"" + givenUp + "\"]}"))
                    .as("from the bucket")
                    .isEqualTo(2 * (MESSAGES + 1));
        }

        try (RunningSystem system = RunningSystem.start("--local.data-dir=" + folder)) {
            assertThat(replay(system, "{\"source\":\"parked\",\"conversations\":[\"" + parked + "\"]}")
                            .path("summary")
                            .path("considered")
                            .intValue())
                    .as("what was published has left the queue for good")
                    .isZero();
        }
    }

    /// A conversation with Alice, when the publisher is done with it.
    private static String written(RunningSystem system, String other) {
        User alice = system.signIn("alice");
        system.signIn(other);
        String conversation = system.conversation(alice, "DIRECT", List.of(other));
        for (int i = 1; i <= MESSAGES; i++) {
            system.post(
                    alice,
                    "/api/messages/send",
                    "{\"conversationId\":\"%s\",\"content\":\"no. %d\"}".formatted(conversation, i));
        }
        system.awaitPublished();
        return conversation;
    }

    /// How many deliveries were published, after the user has heard every message in order.
    private static int comesBack(RunningSystem system, String user, String request) throws Exception {
        Subscriber heard = new Subscriber();
        try (RawClient _ = RawClient.subscribe(system, system.signIn(user), heard)) {
            JsonNode answer = replay(system, request);
            heard.awaitMessages(MESSAGES);
            assertThat(heard.messages())
                    .extracting(message -> message.path("sequence").intValue())
                    .containsExactlyElementsOf(
                            IntStream.rangeClosed(1, MESSAGES).boxed().toList());
            return answer.path("summary").path("published").intValue();
        }
    }

    private static JsonNode replay(RunningSystem system, String request) {
        JsonNode answer = system.send(system.request("/functions/replayEvents").POST(BodyPublishers.ofString(request)))
                .body();
        assertThat(answer.path("done").booleanValue()).as(answer.toString()).isTrue();
        return answer;
    }
}
