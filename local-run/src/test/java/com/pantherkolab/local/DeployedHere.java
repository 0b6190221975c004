package com.pantherkolab.local;

import com.pantherkolab.api.store.Tables;
import com.pantherkolab.local.StoreFaults.Fate;
import com.pantherkolab.local.aws.LocalAws;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sqs.SqsClient;

/// In this JVM: DynamoDB Local, and local run's stand-ins of SQS and S3.
final class DeployedHere implements Deployed {
    /// Logical ids are the tables' names here.
    static final Tables TABLES = new Tables(
            "UsersTable", "ConversationsTable", "MembershipsTable", "MessagesTable", "CallsTable", "OutboxTable");

    private final CommitBell bell = new CommitBell();
    private final EmbeddedDynamo dynamo;
    private final LocalAws aws = LocalAws.start(Clock.systemUTC(), UUID::randomUUID);
    private final SqsClient queues = aws.queuesClient().build();
    private final S3Client storage = aws.storageClient().build();
    private final Map<String, String> names = new HashMap<>();

    private DeployedHere(Deployment deployment) {
        dynamo = EmbeddedDynamo.start(deployment.tables(), bell::ring);
        deployment.tables().forEach(table -> names.put(table.name(), table.name()));
        names.putAll(deployment.aws().create(aws));
    }

    static Deployed deploy() {
        return new DeployedHere(Deployed.deployment());
    }

    @Override
    public DynamoDbClient dynamo() {
        return dynamo.client();
    }

    @Override
    public DynamoDbStreamsClient streams() {
        return dynamo.streams();
    }

    @Override
    public SqsClient queues() {
        return queues;
    }

    @Override
    public S3Client storage() {
        return storage;
    }

    @Override
    public Map<String, String> names() {
        return Map.copyOf(names);
    }

    @Override
    public CommitBell bell() {
        return bell;
    }

    @Override
    public void faults(Supplier<Fate> plan) {
        dynamo.faults(plan);
    }

    @Override
    public void close() {
        queues.close();
        storage.close();
        aws.close();
        dynamo.close();
    }
}
