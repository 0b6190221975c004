package com.pantherkolab.local.aws;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.pantherkolab.common.Json;
import java.net.URI;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// SQS in its JSON protocol: standard and FIFO queues, delays, long polls, visibility, dead-letter queues.
///
/// What it takes from the service's description: a message is hidden from its receive until its visibility is over
/// and then comes back, with a new receipt; an old receipt is accepted and deletes nothing; a message that was
/// received `maxReceiveCount` times goes to the dead-letter queue at the receive after that; in a FIFO queue a
/// group waits for its earliest message, and a `MessageDeduplicationId` counts for five minutes; a delay is 0 to
/// 900 seconds; a message and a batch hold at most 1 MiB.
///
/// Where it is kept, a message outlives the process. It is then as when it was sent: whoever had received it is
/// gone, and it shows at once.
///
/// It is kinder than SQS: it delivers in order and once, finds every message at every receive and counts exactly.
/// Nobody may rely on that.
public final class LocalQueues implements StandIn {
    static final String JSON = "application/x-amz-json-1.0";

    private static final String TARGET = "AmazonSQS.";
    private static final int MAX_BYTES = 1024 * 1024;
    private static final int MAX_BATCH = 10;
    private static final Duration MAX_VISIBILITY = Duration.ofHours(12);
    private static final Pattern NAME = Pattern.compile("[-_A-Za-z0-9]{1,80}|[-_A-Za-z0-9]{1,75}\\.fifo");
    private static final Pattern ENTRY_ID = Pattern.compile("[-_A-Za-z0-9]{1,80}");
    private static final Pattern LEGAL =
            Pattern.compile("[\\x09\\x0A\\x0D\\x20-\\x{D7FF}\\x{E000}-\\x{FFFD}\\x{10000}-\\x{10FFFF}]*");

    private final InstantSource clock;
    private final Supplier<UUID> ids;
    private final Supplier<URI> endpoint;
    private final Kept kept;

    /// By name; guarded by this, as the queues are.
    private final Map<String, LocalQueue> queues = new LinkedHashMap<>();

    private boolean closed;

    LocalQueues(InstantSource clock, Supplier<UUID> ids, Supplier<URI> endpoint, Kept kept) {
        this.clock = clock;
        this.ids = ids;
        this.endpoint = endpoint;
        this.kept = kept;
    }

    /// Makes a queue, if it is not there.
    ///
    /// @param attributes by the names of SQS
    /// @return its URL
    public synchronized URI create(String name, Map<String, String> attributes) {
        QueueAttributes read = QueueAttributes.read(attributes);
        if (!NAME.matcher(name).matches() || read.fifo() != name.endsWith(".fifo")) {
            throw QueueRefusal.badValue(
                    "The name of a queue has up to 80 letters, digits, hyphens and underscores; that"
                            + " of a FIFO queue, and only that, ends with .fifo.");
        }
        LocalQueue queue = queues.get(name);
        if (queue == null) {
            queues.put(
                    name,
                    new LocalQueue(name, clock.instant(), read, () -> ids.get().toString(), kept.part(name)));
        } else if (!queue.attributes().equals(read)) {
            throw QueueRefusal.exists(name);
        }
        return url(name);
    }

    /// The URL of a queue, whether it exists or not.
    public URI url(String name) {
        return endpoint.get().resolve("/sqs/%s/%s".formatted(LocalAws.ACCOUNT, name));
    }

    static String arn(String name) {
        return "arn:aws:sqs:%s:%s:%s".formatted(LocalAws.REGION, LocalAws.ACCOUNT, name);
    }

    /// The bodies of all messages of a queue, hidden ones too.
    public synchronized List<String> bodies(String name) {
        return queue(name).bodies(clock.instant());
    }

    /// Whether there is a queue of this name.
    public synchronized boolean exists(String name) {
        return queues.containsKey(name);
    }

    /// How many messages of a queue may be received now: `ApproximateNumberOfMessagesVisible` in CloudWatch.
    public synchronized long visible(String name) {
        return queue(name).counts(clock.instant()).visible();
    }

    /// Sends a message, as an operator does.
    public synchronized void send(String name, String body) {
        ObjectNode _ = send(queue(name), object().put("MessageBody", body)); // Nobody asks for its id.
        notifyAll();
    }

    /// Deletes all messages of a queue, as `PurgeQueue` does.
    public synchronized void purge(String name) {
        queue(name).purge();
    }

    /// Gives dead letters back to the queue that they came from, as `StartMessageMoveTask` does; what was sent to
    /// the queue itself stays.
    ///
    /// @return how many
    public synchronized int redrive(String name) {
        Instant now = clock.instant();
        List<QueuedMessage> dead = queue(name).takeDeadLetters();
        for (QueuedMessage message : dead) {
            String from = String.valueOf(message.deadLetterOf);
            queue(from.substring(from.lastIndexOf(':') + 1)).takeBack(message, now);
        }
        notifyAll();
        return dead.size();
    }

