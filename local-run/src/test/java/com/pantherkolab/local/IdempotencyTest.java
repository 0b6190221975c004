package com.pantherkolab.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.pantherkolab.local.RunningSystem.Answer;
import com.pantherkolab.local.RunningSystem.User;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Many retries at once with one key, through the whole system, also on the store's bad days.
class IdempotencyTest {
    private static final int RETRIES = 40;
    private static final String LOST_ANSWERS = "{\"store\":{\"lostResponseRate\":0.33},\"seed\":7}";
    private static final String ALL_OF_IT =
            "{\"store\":{\"lostResponseRate\":0.2,\"conflictRate\":0.2,\"throttleRate\":0.2},\"seed\":8}";

    private final RunningSystem system = RunningSystem.shared();

    @AfterEach
    void mend() {
        system.send(system.request("/local/faults").DELETE());
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", LOST_ANSWERS, ALL_OF_IT})
    void fortyConcurrentSendsWithOneTempIdAreOneMessageOneEventAndEqualAnswers(String faults) throws Exception {
        User alice = user();
        Subscriber heard = new Subscriber();
        try (RawClient _ = RawClient.subscribe(system, alice, heard)) {
            String conversation = system.conversation(alice, "GROUP", List.of("bob"));
            system.send(system.request("/local/faults").PUT(BodyPublishers.ofString(faults)));

            List<Answer> answers = concurrently(() -> system.post(
                    alice,
                    "/api/messages/send",
                    "{\"conversationId\":\"%s\",\"content\":\"once\",\"tempId\":\"t-1\"}".formatted(conversation)));
            mend();
            system.awaitPublished();

            assertOneAnswer(answers);
            heard.awaitMessages(1);
            assertThat(heard.messages()).hasSize(1);
            Answer next = system.post(
                    alice,
                    "/api/messages/send",
                    "{\"conversationId\":\"%s\",\"content\":\"next\"}".formatted(conversation));
            assertThat(next.at("message").path("sequence").longValue()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", LOST_ANSWERS, ALL_OF_IT})
    void fortyConcurrentCreationsWithOneKeyAreOneConversation(String faults) throws Exception {
        User alice = user();
        system.send(system.request("/local/faults").PUT(BodyPublishers.ofString(faults)));

        List<Answer> answers = concurrently(() -> system.send(system.as(alice, "/api/conversations")
                .header("idempotency-key", "k-1")
                .POST(BodyPublishers.ofString("{\"type\":\"GROUP\",\"participantIds\":[\"bob\",\"carol\"]}"))));

        assertOneAnswer(answers);
    }

    @Test
    void twoUsersWhoBeginAtTheSameMomentGetOneDirectConversation() throws Exception {
        User alice = user();
        User bob = user();

        List<Answer> answers = new ArrayList<>(concurrently(() -> system.post(
                alice,
                "/api/conversations",
                "{\"type\":\"DIRECT\",\"participantIds\":[\"%s\"]}".formatted(bob.userId()))));
        answers.addAll(concurrently(() -> system.post(
                bob,
                "/api/conversations",
                "{\"type\":\"DIRECT\",\"participantIds\":[\"%s\"]}".formatted(alice.userId()))));

        assertOneAnswer(answers);
    }

    /// Every answer is the same, but for those that were told to come again.
    private static void assertOneAnswer(List<Answer> answers) {
        assertThat(answers).extracting(Answer::status).isSubsetOf(200, 503).contains(200);
        assertThat(answers)
                .filteredOn(answer -> answer.status() == 200)
                .extracting(answer -> answer.response().body())
                .containsOnly(answers.stream()
                        .filter(answer -> answer.status() == 200)
                        .findFirst()
                        .orElseThrow()
                        .response()
                        .body());
        assertThat(answers).filteredOn(answer -> answer.status() == 503).allSatisfy(answer -> assertThat(
                        answer.response().headers().firstValue("retry-after"))
                .isPresent());
    }

    private static List<Answer> concurrently(Callable<Answer> call) throws Exception {
        List<Future<Answer>> calls = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int retry = 0; retry < RETRIES; retry++) {
                calls.add(threads.submit(call));
            }
        }
        List<Answer> answers = new ArrayList<>();
        for (Future<Answer> answer : calls) {
            answers.add(answer.get());
        }
        return answers;
    }

    private User user() {
        return system.signIn("once-" + UUID.randomUUID().toString().substring(0, 8));
    }
}
