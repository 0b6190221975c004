package com.pantherkolab.local;

import com.pantherkolab.local.StoreFaults.Fate;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudformation.model.CloudFormationException;
import software.amazon.awssdk.services.cloudformation.model.Parameter;
import software.amazon.awssdk.services.cloudformation.model.StackResource;
import software.amazon.awssdk.services.cloudformation.model.StackStatus;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sqs.SqsClient;

/// On LocalStack, by its CloudFormation: a stack of the template's own resources, under a name of its own.
final class DeployedOnLocalStack implements Deployed {
    /// What LocalStack calls a resource that it only pretends to make.
    static final String PRETENDED = "unknown";

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final Set<StackStatus> UNDER_WAY =
            Set.of(StackStatus.CREATE_IN_PROGRESS, StackStatus.DELETE_IN_PROGRESS);

    private static final Parameter DELETABLE = Parameter.builder()
            .parameterKey("DeletionProtection")
            .parameterValue("false")
            .build();

    private final CommitBell bell = new CommitBell();
    private final CloudFormationClient cloudFormation;
    private final DynamoDbClient dynamo;
    private final DynamoDbClient troubled;
    private final DynamoDbStreamsClient streams;
    private final SqsClient queues;
    private final S3Client storage;
    private final String stack;
    private final List<StackResource> resources;
    private volatile Supplier<Fate> fates = () -> Fate.NONE;

    private DeployedOnLocalStack(URI endpoint, StatefulResources template) {
        cloudFormation = client(CloudFormationClient.builder(), endpoint).build();
        dynamo = client(DynamoDbClient.builder(), endpoint).build();
        // Its answers are as safe as they will be: there is nothing to wait for.
        troubled = EmbeddedDynamo.troubled(dynamo, new DurabilityBarrier(() -> {}), () -> fates.get(), bell::ring);
        streams = client(DynamoDbStreamsClient.builder(), endpoint).build();
        queues = client(SqsClient.builder(), endpoint).build();
        storage = client(S3Client.builder(), endpoint).forcePathStyle(true).build();
        stack = cloudFormation
                .createStack(create -> create.stackName("realtime-" + UUID.randomUUID())
                        .templateBody(template.json())
                        // Or the stack could not be removed either.
                        .parameters(DELETABLE))
                .stackId();
        StackStatus status = settled();
        resources = cloudFormation
                .describeStackResources(describe -> describe.stackName(stack))
                .stackResources();
        if (status != StackStatus.CREATE_COMPLETE) {
            throw new AssertionError("the stack is %s: %s".formatted(status, resources));
        }
    }

    /// Deploys all that keeps data.
    static DeployedOnLocalStack deploy() {
        return new DeployedOnLocalStack(LocalStack.endpoint(), template());
    }

    /// Deploys these alone.
    static DeployedOnLocalStack deploy(String... logicalIds) {
        return new DeployedOnLocalStack(LocalStack.endpoint(), template().only(List.of(logicalIds)));
    }

    private static StatefulResources template() {
        return StatefulResources.of(Deployed.deployment().template());
    }

    /// What CloudFormation says that it made.
    List<StackResource> resources() {
        return resources;
    }

    @Override
    public DynamoDbClient dynamo() {
        return troubled;
    }

    @Override
    public DynamoDbStreamsClient streams() {
        return streams;
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
        return resources.stream()
                .collect(Collectors.toMap(StackResource::logicalResourceId, StackResource::physicalResourceId));
    }

    @Override
    public CommitBell bell() {
        return bell;
    }

    @Override
    public void faults(Supplier<Fate> plan) {
        fates = plan;
    }

    @Override
    public void close() {
        resources.stream()
                .filter(resource -> resource.resourceType().equals("AWS::S3::Bucket"))
                .forEach(bucket -> empty(bucket.physicalResourceId()));
        cloudFormation.deleteStack(delete -> delete.stackName(stack));
        StackStatus status = settled();
        List.of(cloudFormation, dynamo, streams, queues, storage).forEach(client -> client.close());
        if (status != StackStatus.DELETE_COMPLETE) {
            throw new AssertionError("the stack is " + status);
        }
    }

    private void empty(String bucket) {
        storage.listObjectsV2Paginator(list -> list.bucket(bucket))
                .contents()
                .forEach(object ->
                        storage.deleteObject(delete -> delete.bucket(bucket).key(object.key())));
    }

    private StackStatus settled() {
        Instant giveUp = Instant.now().plus(PATIENCE);
        StackStatus status = status();
        while (UNDER_WAY.contains(status)) {
            if (Instant.now().isAfter(giveUp)) {
                throw new AssertionError("the stack is still " + status);
            }
            pause();
            status = status();
        }
        return status;
    }

    private StackStatus status() {
        try {
            return cloudFormation
                    .describeStacks(describe -> describe.stackName(stack))
                    .stacks()
                    .getFirst()
                    .stackStatus();
        } catch (CloudFormationException gone) {
            return StackStatus.DELETE_COMPLETE;
        }
    }

    private static void pause() {
        try {
            Thread.sleep(LOOK);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    private static <B extends AwsClientBuilder<B, ?> & AwsSyncClientBuilder<B, ?>> B client(B builder, URI endpoint) {
        return builder.endpointOverride(endpoint)
                .region(Region.of(LocalRun.REGION))
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")))
                .httpClientBuilder(UrlConnectionHttpClient.builder().socketTimeout(Duration.ofSeconds(60)));
    }
}