    @Override
    public AwsAnswer answer(AwsRequest request) throws InterruptedException {
        String operation = request.header("x-amz-target");
        try {
            ObjectNode in = request.json();
            return AwsAnswer.json(
                    200, JSON, operation.equals(TARGET + "ReceiveMessage") ? receive(in) : carryOut(operation, in));
        } catch (QueueRefusal refusal) {
            return refusal.answer();
        } catch (IllegalArgumentException unreadable) {
            return QueueRefusal.badValue(String.valueOf(unreadable.getMessage()))
                    .answer();
        }
    }

    /// Lets every long poll end.
    @Override
    public synchronized void close() {
        closed = true;
        notifyAll();
    }

    private synchronized ObjectNode carryOut(String operation, ObjectNode in) {
        ObjectNode answer =
                switch (operation.startsWith(TARGET) ? operation.substring(TARGET.length()) : operation) {
                    case "CreateQueue" ->
                        object().put(
                                        "QueueUrl",
                                        create(
                                                        required(in, "QueueName"),
                                                        in.path("Attributes").properties().stream()
                                                                .collect(Collectors.toMap(
                                                                        Map.Entry::getKey, attribute -> attribute
                                                                                .getValue()
                                                                                .asString(""))))
                                                .toString());
                    case "GetQueueUrl" ->
                        object().put(
                                        "QueueUrl",
                                        url(queue(required(in, "QueueName")).name())
                                                .toString());
                    case "GetQueueAttributes" -> attributes(in);
                    case "SendMessage" -> send(addressed(in), in);
                    case "SendMessageBatch" -> sendBatch(in);
                    case "DeleteMessage" -> {
                        addressed(in).delete(required(in, "ReceiptHandle"));
                        yield object();
                    }
                    case "DeleteMessageBatch" ->
                        batch(in, (entry, result) -> addressed(in).delete(required(entry, "ReceiptHandle")));
                    case "ChangeMessageVisibility" -> {
                        changeVisibility(addressed(in), in);
                        yield object();
                    }
                    case "ChangeMessageVisibilityBatch" ->
                        batch(in, (entry, result) -> changeVisibility(addressed(in), entry));
                    case "PurgeQueue" -> {
                        addressed(in).purge();
                        yield object();
                    }
                    default -> throw QueueRefusal.unknownOperation(operation);
                };
        // Something may have become visible.
        notifyAll();
        return answer;
    }

    private ObjectNode attributes(ObjectNode in) {
        LocalQueue queue = addressed(in);
        QueueAttributes set = queue.attributes();
        LocalQueue.Counts counts = queue.counts(clock.instant());
        Map<String, String> all = new LinkedHashMap<>();
        all.put("QueueArn", queue.arn());
        all.put("ApproximateNumberOfMessages", String.valueOf(counts.visible()));
        all.put("ApproximateNumberOfMessagesNotVisible", String.valueOf(counts.inFlight()));
        all.put("ApproximateNumberOfMessagesDelayed", String.valueOf(counts.delayed()));
        all.put("CreatedTimestamp", String.valueOf(queue.created().getEpochSecond()));
        all.put("VisibilityTimeout", String.valueOf(set.visibility().toSeconds()));
        all.put("DelaySeconds", String.valueOf(set.delay().toSeconds()));
        all.put("MessageRetentionPeriod", String.valueOf(set.retention().toSeconds()));
        all.put("ReceiveMessageWaitTimeSeconds", String.valueOf(set.poll().toSeconds()));
        if (set.fifo()) {
            all.put("FifoQueue", "true");
            all.put("ContentBasedDeduplication", String.valueOf(set.contentBasedDeduplication()));
        }
        set.redrive()
                .ifPresent(redrive -> all.put(
                        "RedrivePolicy",
                        object().put("deadLetterTargetArn", arn(redrive.queue()))
                                .put("maxReceiveCount", redrive.maxReceiveCount())
                                .toString()));
        Set<String> asked = texts(in, "AttributeNames");
        ObjectNode answer = object();
        ObjectNode given = answer.putObject("Attributes");
        all.forEach((name, value) -> {
            if (asked.contains("All") || asked.contains(name)) {
                given.put(name, value);
            }
        });
        return answer;
    }

    private ObjectNode send(LocalQueue queue, JsonNode in) {
        QueuedMessage message = queue.send(sending(queue.attributes(), in), clock.instant());
        ObjectNode answer = object().put("MessageId", message.id).put("MD5OfMessageBody", Md5.of(message.body));
        if (!message.attributes.isEmpty()) {
            answer.put("MD5OfMessageAttributes", Md5.ofAttributes(message.attributes));
        }
        if (message.sequenceNumber != null) {
            answer.put("SequenceNumber", message.sequenceNumber);
        }
        return answer;
    }

