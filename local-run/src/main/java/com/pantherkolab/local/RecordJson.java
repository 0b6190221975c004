package com.pantherkolab.local;

import com.pantherkolab.common.Json;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.Record;
import software.amazon.awssdk.services.dynamodb.model.StreamRecord;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Stream records as the JSON that Lambda filters, hands to a runtime and stores when it gives up.
final class RecordJson {
    private RecordJson() {}

    /// A whole event.
    static ObjectNode event(List<Record> records, String streamArn) {
        ObjectNode event = Json.mapper().createObjectNode();
        ArrayNode all = event.putArray("Records");
        records.forEach(record -> all.add(record(record, streamArn)));
        return event;
    }

    /// One record.
    static ObjectNode record(Record from, String streamArn) {
        ObjectNode record = Json.mapper().createObjectNode();
        record.put("eventID", from.eventID());
        record.put("eventName", from.eventNameAsString());
        record.put("eventVersion", LambdaRecords.EVENT_VERSION);
        record.put("eventSource", LambdaRecords.EVENT_SOURCE);
        record.put("awsRegion", LocalRun.REGION);
        record.set("dynamodb", change(from.dynamodb()));
        if (from.userIdentity() != null) {
            record.putObject("userIdentity")
                    .put("type", from.userIdentity().type())
                    .put("principalId", from.userIdentity().principalId());
        }
        record.put("eventSourceARN", streamArn);
        return record;
    }

    private static ObjectNode change(StreamRecord from) {
        ObjectNode change = Json.mapper().createObjectNode();
        change.put("ApproximateCreationDateTime", LambdaRecords.createdAt(from).toEpochMilli() / 1000.0);
        change.set("Keys", item(from.keys()));
        if (from.hasNewImage()) {
            change.set("NewImage", item(from.newImage()));
        }
        if (from.hasOldImage()) {
            change.set("OldImage", item(from.oldImage()));
        }
        change.put("SequenceNumber", from.sequenceNumber());
        change.put("SizeBytes", from.sizeBytes());
        change.put("StreamViewType", from.streamViewTypeAsString());
        return change;
    }

    private static ObjectNode item(Map<String, AttributeValue> from) {
        ObjectNode item = Json.mapper().createObjectNode();
        from.forEach((name, value) -> item.set(name, value(value)));
        return item;
    }

    private static ObjectNode value(AttributeValue from) {
        ObjectNode value = Json.mapper().createObjectNode();
        switch (from.type()) {
            case S -> value.put("S", from.s());
            case N -> value.put("N", from.n());
            case B -> value.put("B", base64(from.b()));
            case BOOL -> value.put("BOOL", from.bool());
            case NUL -> value.put("NULL", true);
            case SS -> value.set("SS", texts(from.ss()));
            case NS -> value.set("NS", texts(from.ns()));
            case BS ->
                value.set("BS", texts(from.bs().stream().map(RecordJson::base64).toList()));
            case L ->
                value.set("L", nodes(from.l().stream().map(RecordJson::value).toList()));
            case M -> value.set("M", item(from.m()));
            case UNKNOWN_TO_SDK_VERSION -> throw new IllegalStateException("an attribute of an unknown type");
        }
        return value;
    }

    private static ArrayNode texts(Collection<String> texts) {
        ArrayNode array = Json.mapper().createArrayNode();
        texts.forEach(array::add);
        return array;
    }

    private static ArrayNode nodes(Collection<? extends JsonNode> nodes) {
        return Json.mapper().createArrayNode().addAll(nodes);
    }

    private static String base64(SdkBytes bytes) {
        return Base64.getEncoder().encodeToString(bytes.asByteArray());
    }
}
