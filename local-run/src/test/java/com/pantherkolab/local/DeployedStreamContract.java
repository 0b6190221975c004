package com.pantherkolab.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.Record;

/// The contract of a stream, on an outbox that is deployed for each test.
abstract class DeployedStreamContract implements TableStreamContract {
    private final Supplier<Deployed> place;
    private Deployed deployed;

    /// @param place deploys the outbox, and whatever else
    DeployedStreamContract(Supplier<Deployed> place) {
        this.place = place;
    }

    @BeforeEach
    void deploy() {
        deployed = place.get();
    }

    @AfterEach
    void remove() {
        deployed.close();
    }

    @Test
    void aRecordTellsToTheMinuteWhenItsChangeWasMade() {
        TableStream stream = stream();
        Instant before = Instant.now().truncatedTo(ChronoUnit.MINUTES);
        change(List.of("item"));

        List<Record> records = stream.reader(stream.shards().getFirst().shardId(), SequenceNumber.HORIZON)
                .next()
                .records();

        assertThat(records)
                .extracting(record -> LambdaRecords.createdAt(record.dynamodb()))
                .singleElement()
                .satisfies(time -> assertThat(time).isBetween(before, Instant.now()));
    }

    @Override
    public TableStream stream() {
        return deployed.stream("OutboxTable");
    }

    @Override
    public void change(List<String> items) {
        items.forEach(item -> deployed.dynamo().putItem(put -> put.tableName(deployed.name("OutboxTable"))
                .item(Map.of("aggregate", AttributeValue.fromS(item), "eventId", AttributeValue.fromS("e")))));
    }

    @Override
    public String item(Record record) {
        return Objects.requireNonNull(record.dynamodb().keys().get("aggregate")).s();
    }
}
