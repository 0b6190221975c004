package com.pantherkolab.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.pantherkolab.api.http.Gateway;
import com.pantherkolab.api.http.Gateway.Reply;
import com.pantherkolab.common.Aggregate;
import com.pantherkolab.local.DeployedFunctions.Published;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Commands that meet each other, or themselves, on the way to the store.
abstract class CommandsContract extends FunctionsContract {
    private static final int RETRIES = 16;
    private static final int WRITERS = 8;
    private static final int MESSAGES = 40;

    CommandsContract(Supplier<Deployed> place) {
        super(place);
    }

    /// @param troubles how often a write is throttled, meets a conflict, loses its answer
    @ParameterizedTest
    @ValueSource(doubles = {0, 0.2})
    void concurrentSendsWithOneTempIdAreOneMessageOneEventAndEqualAnswers(double troubles) throws Exception {
        String conversation = functions.conversation(alice, List.of(bob));
        deployed.faults(new StoreFaults(troubles, troubles, troubles).plan(8));

        Gateway messages = functions.function("messagesApi");
        List<Reply> replies = concurrently(
                RETRIES,
                () -> messages.call(
                        alice,
                        "POST",
                        "/api/messages/send",
                        "{\"conversationId\":\"%s\",\"content\":\"once\",\"tempId\":\"t-1\"}".formatted(conversation)));
        mend();

        assertOneAnswer(replies);
        assertThat(deployed.sequences(conversation)).containsExactly(1L);
        assertThat(deployed.outbox(Aggregate.conversation(conversation))).hasSize(2);
        assertThat(messagesTo(bob, conversation)).hasSize(1);
        assertThat(functions
                        .send(bob, conversation, "next")
                        .body()
                        .path("message")
                        .path("sequence")
                        .longValue())
                .isEqualTo(2);
    }

    @Test
    void concurrentCreationsWithOneKeyAreOneConversation() throws Exception {
        Gateway conversations = functions.function("conversationsApi");
        String key = UUID.randomUUID().toString();

        List<Reply> replies = concurrently(
                RETRIES,
                () -> conversations.callWithKey(
                        alice,
                        "POST",
                        "/api/conversations",
                        key,
                        "{\"type\":\"GROUP\",\"participantIds\":[\"%s\"]}".formatted(bob)));

        assertOneAnswer(replies);
    }

    @Test
    void manyWritersOfAConversationLeaveNoGapAndNoRepeatAndAreHeardInOrder() throws Exception {
        String conversation = functions.conversation(alice, List.of(bob));
        AtomicInteger next = new AtomicInteger();
        List<Reply> replies = new ArrayList<>();

        for (List<Reply> written : concurrently(WRITERS, () -> {
            List<Reply> mine = new ArrayList<>();
            for (int number = next.getAndIncrement(); number < MESSAGES; number = next.getAndIncrement()) {
                mine.add(functions.send(alice, conversation, "no. " + number));
            }
            return mine;
        })) {
            replies.addAll(written);
        }
        functions.awaitHandled();

        assertThat(replies).hasSize(MESSAGES).extracting(Reply::status).isSubsetOf(200, 503);
        List<Long> sent = replies.stream()
                .filter(reply -> reply.status() == 200)
                .map(reply -> reply.body().path("message").path("sequence").longValue())
                .sorted()
                .toList();
        // A 503 says that nothing was written, so it takes no place.
        assertThat(sent)
                .isNotEmpty()
                .isEqualTo(LongStream.rangeClosed(1, sent.size()).boxed().toList());
        assertThat(deployed.sequences(conversation)).isEqualTo(sent);
        assertThat(messagesTo(bob, conversation))
                .extracting(it -> it.data().path("sequence").longValue())
                .isEqualTo(sent);
    }

    private List<Published> messagesTo(String user, String conversation) {
        return functions.published("/chats/" + user).stream()
                .filter(it -> it.type().equals("MESSAGE_SENT")
                        && it.data().path("conversationId").stringValue().equals(conversation))
                .toList();
    }

    /// Every answer is the same, but for those that were told to come again.
    private static void assertOneAnswer(List<Reply> replies) {
        assertThat(replies).extracting(Reply::status).isSubsetOf(200, 503).contains(200);
        assertThat(replies.stream()
                        .filter(reply -> reply.status() == 200)
                        .map(Reply::text)
                        .distinct())
                .hasSize(1);
    }

    private static <T> List<T> concurrently(int times, Callable<T> call) throws Exception {
        List<Future<T>> calls = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < times; i++) {
                calls.add(threads.submit(call));
            }
        }
        List<T> answers = new ArrayList<>();
        for (Future<T> answer : calls) {
            answers.add(answer.get());
        }
        return answers;
    }
}
