package com.pantherkolab.local;

import com.amazonaws.services.dynamodbv2.local.embedded.DynamoDBEmbedded;
import com.amazonaws.services.dynamodbv2.local.shared.access.AmazonDynamoDBLocal;
import com.pantherkolab.events.template.Section;
import com.pantherkolab.local.StoreFaults.Fate;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.LocalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.ThrottlingException;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;

/// DynamoDB Local inside this JVM, in memory, with the tables of `template.yaml`.
///
/// Its telemetry is off. It does not sweep expired items, and its stream has one shard; AWS does and may have more.
public final class EmbeddedDynamo implements AutoCloseable {
    private static final Set<String> WRITES =
            Set.of("transactWriteItems", "putItem", "updateItem", "deleteItem", "batchWriteItem");

    private final AmazonDynamoDBLocal local;
    private final DynamoDbClient client;
    private volatile Supplier<Fate> fates = () -> Fate.NONE;

    private EmbeddedDynamo(AmazonDynamoDBLocal local, Runnable onWrite) {
        this.local = local;
        this.client = troubled(local.dynamoDbClient(), () -> fates.get(), onWrite);
    }

    /// Starts it.
    ///
    /// @param tables what is created
    /// @param onWrite called after each write that was acknowledged
    public static EmbeddedDynamo start(List<Deployment.Table> tables, Runnable onWrite) {
        EmbeddedDynamo dynamo = new EmbeddedDynamo(DynamoDBEmbedded.create(null, true), onWrite);
        tables.forEach(table -> dynamo.client.createTable(request(table)));
        return dynamo;
    }

    /// The client of its tables.
    public DynamoDbClient client() {
        return client;
    }

    /// The client of its streams.
    DynamoDbStreamsClient streams() {
        return local.dynamoDbStreamsClient();
    }

    /// The stream of a table.
    String streamArn(String table) {
        return client.describeTable(describe -> describe.tableName(table))
                .table()
                .latestStreamArn();
    }

    /// How many items a table holds; DynamoDB Local counts them, AWS only every six hours.
    long count(String table) {
        return client.describeTable(describe -> describe.tableName(table))
                .table()
                .itemCount();
    }

    @Override
    public void close() {
        local.shutdownNow();
    }

    /// From now on writes have the fates that this gives.
    void faults(Supplier<Fate> plan) {
        fates = plan;
    }

    /// The same client, with bad days, which tells of each write: so the pump can sleep while nothing happens.
    private static DynamoDbClient troubled(DynamoDbClient client, Supplier<Fate> nextFate, Runnable onWrite) {
        return (DynamoDbClient) Proxy.newProxyInstance(
                DynamoDbClient.class.getClassLoader(),
                new Class<?>[] {DynamoDbClient.class},
                (_, method, arguments) -> {
                    try {
                        if (!(arguments != null && WRITES.contains(method.getName()))) {
                            return method.invoke(client, arguments);
                        }
                        Fate fate = nextFate.get();
                        beforeWriting(fate, arguments[0]);
                        Object answer = method.invoke(client, arguments);
                        onWrite.run();
                        afterWriting(fate);
                        return answer;
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                });
    }

    private static void beforeWriting(Fate fate, Object request) {
        switch (fate) {
            case CONFLICT -> throw conflict(request);
            case THROTTLE ->
                throw ThrottlingException.builder()
                        .statusCode(400)
                        .message("Throttled.")
                        .build();
            case LOST_REQUEST -> throw ApiCallTimeoutException.create(0);
            case NONE, LOST_RESPONSE -> {}
        }
    }

    private static void afterWriting(Fate fate) {
        if (fate == Fate.LOST_RESPONSE) {
            throw ApiCallTimeoutException.create(0);
        }
    }

    /// In a transaction it is the last item that is held, so that the entry's own reason is hidden.
    private static DynamoDbException conflict(Object request) {
        if (!(request instanceof TransactWriteItemsRequest transaction)) {
            return TransactionConflictException.builder().statusCode(400).build();
        }
        List<CancellationReason> reasons = new ArrayList<>(Collections.nCopies(
                transaction.transactItems().size() - 1,
                CancellationReason.builder().code("None").build()));
        reasons.add(CancellationReason.builder().code("TransactionConflict").build());
        return TransactionCanceledException.builder()
                .statusCode(400)
                .cancellationReasons(reasons)
                .build();
    }

    private static CreateTableRequest request(Deployment.Table table) {
        Section properties = table.properties();
        CreateTableRequest.Builder request = CreateTableRequest.builder()
                .tableName(table.name())
                .billingMode(BillingMode.PAY_PER_REQUEST)
                .attributeDefinitions(properties.sections("AttributeDefinitions").stream()
                        .map(attribute -> AttributeDefinition.builder()
                                .attributeName(attribute.requiredText("AttributeName"))
                                .attributeType(attribute.requiredText("AttributeType"))
                                .build())
                        .toList())
                .keySchema(keys(properties));
        List<LocalSecondaryIndex> indexes = properties.sections("LocalSecondaryIndexes").stream()
                .map(index -> LocalSecondaryIndex.builder()
                        .indexName(index.requiredText("IndexName"))
                        .keySchema(keys(index))
                        .projection(projection -> projection.projectionType(
                                index.section("Projection").orElseThrow().requiredText("ProjectionType")))
                        .build())
                .toList();
        if (!indexes.isEmpty()) {
            request.localSecondaryIndexes(indexes);
        }
        properties
                .section("StreamSpecification")
                .ifPresent(stream -> request.streamSpecification(specification ->
                        specification.streamEnabled(true).streamViewType(stream.requiredText("StreamViewType"))));
        return request.build();
    }

    private static List<KeySchemaElement> keys(Section keyed) {
        return keyed.sections("KeySchema").stream()
                .map(key -> KeySchemaElement.builder()
                        .attributeName(key.requiredText("AttributeName"))
                        .keyType(key.requiredText("KeyType"))
                        .build())
                .toList();
    }
}
