package com.pantherkolab.api.store;

import com.pantherkolab.api.callstate.CallState;
import com.pantherkolab.api.store.Change.AttendeeForgotten;
import com.pantherkolab.api.store.Change.CallMoved;
import com.pantherkolab.api.store.Change.CallPlaced;
import com.pantherkolab.api.store.Change.ConversationCreated;
import com.pantherkolab.api.store.Change.MarkMoved;
import com.pantherkolab.api.store.Change.MessageAppended;
import com.pantherkolab.api.store.Change.ProfileSaved;
import com.pantherkolab.api.store.DynamoFailures.Failure;
import com.pantherkolab.api.trace.Cause;
import com.pantherkolab.common.Call;
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
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/// Writes changes to DynamoDB: an announced one as one transaction of the state and its outbox entry.
///
/// The entry's put demands that there is none under this event id. That makes every attempt safe to repeat: after a
/// lost answer the same transaction is written again, and if the first did commit the entry says so. The event id
/// is not the `ClientRequestToken`: a message that is decided anew has another sequence, which would be another
/// request under the same token. An ephemeral event is one plain put under the same condition.
///
/// An entry is written as a part of the trace of what is being done ([Cause]).
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
                case Failure.EntryExists(OutboxEntry entry)
                when isMemoryOf(change, entry) -> {
                    return new Written.CommittedBefore(entry);
                }
                // DynamoDB Local mixes up the items of transactions that it cancels at the same time, now and then.
                // Whatever the reason, nobody is told another one's answer.
                case Failure.EntryExists _ -> lost = true;
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
                case AttendeeForgotten forgotten -> forget(forgotten);
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

    /// Whether it is the entry that this change puts first, as an earlier attempt or an earlier command has put it.
    private static boolean isMemoryOf(Change change, OutboxEntry entry) {
        OutboxEntry first =
                switch (change) {
                    case Change.Announced announced -> entries(announced).getFirst();
                    case Change.EventOnly event -> event.entry();
                    case Change.Quiet _ -> throw new IllegalStateException("it has no entry");
                };
        return entry.aggregate().equals(first.aggregate()) && entry.eventId().equals(first.eventId());
    }

    /// The memory of a key comes first: it is what a repeat must find.
    private static List<OutboxEntry> entries(Change.Announced change) {
        return change instanceof CallMoved moved && moved.memory() != null
                ? List.of(moved.memory(), moved.entry())
                : List.of(change.entry());
    }

    private List<TransactWriteItem> items(Change.Announced change) {
        List<TransactWriteItem> items = new ArrayList<>();
        entries(change).forEach(entry -> items.add(entryInTransaction(entry)));
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
            case CallPlaced placed -> {
                Call call = placed.state().call();
                items.add(place(placed.state()));
                if (call.betweenTwo()) {
                    items.add(takePair(placed));
                }
                call.users().forEach(user -> items.add(put(tables.calls(), CallItems.callOf(user, call))));
            }
            case CallMoved moved -> {
                Call call = moved.state().call();
                items.add(move(moved.state()));
                moved.attendees()
                        .forEach((user, attendee) ->
                                items.add(put(tables.calls(), CallItems.attendee(call, user, attendee))));
                if (call.status() == Call.Status.ENDED && call.betweenTwo()) {
                    items.add(releasePair(call));
                }
            }
            case MarkMoved moved -> items.add(moveMark(moved.membership()));
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
                        .item(DynamoItems.entry(entry.tracedBy(Cause.currentTrace())))
                        .conditionExpression(NO_SUCH_ENTRY)
                        .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD))
                .build();
    }

    private PutItemRequest entry(OutboxEntry entry) {
        return PutItemRequest.builder()
                .tableName(tables.outbox())
                .item(DynamoItems.entry(entry.tracedBy(Cause.currentTrace())))
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

    /// Forward only, however requests are reordered.
    private TransactWriteItem moveMark(Membership membership) {
        return TransactWriteItem.builder()
                .update(update -> update.tableName(tables.memberships())
                        .key(DynamoItems.membershipKey(
                                membership.userId(), membership.joinedAt(), membership.conversationId()))
                        .updateExpression("SET lastReadSequence = :mark")
                        .conditionExpression("lastReadSequence < :mark")
                        .expressionAttributeValues(Map.of(":mark", DynamoItems.number(membership.lastReadSequence()))))
                .build();
    }

    /// One that should have been swept long ago may be in the way.
    private TransactWriteItem place(CallState call) {
        return TransactWriteItem.builder()
                .put(put -> put.tableName(tables.calls())
                        .item(CallItems.call(call))
                        .conditionExpression("attribute_not_exists(subject) OR #ttl <= :placed")
                        .expressionAttributeNames(Map.of("#ttl", CallItems.TTL))
                        .expressionAttributeValues(Map.of(
                                ":placed",
                                DynamoItems.number(call.call().createdAt().getEpochSecond()))))
                .build();
    }

    /// From version n to n+1 if it still is n: what gives every race one winner.
    private TransactWriteItem move(CallState call) {
        return TransactWriteItem.builder()
                .put(put -> put.tableName(tables.calls())
                        .item(CallItems.call(call))
                        .conditionExpression("version = :before")
                        .expressionAttributeValues(
                                Map.of(":before", DynamoItems.number(call.call().version() - 1))))
                .build();
    }

    /// The pair still names what it named when it was read: nothing, or a call that is over.
    private TransactWriteItem takePair(CallPlaced placed) {
        String before = placed.pairBefore();
        Put.Builder put = Put.builder().tableName(tables.calls()).item(CallItems.pair(placed.state()));
        return TransactWriteItem.builder()
                .put(
                        before == null
                                ? put.conditionExpression("attribute_not_exists(subject)")
                                        .build()
                                : put.conditionExpression("sessionId = :before")
                                        .expressionAttributeValues(Map.of(":before", DynamoItems.text(before)))
                                        .build())
                .build();
    }

    private TransactWriteItem releasePair(Call call) {
        return TransactWriteItem.builder()
                .delete(delete -> delete.tableName(tables.calls())
                        .key(CallItems.pairKey(call.users()))
                        .conditionExpression("attribute_not_exists(subject) OR sessionId = :this")
                        .expressionAttributeValues(Map.of(":this", DynamoItems.text(call.sessionId()))))
                .build();
    }

    /// Another one of the same user, of a later connection, stays.
    private void forget(AttendeeForgotten change) {
        try {
            dynamo.deleteItem(delete -> delete.tableName(tables.calls())
                    .key(CallItems.attendeeKey(change.sessionId(), change.user()))
                    .conditionExpression("attendeeId = :this")
                    .expressionAttributeValues(
                            Map.of(":this", DynamoItems.text(change.attendee().attendeeId()))));
        } catch (ConditionalCheckFailedException gone) {
            // It is as it should be.
        }
    }

    private static TransactWriteItem put(String table, Map<String, AttributeValue> item) {
        return TransactWriteItem.builder()
                .put(put -> put.tableName(table).item(item))
                .build();
    }
}
