package com.pantherkolab.publisher;

import com.amazonaws.services.lambda.runtime.events.DynamodbEvent;
import com.amazonaws.services.lambda.runtime.events.DynamodbEvent.DynamodbStreamRecord;
import com.pantherkolab.common.Json;
import com.pantherkolab.publisher.Replayable.Found;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// The documents of the failure bucket: Lambda's, of what the mapping gave up, and the publisher's own, of what it
/// could not read. Both hold a stream event as `payload`.
///
/// Those of a shard come in the order in which the batches were: their keys tell it to the second, and within a
/// second their first sequence numbers do. Documents of other tables' streams lie in the same bucket; they are
/// passed over. Nothing is deleted: the bucket does that by itself.
final class FailureSource implements ReplaySource {
    private static final String LAMBDAS = "aws/lambda/";

    // aws/lambda/<mapping>/<shard>/YYYY/MM/DD/YYYY-MM-DDTHH.MM.SS-<uuid>
    private static final Pattern SECOND = Pattern.compile("(.*/\\d{4}-\\d\\d-\\d\\dT\\d\\d\\.\\d\\d\\.\\d\\d)-[^/]*");

    /// @param before the last key that is done with
    /// @param document how many documents of the second behind it are done with
    /// @param records how many records of the next document are
    private record Position(@Nullable String before, int document, int records) {}

    private record Document(String key, BigInteger first) {}

    private final S3Client client;
    private final String bucket;
    private final String table;
    private final Deque<String> keys = new ArrayDeque<>();
    private final Deque<String> prefixes = new ArrayDeque<>(List.of(LAMBDAS, UnreadableDocument.PREFIX));
    private @Nullable String listedTo;
    private @Nullable String before;
    private int skip;
    private int skipRecords;

    /// @param table the outbox table
    FailureSource(S3Client client, String bucket, String table, @Nullable String position) {
        this.client = client;
        this.bucket = bucket;
        this.table = table;
        if (position != null) {
            Position from = Json.mapper().readValue(position, Position.class);
            before = from.before();
            listedTo = before;
            skip = from.document();
            skipRecords = from.records();
            if (before != null && before.startsWith(UnreadableDocument.PREFIX)) {
                prefixes.removeFirst();
            }
        }
    }

    @Override
    public Page next() {
        List<String> group = group();
        if (group.isEmpty()) {
            return new Page(List.of(), true);
        }
        List<Document> documents = new ArrayList<>();
        for (String key : group) {
            documents.add(new Document(key, group.size() == 1 ? BigInteger.ZERO : first(read(key))));
        }
        documents.sort(Comparator.comparing(Document::first).thenComparing(Document::key));
        List<Found> found = new ArrayList<>();
        for (int at = skip; at < documents.size(); at++) {
            found.addAll(found(documents.get(at).key(), at, group));
            skipRecords = 0;
        }
        skip = 0;
        before = group.getLast();
        return new Page(found, false);
    }

    private List<Found> found(String key, int at, List<String> group) {
        JsonNode document = read(key);
        List<Found> found = new ArrayList<>();
        List<DynamodbStreamRecord> records = records(document);
        if (records == null) {
            found.add(new Found(position(at + 1, 0, group), new Replayable.Unreadable()));
            return found;
        }
        for (int record = skipRecords; record < records.size(); record++) {
            boolean last = record == records.size() - 1;
            String position = last ? position(at + 1, 0, group) : position(at, record + 1, group);
            Replayable what = replayable(records.get(record));
            if (what != null) {
                found.add(new Found(position, what));
            }
        }
        return found;
    }

    private @Nullable Replayable replayable(@Nullable DynamodbStreamRecord record) {
        if (record != null
                && record.getEventSourceARN() != null
                && !record.getEventSourceARN().contains(":table/" + table + "/")) {
            return null;
        }
        return switch (StreamRecords.read(record)) {
            case StreamRecord.Entry(SequenceNumber _, var entry) -> new Replayable.Entry(entry);
            case StreamRecord.Unreadable _ -> new Replayable.Unreadable();
            case StreamRecord.Ignored() -> null;
        };
    }

    private String position(int document, int record, List<String> group) {
        boolean done = document == group.size();
        return Json.mapper()
                .writeValueAsString(
                        done ? new Position(group.getLast(), 0, 0) : new Position(before, document, record));
    }

    /// The keys of one second of one shard.
    private List<String> group() {
        List<String> group = new ArrayList<>();
        while (fill()) {
            String key = keys.getFirst();
            if (!group.isEmpty() && !second(group.getFirst()).equals(second(key))) {
                return group;
            }
            group.add(keys.removeFirst());
        }
        return group;
    }

    /// @return whether there is a key
    private boolean fill() {
        while (keys.isEmpty() && !prefixes.isEmpty()) {
            String prefix = prefixes.getFirst();
            ListObjectsV2Response page = client.listObjectsV2(
                    list -> list.bucket(bucket).prefix(prefix).startAfter(listedTo));
            page.contents().stream().map(S3Object::key).forEach(keys::add);
            listedTo = keys.isEmpty() ? listedTo : keys.getLast();
            if (!Boolean.TRUE.equals(page.isTruncated())) {
                prefixes.removeFirst();
                listedTo = null;
            }
        }
        return !keys.isEmpty();
    }

    private static String second(String key) {
        Matcher second = SECOND.matcher(key);
        return second.matches() ? second.group(1) : key;
    }

    /// @return a missing node, if it is no JSON
    private JsonNode read(String key) {
        byte[] text =
                client.getObjectAsBytes(get -> get.bucket(bucket).key(key)).asByteArray();
        try {
            return Json.mapper().readTree(text);
        } catch (JacksonException unreadable) {
            return Json.mapper().missingNode();
        }
    }

    private static BigInteger first(JsonNode document) {
        String number =
                document.path("DDBStreamBatchInfo").path("startSequenceNumber").asString("0");
        return SequenceNumber.isValid(number) ? new BigInteger(number) : BigInteger.ZERO;
    }

    private static @Nullable List<DynamodbStreamRecord> records(JsonNode document) {
        try {
            DynamodbEvent event = UnreadableDocument.event(
                    document.path("payload").asString("").getBytes(StandardCharsets.UTF_8));
            return event.getRecords();
        } catch (RuntimeException unreadable) {
            return null;
        }
    }
}
