package com.pantherkolab.api.store;

import com.pantherkolab.common.OutboxEntry;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/// A DynamoDB client whose next answers are written down beforehand; what it was asked is kept.
public final class ScriptedDynamo implements DynamoDbClient {
    private final Deque<RuntimeException> failures = new ArrayDeque<>();
    private final List<TransactWriteItemsRequest> transactions = new ArrayList<>();
    private final List<PutItemRequest> puts = new ArrayList<>();

    /// The next requests fail so, one after the other; those after them succeed.
    public ScriptedDynamo failing(RuntimeException... next) {
        failures.addAll(Arrays.asList(next));
        return this;
    }

    /// The refusal of a transaction, with the reasons of its items in order.
    static TransactionCanceledException cancelled(String... reasons) {
        return TransactionCanceledException.builder()
                .cancellationReasons(Arrays.stream(reasons)
                        .map(code -> CancellationReason.builder().code(code).build())
                        .toList())
                .statusCode(400)
                .build();
    }

    /// The refusal of a transaction whose entry is there already.
    static TransactionCanceledException cancelledBy(OutboxEntry entry, String... otherReasons) {
        List<CancellationReason> reasons = new ArrayList<>();
        reasons.add(CancellationReason.builder()
                .code("ConditionalCheckFailed")
                .item(DynamoItems.entry(entry))
                .build());
        reasons.addAll(cancelled(otherReasons).cancellationReasons());
        return TransactionCanceledException.builder()
                .cancellationReasons(reasons)
                .statusCode(400)
                .build();
    }

    List<TransactWriteItemsRequest> transactions() {
        return transactions;
    }

    List<PutItemRequest> puts() {
        return puts;
    }

    @Override
    public TransactWriteItemsResponse transactWriteItems(TransactWriteItemsRequest request) {
        transactions.add(request);
        failIfTold();
        return TransactWriteItemsResponse.builder().build();
    }

    @Override
    public PutItemResponse putItem(PutItemRequest request) {
        puts.add(request);
        failIfTold();
        return PutItemResponse.builder().build();
    }

    @Override
    public QueryResponse query(QueryRequest request) {
        failIfTold();
        return QueryResponse.builder().items(List.of()).build();
    }

    @Override
    public String serviceName() {
        return "dynamodb";
    }

    @Override
    public void close() {}

    private void failIfTold() {
        @Nullable RuntimeException failure = failures.poll();
        if (failure != null) {
            throw failure;
        }
    }
}
