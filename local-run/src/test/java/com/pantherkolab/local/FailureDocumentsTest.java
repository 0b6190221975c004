package com.pantherkolab.local;

import static com.pantherkolab.local.Pumped.answering;
import static com.pantherkolab.local.Pumped.failing;
import static com.pantherkolab.local.Pumped.mapping;
import static com.pantherkolab.local.ScriptedStreams.inserts;
import static com.pantherkolab.local.ScriptedStreams.record;
import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.DynamodbEvent;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import com.pantherkolab.common.Json;
import com.pantherkolab.local.BatchQueue.Batch;
import com.pantherkolab.local.BatchQueue.Condition;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.OperationType;
import software.amazon.awssdk.services.dynamodb.model.Record;
import tools.jackson.databind.JsonNode;

/// What is given up: where it goes, and what it looks like there.
class FailureDocumentsTest {
    private static final String DESTINATION =
            "DestinationConfig: { OnFailure: { Type: S3, Destination: !GetAtt FailureBucket.Arn } }";
    private static final Instant NOW = Instant.parse("2026-11-23T04:05:06.789Z");
    private static final Instant CREATED = Instant.parse("2026-11-23T03:00:00.123Z");

    private final StreamMapping mapping = mapping(DESTINATION);
    private final List<Record> records = everyKind();
    private final MemoryFailureDestination bucket = new MemoryFailureDestination();

    @Test
    void theKeyIsThatOfTheS3Destination() {
        keep(Condition.RETRY_ATTEMPTS_EXHAUSTED);

        assertThat(bucket.keys())
                .containsExactly("aws/lambda/" + mapping.id() + "/shard-1/2026/11/23/2026-11-23T04.05.06-uuid-1");
    }

    @Test
    void theDocumentSaysWhoFailedHowAndWhere() {
        keep(Condition.RETRY_ATTEMPTS_EXHAUSTED);

        JsonNode document = document();
        assertThat(document.propertyNames())
                .containsExactly(
                        "requestContext", "responseContext", "version", "timestamp", "DDBStreamBatchInfo", "payload");
        assertThat(document.path("requestContext")).isEqualTo(json("""
                {"requestId":"uuid-2","functionArn":"arn:aws:lambda:us-east-1:000000000000:function:streamPublisher",
                 "condition":"RetryAttemptsExhausted","approximateInvokeCount":4}"""));
        assertThat(document.path("responseContext")).isEqualTo(json("""
                {"statusCode":200,"executedVersion":"$LATEST","functionError":"Unhandled"}"""));
        assertThat(document.path("version").stringValue()).isEqualTo("1.0");
        assertThat(document.path("timestamp").stringValue()).isEqualTo("2026-11-23T04:05:06.789Z");
        assertThat(document.path("DDBStreamBatchInfo")).isEqualTo(json("""
                {"shardId":"shard-1","startSequenceNumber":"1","endSequenceNumber":"2",
                 "approximateArrivalOfFirstRecord":"2026-11-23T03:00:00Z",
                 "approximateArrivalOfLastRecord":"2026-11-23T03:00:00Z","batchSize":2,
                 "streamArn":"arn:stream"}"""));
    }

    @Test
    void aRecordThatGotTooOldHasNoResponse() {
        keep(Condition.RECORD_AGE_EXCEEDED);

        assertThat(document().has("responseContext")).isFalse();
        assertThat(document().path("requestContext").path("condition").stringValue())
                .isEqualTo("RecordAgeExceeded");
    }

    @Test
    void thePayloadIsTheWholeEventAsTextAndIsReadBackAsTheFunctionSawIt() {
        keep(Condition.RETRY_ATTEMPTS_EXHAUSTED);

        String payload = document().path("payload").stringValue();
        DynamodbEvent event = LambdaEventSerializers.serializerFor(
                        DynamodbEvent.class, getClass().getClassLoader())
                .fromJson(payload);
        assertThat(event).isEqualTo(LambdaRecords.event(records, "arn:stream"));
    }

    @Test
    void aMappingWithoutADestinationDropsWhatItGivesUp() throws Exception {
        ScriptedStreams streams = new ScriptedStreams().shard("s");
        streams.add("s", inserts(1, 3));

        try (Pumped pumped =
                Pumped.start(streams, mapping("MaximumRetryAttempts: 0", "BatchSize: 2"), answering(batch -> {
                    if (batch.contains("1")) {
                        throw new IllegalStateException("never");
                    }
                    return Pumped.SUCCESS;
                }))) {
            assertThat(pumped.awaitHandled().invocations()).containsExactly(List.of("1", "2"), List.of("3"));
            assertThat(pumped.failures.keys()).isEmpty();
            assertThat(pumped.pump.figures()).isEqualTo(new MappingFigures.Snapshot(1, 0, 0, 2));
        }
    }

