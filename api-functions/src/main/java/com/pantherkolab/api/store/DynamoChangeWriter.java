package com.pantherkolab.api.store;

import com.pantherkolab.api.store.Change.ConversationCreated;
import com.pantherkolab.api.store.Change.MessageAppended;
import com.pantherkolab.api.store.Change.ProfileSaved;
import com.pantherkolab.api.store.DynamoFailures.Failure;
import com.pantherkolab.common.Conversation;
import com.pantherkolab.common.Message;
import com.pantherkolab.common.OutboxEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/// Writes changes to DynamoDB: an announced one as one transaction of the state and its outbox entry.
///
/// The entry's put demands that there is none under this event id. That makes every attempt safe to repeat: after a
/// lost answer the same transaction is written again, and if the first did commit the entry says so. The event id
/// is not the `ClientRequestToken`: a message that is decided anew has another sequence, which would be another
/// request under the same token. An ephemeral event is one plain put under the same condition.
public final class DynamoChangeWriter implements ChangeWriter {
    /// Attempts in all, the first included.
    static final int ATTEMPTS = 4;

    private static final String NO_SUCH_ENTRY = "attribute_not_exists(eventId)";

    private final DynamoDbClient dynamo;
    private final Tables tables;
    private final Pause pause;

    public DynamoChangeWriter(DynamoDbClient dynamo, Tables tables, Pause pause) {
        this.dynamo = dynamo;
        this.tables = tables;
        this.pause = pause;
    }

    @Override
    public Written write(Change change) {
        boolean lost = false;
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            pause.before(attempt);
            Failure failure = attempt(change);
            switch (failure) {
                case null -> {
                    return new Written.Committed();
                }
                case Failure.EntryExists(OutboxEntry entry) -> {
                    return new Written.CommittedBefore(entry);
                }
                case Failure.Overtaken() -> {
                    return new Written.Overtaken();
                }
                case Failure.Full() -> {
                    return new Written.Unavailable();
                }
                case Failure.Conflict() -> {
                    // After a lost answer the conflict may hide that the entry is there: only asking again tells.
                    if (!lost) {
                        return new Written.Overtaken();
                    }
                }
                case Failure.Throttled() -> {}
                case Failure.Lost() -> lost = true;
            }
        }
        return lost ? new Written.Unknown() : new Written.Unavailable();
    }

    /// Writes once.
    ///
    /// @return null if it committed
    private @Nullable Failure attempt(Change change) {
        try {
            switch (change) {
                case Change.Announced announced ->
                    dynamo.transactWriteItems(write -> write.transactItems(items(announced)));
                case Change.EventOnly event -> dynamo.putItem(entry(event.entry()));
                case ProfileSaved(Profile profile) ->
                    dynamo.putItem(put -> put.tableName(tables.users()).item(DynamoItems.profile(profile)));
            }
            return null;
        } catch (SdkClientException _) {
            return new Failure.Lost();
        } catch (DynamoDbException refusal) {
            return DynamoFailures.of(refusal);
        }
    }

    private List<TransactWriteItem> items(Change.Announced change) {
        List<TransactWriteItem> items = new ArrayList<>();
        items.add(entryInTransaction(change.entry()));
        switch (change) {
            case ConversationCreated created -> {
                Conversation conversation = created.conversation();
                items.add(description(conversation));
                items.add(put(tables.conversations(), DynamoItems.head(conversation)));
                conversation
                        .participants()
                        .forEach(user ->
                                items.add(put(tables.memberships(), DynamoItems.membership(conversation, user))));
            }
            case MessageAppended appended -> {
                items.add(put(tables.messages(), DynamoItems.message(appended.message())));
                items.add(moveHead(appended.message()));
            }
        }
        return items;
    }

    /// Append-only: never "or expired", because an overwrite is no INSERT and the publisher would not see it.
    private TransactWriteItem entryInTransaction(OutboxEntry entry) {
        return TransactWriteItem.builder()
                .put(put -> put.tableName(tables.outbox())
                        .item(DynamoItems.entry(entry))
                        .conditionExpression(NO_SUCH_ENTRY)
                        .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD))
                .build();
    }

    private PutItemRequest entry(OutboxEntry entry) {
        return PutItemRequest.builder()
                .tableName(tables.outbox())
                .item(DynamoItems.entry(entry))
                .conditionExpression(NO_SUCH_ENTRY)
                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)
                .build();
    }

    private TransactWriteItem description(Conversation conversation) {
        return TransactWriteItem.builder()
                .put(put -> put.tableName(tables.conversations())
                        .item(DynamoItems.description(conversation))
                        .conditionExpression("attribute_not_exists(conversationId)"))
                .build();
    }

    /// From n to n+1 if it still is n: what makes the sequence gapless.
    private TransactWriteItem moveHead(Message message) {
        return TransactWriteItem.builder()
                .update(update -> update.tableName(tables.conversations())
                        .key(DynamoItems.headKey(message.conversationId()))
                        .updateExpression("SET lastSequence = :next, lastMessageAt = :at")
                        .conditionExpression("lastSequence = :last")
                        .expressionAttributeValues(Map.of(
                                ":last", DynamoItems.number(message.sequence() - 1),
                                ":next", DynamoItems.number(message.sequence()),
                                ":at", DynamoItems.time(message.timestamp()))))
                .build();
    }

    private static TransactWriteItem put(String table, Map<String, AttributeValue> item) {
        return TransactWriteItem.builder()
                .put(put -> put.tableName(table).item(item))
                .build();
    }
}
