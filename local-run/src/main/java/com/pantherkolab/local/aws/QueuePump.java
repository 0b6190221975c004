package com.pantherkolab.local.aws;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/// Feeds a function with a queue's messages, as Lambda's event source mapping does: it receives, invokes, deletes
/// what succeeded. What failed it leaves alone; the queue shows it again after its visibility timeout, and gives it
/// to the dead-letter queue when that happened too often.
///
/// One invocation at a time; Lambda begins with five.
public final class QueuePump implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(QueuePump.class);

    /// How long one receive waits; so long may closing take.
    private static final int WAIT_SECONDS = 1;

    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofMillis(200);

    private final QueueMapping mapping;
    private final Supplier<SqsClient> queues;
    private final String queueUrl;
    private final UnaryOperator<byte[]> function;
    private final AtomicLong done = new AtomicLong();
    private final Thread thread;
    private volatile boolean closed;

    /// @param queues asked by the pump's own thread, for a client takes a while to make
    /// @param function takes the event of Lambda, answers with `batchItemFailures`
    public QueuePump(
            QueueMapping mapping, Supplier<SqsClient> queues, String queueUrl, UnaryOperator<byte[]> function) {
        this.mapping = mapping;
        this.queues = queues;
        this.queueUrl = queueUrl;
        this.function = function;
        this.thread = Thread.ofPlatform()
                .name("queue-pump-" + mapping.queue())
                .daemon()
                .unstarted(this::run);
    }

    /// Starts it.
    public void start() {
        thread.start();
    }

    /// Whether it receives.
    public boolean isRunning() {
        return thread.isAlive();
    }

    /// How many messages were handled and deleted.
    public long done() {
        return done.get();
    }

    /// Ends the invocation under way, whose messages then count as failed, and the pump.
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join(Duration.ofSeconds(10));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            while (!closed) {
                once();
            }
        } catch (InterruptedException _) { // Closed.
        }
    }

    private void once() throws InterruptedException {
        try {
            List<Message> batch = receive();
            if (!batch.isEmpty()) {
                delete(batch, invoke(batch));
            }
        } catch (SdkException failed) {
            if (!closed) {
                log.warn("the queue {} could not be read; trying again", mapping.queue(), failed);
                Thread.sleep(PAUSE_AFTER_FAILURE);
            }
        }
    }

    private List<Message> receive() {
        return queues.get()
                .receiveMessage(receive -> receive.queueUrl(queueUrl)
                        .maxNumberOfMessages(mapping.batchSize())
                        .waitTimeSeconds(WAIT_SECONDS)
                        .messageAttributeNames("All")
                        .messageSystemAttributeNames(MessageSystemAttributeName.ALL))
                .messages();
    }

    /// @return the ids of the messages that are not done
    private Set<String> invoke(List<Message> batch) {
        try {
            return LambdaMessages.failures(batch, function.apply(LambdaMessages.event(batch, arn())));
        } catch (RuntimeException failed) {
            if (!closed) {
                log.warn("an invocation of {} failed; its messages come back", mapping.function(), failed);
            }
            return LambdaMessages.ids(batch);
        }
    }

    private void delete(List<Message> batch, Set<String> failed) {
        List<DeleteMessageBatchRequestEntry> entries = batch.stream()
                .filter(message -> !failed.contains(message.messageId()))
                .map(message -> DeleteMessageBatchRequestEntry.builder()
                        .id(message.messageId())
                        .receiptHandle(message.receiptHandle())
                        .build())
                .toList();
        if (!entries.isEmpty()) {
            done.addAndGet(queues.get()
                    .deleteMessageBatch(delete -> delete.queueUrl(queueUrl).entries(entries))
                    .successful()
                    .size());
        }
    }

    private String arn() {
        return queues.get()
                .getQueueAttributes(get -> get.queueUrl(queueUrl).attributeNames(QueueAttributeName.QUEUE_ARN))
                .attributes()
                .getOrDefault(QueueAttributeName.QUEUE_ARN, "");
    }
}
