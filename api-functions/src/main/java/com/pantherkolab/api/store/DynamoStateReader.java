package com.pantherkolab.api.store;

import com.pantherkolab.common.Aggregate;
import com.pantherkolab.common.Conversation;
import com.pantherkolab.common.OutboxAttributes;
import com.pantherkolab.common.OutboxEntry;
import com.pantherkolab.common.UserId;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;

/// Reads the state from DynamoDB, one request for each call.
///
/// A conversation costs one strongly consistent query of its two items: 1 read unit while the participants' ids fit
/// into 4 KB, 2 with up to 90 long ones.
public final class DynamoStateReader implements StateReader {
    private final DynamoDbClient dynamo;
    private final Tables tables;

    public DynamoStateReader(DynamoDbClient dynamo, Tables tables) {
        this.dynamo = dynamo;
        this.tables = tables;
    }

    @Override
    public @Nullable Conversation conversation(String conversationId) {
        Map<String, Map<String, AttributeValue>> parts = answered(
                        () -> dynamo.query(query -> query.tableName(tables.conversations())
                                .consistentRead(true)
                                .keyConditionExpression("conversationId = :id")
                                .expressionAttributeValues(Map.of(":id", DynamoItems.text(conversationId)))))
                .items()
                .stream()
                .collect(Collectors.toMap(DynamoItems::part, Function.identity()));
        Map<String, AttributeValue> description = parts.get(DynamoItems.DESCRIPTION);
        Map<String, AttributeValue> head = parts.get(DynamoItems.HEAD);
        return description == null || head == null ? null : DynamoItems.conversation(description, head);
    }

    @Override
    public @Nullable OutboxEntry entry(Aggregate aggregate, String eventId) {
        Map<String, AttributeValue> item = answered(() -> dynamo.getItem(get -> get.tableName(tables.outbox())
                        .consistentRead(true)
                        .key(Map.of(
                                OutboxAttributes.AGGREGATE, DynamoItems.text(aggregate.key()),
                                OutboxAttributes.EVENT_ID, DynamoItems.text(eventId)))))
                .item();
        return item.isEmpty() ? null : DynamoItems.entry(item);
    }

    @Override
    public @Nullable Profile profile(UserId user) {
        Map<String, AttributeValue> item = answered(() -> dynamo.getItem(get -> get.tableName(tables.users())
                        .consistentRead(true)
                        .key(Map.of(DynamoItems.USER_ID, DynamoItems.text(user.value())))))
                .item();
        return item.isEmpty() ? null : DynamoItems.profile(item);
    }

    /// Tells an outage from a bug: what the store refuses for its form is not caught.
    private static <T> T answered(Supplier<T> read) {
        try {
            return read.get();
        } catch (SdkClientException unreachable) {
            throw new StoreUnavailable(unreachable);
        } catch (DynamoDbException refused) {
            if (DynamoFailures.isThrottle(refused) || refused.statusCode() >= 500) {
                throw new StoreUnavailable(refused);
            }
            throw refused;
        }
    }
}
