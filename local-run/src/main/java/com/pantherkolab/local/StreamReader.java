package com.pantherkolab.local;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.DescribeStreamResponse;
import software.amazon.awssdk.services.dynamodb.model.GetRecordsResponse;
import software.amazon.awssdk.services.dynamodb.model.Record;
import software.amazon.awssdk.services.dynamodb.model.Shard;
import software.amazon.awssdk.services.dynamodb.model.ShardIteratorType;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;

/// Reads a table's stream from its horizon, one shard after the other, a parent to its end before its children.
///
/// Its position is in memory: a new reader begins at the horizon again.
final class StreamReader {
    private final DynamoDbStreamsClient streams;
    private final String streamArn;
    private final Set<String> begun = new HashSet<>();
    private final Deque<String> waiting = new ArrayDeque<>();
    private @Nullable String iterator;

    StreamReader(DynamoDbStreamsClient streams, String streamArn) {
        this.streams = streams;
        this.streamArn = streamArn;
    }

    /// The next records in stream order; empty if there are none yet.
    List<Record> next() {
        if (iterator == null) {
            iterator = nextShard();
        }
        if (iterator == null) {
            return List.of();
        }
        String at = iterator;
        GetRecordsResponse answer = streams.getRecords(get -> get.shardIterator(at));
        // No next iterator: this shard is closed and read to its end.
        iterator = answer.nextShardIterator();
        return answer.records();
    }

    private @Nullable String nextShard() {
        if (waiting.isEmpty()) {
            findShards();
        }
        String shard = waiting.poll();
        return shard == null
                ? null
                : streams.getShardIterator(get -> get.streamArn(streamArn)
                                .shardId(shard)
                                .shardIteratorType(ShardIteratorType.TRIM_HORIZON))
                        .shardIterator();
    }

    /// A shard is listed after its parent, so the order of the list respects lineage.
    private void findShards() {
        String last = null;
        do {
            String from = last;
            DescribeStreamResponse stream =
                    streams.describeStream(describe -> describe.streamArn(streamArn).exclusiveStartShardId(from));
            stream.streamDescription().shards().stream()
                    .map(Shard::shardId)
                    .filter(begun::add)
                    .forEach(waiting::add);
            last = stream.streamDescription().lastEvaluatedShardId();
        } while (last != null);
    }
}
