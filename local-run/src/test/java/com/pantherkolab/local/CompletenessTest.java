package com.pantherkolab.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.pantherkolab.api.ApiSystem;
import com.pantherkolab.api.http.Gateway.Reply;
import com.pantherkolab.api.store.DynamoChangeWriter;
import com.pantherkolab.api.store.DynamoStateReader;
import com.pantherkolab.api.store.Pause;
import com.pantherkolab.common.Event;
import com.pantherkolab.common.Json;
import com.pantherkolab.common.OutboxEntry;
import com.pantherkolab.common.Publication;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Pages are complete, also while others write: on DynamoDB Local, 8 writers of one conversation and a reader.
///
/// `-Dcompleteness.messages=…` sets how many messages they write together.
class CompletenessTest {
    private static final int WRITERS = 8;
    private static final int MESSAGES = Integer.getInteger("completeness.messages", 2_000);
    private static final int LIMIT = 200;

    private final EmbeddedDynamo dynamo;
    private final ApiSystem system;
    private final String conversation;
    private final String path;

    CompletenessTest() throws IOException {
        dynamo = EmbeddedDynamo.start(Deployment.read(Deployment.find()).tables(), () -> {});
        system = new ApiSystem(
                new DynamoStateReader(dynamo.client(), DeployedHere.TABLES),
                new DynamoChangeWriter(
                        dynamo.client(),
                        DeployedHere.TABLES,
                        new Pause(Duration.ofMillis(1), Duration.ofMillis(1), new Random(1), Thread::sleep)));
        conversation = system.group("alice", "bob");
        path = "/api/conversations/" + conversation + "/messages";
    }

    @AfterEach
    void stop() {
        dynamo.close();
    }

    @Test
    void whoPagesWhileOthersWriteSeesEveryMessageOnceAndInOrder() throws Exception {
        List<JsonNode> forwards;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> writers = startWriters(threads);
            forwards = readForwards(() -> writers.stream().allMatch(Future::isDone));
            for (Future<?> writer : writers) {
                writer.get();
            }
        }
        List<JsonNode> committed = committed();

        assertThat(committed).hasSize(MESSAGES);
        for (int place = 0; place < MESSAGES; place++) {
            assertThat(committed.get(place).path("sequence").longValue()).isEqualTo(place + 1L);
        }
        assertEqual(forwards, committed);
        assertEqual(readBackwards(), committed);
    }

    private List<Future<?>> startWriters(ExecutorService threads) {
        AtomicInteger next = new AtomicInteger();
        List<Future<?>> writers = new ArrayList<>();
        for (int writer = 0; writer < WRITERS; writer++) {
            String sender = writer % 2 == 0 ? "alice" : "bob";
            writers.add(threads.submit(() -> {
                for (int number = next.getAndIncrement(); number < MESSAGES; number = next.getAndIncrement()) {
                    send(sender, "message " + number);
                }
            }));
        }
        return writers;
    }

    /// Until it is there: a 503 says that nothing was written.
    private void send(String sender, String content) {
        Reply reply;
        do {
            reply = system.send(sender, conversation, content);
            assertThat(reply.status()).as(reply.text()).isIn(200, 503);
        } while (reply.status() != 200);
    }

    /// Goes on from the last message that it has, until nobody writes any more and there is nothing behind it.
    private List<JsonNode> readForwards(BooleanSupplier isWritten) throws InterruptedException {
        List<JsonNode> read = new ArrayList<>();
        boolean last = false;
        while (!last) {
            // Looked at first: what is committed before a read is in it.
            boolean written = isWritten.getAsBoolean();
            JsonNode page = page("afterSequence", read.size());
            read.addAll(page.path("messages").values());
            boolean more = page.path("hasMore").booleanValue();
            last = written && !more;
            if (!more) {
                Thread.sleep(Duration.ofMillis(20));
            }
        }
        return read;
    }

    private List<JsonNode> readBackwards() {
        List<JsonNode> read = new ArrayList<>();
        long before = MESSAGES + 1L;
        boolean more = true;
        while (more) {
            JsonNode page = page("beforeSequence", before);
            read.addAll(0, page.path("messages").values());
            before = read.getFirst().path("sequence").longValue();
            more = page.path("hasMore").booleanValue();
        }
        return read;
    }

    private JsonNode page(String direction, long place) {
        Reply reply = system.get("bob", path, direction, String.valueOf(place), "limit", String.valueOf(LIMIT));
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        return reply.body();
    }

    /// What the events told, in the order of the conversation.
    private List<JsonNode> committed() {
        return system.committed().stream()
                .sorted(Comparator.comparingLong(OutboxEntry::order))
                .flatMap(entry -> entry.publications().stream())
                .filter(publication -> publication.type() == Event.Type.MESSAGE_SENT)
                .map(CompletenessTest::message)
                .toList();
    }

    private static JsonNode message(Publication publication) {
        ObjectNode message = (ObjectNode) Json.mapper().readTree(publication.data());
        message.remove("tempId");
        return message;
    }

    /// One by one: a list of thousands is nothing to print.
    private static void assertEqual(List<JsonNode> read, List<JsonNode> committed) {
        assertThat(read.size()).isEqualTo(committed.size());
        for (int place = 0; place < read.size(); place++) {
            assertThat(read.get(place)).as("message %d", place + 1).isEqualTo(committed.get(place));
        }
    }
}
