package com.pantherkolab.publisher;

import com.amazonaws.services.lambda.runtime.events.DynamodbEvent.DynamodbStreamRecord;
import com.amazonaws.services.lambda.runtime.events.models.dynamodb.AttributeValue;
import com.pantherkolab.common.OutboxAttributes;
import com.pantherkolab.common.OutboxEntry;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads the outbox's stream, record by record.
///
/// Whatever comes, it answers: a record that cannot be read is a value, not an exception, because an exception
/// would come back with every repeat of the batch and hold up all that stands behind it.
final class StreamRecords {
    private StreamRecords() {}

    /// Reads one record; a batch with a hole in it has none.
    static StreamRecord read(@Nullable DynamodbStreamRecord record) {
        if (record == null || record.getEventName() == null) {
            return new StreamRecord.Unreadable(record, "NOT_A_RECORD");
        }
        return switch (record.getEventName()) {
            case "INSERT" -> inserted(record);
            // The mapping's filter keeps these away; should it be lost, there is still nothing to publish in them.
            case "MODIFY", "REMOVE" -> new StreamRecord.Ignored();
            default -> new StreamRecord.Unreadable(record, "NOT_A_RECORD");
        };
    }

    private static StreamRecord inserted(DynamodbStreamRecord record) {
        if (record.getDynamodb() == null
                || record.getDynamodb().getSequenceNumber() == null
                || !SequenceNumber.isValid(record.getDynamodb().getSequenceNumber())) {
            return new StreamRecord.Unreadable(record, "NO_SEQUENCE_NUMBER");
        }
        String text = entryText(record.getDynamodb().getNewImage());
        if (text == null) {
            return new StreamRecord.Unreadable(record, "NO_ENTRY");
        }
        OutboxEntry entry = entry(text);
        if (entry == null) {
            return new StreamRecord.Unreadable(record, "NOT_AN_ENTRY");
        }
        return new StreamRecord.Entry(new SequenceNumber(record.getDynamodb().getSequenceNumber()), entry);
    }

    private static @Nullable String entryText(@Nullable Map<String, AttributeValue> image) {
        AttributeValue attribute = image == null ? null : image.get(OutboxAttributes.ENTRY);
        return attribute == null ? null : attribute.getS();
    }

    /// Reads the text of an entry, wherever it stood; null, if this version cannot.
    static @Nullable OutboxEntry entry(String text) {
        // Every exception, and not only the one that is documented: what this text did to the reader, it would do
        // again.
        try {
            return OutboxEntry.fromJson(text);
        } catch (RuntimeException unreadable) {
            return null;
        }
    }
}
