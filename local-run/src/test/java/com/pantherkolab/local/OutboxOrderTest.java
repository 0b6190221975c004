package com.pantherkolab.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.DynamodbEvent;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// Why the outbox's mapping has `ParallelizationFactor` 1: every entry is an item of its own, and with a second
/// lane the entries of one conversation overtake each other.
class OutboxOrderTest {
    private static final int ENTRIES = 40;

    @Test
    void withOneLaneTheEntriesOfAnAggregateComeInTheOrderOfTheirCommits() throws Exception {
        assertThat(handled(1)).isEqualTo(committed());
    }

    @Test
    void withTwoLanesEntriesOfOneAggregateOvertakeEachOther() throws Exception {
        assertThat(handled(2)).isNotEqualTo(committed()).containsExactlyInAnyOrderElementsOf(committed());
    }

    /// The entries in the order in which the function was done with them. The first one takes its time: until one
    /// of the other lane is done, if there is another lane.
    private static List<String> handled(int lanes) throws Exception {
        List<String> handled = new ArrayList<>();
        CountDownLatch another = new CountDownLatch(1);
        try (EmbeddedDynamo dynamo =
                EmbeddedDynamo.start(Deployment.read(Deployment.find()).tables(), () -> {})) {
            for (String entry : committed()) {
                dynamo.client().putItem(put -> put.tableName("OutboxTable")
                        .item(Map.of(
                                "aggregate", AttributeValue.fromS("conversation#c"),
                                "eventId", AttributeValue.fromS(entry))));
            }
            TableStream stream = new TableStream(dynamo.streams(), dynamo.streamArn("OutboxTable"));
            try (StreamPump pump = new StreamPump(
                    Pumped.mapping("BatchSize: 1", "ParallelizationFactor: " + lanes),
                    stream,
                    (event, _) -> {
                        String entry = entry(event);
                        if (entry.equals("entry-01")) {
                            await(another, lanes);
                        }
                        synchronized (handled) {
                            handled.add(entry);
                        }
                        another.countDown();
                        return Pumped.SUCCESS;
                    },
                    new Surroundings(
                            (_, _) -> {}, StreamPositions.NONE, new CommitBell(), Clock.systemUTC(), () -> "id"))) {
                pump.start();
                while (pump.behind() > 0) {
                    Thread.sleep(5);
                }
            }
        }
        return handled;
    }

    private static String entry(DynamodbEvent event) {
        Map<String, com.amazonaws.services.lambda.runtime.events.models.dynamodb.AttributeValue> key =
                Objects.requireNonNull(event.getRecords())
                        .getFirst()
                        .getDynamodb()
                        .getKeys();
        return Objects.requireNonNull(key.get("eventId")).getS();
    }

    private static void await(CountDownLatch another, int lanes) {
        try {
            boolean overtaken = another.await(lanes == 1 ? 300 : 30_000, TimeUnit.MILLISECONDS);
            assertThat(overtaken).isEqualTo(lanes > 1);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    private static List<String> committed() {
        return IntStream.rangeClosed(1, ENTRIES)
                .mapToObj("entry-%02d"::formatted)
                .toList();
    }
}
