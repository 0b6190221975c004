package com.pantherkolab.local;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.DescribeStreamResponse;
import software.amazon.awssdk.services.dynamodb.model.Shard;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;

/// The stream of a table: which shards it has, and a reader for each.
///
/// @param client DynamoDB Streams
/// @param arn the stream
record TableStream(DynamoDbStreamsClient client, String arn) {
    /// Every shard that has records, a parent before its children.
    List<Shard> shards() {
        List<Shard> shards = new ArrayList<>();
        String last = null;
        do {
            @Nullable String from = last;
            DescribeStreamResponse page =
                    client.describeStream(describe -> describe.streamArn(arn).exclusiveStartShardId(from));
            shards.addAll(page.streamDescription().shards());
            last = page.streamDescription().lastEvaluatedShardId();
        } while (last != null);
        return shards;
    }

    /// Reads a shard behind a sequence number.
    ShardReader reader(String shard, SequenceNumber after) {
        return new ShardReader(client, arn, shard, after);
    }
}
