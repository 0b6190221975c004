package com.pantherkolab.publisher;

import com.amazonaws.services.lambda.runtime.events.DynamodbEvent.DynamodbStreamRecord;
import com.amazonaws.services.lambda.runtime.events.models.dynamodb.AttributeValue;
import com.pantherkolab.common.Json;
import com.pantherkolab.common.OutboxAttributes;
import com.pantherkolab.publisher.Replayable.Found;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.dynamodb.model.DescribeStreamResponse;
import software.amazon.awssdk.services.dynamodb.model.ExpiredIteratorException;
import software.amazon.awssdk.services.dynamodb.model.GetRecordsResponse;
import software.amazon.awssdk.services.dynamodb.model.Record;
import software.amazon.awssdk.services.dynamodb.model.Shard;
import software.amazon.awssdk.services.dynamodb.model.ShardIteratorType;
import software.amazon.awssdk.services.dynamodb.model.StreamRecord;
import software.amazon.awssdk.services.dynamodb.model.TrimmedDataAccessException;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;

/// The outbox's stream, one shard after the other, each behind its parents: so the entries of an aggregate come in
/// stream order.
///
/// A shard that is still open is read until it answers [#QUIET] times in a row with nothing; the stream has no
/// other way to say that this is its end. What is trimmed while it is read is gone: reading goes on at the horizon,
/// and the log says so.
final class StreamSource implements ReplaySource {
    /// How often an open shard has to have nothing.
    static final int QUIET = 5;

    private static final int PAGE = 100;
    private static final Logger log = LoggerFactory.getLogger(StreamSource.class);

    /// @param done shards that were read to their end
    /// @param shard the one being read
    /// @param after the last sequence number of it that was read
    private record Position(
            Set<String> done,
            @Nullable String shard,
            @Nullable String after) {}

    private final DynamoDbStreamsClient client;
    private final String streamArn;
    private final ReplayFrom.Stream range;
    private final SequencedSet<String> done = new LinkedHashSet<>();
    private final List<Shard> left;
    private @Nullable String after;
    private @Nullable String iterator;
    private int quiet;

    StreamSource(DynamoDbStreamsClient client, String streamArn, ReplayFrom.Stream range, @Nullable String position) {
        this.client = client;
        this.streamArn = streamArn;
        this.range = range;
        this.left = new ArrayList<>(inLineage(shards()));
        if (position != null) {
            Position from = Json.mapper().readValue(position, Position.class);
            done.addAll(from.done());
            left.removeIf(shard -> done.contains(shard.shardId()));
            // A shard that is gone meanwhile has nothing left to go on with.
            after = !left.isEmpty() && left.getFirst().shardId().equals(from.shard()) ? from.after() : null;
        }
    }

    @Override
    public Page next() {
        if (left.isEmpty()) {
            return new Page(List.of(), true);
        }
        GetRecordsResponse answer = records(left.getFirst().shardId());
        if (answer == null) {
            return new Page(List.of(), false);
        }
        iterator = answer.nextShardIterator();
        quiet = answer.records().isEmpty() ? quiet + 1 : 0;
        List<Found> found = found(answer.records());
        if (iterator == null || (quiet >= QUIET && isOpen(left.getFirst()))) {
            done.add(left.removeFirst().shardId());
            after = null;
            iterator = null;
            quiet = 0;
        }
        return new Page(found, left.isEmpty());
    }

    /// A closed one says itself when it has come to its end.
    private static boolean isOpen(Shard shard) {
        return shard.sequenceNumberRange() == null
                || shard.sequenceNumberRange().endingSequenceNumber() == null;
    }

