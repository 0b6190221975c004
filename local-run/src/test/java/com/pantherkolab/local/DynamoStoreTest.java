package com.pantherkolab.local;

import com.pantherkolab.api.store.ChangeWriter;
import com.pantherkolab.api.store.DynamoChangeWriter;
import com.pantherkolab.api.store.DynamoStateReader;
import com.pantherkolab.api.store.Pause;
import com.pantherkolab.api.store.StateReader;
import com.pantherkolab.api.store.StoreContract;
import com.pantherkolab.api.store.Tables;
import com.pantherkolab.common.Aggregate;
import com.pantherkolab.common.OutboxAttributes;
import com.pantherkolab.common.OutboxEntry;
import com.pantherkolab.local.StoreFaults.Fate;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// The store's contract on DynamoDB Local, with the tables that `template.yaml` deploys.
class DynamoStoreTest extends StoreContract {
    static final Tables TABLES = new Tables(
            "UsersTable", "ConversationsTable", "MembershipsTable", "MessagesTable", "CallsTable", "OutboxTable");

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
        return new DynamoStateReader(dynamo.client(), TABLES);
    }

    @Override
    protected ChangeWriter writer() {
        return new DynamoChangeWriter(
                dynamo.client(),
                TABLES,
                new Pause(Duration.ofMillis(1), Duration.ofMillis(1), new Random(1), Thread::sleep));
    }

    @Override
    protected void nextWrite(BadDay day) {
        Deque<Fate> fates = new ArrayDeque<>(List.of(
                switch (day) {
                    case THROTTLED -> Fate.THROTTLE;
                    case LOST_BEFORE -> Fate.LOST_REQUEST;
                    case LOST_AFTER -> Fate.LOST_RESPONSE;
                    case CONFLICT -> Fate.CONFLICT;
                }));
        dynamo.faults(() -> fates.isEmpty() ? Fate.NONE : fates.remove());
    }

    @Override
    protected List<OutboxEntry> outbox(String conversationId) {
        return query(
                        TABLES.outbox(),
                        OutboxAttributes.AGGREGATE,
                        Aggregate.conversation(conversationId).key())
                .stream()
                .map(item -> OutboxEntry.fromJson(
                        attribute(item, OutboxAttributes.ENTRY).s()))
                .toList();
    }

    @Override
    protected List<Long> sequences(String conversationId) {
        return query(TABLES.messages(), "conversationId", conversationId).stream()
                .map(item -> Long.valueOf(attribute(item, "sequence").n()))
                .toList();
    }

    private static List<Map<String, AttributeValue>> query(String table, String key, String value) {
        return dynamo.client()
                .query(query -> query.tableName(table)
                        .consistentRead(true)
                        .keyConditionExpression("#key = :value")
                        .expressionAttributeNames(Map.of("#key", key))
                        .expressionAttributeValues(Map.of(":value", AttributeValue.fromS(value))))
                .items();
    }

    private static AttributeValue attribute(Map<String, AttributeValue> item, String name) {
        return item.getOrDefault(name, AttributeValue.fromNul(true));
    }
}
