package com.pantherkolab.publisher;

import static com.pantherkolab.publisher.Samples.ALICE;
import static com.pantherkolab.publisher.Samples.message;
import static org.assertj.core.api.Assertions.assertThat;

import com.pantherkolab.common.Aggregate;
import com.pantherkolab.common.Json;
import com.pantherkolab.common.OutboxEntry;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.DescribeStreamRequest;
import software.amazon.awssdk.services.dynamodb.model.DescribeStreamResponse;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;

/// Each source reads what the settings name.
class AwsReplaySourcesTest {
    private final VirtualTime time = new VirtualTime();
    private final MemoryOutbox table = new MemoryOutbox();
    private final MemoryBucket bucket = new MemoryBucket(10);
    private final MemoryQueue queue = new MemoryQueue();
    private final Streams streams = new Streams();
    private final ReplaySources sources = new AwsReplaySources(
            table, streams, bucket, queue, Samples.settings(URI.create("https://example.com/event")), "Outbox", time);

    @Test
    void theStreamIsTheOneThatTheTableHasNow() throws InterruptedException {
        assertThat(ids(new ReplayFrom.Stream(null, null), null)).isEmpty();
        assertThat(streams.asked).containsExactly("the stream");
    }

    @Test
    void ofTheTableOnlyWhatIsNamedIsReadAtTheRateThatIsNamed() throws InterruptedException {
        table.put(message("a", 1, ALICE));
        table.put(message("b", 1, ALICE));

        assertThat(ids(new ReplayFrom.Table(2), null, Aggregate.conversation("b")))
                .containsExactly("b-1");
        assertThat(time.slept()).as("a query of one unit").isEqualTo(Duration.ofMillis(500));
    }

    @Test
    void theTableIsReadFromAPosition() throws InterruptedException {
        IntStream.rangeClosed(1, 3).forEach(order -> table.put(message("a", order, ALICE)));
        ReplaySource source = open(new ReplayFrom.Table(2), null);

        String second = source.next().found().get(1).position();

        assertThat(ids(new ReplayFrom.Table(2), second)).containsExactly("a-3");
    }

    @Test
    void theDocumentsAreThoseOfTheBucketFromAPosition() throws InterruptedException {
        for (int order = 1; order <= 2; order++) {
            OutboxEntry entry = message("c", order, ALICE);
            bucket.put(
                    "unreadable/%d.json".formatted(order),
                    Json.mapper()
                            .writeValueAsString(UnreadableDocument.of(
                                    new Parked.Unreadable(Samples.insert("1", entry), "NOT_AN_ENTRY"))));
        }

        assertThat(ids(new ReplayFrom.Failures(), null)).containsExactly("c-1", "c-2");
        String first =
                open(new ReplayFrom.Failures(), null).next().found().getFirst().position();
        assertThat(ids(new ReplayFrom.Failures(), first)).containsExactly("c-2");
    }

    @Test
    void thePointersAreThoseOfTheQueueAndLeadToTheTable() throws InterruptedException {
        OutboxEntry entry = message("c", 1, ALICE);
        table.put(entry);
        queue.send(ParkedPointer.to(new Parked.Undelivered(entry.aggregate(), entry.eventId(), ALICE, "400"))
                .toJson());

        assertThat(ids(new ReplayFrom.Parked(), null)).containsExactly("c-1");
    }

    private ReplaySource open(ReplayFrom from, @Nullable String position, Aggregate... aggregates) {
        ReplayFilter filter =
                new ReplayFilter(Set.of(), Set.of(aggregates), Set.of(), null, VirtualTime.START.plusSeconds(1));
        return sources.open(new ReplayOptions(from, filter, false, 100), position);
    }

    private List<String> ids(ReplayFrom from, @Nullable String position, Aggregate... aggregates)
            throws InterruptedException {
        return Pages.ids(Pages.readAll(open(from, position, aggregates)::next));
    }

    /// A stream without shards, which remembers by what name it was asked for.
    private static final class Streams implements DynamoDbStreamsClient {
        private final List<String> asked = new ArrayList<>();

        @Override
        public DescribeStreamResponse describeStream(DescribeStreamRequest request) {
            asked.add(request.streamArn());
            return DescribeStreamResponse.builder()
                    .streamDescription(stream -> stream.shards(List.of()))
                    .build();
        }

        @Override
        public String serviceName() {
            return SERVICE_NAME;
        }

        @Override
        public void close() {}
    }
}
