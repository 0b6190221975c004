package com.pantherkolab.publisher;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequest;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchResponse;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequest;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchResponse;
import software.amazon.awssdk.services.sqs.model.GetQueueAttributesRequest;
import software.amazon.awssdk.services.sqs.model.GetQueueAttributesResponse;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageRequest;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageResponse;

/// A queue in memory in which no time passes: what is received stays hidden until it is shown, or forgotten about
/// by the test. It refuses what SQS refuses: batches of none, of more than ten, and of doubled ids.
final class MemoryQueue implements SqsClient {
    private final Map<String, String> bodies = new LinkedHashMap<>();
    private final Set<String> hidden = new HashSet<>();
    private final List<Integer> visibilities = new ArrayList<>();
    private int sent;

    void send(String body) {
        bodies.put("m" + ++sent, body);
    }

    /// What is left, hidden or not.
    List<String> bodies() {
        return List.copyOf(bodies.values());
    }

    List<String> shown() {
        return bodies.entrySet().stream()
                .filter(message -> !hidden.contains(message.getKey()))
                .map(Map.Entry::getValue)
                .toList();
    }

    /// Shows everything again, as when its time is over.
    void showAll() {
        hidden.clear();
    }

    /// For how many seconds each receive asked to hide.
    List<Integer> visibilities() {
        return visibilities;
    }

    @Override
    public GetQueueAttributesResponse getQueueAttributes(GetQueueAttributesRequest request) {
        return GetQueueAttributesResponse.builder()
                .attributes(
                        bodies.isEmpty()
                                ? Map.of()
                                : Map.of(
                                        QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                                        String.valueOf(shown().size())))
                .build();
    }

    @Override
    public ReceiveMessageResponse receiveMessage(ReceiveMessageRequest request) {
        visibilities.add(request.visibilityTimeout());
        List<Message> messages = bodies.entrySet().stream()
                .filter(message -> !hidden.contains(message.getKey()))
                .limit(request.maxNumberOfMessages())
                .map(message -> Message.builder()
                        .messageId("id of " + message.getKey())
                        .receiptHandle(message.getKey())
                        .body(message.getValue())
                        .build())
                .toList();
        messages.forEach(message -> hidden.add(message.receiptHandle()));
        return ReceiveMessageResponse.builder().messages(messages).build();
    }

    @Override
    public DeleteMessageBatchResponse deleteMessageBatch(DeleteMessageBatchRequest request) {
        requireBatch(request.entries().stream().map(entry -> entry.id()).toList());
        request.entries().forEach(entry -> bodies.remove(entry.receiptHandle()));
        return DeleteMessageBatchResponse.builder().build();
    }

    @Override
    public ChangeMessageVisibilityBatchResponse changeMessageVisibilityBatch(
            ChangeMessageVisibilityBatchRequest request) {
        requireBatch(request.entries().stream().map(entry -> entry.id()).toList());
        request.entries().forEach(entry -> {
            if (entry.visibilityTimeout() == 0) {
                hidden.remove(entry.receiptHandle());
            }
        });
        return ChangeMessageVisibilityBatchResponse.builder().build();
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {}

    private static void requireBatch(List<String> ids) {
        if (ids.isEmpty() || ids.size() > 10 || new HashSet<>(ids).size() < ids.size()) {
            throw new AssertionError("SQS takes no batch of the ids " + ids);
        }
    }
}
