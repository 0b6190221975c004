package com.pantherkolab.local;

import com.pantherkolab.local.BatchQueue.Batch;
import com.pantherkolab.local.BatchQueue.Condition;
import java.time.Instant;
import java.util.List;
import software.amazon.awssdk.services.dynamodb.model.Record;

/// Records that a mapping gave up because of their age, without one that waits for it.
final class GivenUp {
    private GivenUp() {}

    /// Keeps them as the mapping does, in batches of three.
    static void keep(FailureDocuments documents, List<Record> records) {
        for (int from = 0; from < records.size(); from += 3) {
            documents.keep(
                    "shard",
                    new Batch(
                            records.subList(from, Math.min(from + 3, records.size())).stream()
                                    .map(record -> new Incoming(record, Instant.now()))
                                    .toList(),
                            0,
                            0,
                            false),
                    Condition.RECORD_AGE_EXCEEDED);
        }
    }
}
