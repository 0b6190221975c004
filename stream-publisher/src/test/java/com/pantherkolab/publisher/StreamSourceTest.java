package com.pantherkolab.publisher;

import static com.pantherkolab.publisher.Samples.ALICE;
import static com.pantherkolab.publisher.Samples.message;
import static org.assertj.core.api.Assertions.assertThat;

import com.pantherkolab.common.OutboxAttributes;
import com.pantherkolab.publisher.Replayable.Found;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DescribeStreamRequest;
import software.amazon.awssdk.services.dynamodb.model.DescribeStreamResponse;
import software.amazon.awssdk.services.dynamodb.model.ExpiredIteratorException;
import software.amazon.awssdk.services.dynamodb.model.GetRecordsRequest;
import software.amazon.awssdk.services.dynamodb.model.GetRecordsResponse;
import software.amazon.awssdk.services.dynamodb.model.GetShardIteratorRequest;
import software.amazon.awssdk.services.dynamodb.model.GetShardIteratorResponse;
import software.amazon.awssdk.services.dynamodb.model.OperationType;
import software.amazon.awssdk.services.dynamodb.model.Record;
import software.amazon.awssdk.services.dynamodb.model.Shard;
import software.amazon.awssdk.services.dynamodb.model.TrimmedDataAccessException;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;

/// The outbox's stream as a source, on shards that roll, split, expire and are trimmed.
class StreamSourceTest {
    private final Shards shards = new Shards();

    @Test
    void everyShardIsReadBehindItsParentAndAnOpenOneToItsEnd() throws Exception {
        shards.open("left", "root").add("left", 4, 5);
        shards.open("right", "root").add("right", 6);
        shards.closed("root", "gone").add("root", 1, 2, 3);

        assertThat(orders(all(null))).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
    }

    @Test
    void emptyPagesAreNotTheEndOfAShard() throws Exception {
        shards.open("a", null).add("a", 1).quiet("a", StreamSource.QUIET - 1).add("a", 2);
        shards.closed("b", null).quiet("b", 3 * StreamSource.QUIET).add("b", 3);

        assertThat(orders(all(null))).containsExactly(1L, 2L, 3L);
    }

    @Test
    void itGoesOnBehindAnyRecord() throws Exception {
        shards.closed("root", null).add("root", 1, 2, 3);
        shards.open("left", "root").add("left", 4, 5);
        shards.open("right", "root").add("right", 6);
        List<Found> found = all(null);

        for (int i = 0; i < found.size(); i++) {
            assertThat(orders(all(found.get(i).position())))
                    .as("behind %d", i + 1)
                    .isEqualTo(orders(found.subList(i + 1, found.size())));
        }
    }

    @Test
    void aRangeOfSequenceNumbersHasBothItsEnds() throws Exception {
        shards.closed("root", null).add("root", 1, 2, 3, 10);
        StreamSource source = new StreamSource(
                shards, "arn", new ReplayFrom.Stream(new SequenceNumber("2"), new SequenceNumber("10")), null);

        assertThat(orders(allOf(source))).containsExactly(2L, 3L, 10L);
    }

    @Test
    void anExpiredIteratorIsReplacedAndNothingIsGivenTwice() throws Exception {
        shards.open("a", null).add("a", 1, 2).expire("a").add("a", 3);

        assertThat(orders(all(null))).containsExactly(1L, 2L, 3L);
    }

    @Test
    void whatWasTrimmedIsGoneAndReadingGoesOnAtTheHorizon() throws Exception {
        shards.open("a", null).add("a", 1, 2, 3, 4);
        List<Found> found = all(null);
        shards.trim("a", 3);

        assertThat(orders(all(found.getFirst().position()))).containsExactly(4L);
    }

    @Test
    void deletionsAreNothingAndWhatCannotBeReadIsSaidSo() throws Exception {
        shards.open("a", null)
                .add("a", Shards.record(1, OperationType.REMOVE, null))
                .add("a", Shards.record(2, OperationType.INSERT, "{}"))
                .add("a", Shards.record(3, OperationType.INSERT, null));

        assertThat(all(null))
                .extracting(Found::what)
                .containsExactly(new Replayable.Unreadable(), new Replayable.Unreadable());
    }

    private List<Found> all(@Nullable String position) {
        return allOf(new StreamSource(shards, "arn", new ReplayFrom.Stream(null, null), position));
    }

    private static List<Found> allOf(StreamSource source) {
        return Pages.readAll(source::next);
    }

    private static List<Long> orders(List<Found> found) {
        return found.stream()
                .map(one -> ((Replayable.Entry) one.what()).entry().order())
                .toList();
    }