    private List<Found> found(List<Record> records) {
        List<Found> found = new ArrayList<>();
        for (Record record : records) {
            String number = record.dynamodb().sequenceNumber();
            after = number;
            if (!SequenceNumber.isValid(number) || !range.covers(new SequenceNumber(number))) {
                continue;
            }
            switch (StreamRecords.read(lambdas(record))) {
                case com.pantherkolab.publisher.StreamRecord.Entry(SequenceNumber _, var entry) ->
                    found.add(new Found(position(), new Replayable.Entry(entry)));
                case com.pantherkolab.publisher.StreamRecord.Unreadable _ ->
                    found.add(new Found(position(), new Replayable.Unreadable()));
                case com.pantherkolab.publisher.StreamRecord.Ignored() -> {}
            }
        }
        return found;
    }

    private String position() {
        return Json.mapper()
                .writeValueAsString(new Position(done, left.getFirst().shardId(), after));
    }

    /// @return none, if the next request has to begin anew
    private @Nullable GetRecordsResponse records(String shard) {
        try {
            String from = iterator == null ? begin(shard) : iterator;
            return client.getRecords(get -> get.shardIterator(from).limit(PAGE));
        } catch (ExpiredIteratorException _) {
            iterator = null;
        } catch (TrimmedDataAccessException _) {
            log.atWarn()
                    .addKeyValue("shard", shard)
                    .addKeyValue("after", after)
                    .log("trimmed: what is gone cannot be replayed from the stream");
            iterator = iterator(shard, ShardIteratorType.TRIM_HORIZON, null);
        }
        return null;
    }

    private String begin(String shard) {
        return after == null
                ? iterator(shard, ShardIteratorType.TRIM_HORIZON, null)
                : iterator(shard, ShardIteratorType.AFTER_SEQUENCE_NUMBER, after);
    }

    private String iterator(String shard, ShardIteratorType type, @Nullable String number) {
        return client.getShardIterator(get -> get.streamArn(streamArn)
                        .shardId(shard)
                        .shardIteratorType(type)
                        .sequenceNumber(number))
                .shardIterator();
    }

    private List<Shard> shards() {
        List<Shard> shards = new ArrayList<>();
        String last = null;
        do {
            @Nullable String from = last;
            DescribeStreamResponse page = client.describeStream(
                    describe -> describe.streamArn(streamArn).exclusiveStartShardId(from));
            shards.addAll(page.streamDescription().shards());
            last = page.streamDescription().lastEvaluatedShardId();
        } while (last != null);
        return shards;
    }

    /// Each behind its parent, if that is still there.
    static List<Shard> inLineage(List<Shard> shards) {
        Map<String, Shard> waiting = new LinkedHashMap<>();
        shards.forEach(shard -> waiting.put(shard.shardId(), shard));
        List<Shard> ordered = new ArrayList<>();
        while (!waiting.isEmpty()) {
            List<Shard> ready = waiting.values().stream()
                    .filter(shard -> shard.parentShardId() == null || !waiting.containsKey(shard.parentShardId()))
                    .toList();
            if (ready.isEmpty()) {
                throw new IllegalStateException("the shards of the stream are each other's parents");
            }
            ready.forEach(shard -> waiting.remove(shard.shardId()));
            ordered.addAll(ready);
        }
        return ordered;
    }

    /// As much of a record as the publisher's reading looks at.
    private static DynamodbStreamRecord lambdas(Record record) {
        DynamodbStreamRecord same = new DynamodbStreamRecord();
        same.setEventName(record.eventNameAsString());
        var change = new com.amazonaws.services.lambda.runtime.events.models.dynamodb.StreamRecord();
        change.setSequenceNumber(record.dynamodb().sequenceNumber());
        change.setNewImage(image(record.dynamodb()));
        same.setDynamodb(change);
        return same;
    }

    private static Map<String, AttributeValue> image(StreamRecord change) {
        var entry = change.hasNewImage() ? change.newImage().get(OutboxAttributes.ENTRY) : null;
        return entry == null || entry.s() == null
                ? Map.of()
                : Map.of(OutboxAttributes.ENTRY, new AttributeValue(entry.s()));
    }
}
