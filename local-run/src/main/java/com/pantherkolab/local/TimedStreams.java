package com.pantherkolab.local;

import java.util.List;
import software.amazon.awssdk.services.dynamodb.model.DescribeStreamRequest;
import software.amazon.awssdk.services.dynamodb.model.DescribeStreamResponse;
import software.amazon.awssdk.services.dynamodb.model.GetRecordsRequest;
import software.amazon.awssdk.services.dynamodb.model.GetRecordsResponse;
import software.amazon.awssdk.services.dynamodb.model.GetShardIteratorRequest;
import software.amazon.awssdk.services.dynamodb.model.GetShardIteratorResponse;
import software.amazon.awssdk.services.dynamodb.model.Record;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;

/// The embedded streams with the times of their records put right, for readers that know of no local run.
record TimedStreams(DynamoDbStreamsClient streams) implements DynamoDbStreamsClient {
    @Override
    public DescribeStreamResponse describeStream(DescribeStreamRequest request) {
        return streams.describeStream(request);
    }

    @Override
    public GetShardIteratorResponse getShardIterator(GetShardIteratorRequest request) {
        return streams.getShardIterator(request);
    }

    @Override
    public GetRecordsResponse getRecords(GetRecordsRequest request) {
        GetRecordsResponse answer = streams.getRecords(request);
        List<Record> records = answer.records().stream()
                .map(record -> record.toBuilder()
                        .dynamodb(record.dynamodb().toBuilder()
                                .approximateCreationDateTime(LambdaRecords.createdAt(record.dynamodb()))
                                .build())
                        .build())
                .toList();
        return answer.toBuilder().records(records).build();
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    /// The streams are closed by whom they belong to.
    @Override
    public void close() {}
}
