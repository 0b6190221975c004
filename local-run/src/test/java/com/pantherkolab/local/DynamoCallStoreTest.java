package com.pantherkolab.local;

import com.pantherkolab.api.store.CallStoreContract;
import com.pantherkolab.api.store.ChangeWriter;
import com.pantherkolab.api.store.DynamoChangeWriter;
import com.pantherkolab.api.store.DynamoStateReader;
import com.pantherkolab.api.store.Pause;
import com.pantherkolab.api.store.StateReader;
import com.pantherkolab.common.Aggregate;
import com.pantherkolab.common.OutboxAttributes;
import com.pantherkolab.common.OutboxEntry;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// The contract of calls on DynamoDB Local, with the tables that `template.yaml` deploys.
class DynamoCallStoreTest extends CallStoreContract {
    private static EmbeddedDynamo dynamo;

    @BeforeAll
    static void start() throws IOException {
        dynamo = EmbeddedDynamo.start(Deployment.read(Deployment.find()).tables(), () -> {});
    }

    @AfterAll
    static void stop() {
        dynamo.close();
    }

    @Override
    protected StateReader state() {
        return new DynamoStateReader(dynamo.client(), DynamoStoreTest.TABLES);
    }

    @Override
    protected ChangeWriter writer() {
        return new DynamoChangeWriter(
                dynamo.client(),
                DynamoStoreTest.TABLES,
                new Pause(Duration.ofMillis(1), Duration.ofMillis(1), new Random(1), Thread::sleep));
    }

    @Override
    protected List<OutboxEntry> outbox(Aggregate aggregate) {
        return dynamo
                .client()
                .query(query -> query.tableName(DynamoStoreTest.TABLES.outbox())
                        .consistentRead(true)
                        .keyConditionExpression("#aggregate = :value")
                        .expressionAttributeNames(Map.of("#aggregate", OutboxAttributes.AGGREGATE))
                        .expressionAttributeValues(Map.of(":value", AttributeValue.fromS(aggregate.key()))))
                .items()
                .stream()
                .map(item -> OutboxEntry.fromJson(
                        Objects.requireNonNull(item.get(OutboxAttributes.ENTRY)).s()))
                .toList();
    }
}
