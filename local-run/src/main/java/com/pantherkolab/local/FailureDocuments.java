package com.pantherkolab.local;

import com.pantherkolab.common.Json;
import com.pantherkolab.local.BatchQueue.Batch;
import com.pantherkolab.local.BatchQueue.Condition;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.dynamodb.model.Record;
import tools.jackson.databind.node.ObjectNode;

/// What a mapping gave up, as Lambda writes it to a bucket: one document for each batch, with the whole event in
/// it.
final class FailureDocuments {
    private static final Logger log = LoggerFactory.getLogger(FailureDocuments.class);
    private static final DateTimeFormatter FOLDER =
            DateTimeFormatter.ofPattern("yyyy/MM/dd").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter NAME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH.mm.ss").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter MILLIS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final StreamMapping mapping;
    private final String streamArn;
    private final FailureDestination destination;
    private final Clock clock;
    private final Supplier<String> ids;

    /// @param ids draws the ids of documents
    FailureDocuments(
            StreamMapping mapping,
            String streamArn,
            FailureDestination destination,
            Clock clock,
            Supplier<String> ids) {
        this.mapping = mapping;
        this.streamArn = streamArn;
        this.destination = destination;
        this.clock = clock;
        this.ids = ids;
    }

    /// Keeps a batch. Without a destination in the mapping it is dropped, as Lambda does.
    void keep(String shard, Batch batch, Condition condition) {
        log.warn("{} records of {} are given up: {}", batch.records().size(), mapping.function(), condition.text());
        if (mapping.failures().isPresent()) {
            Instant now = clock.instant();
            destination.put(key(shard, now), Json.mapper().writeValueAsString(document(shard, batch, condition, now)));
        }
    }

    private String key(String shard, Instant now) {
        return "aws/lambda/%s/%s/%s/%s-%s"
                .formatted(mapping.id(), shard, FOLDER.format(now), NAME.format(now), ids.get());
    }

    private ObjectNode document(String shard, Batch batch, Condition condition, Instant now) {
        ObjectNode document = Json.mapper().createObjectNode();
        document.putObject("requestContext")
                .put("requestId", ids.get())
                .put("functionArn", LocalContext.arn(mapping.function()))
                .put("condition", condition.text())
                .put("approximateInvokeCount", batch.invocations());
        switch (condition) {
            case RETRY_ATTEMPTS_EXHAUSTED -> {
                ObjectNode response = document.putObject("responseContext")
                        .put("statusCode", 200)
                        .put("executedVersion", "$LATEST");
                if (batch.failed()) {
                    response.put("functionError", "Unhandled");
                }
            }
            // No response is spoken of: it is the record's age that ended it.
            case RECORD_AGE_EXCEEDED -> {}
        }
        List<Record> records = batch.records().stream().map(Incoming::record).toList();
        Incoming first = batch.records().getFirst();
        Incoming last = batch.records().getLast();
        document.put("version", "1.0").put("timestamp", MILLIS.format(now));
        document.putObject("DDBStreamBatchInfo")
                .put("shardId", shard)
                .put("startSequenceNumber", first.record().dynamodb().sequenceNumber())
                .put("endSequenceNumber", last.record().dynamodb().sequenceNumber())
                .put("approximateArrivalOfFirstRecord", seconds(first))
                .put("approximateArrivalOfLastRecord", seconds(last))
                .put("batchSize", records.size())
                .put("streamArn", streamArn);
        return document.put("payload", Json.mapper().writeValueAsString(RecordJson.event(records, streamArn)));
    }

    private static String seconds(Incoming incoming) {
        return DateTimeFormatter.ISO_INSTANT.format(incoming.createdAt().truncatedTo(ChronoUnit.SECONDS));
    }
}
