package com.pantherkolab.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.pantherkolab.api.http.Gateway;
import com.pantherkolab.api.http.Gateway.Reply;
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

/// Many writers of one conversation, all at the function itself: local run's web server would queue most of them.
class ContentionTest {
    private static final int WRITERS = 32;
    private static final int MESSAGES = 200;

    private final RunningSystem system = RunningSystem.shared();

    @Test
    void thirtyTwoWritersLeaveNoGapAndNoRepeatAndEveryMessageThatWasAnsweredIsThereOnce() throws Exception {
        User alice = system.signIn("contended-alice");
        Subscriber heard = new Subscriber();
        ConcurrentLinkedQueue<Reply> replies = new ConcurrentLinkedQueue<>();
        try (RawClient _ = RawClient.subscribe(system, alice, heard)) {
            String conversation = system.conversation(alice, "GROUP", List.of("contended-bob"));
            write(alice, conversation, replies);
            system.awaitPublished();
            heard.awaitMessages(sent(replies).size());
        }

        assertThat(replies).hasSize(MESSAGES).extracting(Reply::status).isSubsetOf(200, 503);
        List<Reply> sent = sent(replies);
        // A 503 says that nothing was written, so it takes no place.
        assertThat(sent).hasSizeGreaterThan(MESSAGES / 2);
        assertThat(sent)
                .extracting(
                        reply -> reply.body().path("message").path("sequence").longValue())
                .containsExactlyInAnyOrderElementsOf(
                        LongStream.rangeClosed(1, sent.size()).boxed().toList());
        assertThat(heard.messages())
                .extracting(message -> message.path("content").stringValue())
                .as("what was published is what was answered")
                .containsExactlyInAnyOrderElementsOf(sent.stream()
                        .map(reply ->
                                reply.body().path("message").path("content").stringValue())
                        .toList());
    }

    private void write(User sender, String conversation, ConcurrentLinkedQueue<Reply> replies) throws Exception {
        Gateway messagesApi = system.function("messagesApi");
        AtomicInteger next = new AtomicInteger();
        List<Future<?>> writers = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int writer = 0; writer < WRITERS; writer++) {
                writers.add(threads.submit(() -> {
                    for (int number = next.getAndIncrement(); number < MESSAGES; number = next.getAndIncrement()) {
                        replies.add(messagesApi.call(
                                sender.userId(),
                                "POST",
                                "/api/messages/send",
                                "{\"conversationId\":\"%s\",\"content\":\"%d\"}".formatted(conversation, number)));
                    }
                }));
            }
        }
        for (Future<?> writer : writers) {
            writer.get();
        }
    }

    private static List<Reply> sent(ConcurrentLinkedQueue<Reply> replies) {
        return replies.stream().filter(reply -> reply.status() == 200).toList();
    }
}
