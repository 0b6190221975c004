package com.pantherkolab.publisher;

import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sqs.SqsClient;

/// The table, the stream, the bucket and the queue of the settings.
final class AwsReplaySources implements ReplaySources {
    private final DynamoDbClient dynamo;
    private final DynamoDbStreamsClient streams;
    private final S3Client s3;
    private final SqsClient sqs;
    private final PublisherSettings publisher;
    private final String outboxTable;
    private final Sleeper sleeper;

    AwsReplaySources(
            DynamoDbClient dynamo,
            DynamoDbStreamsClient streams,
            S3Client s3,
            SqsClient sqs,
            PublisherSettings publisher,
            String outboxTable,
            Sleeper sleeper) {
        this.dynamo = dynamo;
        this.streams = streams;
        this.s3 = s3;
        this.sqs = sqs;
        this.publisher = publisher;
        this.outboxTable = outboxTable;
        this.sleeper = sleeper;
    }

    @Override
    public ReplaySource open(ReplayOptions options, @Nullable String position) {
        return switch (options.from()) {
            case ReplayFrom.Stream range ->
                new StreamSource(
                        streams,
                        outbox(ReplayRequest.DEFAULT_READ_RATE).describe().latestStreamArn(),
                        range,
                        position);
            case ReplayFrom.Table(int readUnits) ->
                new TableSource(outbox(readUnits), options.filter().aggregates(), position);
            case ReplayFrom.Failures() -> new FailureSource(s3, publisher.failureBucket(), outboxTable, position);
            case ReplayFrom.Parked() ->
                new ParkedSource(sqs, publisher.parkedQueueUrl(), outbox(ReplayRequest.DEFAULT_READ_RATE));
        };
    }

    private Outbox outbox(int readUnits) {
        return new Outbox(dynamo, outboxTable, sleeper, readUnits);
    }
}
