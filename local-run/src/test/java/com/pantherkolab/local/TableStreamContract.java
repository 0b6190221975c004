package com.pantherkolab.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.Record;
import software.amazon.awssdk.services.dynamodb.model.Shard;

/// What the pump relies on in a stream; the real one and the scripted one keep it.
interface TableStreamContract {
    /// A stream with one open shard, and nothing in it.
    TableStream stream();

    /// Makes a change to each of these items, one after the other.
    void change(List<String> items);

    /// The item that a record is about.
    String item(Record record);

    @Test
    default void recordsComeInTheOrderOfTheChangesWithRisingNumbers() {
        TableStream stream = stream();
        change(items(1, 30));

        List<Record> records = readAll(reader(stream, SequenceNumber.HORIZON));

        assertThat(records).extracting(this::item).isEqualTo(items(1, 30));
        assertThat(records).extracting(SequenceNumber::of).isSorted().doesNotHaveDuplicates();
    }

    @Test
    default void aChangeIsInTheStreamWhenItIsAcknowledged() {
        TableStream stream = stream();
        ShardReader reader = reader(stream, SequenceNumber.HORIZON);
        for (String item : items(1, 20)) {
            change(List.of(item));

            assertThat(reader.next().records()).extracting(this::item).containsExactly(item);
        }
    }

    @Test
    default void aReaderGoesOnBehindAPositionThatWasKept() {
        TableStream stream = stream();
        change(items(1, 10));
        SequenceNumber fourth = SequenceNumber.of(
                readAll(reader(stream, SequenceNumber.HORIZON)).get(3));

        assertThat(readAll(reader(stream, fourth))).extracting(this::item).isEqualTo(items(5, 10));
    }

    @Test
    default void anOpenShardGivesEmptyPagesUntilThereIsMore() {
        TableStream stream = stream();
        ShardReader reader = reader(stream, SequenceNumber.HORIZON);

        assertThat(reader.next()).isEqualTo(new ShardReader.Page(List.of(), false));
        assertThat(reader.next()).isEqualTo(new ShardReader.Page(List.of(), false));
        change(items(1, 1));
        assertThat(readAll(reader)).hasSize(1);
        assertThat(reader.next()).isEqualTo(new ShardReader.Page(List.of(), false));
    }

    @Test
    default void aPageHasAThousandRecordsAtMost() {
        TableStream stream = stream();
        change(items(1, 1_005));
        ShardReader reader = reader(stream, SequenceNumber.HORIZON);

        assertThat(reader.next().records()).hasSizeLessThanOrEqualTo(1_000);
        assertThat(readAll(reader(stream, SequenceNumber.HORIZON))).hasSize(1_005);
    }

    private static ShardReader reader(TableStream stream, SequenceNumber after) {
        List<Shard> shards = stream.shards();
        assertThat(shards).hasSize(1);
        return stream.reader(shards.getFirst().shardId(), after);
    }

    private static List<Record> readAll(ShardReader reader) {
        List<Record> records = new ArrayList<>();
        List<Record> page;
        do {
            page = reader.next().records();
            records.addAll(page);
        } while (!page.isEmpty());
        return records;
    }

    private static List<String> items(int first, int last) {
        return IntStream.rangeClosed(first, last)
                .mapToObj(number -> "item-" + number)
                .toList();
    }
}
