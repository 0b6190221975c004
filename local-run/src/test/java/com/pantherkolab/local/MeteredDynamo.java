package com.pantherkolab.local;

import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.ConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsResponse;

/// A DynamoDB client that counts the reads that pass through it, and what DynamoDB says they cost.
final class MeteredDynamo implements DynamoDbClient {
    private final DynamoDbClient dynamo;
    private int requests;
    private double units;

    MeteredDynamo(DynamoDbClient dynamo) {
        this.dynamo = dynamo;
    }

    /// What was read since the last look.
    ///
    /// @param requests how many requests
    /// @param units how many read units
    record Bill(int requests, double units) {}

    Bill bill() {
        Bill bill = new Bill(requests, units);
        requests = 0;
        units = 0;
        return bill;
    }

    @Override
    public QueryResponse query(QueryRequest request) {
        QueryResponse answer = dynamo.query(request.toBuilder()
                .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL)
                .build());
        count(List.of(answer.consumedCapacity()));
        return answer;
    }

    @Override
    public GetItemResponse getItem(GetItemRequest request) {
        GetItemResponse answer = dynamo.getItem(request.toBuilder()
                .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL)
                .build());
        count(List.of(answer.consumedCapacity()));
        return answer;
    }

    @Override
    public BatchGetItemResponse batchGetItem(BatchGetItemRequest request) {
        BatchGetItemResponse answer = dynamo.batchGetItem(request.toBuilder()
                .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL)
                .build());
        count(answer.consumedCapacity());
        return answer;
    }

    @Override
    public PutItemResponse putItem(PutItemRequest request) {
        return dynamo.putItem(request);
    }

    @Override
    public TransactWriteItemsResponse transactWriteItems(TransactWriteItemsRequest request) {
        return dynamo.transactWriteItems(request);
    }

    @Override
    public String serviceName() {
        return dynamo.serviceName();
    }

    @Override
    public void close() {}

    private void count(@Nullable List<ConsumedCapacity> capacity) {
        requests++;
        if (capacity != null) {
            capacity.forEach(consumed -> units += consumed.capacityUnits());
        }
    }
}