    /// A stream whose shards answer with one page after the other; an iterator is a shard and a page.
    private static final class Shards implements DynamoDbStreamsClient {
        private final Map<String, Shard> shards = new LinkedHashMap<>();
        private final Map<String, List<List<Record>>> pages = new LinkedHashMap<>();
        private final Set<String> closed = new HashSet<>();
        private final Set<String> expiring = new HashSet<>();
        private final Map<String, Integer> trimmed = new LinkedHashMap<>();

        private Shards open(String shard, @Nullable String parent) {
            shards.put(
                    shard,
                    Shard.builder()
                            .shardId(shard)
                            .parentShardId(parent)
                            .sequenceNumberRange(range -> range.startingSequenceNumber("0")
                                    .endingSequenceNumber(closed.contains(shard) ? "999" : null))
                            .build());
            pages.put(shard, new ArrayList<>());
            return this;
        }

        private Shards closed(String shard, @Nullable String parent) {
            closed.add(shard);
            return open(shard, parent);
        }

        private Shards add(String shard, int... numbers) {
            for (int number : numbers) {
                add(
                        shard,
                        record(
                                number,
                                OperationType.INSERT,
                                message("c", number, ALICE).toJson()));
            }
            return this;
        }

        private Shards add(String shard, Record record) {
            pages(shard).add(List.of(record));
            return this;
        }

        private Shards quiet(String shard, int times) {
            for (int i = 0; i < times; i++) {
                pages(shard).add(List.of());
            }
            return this;
        }

        /// The iterator of the next page expires once.
        private Shards expire(String shard) {
            expiring.add(shard + " " + pages(shard).size());
            return this;
        }

        private void trim(String shard, int records) {
            trimmed.put(shard, records);
        }

        private static Record record(int number, OperationType type, @Nullable String entry) {
            return Record.builder()
                    .eventName(type)
                    .dynamodb(change -> change.sequenceNumber(String.valueOf(number))
                            .approximateCreationDateTime(Instant.ofEpochSecond(number))
                            .newImage(
                                    entry == null
                                            ? Map.of()
                                            : Map.of(OutboxAttributes.ENTRY, AttributeValue.fromS(entry))))
                    .build();
        }

        @Override
        public DescribeStreamResponse describeStream(DescribeStreamRequest request) {
            List<Shard> all = List.copyOf(shards.values());
            int from = request.exclusiveStartShardId() == null
                    ? 0
                    : List.copyOf(shards.keySet()).indexOf(request.exclusiveStartShardId()) + 1;
            return DescribeStreamResponse.builder()
                    .streamDescription(stream -> stream.shards(all.get(from))
                            .lastEvaluatedShardId(
                                    from + 1 < all.size() ? all.get(from).shardId() : null))
                    .build();
        }

        @Override
        public GetShardIteratorResponse getShardIterator(GetShardIteratorRequest request) {
            int page =
                    switch (request.shardIteratorType()) {
                        case TRIM_HORIZON -> trimmed.getOrDefault(request.shardId(), 0);
                        case AFTER_SEQUENCE_NUMBER -> behind(request.shardId(), request.sequenceNumber());
                        case AT_SEQUENCE_NUMBER, LATEST, UNKNOWN_TO_SDK_VERSION -> throw new IllegalArgumentException();
                    };
            return GetShardIteratorResponse.builder()
                    .shardIterator(request.shardId() + " " + page)
                    .build();
        }

        private int behind(String shard, String number) {
            List<List<Record>> all = pages(shard);
            for (int page = 0; page < all.size(); page++) {
                if (!all.get(page).isEmpty()
                        && all.get(page).getFirst().dynamodb().sequenceNumber().equals(number)) {
                    return page + 1;
                }
            }
            throw new IllegalArgumentException(number);
        }

        @Override
        public GetRecordsResponse getRecords(GetRecordsRequest request) {
            if (expiring.remove(request.shardIterator())) {
                throw ExpiredIteratorException.builder().build();
            }
            String[] iterator = request.shardIterator().split(" ", -1);
            int page = Integer.parseInt(iterator[1]);
            if (page < trimmed.getOrDefault(iterator[0], 0)) {
                throw TrimmedDataAccessException.builder().build();
            }
            List<List<Record>> all = pages(iterator[0]);
            boolean end = closed.contains(iterator[0]) && page + 1 >= all.size();
            return GetRecordsResponse.builder()
                    .records(page < all.size() ? all.get(page) : List.of())
                    .nextShardIterator(end ? null : iterator[0] + " " + (page + 1))
                    .build();
        }

        @Override
        public String serviceName() {
            return SERVICE_NAME;
        }

        @Override
        public void close() {}

        private List<List<Record>> pages(String shard) {
            return pages.getOrDefault(shard, new ArrayList<>());
        }
    }
}
