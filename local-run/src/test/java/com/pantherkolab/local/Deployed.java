package com.pantherkolab.local;

import com.pantherkolab.api.store.Tables;
import com.pantherkolab.common.Aggregate;
import com.pantherkolab.common.OutboxAttributes;
import com.pantherkolab.common.OutboxEntry;
import com.pantherkolab.local.StoreFaults.Fate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sqs.SqsClient;

/// The tables, queues and buckets of `template.yaml`, deployed somewhere, and the real clients that reach them.
interface Deployed extends AutoCloseable {
    DynamoDbClient dynamo();

    DynamoDbStreamsClient streams();

    SqsClient queues();

    S3Client storage();

    /// What `!Ref` says of each resource: the name of a table or a bucket, the URL of a queue.
    Map<String, String> names();

    /// Rung at every write that was acknowledged.
    CommitBell bell();

    /// From now on writes to the tables have the fates that this gives.
    void faults(Supplier<Fate> plan);

    /// Nothing of it is left behind.
    @Override
    void close();

    /// What is deployed.
    static Deployment deployment() {
        try {
            return Deployment.read(Deployment.find());
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    default String name(String logicalId) {
        return Objects.requireNonNull(names().get(logicalId), logicalId);
    }

    default Tables tables() {
        return new Tables(
                name("UsersTable"),
                name("ConversationsTable"),
                name("MembershipsTable"),
                name("MessagesTable"),
                name("CallsTable"),
                name("OutboxTable"));
    }

    /// The stream of a table.
    default TableStream stream(String logicalId) {
        return new TableStream(
                streams(),
                dynamo().describeTable(describe -> describe.tableName(name(logicalId)))
                        .table()
                        .latestStreamArn());
    }

    /// Every entry of the outbox about an aggregate.
    default List<OutboxEntry> outbox(Aggregate aggregate) {
        return query(tables().outbox(), OutboxAttributes.AGGREGATE, aggregate.key()).stream()
                .map(item -> OutboxEntry.fromJson(
                        Objects.requireNonNull(item.get(OutboxAttributes.ENTRY)).s()))
                .toList();
    }

    /// The sequences of all the messages of a conversation, in order.
    default List<Long> sequences(String conversationId) {
        return query(tables().messages(), "conversationId", conversationId).stream()
                .map(item -> Long.valueOf(
                        Objects.requireNonNull(item.get("sequence")).n()))
                .toList();
    }

    private List<Map<String, AttributeValue>> query(String table, String key, String value) {
        return dynamo()
                .queryPaginator(query -> query.tableName(table)
                        .consistentRead(true)
                        .keyConditionExpression("#key = :value")
                        .expressionAttributeNames(Map.of("#key", key))
                        .expressionAttributeValues(Map.of(":value", AttributeValue.fromS(value))))
                .items()
                .stream()
                .toList();
    }
}
