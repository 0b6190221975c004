package com.pantherkolab.local;

import com.amazonaws.services.dynamodbv2.local.embedded.DynamoDBEmbedded;
import com.amazonaws.services.dynamodbv2.local.shared.access.AmazonDynamoDBLocal;
import com.pantherkolab.events.template.Section;
import com.pantherkolab.local.StoreFaults.Fate;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
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

/// DynamoDB Local inside this JVM, in memory or in a file, with the tables of `template.yaml`.
///
/// In a file, an answer that it has given holds also after `kill -9`, see [DurabilityBarrier].
///
/// Its telemetry is off. It does not sweep expired items, and its streams have one open shard each; AWS does and
/// may have more.
public final class EmbeddedDynamo implements AutoCloseable {
    private static final Set<String> WRITES =
            Set.of("transactWriteItems", "putItem", "updateItem", "deleteItem", "batchWriteItem");

    /// A table of its own for the barrier's one item.
    private static final CreateTableRequest BARRIER = CreateTableRequest.builder()
            .tableName("LocalBarrier")
            .billingMode(BillingMode.PAY_PER_REQUEST)
            .attributeDefinitions(AttributeDefinition.builder()
                    .attributeName("id")
                    .attributeType("S")
                    .build())
            .keySchema(KeySchemaElement.builder()
                    .attributeName("id")
                    .keyType("HASH")
                    .build())
            .build();

    private final AmazonDynamoDBLocal local;
    private final DurabilityBarrier barrier;
    private final DynamoDbClient client;
    private final DynamoDbStreamsClient streams;
    private final AtomicLong throttled = new AtomicLong();
    private volatile Supplier<Fate> fates = () -> Fate.NONE;

    private EmbeddedDynamo(AmazonDynamoDBLocal local, DurabilityBarrier barrier, Runnable onWrite) {
        this.local = local;
        this.barrier = barrier;
        this.client = troubled(local.dynamoDbClient(), barrier, () -> fates.get(), onWrite);
        this.streams = safe(local.dynamoDbStreamsClient(), barrier);
    }

    /// Starts it in memory.
    ///
    /// @param tables what is created
    /// @param onWrite called after each write that was acknowledged
    public static EmbeddedDynamo start(List<Deployment.Table> tables, Runnable onWrite) {
        // What is gone with the process anyway is as safe as it will be.
        return start(DynamoDBEmbedded.create(null, true), _ -> {}, tables, onWrite);
    }

    /// Starts it in a file; tables that are there stay as they are, and so do their streams.
    ///
    /// @param file made if there is none; a folder would make it try for ever
    /// @param tables what is created where it is missing
    /// @param onWrite called after each write that was acknowledged
    static EmbeddedDynamo open(Path file, List<Deployment.Table> tables, Runnable onWrite) {
        if (Files.isDirectory(file)) {
            throw new IllegalArgumentException(file + " is a folder");
        }
        return start(DynamoDBEmbedded.create(file.toFile(), true), EmbeddedDynamo::writeBarrier, tables, onWrite);
    }

    private static EmbeddedDynamo start(
            AmazonDynamoDBLocal local,
            Consumer<DynamoDbClient> barrier,
            List<Deployment.Table> tables,
            Runnable onWrite) {
        DynamoDbClient client = local.dynamoDbClient();
        Set<String> present = Set.copyOf(client.listTables().tableNames());
        Stream.concat(tables.stream().map(EmbeddedDynamo::request), Stream.of(BARRIER))
                .filter(table -> !present.contains(table.tableName()))
                .forEach(client::createTable);
        return new EmbeddedDynamo(local, new DurabilityBarrier(() -> barrier.accept(client)), onWrite);
    }

    private static void writeBarrier(DynamoDbClient client) {
        client.putItem(put -> put.tableName(BARRIER.tableName()).item(Map.of("id", AttributeValue.fromS("barrier"))));
    }

    /// The client of its tables.
    public DynamoDbClient client() {
        return client;
    }

    /// The client of its streams.
    DynamoDbStreamsClient streams() {
        return streams;
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

    /// Waits until nothing that this thread has read can be taken back; to be called before others are told of it.
    void settle() {
        barrier.settle();
    }

    @Override
    public void close() {
        local.shutdownNow();
    }

    /// From now on writes have the fates that this gives.
    void faults(Supplier<Fate> plan) {
        fates = () -> {
            Fate fate = plan.get();
            if (fate == Fate.THROTTLE) {
                throttled.incrementAndGet();
            }
            return fate;
        };
    }

    /// How many writes were throttled: `WriteThrottleEvents` in CloudWatch, which counts for each table.
    long throttled() {
        return throttled.get();
    }

    /// The same client, with bad days, which tells of each write: so the pump can sleep while nothing happens.
    static DynamoDbClient troubled(
            DynamoDbClient client, DurabilityBarrier barrier, Supplier<Fate> nextFate, Runnable onWrite) {
        return proxy(DynamoDbClient.class, (method, arguments) -> {
            if (!WRITES.contains(method.getName())) {
                return barrier.read(() -> method.invoke(client, arguments));
            }
            Fate fate = nextFate.get();
            beforeWriting(fate, arguments[0]);
            Object answer = barrier.write(() -> method.invoke(client, arguments));
            onWrite.run();
            afterWriting(fate);
            return answer;
        });
    }

    /// The same client, which hands out no record that could still be taken back.
    private static DynamoDbStreamsClient safe(DynamoDbStreamsClient client, DurabilityBarrier barrier) {
        return proxy(DynamoDbStreamsClient.class, (method, arguments) -> {
            Object answer = barrier.read(() -> method.invoke(client, arguments));
            barrier.settle();
            return answer;
        });
    }

    @FunctionalInterface
    private interface Call {
        Object answer(Method method, Object[] arguments) throws Throwable;
    }

    private static <T> T proxy(Class<T> type, Call call) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (_, method, arguments) -> {
                    try {
                        return call.answer(method, arguments == null ? new Object[0] : arguments);
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                }));
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

    /// What creates a table of the template.
    static CreateTableRequest request(Deployment.Table table) {
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
