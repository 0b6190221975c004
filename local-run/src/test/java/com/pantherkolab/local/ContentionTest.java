package com.pantherkolab.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.pantherkolab.local.RunningSystem.Answer;
import com.pantherkolab.local.RunningSystem.User;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/// Many writers of one conversation.
class ContentionTest {
    private static final int WRITERS = 32;
    private static final int MESSAGES = 200;

    private final RunningSystem system = RunningSystem.shared();

    @Test
    void thirtyTwoWritersLeaveNoGapAndNoRepeatAndEveryMessageThatWasAnsweredIsThereOnce() throws Exception {
        User alice = system.signIn("contended-alice");
        Subscriber heard = new Subscriber();
        RawClient listening = RawClient.subscribe(system, alice, heard);
        String conversation = system.conversation(alice, "GROUP", List.of("contended-bob"));
        ConcurrentLinkedQueue<Answer> answers = new ConcurrentLinkedQueue<>();
        AtomicInteger next = new AtomicInteger();
        List<Future<?>> writers = new ArrayList<>();

        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int writer = 0; writer < WRITERS; writer++) {
                writers.add(threads.submit(() -> {
                    for (int number = next.getAndIncrement(); number < MESSAGES; number = next.getAndIncrement()) {
                        answers.add(system.post(
                                alice,
                                "/api/messages/send",
                                "{\"conversationId\":\"%s\",\"content\":\"%d\"}".formatted(conversation, number)));
                    }
                }));
            }
        }
        for (Future<?> writer : writers) {
            writer.get();
        }
        system.awaitPublished();
        listening.close();

        assertThat(answers).hasSize(MESSAGES).extracting(Answer::status).isSubsetOf(200, 503);
        List<Answer> sent =
                answers.stream().filter(answer -> answer.status() == 200).toList();
        System.out.printf("%d writers: %d of %d sent, the others told to come again%n", WRITERS, sent.size(), MESSAGES);
        // A 503 says that nothing was written, so it takes no place.
        assertThat(sent).hasSizeGreaterThan(MESSAGES / 2);
        List<Long> places = LongStream.rangeClosed(1, sent.size()).boxed().toList();
        assertThat(sent)
                .extracting(answer -> answer.at("message").path("sequence").longValue())
                .containsExactlyInAnyOrderElementsOf(places);
        List<String> published = heard.heard().stream()
                .filter(event -> event.path("type").stringValue().equals("MESSAGE_SENT"))
                .map(event -> event.path("data").path("content").stringValue())
                .toList();
        assertThat(published)
                .as("what was published is what was answered")
                .containsExactlyInAnyOrderElementsOf(sent.stream()
                        .map(answer -> answer.at("message").path("content").stringValue())
                        .toList());
    }
}