    private ObjectNode sendBatch(ObjectNode in) {
        LocalQueue queue = addressed(in);
        int bytes =
                in.path("Entries").values().stream().mapToInt(LocalQueues::size).sum();
        if (bytes > MAX_BYTES) {
            throw QueueRefusal.named(
                    "BatchRequestTooLong", "The batch has %d bytes, more than %d.".formatted(bytes, MAX_BYTES));
        }
        return batch(in, (entry, result) -> result.setAll(send(queue, entry)));
    }

    private LocalQueue.Sending sending(QueueAttributes queue, JsonNode in) {
        String body = required(in, "MessageBody");
        if (!LEGAL.matcher(body).matches()) {
            throw QueueRefusal.badContents();
        }
        if (size(in) > MAX_BYTES) {
            throw QueueRefusal.badValue("One or more parameters are invalid. Reason: Message must be shorter than"
                    + " %d bytes.".formatted(MAX_BYTES));
        }
        OptionalInt delay = number(in, "DelaySeconds", 0, 900);
        String group = optional(in, "MessageGroupId");
        String deduplicationId = optional(in, "MessageDeduplicationId");
        if (queue.fifo()) {
            if (group == null) {
                throw QueueRefusal.missing("MessageGroupId");
            }
            if (deduplicationId == null && !queue.contentBasedDeduplication()) {
                throw QueueRefusal.badValue("The queue should either have ContentBasedDeduplication enabled or"
                        + " MessageDeduplicationId provided explicitly");
            }
            if (delay.isPresent()) {
                throw QueueRefusal.badValue(
                        "Value %d for parameter DelaySeconds is invalid. Reason: The request include"
                                        .formatted(delay.getAsInt())
                                + " parameter that is not valid for this queue type.");
            }
        } else if (deduplicationId != null) {
            throw QueueRefusal.badValue("The request includes a parameter that is not valid for this queue type:"
                    + " MessageDeduplicationId");
        }
        return new LocalQueue.Sending(
                body,
                in.path("MessageAttributes"),
                delay.isPresent() ? Optional.of(Duration.ofSeconds(delay.getAsInt())) : Optional.empty(),
                group,
                queue.fifo() && deduplicationId == null ? sha256(body) : deduplicationId);
    }

    private ObjectNode receive(ObjectNode in) throws InterruptedException {
        int limit = number(in, "MaxNumberOfMessages", 1, MAX_BATCH).orElse(1);
        OptionalInt visibility = number(in, "VisibilityTimeout", 0, (int) MAX_VISIBILITY.toSeconds());
        OptionalInt wait = number(in, "WaitTimeSeconds", 0, 20);
        Set<String> system = texts(in, "MessageSystemAttributeNames");
        system.addAll(texts(in, "AttributeNames"));
        Set<String> own = texts(in, "MessageAttributeNames");
        ObjectNode answer = object();
        ArrayNode messages = object().putArray("Messages");
        for (ObjectNode message : waitFor(addressed(in), limit, visibility, wait)) {
            messages.add(only(message, system, own));
        }
        if (!messages.isEmpty()) {
            answer.set("Messages", messages);
        }
        return answer;
    }

    private synchronized List<ObjectNode> waitFor(
            LocalQueue queue, int limit, OptionalInt visibility, OptionalInt waitSeconds) throws InterruptedException {
        Duration hidden = visibility.isPresent()
                ? Duration.ofSeconds(visibility.getAsInt())
                : queue.attributes().visibility();
        Duration wait = waitSeconds.isPresent()
                ? Duration.ofSeconds(waitSeconds.getAsInt())
                : queue.attributes().poll();
        long giveUp = System.nanoTime() + wait.toNanos();
        while (true) {
            Instant now = clock.instant();
            List<ObjectNode> received = queue.receive(limit, hidden, now, this::takeDeadLetter).stream()
                    .map(QueuedMessage::json)
                    .toList();
            long left = giveUp - System.nanoTime();
            if (!received.isEmpty() || left <= 0 || closed) {
                return received;
            }
            long untilShown = queue.nextShowing(now)
                    .map(time -> Duration.between(now, time).toNanos())
                    .orElse(left);
            TimeUnit.NANOSECONDS.timedWait(this, Math.max(1_000_000, Math.min(left, untilShown)));
        }
    }

    private boolean takeDeadLetter(String name, QueuedMessage message) {
        LocalQueue dead = queues.get(name);
        if (dead == null) {
            return false;
        }
        String from = queues.values().stream()
                .filter(queue -> queue.attributes()
                        .redrive()
                        .filter(redrive -> redrive.queue().equals(name))
                        .isPresent())
                .map(LocalQueue::arn)
                .findFirst()
                .orElse("");
        dead.addDeadLetter(message, from, clock.instant());
        return true;
    }

