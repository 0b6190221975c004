package com.pantherkolab.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.pantherkolab.api.store.Tables;
import com.pantherkolab.common.Json;
import com.pantherkolab.local.history.Report;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.springframework.core.env.Environment;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import tools.jackson.databind.JsonNode;

/// Random commands through the whole system while everything that the contract lists goes wrong; then the faults
/// end, what is due is waited for, and the history is checked: nothing lost, nothing forged, nothing out of order,
/// and what clients heard is what they read back.
///
/// `-Dproof.changes=10000 -Dproof.seeds=20` for the full one. A seed that fails says so and runs by itself by
/// `-Dproof.seed=…`; its history is left in `target/proof`.
class ProofTest {
    private static final int CHANGES = Integer.getInteger("proof.changes", 1_000);
    private static final int SEEDS = Integer.getInteger("proof.seeds", 2);
    private static final long FIRST_SEED = Long.getLong("proof.first-seed", 1);

    /// Ten times the publisher crashes that are asked for: the invocations are fewer than the changes.
    private static final String FAULTS = """
            {"publish": {"errorRate": 0.2, "statuses": [429, 500, 503], "resetRate": 0.05, "lostResponseRate": 0.05,
                         "partialFailureRate": 0.1},
             "publisher": {"crashRate": 0.2},
             "store": {"conflictRate": 0.05, "lostResponseRate": 0.05},
             "seed": %d}
            """;

    @Test
    void whateverCommitsIsPublishedAndNothingElseWhateverGoesWrong() throws Exception {
        Long one = Long.getLong("proof.seed");
        long first = one == null ? FIRST_SEED : one;
        for (long seed = first; seed < first + (one == null ? SEEDS : 1); seed++) {
            try {
                prove(seed);
            } catch (AssertionError broken) {
                throw new AssertionError("-Dproof.seed=%d -Dproof.changes=%d".formatted(seed, CHANGES), broken);
            }
        }
    }

    private static void prove(long seed) throws Exception {
        HistoryRecorder history = new HistoryRecorder();
        Map<String, Map<String, JsonNode>> heard = new ConcurrentHashMap<>();
        try (RunningSystem system = RunningSystem.startImpatient()) {
            PublisherCrashes crashes = system.bean(PublisherCrashes.class);
            system.bean(LocalSystem.class).emulator().onAccepted((channel, events) -> {
                history.accepted(channel, events);
                hear(heard, channel, events);
                crashes.accepted(channel, events);
            });
            ProofWorkload workload = new ProofWorkload(system, history);
            history.mark("faults");
            system.faults(FAULTS.formatted(seed));
            workload.run(seed, CHANGES);
            long behind = system.status().path("stream").path("behind").longValue();
            system.clearFaults();
            history.mark("no faults");
            drain(system, workload);
            complete(history, system);

            Report report = history.check();
            System.out.printf(
                    "ProofTest: seed %d, %d publisher crashes, %d records behind when the faults ended%n%s",
                    seed, crashes.deaths(), behind, report.text());
            if (!report.isClean() || Boolean.getBoolean("proof.keep")) {
                history.write(Path.of("target/proof/seed-%d.jsonl".formatted(seed)));
            }
            assertThat(report.violations()).as("seed %d", seed).isEmpty();
            assertThat(report.counts().changes()).isGreaterThanOrEqualTo(CHANGES);
            assertThat(crashes.deaths()).as("crashes").isPositive();
            assertThat(report.counts().duplicates()).as("faults that repeat").isPositive();
            assertThat(report.counts().listed())
                    .as("given up, while nothing is hopeless")
                    .isZero();
            workload.readBack().forEach((user, state) -> assertThat(told(heard, user))
                    .as("what %s heard is what they read back, seed %d", user, seed)
                    .isEqualTo(state));
        }
    }

    /// Until nothing is open, nothing is behind, and nothing more commits.
    private static void drain(RunningSystem system, ProofWorkload workload) throws InterruptedException {
        long before;
        do {
            workload.endCalls();
            system.awaitPublished();
            before = committed(system);
            Thread.sleep(Duration.ofMillis(300));
            system.awaitPublished();
        } while (committed(system) != before);
    }

    private static long committed(RunningSystem system) {
        return system.status().path("outbox").path("committed").longValue();
    }

    /// Adds what committed and what an operator finds undelivered.
    static void complete(HistoryRecorder history, RunningSystem system) {
        Environment environment = system.bean(Environment.class);
        CommittedEntries.of(
                        system.bean(EmbeddedDynamo.class),
                        system.bean(Tables.class).outbox())
                .forEach(history::committed);
        parked(history, system.bean(SqsClient.class), environment.getRequiredProperty("publisher.parked-queue-url"));
        failed(history, system.bean(S3Client.class), environment.getRequiredProperty("publisher.failure-bucket"));
        history.mark("the end");
    }

    private static void parked(HistoryRecorder history, SqsClient queues, String url) {
        List<Message> messages;
        do {
            messages = queues.receiveMessage(receive ->
                            receive.queueUrl(url).maxNumberOfMessages(10).visibilityTimeout(600))
                    .messages();
            for (Message message : messages) {
                JsonNode pointer = Json.mapper().readTree(message.body());
                history.listed(
                        "parked-events queue",
                        pointer.path("eventId").stringValue(),
                        pointer.path("channel").stringValue());
            }
        } while (!messages.isEmpty());
    }

    private static void failed(HistoryRecorder history, S3Client storage, String bucket) {
        storage.listObjectsV2(list -> list.bucket(bucket)).contents().forEach(object -> {
            JsonNode document = Json.mapper()
                    .readTree(storage.getObjectAsBytes(get -> get.bucket(bucket).key(object.key()))
                            .asByteArray());
            JsonNode payload = Json.mapper().readTree(document.path("payload").stringValue());
            payload.path("Records")
                    .forEach(record -> history.listedForAll(
                            "failure destination",
                            record.path("dynamodb")
                                    .path("Keys")
                                    .path("eventId")
                                    .path("S")
                                    .stringValue()));
        });
    }

    /// What a client of each channel keeps: messages by sequence, calls by their highest version.
    private static void hear(Map<String, Map<String, JsonNode>> heard, String channel, List<String> events) {
        Map<String, JsonNode> own = heard.computeIfAbsent(channel, _ -> new ConcurrentHashMap<>());
        for (String event : events) {
            JsonNode data = Json.mapper().readTree(event).path("data");
            if (data.has("callVersion")) {
                own.merge(
                        data.path("sessionId").stringValue(),
                        data,
                        (known, told) -> told.path("callVersion").longValue()
                                        > known.path("callVersion").longValue()
                                ? told
                                : known);
            } else if (data.has("messageId")) {
                own.put(ProofWorkload.message(data), data);
            }
        }
    }

    private static Set<String> told(Map<String, Map<String, JsonNode>> heard, String user) {
        Map<String, JsonNode> all = new HashMap<>(heard.getOrDefault("/chats/" + user, Map.of()));
        all.putAll(heard.getOrDefault("/calls/" + user, Map.of()));
        Set<String> told = new HashSet<>();
        all.values()
                .forEach(data -> told.add(
                        data.has("callVersion")
                                ? ProofWorkload.call(data, "callVersion")
                                : ProofWorkload.message(data)));
        return told;
    }
}
