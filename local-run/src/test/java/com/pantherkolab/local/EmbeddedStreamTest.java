package com.pantherkolab.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.Record;

/// The stream of DynamoDB Local.
class EmbeddedStreamTest implements TableStreamContract {
    private final EmbeddedDynamo dynamo = start();

    @AfterEach
    void stop() {
        dynamo.close();
    }

    private static EmbeddedDynamo start() {
        try {
            return EmbeddedDynamo.start(Deployment.read(Deployment.find()).tables(), () -> {});
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Override
    public TableStream stream() {
        return new TableStream(dynamo.streams(), dynamo.streamArn("OutboxTable"));
    }

    @Override
    public void change(List<String> items) {
        items.forEach(item -> dynamo.client().putItem(put -> put.tableName("OutboxTable")
                .item(Map.of("aggregate", AttributeValue.fromS(item), "eventId", AttributeValue.fromS("e")))));
    }

    @Override
    public String item(Record record) {
        return Objects.requireNonNull(record.dynamodb().keys().get("aggregate")).s();
    }
}
