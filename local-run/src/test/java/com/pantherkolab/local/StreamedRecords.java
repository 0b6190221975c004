package com.pantherkolab.local;

import com.pantherkolab.common.Aggregate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import software.amazon.awssdk.services.dynamodb.model.Record;
import software.amazon.awssdk.services.dynamodb.model.Shard;

/// What the outbox's stream holds, read from its horizon.
final class StreamedRecords {
    private StreamedRecords() {}

    /// The records of a conversation, in stream order.
    static List<Record> of(TableStream outbox, String conversation) {
        String aggregate = Aggregate.conversation(conversation).key();
        List<Record> records = new ArrayList<>();
        for (Shard shard : outbox.shards()) {
            ShardReader reader = outbox.reader(shard.shardId(), SequenceNumber.HORIZON);
            ShardReader.Page page;
            do {
                page = reader.next();
                page.records().stream()
                        .filter(record -> Objects.requireNonNull(
                                        record.dynamodb().keys().get("aggregate"))
                                .s()
                                .equals(aggregate))
                        .forEach(records::add);
            } while (!page.records().isEmpty() && !page.end());
        }
        return records;
    }
}
