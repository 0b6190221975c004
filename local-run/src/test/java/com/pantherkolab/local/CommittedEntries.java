package com.pantherkolab.local;

import com.pantherkolab.common.Json;
import com.pantherkolab.common.OutboxAttributes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.GetRecordsResponse;
import software.amazon.awssdk.services.dynamodb.model.OperationType;
import software.amazon.awssdk.services.dynamodb.model.Record;
import software.amazon.awssdk.services.dynamodb.model.Shard;
import software.amazon.awssdk.services.dynamodb.model.ShardIteratorType;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;
import tools.jackson.databind.JsonNode;

/// What the outbox holds: in the order of its stream, and behind that whatever the stream has not told of.
final class CommittedEntries {
    private CommittedEntries() {}

    static List<JsonNode> of(EmbeddedDynamo dynamo, String outbox) {
        Map<String, JsonNode> entries = new LinkedHashMap<>();
        String arn = dynamo.streamArn(outbox);
        for (Shard shard : dynamo.streams()
                .describeStream(describe -> describe.streamArn(arn))
                .streamDescription()
                .shards()) {
            read(dynamo.streams(), arn, shard, entries);
        }
        dynamo.client().scanPaginator(scan -> scan.tableName(outbox).consistentRead(true)).items().stream()
                .forEach(item -> put(item, entries));
        return List.copyOf(entries.values());
    }

    /// Up to where nothing new comes.
    private static void read(DynamoDbStreamsClient streams, String arn, Shard shard, Map<String, JsonNode> entries) {
        String iterator = streams.getShardIterator(get ->
                        get.streamArn(arn).shardId(shard.shardId()).shardIteratorType(ShardIteratorType.TRIM_HORIZON))
                .shardIterator();
        while (iterator != null) {
            String from = iterator;
            GetRecordsResponse page = streams.getRecords(get -> get.shardIterator(from));
            for (Record record : page.records()) {
                if (record.eventName() == OperationType.INSERT) {
                    put(record.dynamodb().newImage(), entries);
                }
            }
            iterator = page.records().isEmpty() ? null : page.nextShardIterator();
        }
    }

    private static void put(Map<String, AttributeValue> item, Map<String, JsonNode> entries) {
        JsonNode entry = Json.mapper()
                .readTree(
                        Objects.requireNonNull(item.get(OutboxAttributes.ENTRY)).s());
        entries.putIfAbsent(
                entry.path("aggregate").stringValue() + " "
                        + entry.path("eventId").stringValue(),
                entry);
    }
}