    /// The message with the attributes that were asked for.
    private static ObjectNode only(ObjectNode message, Set<String> system, Set<String> own) {
        if (!system.contains("All")) {
            ((ObjectNode) message.path("Attributes")).retain(system);
        }
        if (own.isEmpty()) {
            message.remove(List.of("MessageAttributes", "MD5OfMessageAttributes"));
        } else if (!own.contains("All") && message.has("MessageAttributes")) {
            ObjectNode asked =
                    ((ObjectNode) message.path("MessageAttributes")).deepCopy().retain(own);
            message.set("MessageAttributes", asked);
            message.put("MD5OfMessageAttributes", Md5.ofAttributes(asked));
        }
        return message;
    }

    private void changeVisibility(LocalQueue queue, JsonNode in) {
        int seconds = number(in, "VisibilityTimeout", 0, (int) MAX_VISIBILITY.toSeconds())
                .orElseThrow(() -> QueueRefusal.missing("VisibilityTimeout"));
        queue.changeVisibility(required(in, "ReceiptHandle"), Duration.ofSeconds(seconds), clock.instant());
    }

    /// Each entry by itself: what one of them does wrong is told in its own result.
    private static ObjectNode batch(ObjectNode in, BiConsumer<JsonNode, ObjectNode> one) {
        List<JsonNode> entries = new ArrayList<>(in.path("Entries").values());
        if (entries.isEmpty()) {
            throw QueueRefusal.named("EmptyBatchRequest", "There should be at least one entry in the request.");
        }
        if (entries.size() > MAX_BATCH) {
            throw QueueRefusal.named(
                    "TooManyEntriesInBatchRequest",
                    "Maximum number of entries per request are %d. You have sent %d."
                            .formatted(MAX_BATCH, entries.size()));
        }
        Set<String> seen = new HashSet<>();
        for (JsonNode entry : entries) {
            if (!ENTRY_ID.matcher(required(entry, "Id")).matches()) {
                throw QueueRefusal.named(
                        "InvalidBatchEntryId",
                        "A batch entry id can only contain alphanumeric"
                                + " characters, hyphens and underscores. It can be at most 80 letters long.");
            }
            if (!seen.add(required(entry, "Id"))) {
                throw QueueRefusal.named(
                        "BatchEntryIdsNotDistinct", "Id %s repeated.".formatted(required(entry, "Id")));
            }
        }
        ObjectNode answer = object();
        ArrayNode successful = answer.putArray("Successful");
        ArrayNode failed = answer.putArray("Failed");
        for (JsonNode entry : entries) {
            try {
                ObjectNode result = object().put("Id", required(entry, "Id"));
                one.accept(entry, result);
                successful.add(result);
            } catch (QueueRefusal refusal) {
                failed.add(refusal.entry(required(entry, "Id")));
            }
        }
        return answer;
    }

    private LocalQueue addressed(ObjectNode in) {
        String url = required(in, "QueueUrl");
        return queue(url.substring(url.lastIndexOf('/') + 1));
    }

    private synchronized LocalQueue queue(String name) {
        LocalQueue queue = queues.get(name);
        if (queue == null) {
            throw QueueRefusal.noSuchQueue();
        }
        return queue;
    }

    private static ObjectNode object() {
        return Json.mapper().createObjectNode();
    }

    private static int size(JsonNode message) {
        JsonNode attributes = message.path("MessageAttributes");
        return message.path("MessageBody").stringValue("").getBytes(UTF_8).length
                + (attributes.isEmpty() ? 0 : attributes.toString().getBytes(UTF_8).length);
    }

    private static String required(JsonNode in, String member) {
        String value = optional(in, member);
        if (value == null || value.isEmpty()) {
            throw QueueRefusal.missing(member);
        }
        return value;
    }

    private static @Nullable String optional(JsonNode in, String member) {
        return in.path(member).isString() ? in.path(member).stringValue() : null;
    }

    private static OptionalInt number(JsonNode in, String member, int least, int most) {
        JsonNode value = in.path(member);
        if (value.isMissingNode() || value.isNull()) {
            return OptionalInt.empty();
        }
        if (!value.isInt() || value.intValue() < least || value.intValue() > most) {
            throw QueueRefusal.badValue("Value %s for parameter %s is invalid. Reason: %s must be >= %d and <= %d."
                    .formatted(value, member, member, least, most));
        }
        return OptionalInt.of(value.intValue());
    }

    private static Set<String> texts(JsonNode in, String member) {
        return in.path(member).values().stream()
                .map(value -> value.stringValue(""))
                .collect(Collectors.toCollection(HashSet::new));
    }

    private static String sha256(String body) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
