package com.pantherkolab.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.Record;

class DataDirTest {
    private final Path folder;

    DataDirTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void aPositionIsKeptForEachMappingAndShard() throws IOException {
        try (DataDir dataDir = DataDir.open(folder.resolve("new"))) {
            dataDir.positions().keep("m", "s", new SequenceNumber("000007"));
            dataDir.positions().keep("m", "s", new SequenceNumber("000008"));
            dataDir.positions().keep("m", "t", new SequenceNumber("1"));
        }
        try (DataDir again = DataDir.open(folder.resolve("new"))) {
            assertThat(again.positions().after("m", "s")).isEqualTo(new SequenceNumber("000008"));
            assertThat(again.positions().after("m", "t")).isEqualTo(new SequenceNumber("1"));
            assertThat(again.positions().after("n", "s")).isEqualTo(SequenceNumber.HORIZON);
        }
    }

    @Test
    void aPositionThatWasHalfWrittenWhenItWasKilledCountsForNothing() throws IOException {
        try (DataDir dataDir = DataDir.open(folder)) {
            dataDir.positions().keep("m", "s", new SequenceNumber("7"));
            Files.writeString(folder.resolve("positions/m/s.new"), "");

            assertThat(dataDir.positions().after("m", "s")).isEqualTo(new SequenceNumber("7"));
        }
    }

    @Test
    void whatTheStandInsKeepIsThereForTheNextOne() throws IOException {
        try (DataDir dataDir = DataDir.open(folder)) {
            dataDir.aws().part("queues").put("1", "first".getBytes(StandardCharsets.UTF_8));
            dataDir.aws().part("queues").put("1", "second".getBytes(StandardCharsets.UTF_8));
            dataDir.aws().part("queues").put("2", new byte[0]);
            dataDir.aws().part("queues").remove("2");
            dataDir.aws().part("queues").remove("3");
            Files.writeString(folder.resolve("aws/queues/4.new"), "half wri");
        }
        try (DataDir again = DataDir.open(folder)) {
            assertThat(again.aws().part("queues").files()).containsOnlyKeys("1");
            assertThat(again.aws().part("queues").files().get("1")).asString().isEqualTo("second");
            assertThat(again.aws().part("buckets").files()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a/b", ".hidden", "a\u0000"})
    void noNameLeadsOutOfTheFolder(String name) throws IOException {
        try (DataDir dataDir = DataDir.open(folder)) {
            assertThatThrownBy(() -> dataDir.aws().put(name, new byte[0])).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> dataDir.aws().part(name)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void twoLocalRunsCannotKeepTheirDataInOneFolder() throws IOException {
        try (DataDir _ = DataDir.open(folder)) {
            assertThatThrownBy(() -> DataDir.open(folder)).hasMessageContaining("another local run");
        }
        DataDir.open(folder).close();
    }

    @Test
    void tablesAndStreamsAreThereAfterARestartAndNumbersGoOnRising() throws IOException {
        Path file = folder.resolve("local.db");
        List<String> shards;
        List<Record> before;
        try (EmbeddedDynamo dynamo = open(file)) {
            put(dynamo, "one");
            put(dynamo, "two");
            shards = shards(dynamo);
            before = records(dynamo);
        }
        try (EmbeddedDynamo dynamo = open(file)) {
            assertThat(dynamo.count("OutboxTable")).isEqualTo(2);
            assertThat(shards(dynamo)).isEqualTo(shards);
            put(dynamo, "three");

            List<Record> after = records(dynamo);
            assertThat(after).extracting(DataDirTest::item).containsExactly("one", "two", "three");
            assertThat(after.subList(0, 2)).isEqualTo(before);
            assertThat(after).extracting(SequenceNumber::of).isSorted().doesNotHaveDuplicates();
        }
    }

    @Test
    void aFolderInPlaceOfTheFileIsRefused() {
        assertThatThrownBy(() -> open(folder)).isInstanceOf(IllegalArgumentException.class);
    }

    private static EmbeddedDynamo open(Path file) throws IOException {
        return EmbeddedDynamo.open(file, Deployment.read(Deployment.find()).tables(), () -> {});
    }

    private static void put(EmbeddedDynamo dynamo, String item) {
        dynamo.client().putItem(put -> put.tableName("OutboxTable")
                .item(Map.of("aggregate", AttributeValue.fromS(item), "eventId", AttributeValue.fromS("e"))));
    }

    private static TableStream stream(EmbeddedDynamo dynamo) {
        return new TableStream(dynamo.streams(), dynamo.streamArn("OutboxTable"));
    }

    private static List<String> shards(EmbeddedDynamo dynamo) {
        return Stream.concat(
                        Stream.of(stream(dynamo).arn()),
                        stream(dynamo).shards().stream().map(shard -> shard.shardId()))
                .toList();
    }

    private static List<Record> records(EmbeddedDynamo dynamo) {
        ShardReader reader =
                stream(dynamo).reader(stream(dynamo).shards().getFirst().shardId(), SequenceNumber.HORIZON);
        List<Record> records = new ArrayList<>();
        List<Record> page;
        do {
            page = reader.next().records();
            records.addAll(page);
        } while (!page.isEmpty());
        return records;
    }

    private static String item(Record record) {
        return Objects.requireNonNull(record.dynamodb().keys().get("aggregate")).s();
    }
}
