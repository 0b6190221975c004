package com.pantherkolab.api.store;

import com.pantherkolab.api.callstate.CallState;
import com.pantherkolab.common.Aggregate;
import com.pantherkolab.common.Attendee;
import com.pantherkolab.common.Conversation;
import com.pantherkolab.common.Message;
import com.pantherkolab.common.OutboxAttributes;
import com.pantherkolab.common.OutboxEntry;
import com.pantherkolab.common.UserId;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

/// Reads the state from DynamoDB, one request for each call.
///
/// A conversation costs one strongly consistent query of its two items: 1 read unit while the participants' ids fit
/// into 4 KB, 2 with up to 90 long ones.
public final class DynamoStateReader implements StateReader {
    /// What one request takes.
    private static final int MAX_BATCH = 100;

    /// How often in a row a request may bring nothing, which is how DynamoDB throttles a batch.
    private static final int MAX_FRUITLESS = 3;

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
        return description == null || head == null
                ? null
                : DynamoItems.conversation(description, DynamoItems.head(head));
    }

    @Override
    public Map<String, Head> heads(List<String> conversationIds) {
        return batch(tables.conversations(), keys(conversationIds, DynamoItems::headKey), true).stream()
                .collect(Collectors.toMap(DynamoItems::conversationId, DynamoItems::head));
    }

    @Override
    public Map<String, Conversation> conversations(Map<String, Head> heads) {
        Map<String, Conversation> found = new HashMap<>(described(heads, List.copyOf(heads.keySet()), false));
        List<String> tooNew =
                heads.keySet().stream().filter(id -> !found.containsKey(id)).toList();
        found.putAll(described(heads, tooNew, true));
        return found;
    }

    private Map<String, Conversation> described(
            Map<String, Head> heads, List<String> conversationIds, boolean consistent) {
        return batch(tables.conversations(), keys(conversationIds, DynamoItems::descriptionKey), consistent).stream()
                .collect(Collectors.toMap(
                        DynamoItems::conversationId,
                        description -> DynamoItems.conversation(
                                description,
                                Objects.requireNonNull(heads.get(DynamoItems.conversationId(description))))));
    }

    private static List<Map<String, AttributeValue>> keys(
            List<String> conversationIds, Function<String, Map<String, AttributeValue>> key) {
        return conversationIds.stream().map(key).toList();
    }

    @Override
    public List<Membership> memberships(UserId user, int limit) {
        List<Membership> memberships = new ArrayList<>();
        Map<String, AttributeValue> from = Map.of();
        do {
            Map<String, AttributeValue> next = from;
            int room = limit - memberships.size();
            QueryResponse answer = answered(() -> dynamo.query(query -> query.tableName(tables.memberships())
                    .consistentRead(true)
                    .scanIndexForward(false)
                    .limit(room)
                    .keyConditionExpression("userId = :user")
                    .expressionAttributeValues(Map.of(":user", DynamoItems.text(user.value())))
                    .exclusiveStartKey(next.isEmpty() ? null : next)));
            answer.items().forEach(item -> memberships.add(DynamoItems.membership(item)));
            from = answer.lastEvaluatedKey();
        } while (!from.isEmpty() && memberships.size() < limit);
        return memberships;
    }

    @Override
    public List<Membership> memberships(Conversation conversation) {
        List<Map<String, AttributeValue>> keys = conversation.participants().stream()
                .map(user -> DynamoItems.membershipKey(user, conversation.createdAt(), conversation.conversationId()))
                .toList();
        Map<UserId, Membership> byUser = batch(tables.memberships(), keys, true).stream()
                .map(DynamoItems::membership)
                .collect(Collectors.toMap(Membership::userId, Function.identity()));
        return conversation.participants().stream()
                .map(user -> Objects.requireNonNull(byUser.get(user), "a participant without a membership"))
                .toList();
    }

    @Override
    public Membership membership(Conversation conversation, UserId participant) {
        return DynamoItems.membership(answered(() -> dynamo.getItem(get -> get.tableName(tables.memberships())
                        .consistentRead(true)
                        .key(DynamoItems.membershipKey(
                                participant, conversation.createdAt(), conversation.conversationId()))))
                .item());
    }

    @Override
    public List<Message> messages(String conversationId, long from, Direction direction, int limit) {
        String range = direction == Direction.FORWARD ? ">=" : "<=";
        return answered(() -> dynamo.query(query -> query.tableName(tables.messages())
                        .consistentRead(true)
                        .scanIndexForward(direction == Direction.FORWARD)
                        .limit(limit)
                        .keyConditionExpression("conversationId = :id AND #sequence " + range + " :from")
                        .expressionAttributeNames(Map.of("#sequence", DynamoItems.SEQUENCE))
                        .expressionAttributeValues(
                                Map.of(":id", DynamoItems.text(conversationId), ":from", DynamoItems.number(from)))))
                .items()
                .stream()
                .map(DynamoItems::message)
                .toList();
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
    public @Nullable CallState call(String sessionId) {
        Map<String, AttributeValue> item = callItem(CallItems.callKey(sessionId));
        return item.isEmpty() ? null : CallItems.call(item);
    }

    @Override
    public Map<String, CallState> calls(List<String> sessionIds) {
        return batch(tables.calls(), keys(sessionIds, CallItems::callKey), true).stream()
                .map(CallItems::call)
                .collect(Collectors.toMap(state -> state.call().sessionId(), Function.identity()));
    }

    @Override
    public List<String> callIds(UserId user, Instant since, int limit) {
        return query(limit, query -> query.tableName(tables.calls())
                        .consistentRead(true)
                        .scanIndexForward(false)
                        .limit(limit)
                        .keyConditionExpression("subject = :user AND part >= :since")
                        .expressionAttributeValues(
                                Map.of(":user", CallItems.userSubject(user), ":since", DynamoItems.time(since))))
                .map(CallItems::sessionId)
                .toList();
    }

    @Override
    public @Nullable String pairedCall(UserId one, UserId other) {
        Map<String, AttributeValue> item = callItem(CallItems.pairKey(List.of(one, other)));
        return item.isEmpty() ? null : CallItems.sessionId(item);
    }

    @Override
    public Map<UserId, Attendee> attendees(String sessionId) {
        return query(Integer.MAX_VALUE, query -> query.tableName(tables.calls())
                        .consistentRead(true)
                        .keyConditionExpression("subject = :call")
                        .expressionAttributeValues(Map.of(":call", CallItems.callSubject(sessionId))))
                .filter(CallItems::isAttendee)
                .collect(Collectors.toMap(CallItems::attendeeUser, CallItems::attendee));
    }

    @Override
    public @Nullable Attendee attendee(String sessionId, UserId participant) {
        Map<String, AttributeValue> item = callItem(CallItems.attendeeKey(sessionId, participant));
        return item.isEmpty() ? null : CallItems.attendee(item);
    }

    private Map<String, AttributeValue> callItem(Map<String, AttributeValue> key) {
        return answered(() -> dynamo.getItem(get ->
                        get.tableName(tables.calls()).consistentRead(true).key(key)))
                .item();
    }

    /// The items of a query, page by page, as many as are wanted.
    private Stream<Map<String, AttributeValue>> query(int limit, Consumer<QueryRequest.Builder> query) {
        List<Map<String, AttributeValue>> items = new ArrayList<>();
        Map<String, AttributeValue> from = Map.of();
        do {
            Map<String, AttributeValue> next = from;
            QueryResponse answer = answered(() -> dynamo.query(
                    request -> request.applyMutation(query).exclusiveStartKey(next.isEmpty() ? null : next)));
            items.addAll(answer.items());
            from = answer.lastEvaluatedKey();
        } while (!from.isEmpty() && items.size() < limit);
        return items.stream().limit(limit);
    }

    @Override
    public @Nullable Profile profile(UserId user) {
        Map<String, AttributeValue> item = answered(() -> dynamo.getItem(get -> get.tableName(tables.users())
                        .consistentRead(true)
                        .key(Map.of(DynamoItems.USER_ID, DynamoItems.text(user.value())))))
                .item();
        return item.isEmpty() ? null : DynamoItems.profile(item);
    }

    /// Items by their keys, a hundred in a request; what DynamoDB leaves over is asked for again.
    private List<Map<String, AttributeValue>> batch(
            String table, List<Map<String, AttributeValue>> keys, boolean consistent) {
        List<Map<String, AttributeValue>> items = new ArrayList<>();
        Deque<Map<String, AttributeValue>> left = new ArrayDeque<>(keys);
        for (int fruitless = 0; !left.isEmpty(); ) {
            List<Map<String, AttributeValue>> some = Stream.generate(left::poll)
                    .limit(Math.min(MAX_BATCH, left.size()))
                    .toList();
            BatchGetItemResponse answer = answered(() -> dynamo.batchGetItem(get -> get.requestItems(Map.of(
                    table,
                    KeysAndAttributes.builder()
                            .consistentRead(consistent)
                            .keys(some)
                            .build()))));
            List<Map<String, AttributeValue>> found = answer.responses().getOrDefault(table, List.of());
            items.addAll(found);
            KeysAndAttributes unprocessed = answer.unprocessedKeys().get(table);
            if (unprocessed != null) {
                left.addAll(unprocessed.keys());
                fruitless = found.isEmpty() ? fruitless + 1 : 0;
                if (fruitless == MAX_FRUITLESS) {
                    throw new StoreUnavailable(new IllegalStateException("throttled"));
                }
            }
        }
        return items;
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
