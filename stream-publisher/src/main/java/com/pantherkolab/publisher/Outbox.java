package com.pantherkolab.publisher;

import com.pantherkolab.common.OutboxAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.ConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;

/// The outbox table, read and nothing else. What it takes is held to a rate of read units.
final class Outbox {
    /// How many items one request brings.
    static final int BATCH = 100;

    private static final Duration AGAIN = Duration.ofMillis(100);

    /// The key of an entry, and its place within the aggregate.
    ///
    /// @param order as the entry's
    /// @param ttl until when it is kept: of two of one order the older goes first
    record Key(String aggregate, String eventId, long order, long ttl) {
        static final Comparator<Key> IN_ORDER =
                Comparator.comparingLong(Key::order).thenComparingLong(Key::ttl);

        Map<String, AttributeValue> item() {
            return Outbox.key(aggregate, eventId);
        }
    }

    /// @param keys in the table's order
    /// @param last where to go on; none, at the end
    record Keys(List<Key> keys, @Nullable Map<String, AttributeValue> last) {}

    private static final Map<String, String> NAMES = Map.of(
            "#a", OutboxAttributes.AGGREGATE,
            "#e", OutboxAttributes.EVENT_ID,
            "#o", OutboxAttributes.ORDER,
            "#t", OutboxAttributes.TTL);

    private final DynamoDbClient client;
    private final String table;
    private final Sleeper sleeper;
    private final int readUnits;

    /// @param readUnits how many a second
    Outbox(DynamoDbClient client, String table, Sleeper sleeper, int readUnits) {
        this.client = client;
        this.table = table;
        this.sleeper = sleeper;
        this.readUnits = readUnits;
    }

    static Map<String, AttributeValue> key(String aggregate, String eventId) {
        return Map.of(
                OutboxAttributes.AGGREGATE, AttributeValue.fromS(aggregate),
                OutboxAttributes.EVENT_ID, AttributeValue.fromS(eventId));
    }

    TableDescription describe() {
        return client.describeTable(describe -> describe.tableName(table)).table();
    }

    /// The next keys of the whole table.
    Keys scan(@Nullable Map<String, AttributeValue> from) throws InterruptedException {
        var page = client.scan(scan -> scan.tableName(table)
                .exclusiveStartKey(from)
                .projectionExpression("#a, #e, #o, #t")
                .expressionAttributeNames(NAMES)
                .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL));
        pay(page.consumedCapacity());
        return keys(page.items(), page.hasLastEvaluatedKey() ? page.lastEvaluatedKey() : null);
    }

    /// The next keys of an aggregate.
    Keys query(String aggregate, @Nullable Map<String, AttributeValue> from) throws InterruptedException {
        var page = client.query(query -> query.tableName(table)
                .keyConditionExpression("#a = :a")
                .exclusiveStartKey(from)
                .projectionExpression("#a, #e, #o, #t")
                .expressionAttributeNames(NAMES)
                .expressionAttributeValues(Map.of(":a", AttributeValue.fromS(aggregate)))
                .consistentRead(true)
                .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL));
        pay(page.consumedCapacity());
        return keys(page.items(), page.hasLastEvaluatedKey() ? page.lastEvaluatedKey() : null);
    }

    /// The texts of entries, by key; what is gone is not among them.
    ///
    /// @param keys at most [#BATCH], each once
    Map<Map<String, AttributeValue>, String> entries(List<Map<String, AttributeValue>> keys)
            throws InterruptedException {
        Map<Map<String, AttributeValue>, String> texts = new HashMap<>();
        List<Map<String, AttributeValue>> left = keys;
        while (!left.isEmpty()) {
            List<Map<String, AttributeValue>> asked = left;
            BatchGetItemResponse page = client.batchGetItem(get -> get.requestItems(Map.of(
                            table, KeysAndAttributes.builder().keys(asked).build()))
                    .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL));
            for (Map<String, AttributeValue> item : page.responses().getOrDefault(table, List.of())) {
                AttributeValue entry = item.get(OutboxAttributes.ENTRY);
                texts.put(
                        key(text(item, OutboxAttributes.AGGREGATE), text(item, OutboxAttributes.EVENT_ID)),
                        entry == null || entry.s() == null ? "" : entry.s());
            }
            for (ConsumedCapacity consumed : page.consumedCapacity()) {
                pay(consumed);
            }
            KeysAndAttributes unread = page.unprocessedKeys().get(table);
            left = unread == null ? List.of() : unread.keys();
            if (!left.isEmpty()) {
                sleeper.sleep(AGAIN);
            }
        }
        return texts;
    }

    private void pay(@Nullable ConsumedCapacity consumed) throws InterruptedException {
        if (consumed != null && consumed.capacityUnits() != null) {
            sleeper.sleep(Duration.ofNanos((long) (consumed.capacityUnits() * 1_000_000_000L / readUnits)));
        }
    }

    private static Keys keys(List<Map<String, AttributeValue>> items, @Nullable Map<String, AttributeValue> last) {
        List<Key> keys = new ArrayList<>();
        for (Map<String, AttributeValue> item : items) {
            keys.add(new Key(
                    text(item, OutboxAttributes.AGGREGATE),
                    text(item, OutboxAttributes.EVENT_ID),
                    number(item, OutboxAttributes.ORDER),
                    number(item, OutboxAttributes.TTL)));
        }
        return new Keys(keys, last);
    }

    private static String text(Map<String, AttributeValue> item, String name) {
        AttributeValue value = item.get(name);
        return value == null || value.s() == null ? "" : value.s();
    }

    private static long number(Map<String, AttributeValue> item, String name) {
        AttributeValue value = item.get(name);
        return value == null || value.n() == null ? 0 : Long.parseLong(value.n());
    }
}
