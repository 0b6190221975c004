package com.pantherkolab.local;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DescribeStreamRequest;
import software.amazon.awssdk.services.dynamodb.model.DescribeStreamResponse;
import software.amazon.awssdk.services.dynamodb.model.ExpiredIteratorException;
import software.amazon.awssdk.services.dynamodb.model.GetRecordsRequest;
import software.amazon.awssdk.services.dynamodb.model.GetRecordsResponse;
import software.amazon.awssdk.services.dynamodb.model.GetShardIteratorRequest;
import software.amazon.awssdk.services.dynamodb.model.GetShardIteratorResponse;
import software.amazon.awssdk.services.dynamodb.model.OperationType;
import software.amazon.awssdk.services.dynamodb.model.Record;
import software.amazon.awssdk.services.dynamodb.model.Shard;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;
import software.amazon.awssdk.services.dynamodb.model.TrimmedDataAccessException;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;

/// DynamoDB Streams as its documentation has it, on a script: many shards with parents, iterators that expire,
/// records that are trimmed, pages of 1,000 records or 1 MB. DynamoDB Local does none of this;
/// `TableStreamContract` holds both to what they share.
final class ScriptedStreams implements DynamoDbStreamsClient {
    static final String ARN = "arn:aws:dynamodb:us-east-1:000000000000:table/Scripted/stream/1";

    private static final int PAGE_RECORDS = 1_000;
    private static final long PAGE_BYTES = 1024 * 1024;
    private static final int SHARDS_A_PAGE = 2;

    private final Map<String, Script> shards = new LinkedHashMap<>();
    private final List<String> read = new ArrayList<>();
    private int generation;
    private int failures;

    private static final class Script {
        private final @Nullable String parent;
        private final List<Record> records = new ArrayList<>();
        private int trimmed;
        private boolean closed;

        private Script(@Nullable String parent) {
            this.parent = parent;
        }
    }

    /// An iterator: a generation, a shard, and how many of its records it is behind.
    private record Iterator(int generation, String shard, int at) {
        private String text() {
            return generation + " " + shard + " " + at;
        }

        private static Iterator of(String text) {
            String[] parts = text.split(" ", -1);
            return new Iterator(Integer.parseInt(parts[0]), parts[1], Integer.parseInt(parts[2]));
        }
    }

    synchronized ScriptedStreams shard(String shard) {
        shards.put(shard, new Script(null));
        return this;
    }

    synchronized ScriptedStreams child(String shard, String parent) {
        shards.put(shard, new Script(parent));
        return this;
    }

    synchronized void add(String shard, Record... records) {
        script(shard).records.addAll(Arrays.asList(records));
    }

    synchronized void close(String shard) {
        script(shard).closed = true;
    }

    /// The first records of a shard are older than 24 hours.
    synchronized void trim(String shard, int records) {
        script(shard).trimmed = records;
    }

    /// A shard all of whose records are older than 24 hours.
    synchronized void forget(String shard) {
        shards.remove(shard);
    }

    /// Fifteen minutes pass.
    synchronized void expireIterators() {
        generation++;
    }

    /// The next requests for records fail.
    synchronized void fail(int times) {
        failures = times;
    }

    /// The shards that were read, in the order of the requests.
    synchronized List<String> read() {
        return List.copyOf(read);
    }

    @Override
    public synchronized DescribeStreamResponse describeStream(DescribeStreamRequest request) {
        List<String> names = List.copyOf(shards.keySet());
        int from = request.exclusiveStartShardId() == null ? 0 : names.indexOf(request.exclusiveStartShardId()) + 1;
        int to = Math.min(names.size(), from + SHARDS_A_PAGE);
        return DescribeStreamResponse.builder()
                .streamDescription(description -> description
                        .shards(names.subList(from, to).stream()
                                .map(name -> Shard.builder()
                                        .shardId(name)
                                        .parentShardId(script(name).parent)
                                        .build())
                                .toList())
                        .lastEvaluatedShardId(to < names.size() ? names.get(to - 1) : null))
                .build();
    }

    @Override
    public synchronized GetShardIteratorResponse getShardIterator(GetShardIteratorRequest request) {
        Script shard = script(request.shardId());
        int at =
                switch (request.shardIteratorType()) {
                    case TRIM_HORIZON -> shard.trimmed;
                    case LATEST -> shard.records.size();
                    case AT_SEQUENCE_NUMBER -> index(shard, request.sequenceNumber());
                    case AFTER_SEQUENCE_NUMBER -> index(shard, request.sequenceNumber()) + 1;
                    case UNKNOWN_TO_SDK_VERSION -> throw new IllegalArgumentException();
                };
        return GetShardIteratorResponse.builder()
                .shardIterator(new Iterator(generation, request.shardId(), at).text())
                .build();
    }

    @Override
    public synchronized GetRecordsResponse getRecords(GetRecordsRequest request) {
        if (failures > 0) {
            failures--;
            throw new IllegalStateException("no stream today");
        }
        Iterator iterator = Iterator.of(request.shardIterator());
        read.add(iterator.shard());
        if (iterator.generation() < generation) {
            throw ExpiredIteratorException.builder().message("expired").build();
        }
        Script shard = script(iterator.shard());
        if (iterator.at() < shard.trimmed) {
            throw TrimmedDataAccessException.builder().message("trimmed").build();
        }
        List<Record> page = new ArrayList<>();
        long bytes = 0;
        for (Record record : shard.records.subList(iterator.at(), shard.records.size())) {
            bytes += record.dynamodb().sizeBytes();
            if (page.size() == PAGE_RECORDS || (!page.isEmpty() && bytes > PAGE_BYTES)) {
                break;
            }
            page.add(record);
        }
        int next = iterator.at() + page.size();
        boolean end = shard.closed && next == shard.records.size();
        return GetRecordsResponse.builder()
                .records(page)
                .nextShardIterator(end ? null : new Iterator(generation, iterator.shard(), next).text())
                .build();
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {}

    private Script script(String shard) {
        return Objects.requireNonNull(shards.get(shard));
    }

    private static int index(Script shard, String sequenceNumber) {
        for (int i = 0; i < shard.records.size(); i++) {
            if (shard.records.get(i).dynamodb().sequenceNumber().equals(sequenceNumber)) {
                return i;
            }
        }
        throw TrimmedDataAccessException.builder().message("no such record").build();
    }

    // ------------------------------------------------------------------------------------------ records

    private static final AtomicInteger EVENTS = new AtomicInteger();

    /// Records with these numbers, each of an item of its own.
    static Record[] inserts(int first, int last) {
        Record[] records = new Record[last - first + 1];
        Arrays.setAll(records, i -> insert(first + i, "item-" + (first + i)));
        return records;
    }

    static Record insert(int number, String item) {
        return record(number, OperationType.INSERT, item, 100, Instant.EPOCH);
    }

    static Record record(int number, OperationType type, String item, long bytes, Instant createdAt) {
        return Record.builder()
                .eventID("e" + EVENTS.incrementAndGet())
                .eventName(type)
                .dynamodb(change -> change.sequenceNumber(String.valueOf(number))
                        .sizeBytes(bytes)
                        .streamViewType(StreamViewType.NEW_IMAGE)
                        .approximateCreationDateTime(createdAt)
                        .keys(Map.of("aggregate", AttributeValue.fromS(item))))
                .build();
    }
}
