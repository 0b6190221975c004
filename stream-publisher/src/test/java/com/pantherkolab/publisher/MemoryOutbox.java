package com.pantherkolab.publisher;

import static org.assertj.core.api.Assertions.assertThat;

import com.pantherkolab.common.OutboxAttributes;
import com.pantherkolab.common.OutboxEntry;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.ConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.DescribeTableRequest;
import software.amazon.awssdk.services.dynamodb.model.DescribeTableResponse;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;
import software.amazon.awssdk.services.dynamodb.model.ScanResponse;

/// The outbox table in memory: it gives ten keys at a time and never more than thirty entries, each request for one
/// read unit.
final class MemoryOutbox implements DynamoDbClient {
    private static final int PAGE = 10;
    private static final int ENTRIES = 30;

    private final TreeMap<String, Map<String, AttributeValue>> items = new TreeMap<>();
    private int requests;

    void put(OutboxEntry entry) {
        put(entry, entry.toJson());
    }

    /// The entry's item with another text in it.
    void put(OutboxEntry entry, String text) {
        items.put(
                entry.aggregate().key() + "/" + entry.eventId(),
                Map.of(
                        OutboxAttributes.AGGREGATE,
                                AttributeValue.fromS(entry.aggregate().key()),
                        OutboxAttributes.EVENT_ID, AttributeValue.fromS(entry.eventId()),
                        OutboxAttributes.ORDER, AttributeValue.fromN(String.valueOf(entry.order())),
                        OutboxAttributes.TTL,
                                AttributeValue.fromN(
                                        String.valueOf(entry.keptUntil().getEpochSecond())),
                        OutboxAttributes.ENTRY, AttributeValue.fromS(text)));
    }

    /// The table drops it, as it does some time after its TTL.
    void drop(OutboxEntry entry) {
        items.remove(entry.aggregate().key() + "/" + entry.eventId());
    }

    /// How often keys were asked for.
    int requests() {
        return requests;
    }

    @Override
    public DescribeTableResponse describeTable(DescribeTableRequest request) {
        return DescribeTableResponse.builder()
                .table(table -> table.itemCount((long) items.size())
                        .tableSizeBytes(1_000_000L)
                        .latestStreamArn("the stream"))
                .build();
    }

    @Override
    public ScanResponse scan(ScanRequest request) {
        List<Map<String, AttributeValue>> page = page("", request.exclusiveStartKey());
        return ScanResponse.builder()
                .items(page)
                .lastEvaluatedKey(page.size() < PAGE ? null : key(page.getLast()))
                .consumedCapacity(one())
                .build();
    }

    @Override
    public QueryResponse query(QueryRequest request) {
        List<Map<String, AttributeValue>> page =
                page(text(request.expressionAttributeValues(), ":a") + "/", request.exclusiveStartKey());
        return QueryResponse.builder()
                .items(page)
                .lastEvaluatedKey(page.size() < PAGE ? null : key(page.getLast()))
                .consumedCapacity(one())
                .build();
    }

    @Override
    public BatchGetItemResponse batchGetItem(BatchGetItemRequest request) {
        List<Map<String, AttributeValue>> asked =
                Objects.requireNonNull(request.requestItems().get("Outbox")).keys();
        assertThat(asked).hasSizeLessThanOrEqualTo(Outbox.BATCH).doesNotHaveDuplicates();
        List<Map<String, AttributeValue>> now = asked.subList(0, Math.min(ENTRIES, asked.size()));
        List<Map<String, AttributeValue>> later = asked.subList(now.size(), asked.size());
        return BatchGetItemResponse.builder()
                .responses(Map.of(
                        "Outbox",
                        now.stream()
                                .map(key -> items.getOrDefault(name(key), Map.of()))
                                .filter(item -> !item.isEmpty())
                                .toList()))
                .unprocessedKeys(
                        later.isEmpty()
                                ? Map.of()
                                : Map.of(
                                        "Outbox",
                                        KeysAndAttributes.builder().keys(later).build()))
                .build();
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {}

    private ConsumedCapacity one() {
        requests++;
        return ConsumedCapacity.builder().capacityUnits(1.0).build();
    }

    private List<Map<String, AttributeValue>> page(String prefix, Map<String, AttributeValue> after) {
        return items.tailMap(after.isEmpty() ? prefix : name(after), after.isEmpty()).entrySet().stream()
                .filter(item -> item.getKey().startsWith(prefix))
                .limit(PAGE)
                .map(Map.Entry::getValue)
                .toList();
    }

    private static String text(Map<String, AttributeValue> item, String attribute) {
        return Objects.requireNonNull(item.get(attribute)).s();
    }

    private static String name(Map<String, AttributeValue> key) {
        return text(key, OutboxAttributes.AGGREGATE) + "/" + text(key, OutboxAttributes.EVENT_ID);
    }

    private static Map<String, AttributeValue> key(Map<String, AttributeValue> item) {
        return Outbox.key(text(item, OutboxAttributes.AGGREGATE), text(item, OutboxAttributes.EVENT_ID));
    }
}
