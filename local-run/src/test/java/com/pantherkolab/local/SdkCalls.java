package com.pantherkolab.local;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;

/// What functions ask AWS for, in the words of IAM: recorded at the clients that each function has for itself.
final class SdkCalls {
    private static final Pattern STREAM = Pattern.compile("table/(\\w+)/stream/");
    private static final Pattern LAST_SEGMENT = Pattern.compile("([^/]+)$");

    /// What IAM calls otherwise than the SDK does.
    private static final Map<String, String> ACTIONS = Map.of(
            "sqs:SendMessageBatch", "sqs:SendMessage",
            "sqs:DeleteMessageBatch", "sqs:DeleteMessage",
            "sqs:ChangeMessageVisibilityBatch", "sqs:ChangeMessageVisibility",
            "s3:ListObjectsV2", "s3:ListBucket");

    private final Set<Permission> used = ConcurrentHashMap.newKeySet();

    /// An action on a resource.
    ///
    /// @param function the function's bean
    /// @param action as a policy names it
    /// @param resource a logical id; of a table's stream with ` stream` behind it; `*` where no policy could name
    /// one
    record Permission(String function, String action, String resource) {}

    /// All of them.
    Set<Permission> used() {
        return Set.copyOf(used);
    }

    /// A client like this one, whose calls are this function's.
    ///
    /// @param service what its actions begin with
    <T extends SdkClient> T of(String function, String service, Class<T> type, T client) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    Object[] given = arguments == null ? new Object[0] : arguments;
                    // Both come back to this client with a request.
                    if (method.getName().endsWith("Paginator") || (given.length > 0 && given[0] instanceof Consumer)) {
                        return InvocationHandler.invokeDefault(proxy, method, given);
                    }
                    if (given.length > 0 && given[0] instanceof SdkRequest request) {
                        permissions(function, service, request).forEach(used::add);
                    }
                    try {
                        return method.invoke(client, given);
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                }));
    }

    /// What no client of the SDK does.
    void add(Permission permission) {
        used.add(permission);
    }

    private static Stream<Permission> permissions(String function, String service, SdkRequest request) {
        return switch (request) {
            case TransactWriteItemsRequest transaction ->
                transaction.transactItems().stream().map(item -> write(function, item));
            case BatchGetItemRequest batch ->
                batch.requestItems().keySet().stream()
                        .map(table -> new Permission(function, "dynamodb:BatchGetItem", table));
            default -> Stream.of(new Permission(function, action(service, request), resource(service, request)));
        };
    }

    /// IAM knows no transaction, but what is done in it.
    private static Permission write(String function, TransactWriteItem item) {
        if (item.put() != null) {
            return new Permission(function, "dynamodb:PutItem", item.put().tableName());
        }
        if (item.update() != null) {
            return new Permission(function, "dynamodb:UpdateItem", item.update().tableName());
        }
        if (item.delete() != null) {
            return new Permission(function, "dynamodb:DeleteItem", item.delete().tableName());
        }
        return new Permission(
                function, "dynamodb:ConditionCheckItem", item.conditionCheck().tableName());
    }

    private static String action(String service, SdkRequest request) {
        String operation = request.getClass().getSimpleName().replaceFirst("Request$", "");
        String action = service + ":" + operation;
        return ACTIONS.getOrDefault(action, action);
    }

    private static String resource(String service, SdkRequest request) {
        return switch (service) {
            case "dynamodb" ->
                request.getValueForField("TableName", String.class)
                        .or(() -> Stream.of("StreamArn", "ShardIterator")
                                .flatMap(field -> request.getValueForField(field, String.class).stream())
                                .map(name -> found(STREAM, name) + " stream")
                                .findFirst())
                        .orElseThrow();
            case "sqs" ->
                found(
                        LAST_SEGMENT,
                        request.getValueForField("QueueUrl", String.class).orElseThrow());
            case "s3" -> request.getValueForField("Bucket", String.class).orElseThrow();
            default -> "*";
        };
    }

    private static String found(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            throw new IllegalStateException(text + " names no resource");
        }
        return matcher.group(1);
    }
}
