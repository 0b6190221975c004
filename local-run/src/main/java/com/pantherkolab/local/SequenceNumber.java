package com.pantherkolab.local;

import java.math.BigInteger;
import software.amazon.awssdk.services.dynamodb.model.Record;

/// The place of a record in its shard.
///
/// @param text as the stream gives it; what is compared is its value
record SequenceNumber(String text) implements Comparable<SequenceNumber> {
    /// Before every record.
    static final SequenceNumber HORIZON = new SequenceNumber("0");

    static SequenceNumber of(Record record) {
        return new SequenceNumber(record.dynamodb().sequenceNumber());
    }

    @Override
    public int compareTo(SequenceNumber other) {
        return new BigInteger(text).compareTo(new BigInteger(other.text));
    }
}
