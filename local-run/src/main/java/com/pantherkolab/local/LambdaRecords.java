package com.pantherkolab.local;

import com.amazonaws.services.lambda.runtime.events.DynamodbEvent;
import com.amazonaws.services.lambda.runtime.events.DynamodbEvent.DynamodbStreamRecord;
import com.amazonaws.services.lambda.runtime.events.models.dynamodb.AttributeValue;
import com.amazonaws.services.lambda.runtime.events.models.dynamodb.Identity;
import com.amazonaws.services.lambda.runtime.events.models.dynamodb.StreamViewType;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.Record;
import software.amazon.awssdk.services.dynamodb.model.StreamRecord;

/// Stream records as Lambda hands them to a function.
final class LambdaRecords {
    // The embedded stream client reads milliseconds as seconds, so its times lie some fifty thousand years ahead.
    private static final long SECONDS_OF_THE_YEAR_5138 = 100_000_000_000L;

    static final String EVENT_SOURCE = "aws:dynamodb";
    static final String EVENT_VERSION = "1.1";

    private LambdaRecords() {}

    /// When the change was made, as far as the stream knows.
    static Instant createdAt(StreamRecord change) {
        Instant time = change.approximateCreationDateTime();
        return time.getEpochSecond() < SECONDS_OF_THE_YEAR_5138 ? time : Instant.ofEpochMilli(time.getEpochSecond());
    }

    static DynamodbEvent event(List<Record> records, String streamArn) {
        DynamodbEvent event = new DynamodbEvent();
        event.setRecords(
                records.stream().map(record -> record(record, streamArn)).toList());
        return event;
    }

    private static DynamodbStreamRecord record(Record from, String streamArn) {
        DynamodbStreamRecord record = new DynamodbStreamRecord();
        record.setEventID(from.eventID());
        record.setEventName(from.eventNameAsString());
        record.setEventSource(EVENT_SOURCE);
        record.setEventVersion(EVENT_VERSION);
        record.setAwsRegion(LocalRun.REGION);
        record.setEventSourceARN(streamArn);
        record.setDynamodb(change(from.dynamodb()));
        if (from.userIdentity() != null) {
            Identity identity = new Identity();
            identity.setType(from.userIdentity().type());
            identity.setPrincipalId(from.userIdentity().principalId());
            record.setUserIdentity(identity);
        }
        return record;
    }

    private static com.amazonaws.services.lambda.runtime.events.models.dynamodb.StreamRecord change(StreamRecord from) {
        var change = new com.amazonaws.services.lambda.runtime.events.models.dynamodb.StreamRecord();
        change.setKeys(item(from.keys()));
        change.setNewImage(from.hasNewImage() ? item(from.newImage()) : null);
        change.setOldImage(from.hasOldImage() ? item(from.oldImage()) : null);
        change.setSequenceNumber(from.sequenceNumber());
        change.setSizeBytes(from.sizeBytes());
        change.setStreamViewType(StreamViewType.fromValue(from.streamViewTypeAsString()));
        change.setApproximateCreationDateTime(Date.from(createdAt(from)));
        return change;
    }

    private static Map<String, AttributeValue> item(
            Map<String, software.amazon.awssdk.services.dynamodb.model.AttributeValue> from) {
        return from.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, entry -> value(entry.getValue())));
    }

    private static AttributeValue value(software.amazon.awssdk.services.dynamodb.model.AttributeValue from) {
        AttributeValue value = new AttributeValue();
        switch (from.type()) {
            case S -> value.setS(from.s());
            case N -> value.setN(from.n());
            case B -> value.setB(from.b().asByteBuffer());
            case BOOL -> value.setBOOL(from.bool());
            case NUL -> value.setNULL(true);
            case SS -> value.setSS(from.ss());
            case NS -> value.setNS(from.ns());
            case BS ->
                value.setBS(from.bs().stream().map(SdkBytes::asByteBuffer).toList());
            case L -> value.setL(from.l().stream().map(LambdaRecords::value).toList());
            case M -> value.setM(item(from.m()));
            case UNKNOWN_TO_SDK_VERSION -> throw new IllegalStateException("an attribute of an unknown type");
        }
        return value;
    }
}