    @Test
    void whatIsGivenUpIsStoredBeforeThePositionMovesAndTheShardGoesOn() throws Exception {
        ScriptedStreams streams = new ScriptedStreams().shard("s");
        streams.add("s", inserts(1, 4));

        try (Pumped pumped = Pumped.start(
                streams,
                mapping(
                        "MaximumRetryAttempts: 1",
                        "BisectBatchOnFunctionError: true",
                        "FunctionResponseTypes: [ReportBatchItemFailures]",
                        DESTINATION),
                answering(batch -> batch.contains("2") ? failing("2") : Pumped.SUCCESS))) {
            pumped.awaitHandled();
            // The first answer cut it to 2, 3, 4; of these the function never handled the first.
            assertThat(pumped.invocations())
                    .containsExactly(List.of("1", "2", "3", "4"), List.of("2", "3", "4"), List.of("2", "3", "4"));
            assertThat(pumped.failures.documents().values()).singleElement().satisfies(document -> {
                assertThat(json(document).path("responseContext").has("functionError"))
                        .isFalse();
                assertThat(json(document)
                                .path("DDBStreamBatchInfo")
                                .path("batchSize")
                                .intValue())
                        .isEqualTo(3);
            });
            assertThat(pumped.pump.figures())
                    .as("a response that handles nothing is no failed invocation")
                    .isEqualTo(new MappingFigures.Snapshot(0, 3, 0, 0));
        }
    }

    @Test
    void aDestinationThatCannotStoreIsAskedAgainAndNothingIsHandledUntilThen() throws Exception {
        ScriptedStreams streams = new ScriptedStreams().shard("s");
        streams.add("s", inserts(1, 1));
        Deque<RuntimeException> outage = new ArrayDeque<>(List.of(new IllegalStateException("no bucket")));
        MemoryFailureDestination stored = new MemoryFailureDestination();
        FailureDestination destination = (key, document) -> {
            if (!outage.isEmpty()) {
                throw outage.remove();
            }
            stored.put(key, document);
        };

        try (StreamPump pump = new StreamPump(
                mapping("MaximumRetryAttempts: 0", DESTINATION),
                new TableStream(streams, ScriptedStreams.ARN),
                answering(_ -> {
                    throw new IllegalStateException("never");
                }),
                new Surroundings(destination, StreamPositions.NONE, new CommitBell(), Clock.systemUTC(), () -> "id"))) {
            pump.start();
            while (pump.behind() > 0) {
                assertThat(stored.keys()).hasSizeLessThanOrEqualTo(1);
                Thread.sleep(5);
            }
            assertThat(pump.figures()).isEqualTo(new MappingFigures.Snapshot(1, 1, 1, 0));
        }
        assertThat(stored.keys()).hasSize(1);
        assertThat(outage).isEmpty();
    }

    private void keep(Condition condition) {
        int[] ids = {0};
        new FailureDocuments(mapping, "arn:stream", bucket, Clock.fixed(NOW, ZoneOffset.UTC), () -> "uuid-" + ++ids[0])
                .keep(
                        "shard-1",
                        new Batch(
                                records.stream()
                                        .map(record -> new Incoming(record, NOW))
                                        .toList(),
                                3,
                                4,
                                true),
                        condition);
    }

    private static List<Record> everyKind() {
        Record plain = record(1, OperationType.INSERT, "item", 100, CREATED);
        Map<String, AttributeValue> everything = Map.of(
                "s", AttributeValue.fromS("a \"quoted\" text with ü and 😀"),
                "n", AttributeValue.fromN("12345678901234567890.5"),
                "b", AttributeValue.fromB(SdkBytes.fromUtf8String("bytes")),
                "t", AttributeValue.fromBool(true),
                "nothing", AttributeValue.fromNul(true),
                "ss", AttributeValue.fromSs(List.of("a", "b")),
                "ns", AttributeValue.fromNs(List.of("1", "2.5")),
                "bs", AttributeValue.fromBs(List.of(SdkBytes.fromUtf8String("x"))),
                "l", AttributeValue.fromL(List.of(AttributeValue.fromS("x"), AttributeValue.fromN("1"))),
                "m", AttributeValue.fromM(Map.of("in", AttributeValue.fromS("side"))));
        Record rich = record(2, OperationType.REMOVE, "item", 100, CREATED);
        return List.of(
                plain,
                rich.toBuilder()
                        .dynamodb(rich.dynamodb().toBuilder()
                                .newImage(everything)
                                .oldImage(everything)
                                .build())
                        .userIdentity(identity -> identity.type("Service").principalId("dynamodb.amazonaws.com"))
                        .build());
    }

    private JsonNode document() {
        return json(bucket.documents().values().iterator().next());
    }

    private static JsonNode json(String text) {
        return Json.mapper().readTree(text);
    }
}
