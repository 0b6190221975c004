package com.pantherkolab.local;

import java.time.Instant;
import software.amazon.awssdk.services.dynamodb.model.Record;

/// A stream record that a function is to be asked about.
///
/// @param record as it was read
/// @param arrived when it was read
record Incoming(Record record, Instant arrived) {

    /// Its place in its shard.
    SequenceNumber sequence() {
        return SequenceNumber.of(record);
    }

    long bytes() {
        return record.dynamodb().sizeBytes();
    }

    /// When the change was made.
    Instant createdAt() {
        return LambdaRecords.createdAt(record.dynamodb());
    }
}
