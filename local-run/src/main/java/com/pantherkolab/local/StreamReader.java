package com.pantherkolab.local;

import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.DescribeStreamResponse;
import software.amazon.awssdk.services.dynamodb.model.ExpiredIteratorException;
import software.amazon.awssdk.services.dynamodb.model.GetRecordsResponse;
import software.amazon.awssdk.services.dynamodb.model.Record;
import software.amazon.awssdk.services.dynamodb.model.Shard;
import software.amazon.awssdk.services.dynamodb.model.ShardIteratorType;
import software.amazon.awssdk.services.dynamodb.model.TrimmedDataAccessException;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;

/// Reads a table's stream from its horizon, one shard after the other, a parent to its end before its children.
///
/// Every record is given once, whatever becomes of its iterators. The position is in memory: a new reader begins at
/// the horizon again.
final class StreamReader {
    private final DynamoDbStreamsClient streams;
    private final String streamArn;
    private final Set<String> begun = new HashSet<>();
    private final Deque<String> waiting = new ArrayDeque<>();
    private @Nullable Position position;

    StreamReader(DynamoDbStreamsClient streams, String streamArn) {
        this.streams = streams;
        this.streamArn = streamArn;
    }

    /// Where reading goes on.
    ///
    /// @param last the last sequence number that was given, less than any real one at the beginning
    private record Position(String shard, String iterator, BigInteger last) {
        Position after(List<Record> records, String next) {
            return new Position(shard, next, records.isEmpty() ? last : sequence(records.getLast()));
        }
    }

    /// The next records in stream order; empty if there are none yet.
    List<Record> next() {
        Position at = position == null ? nextShard() : position;
        if (at == null) {
            return List.of();
        }
        try {
            GetRecordsResponse answer = streams.getRecords(get -> get.shardIterator(at.iterator()));
            List<Record> records = answer.records().stream()
                    .filter(record -> sequence(record).compareTo(at.last()) > 0)
                    .toList();
            // No next iterator: this shard is closed and read to its end.
            String next = answer.nextShardIterator();
            position = next == null ? null : at.after(records, next);
            return records;
        } catch (ExpiredIteratorException | TrimmedDataAccessException _) {
            // An iterator lives 15 minutes, and DynamoDB Local's of an empty shard may not survive its first records.
            position = new Position(at.shard(), horizon(at.shard()), at.last());
            return List.of();
        }
    }

    private @Nullable Position nextShard() {
        if (waiting.isEmpty()) {
            findShards();
        }
        String shard = waiting.poll();
        return shard == null ? null : new Position(shard, horizon(shard), BigInteger.ZERO);
    }

    private String horizon(String shard) {
        return streams.getShardIterator(get ->
                        get.streamArn(streamArn).shardId(shard).shardIteratorType(ShardIteratorType.TRIM_HORIZON))
                .shardIterator();
    }

    /// A shard is listed after its parent, so the order of the list respects lineage.
    private void findShards() {
        String last = null;
        do {
            String from = last;
            DescribeStreamResponse stream = streams.describeStream(
                    describe -> describe.streamArn(streamArn).exclusiveStartShardId(from));
            stream.streamDescription().shards().stream()
                    .map(Shard::shardId)
                    .filter(begun::add)
                    .forEach(waiting::add);
            last = stream.streamDescription().lastEvaluatedShardId();
        } while (last != null);
    }

    private static BigInteger sequence(Record record) {
        return new BigInteger(record.dynamodb().sequenceNumber());
    }
}
