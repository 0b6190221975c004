package com.pantherkolab.local;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.dynamodb.model.ExpiredIteratorException;
import software.amazon.awssdk.services.dynamodb.model.GetRecordsResponse;
import software.amazon.awssdk.services.dynamodb.model.Record;
import software.amazon.awssdk.services.dynamodb.model.ShardIteratorType;
import software.amazon.awssdk.services.dynamodb.model.TrimmedDataAccessException;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;

/// Reads one shard of a stream, page by page, to its end.
///
/// Every record is given once, whatever becomes of the iterators. What was trimmed before it was read is not given;
/// that is logged, for it is lost to the reader.
final class ShardReader {
    private static final Logger log = LoggerFactory.getLogger(ShardReader.class);

    private final DynamoDbStreamsClient client;
    private final String streamArn;
    private final String shard;
    private SequenceNumber last;
    private @Nullable String iterator;

    ShardReader(DynamoDbStreamsClient client, String streamArn, String shard, SequenceNumber after) {
        this.client = client;
        this.streamArn = streamArn;
        this.shard = shard;
        this.last = after;
    }

    /// @param records in stream order; empty if there are none yet
    /// @param end whether the shard is closed and this was its last page
    record Page(List<Record> records, boolean end) {}

    /// The next page. One iterator that is refused is replaced; a page is never empty because of it.
    ///
    /// @throws RuntimeException where the stream cannot be read; asking again goes on at the same place
    Page next() {
        try {
            return page();
        } catch (ExpiredIteratorException _) {
            iterator = null;
        } catch (TrimmedDataAccessException _) {
            // DynamoDB Local says so too of an iterator that it gave out for an empty shard: then nothing is lost.
            if (!last.equals(SequenceNumber.HORIZON)) {
                log.warn("shard {} was trimmed behind {}; reading on at its horizon", shard, last.text());
            }
            iterator = iterator(ShardIteratorType.TRIM_HORIZON, null);
        }
        return page();
    }

    private Page page() {
        String from = iterator == null ? iterator() : iterator;
        GetRecordsResponse answer = client.getRecords(get -> get.shardIterator(from));
        List<Record> records = answer.records().stream()
                .filter(record -> SequenceNumber.of(record).compareTo(last) > 0)
                .toList();
        if (!records.isEmpty()) {
            last = SequenceNumber.of(records.getLast());
        }
        iterator = answer.nextShardIterator();
        return new Page(records, iterator == null);
    }

    private String iterator() {
        return last.equals(SequenceNumber.HORIZON)
                ? iterator(ShardIteratorType.TRIM_HORIZON, null)
                : iterator(ShardIteratorType.AFTER_SEQUENCE_NUMBER, last);
    }

    private String iterator(ShardIteratorType type, @Nullable SequenceNumber number) {
        return client.getShardIterator(get -> get.streamArn(streamArn)
                        .shardId(shard)
                        .shardIteratorType(type)
                        .sequenceNumber(number == null ? null : number.text()))
                .shardIterator();
    }
}
