package com.pantherkolab.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.pantherkolab.common.IsoMillis;
import com.pantherkolab.common.Json;
import com.pantherkolab.local.RunningSystem.User;
import com.pantherkolab.local.aws.LocalAws;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.Record;
import software.amazon.awssdk.services.s3.S3Client;
import tools.jackson.databind.JsonNode;

/// Events that were missed come back, from wherever they are still to be had: through the function as it is
/// deployed, and from the command line.
class ReplayTest {
    private static final RunningSystem SYSTEM = RunningSystem.start("--ring-timeout-seconds=2");
    private static final int MESSAGES = 12;

    private final String run = UUID.randomUUID().toString().substring(0, 8);
    private final User alice = SYSTEM.signIn("alice-" + run);
    private final User bob = SYSTEM.signIn("bob-" + run);
    private final Subscriber heard = new Subscriber();

    @AfterEach
    void clear() {
        SYSTEM.clearFaults();
        SYSTEM.awaitPublished();
    }

    @AfterAll
    static void stop() {
        SYSTEM.close();
    }

    @Test
    void whatABadChannelParkedComesBackInOrderAndLeavesTheQueue() throws Exception {
        String conversation = parked();
        int pointers = pointers();
        try (RawClient _ = RawClient.subscribe(SYSTEM, bob, heard)) {
            JsonNode dry = replay("{'source':'parked','dryRun':true,'conversations':['%s']}".formatted(conversation));
            assertThat(dry.path("planned")).hasSize(2 * (MESSAGES + 1));
            assertThat(pointers()).isEqualTo(pointers);
            assertThat(heard.heard()).isEmpty();

            JsonNode answer = replay("{'source':'parked','conversations':['%s']}".formatted(conversation));

            assertThat(answer.path("summary").path("published").intValue()).isEqualTo(2 * (MESSAGES + 1));
            assertAllMessagesInOrder();
            assertThat(pointers()).isEqualTo(pointers - 2 * (MESSAGES + 1));
        }
    }

    @Test
    void theStreamGivesEveryEventOfTheConversationInOrder() throws Exception {
        String conversation = parked();
        try (RawClient _ = RawClient.subscribe(SYSTEM, bob, heard)) {
            JsonNode answer = replay(
                    "{'source':'stream','conversations':['%s'],'users':['%s']}".formatted(conversation, bob.userId()));

            assertThat(answer.path("summary").path("published").intValue()).isEqualTo(MESSAGES + 1);
            assertAllMessagesInOrder();
        }
    }

    @Test
    void theStreamIsReadFromATimeAndFromASequenceNumber() throws Exception {
        String conversation = parked();
        List<Record> records = records(conversation);
        Record fifth = records.get(5);

        JsonNode byNumber = replay("{'source':'stream','dryRun':true,'fromSequence':'%s','conversations':['%s']}"
                .formatted(fifth.dynamodb().sequenceNumber(), conversation));
        assertThat(byNumber.path("planned")).hasSize(records.size() - 5);
    }

    @Test
    void theStreamIsReadFromTheTimeThatAnEventTells() throws Exception {
        String conversation = parked();
        SYSTEM.post(
                alice,
                "/api/messages/send",
                "{\"conversationId\":\"%s\",\"content\":\"one more\"}".formatted(conversation));
        SYSTEM.awaitPublished();
        Record last = records(conversation).getLast();
        Instant told = Instant.parse(Json.mapper()
                .readTree(text(last.dynamodb().newImage(), "entry"))
                .path("timestamp")
                .stringValue());

        JsonNode byTime = byTime(told);
        JsonNode later = byTime(told.plusMillis(1));

        assertThat(byTime.path("planned").toString())
                .contains(text(last.dynamodb().keys(), "eventId"));
        assertThat(byTime.path("planned")).as("the last one alone").hasSize(1);
        assertThat(later.path("planned")).isEmpty();
        assertThat(later.path("summary").path("filtered").intValue()).isPositive();
    }

    private static JsonNode byTime(Instant from) {
        return replay("{'source':'stream','dryRun':true,'from':'%s'}".formatted(IsoMillis.format(from)));
    }

    @Test
    void aQueryOfTheTableSortsTheConversation() throws Exception {
        String conversation = parked();
        try (RawClient _ = RawClient.subscribe(SYSTEM, bob, heard)) {
            JsonNode answer = replay("{'source':'table','conversations':['%s']}".formatted(conversation));

            assertThat(answer.has("price")).isFalse();
            assertAllMessagesInOrder();
        }
    }

    @Test
    void aScanOfTheTableStatesItsPriceAndKeepsEachConversationInOrder() throws Exception {
        parked();
        try (RawClient _ = RawClient.subscribe(SYSTEM, bob, heard)) {
            JsonNode before = invoke("{'source':'table','seconds':0}");
            assertThat(before.path("price").path("items").intValue()).isGreaterThanOrEqualTo(MESSAGES + 1);
            assertThat(before.path("price").path("readUnits").intValue()).isPositive();
            assertThat(before.path("summary").path("considered").intValue()).isZero();

            replay("{'source':'table','users':['%s'],'rate':1000}".formatted(bob.userId()));

            assertAllMessagesInOrder();
        }
    }

    @Test
    void whatTheMappingGaveUpComesBackFromItsDocumentsInOrder() throws Exception {
        String conversation = parked();
        giveUp(records(conversation));
        try (RawClient _ = RawClient.subscribe(SYSTEM, bob, heard)) {
            JsonNode answer = replay("{'source':'failures','conversations':['%s'],'users':['%s']}"
                    .formatted(conversation, bob.userId()));

            assertThat(answer.path("summary").path("published").intValue()).isEqualTo(MESSAGES + 1);
            assertAllMessagesInOrder();
        }
    }

    @Test
    void anExpiredRingingCallDoesNotRingAgain() throws Exception {
        SYSTEM.faults("{\"publish\":{\"errorRate\":1.0,\"statuses\":[400]}}");
        String call = SYSTEM.post(
                        alice,
                        "/api/calls/initiate",
                        "{\"participantIds\":[\"%s\"],\"callType\":\"AUDIO\"}".formatted(bob.userId()))
                .at("call")
                .path("sessionId")
                .stringValue();
        SYSTEM.awaitPublished();
        SYSTEM.clearFaults();

        try (RawClient _ = RawClient.subscribe(SYSTEM, bob, "calls", heard)) {
            // Its own end tells that the ring deadline is past.
            heard.await("CALL_ENDED");

            JsonNode fromQueue = replay("{'source':'parked','calls':['%s']}".formatted(call));
            JsonNode fromTable = replay("{'source':'table','calls':['%s']}".formatted(call));

            assertThat(fromQueue.path("summary").path("published").intValue()).isZero();
            assertThat(fromTable.path("summary").path("published").intValue())
                    .as("the end, to both")
                    .isEqualTo(2);
            assertThat(heard.heard())
                    .extracting(event -> event.path("type").stringValue())
                    .isNotEmpty()
                    .containsOnly("CALL_ENDED");
        }
    }

    @Test
    void whatThePumpHasNotPassedIsNotTaken() throws Exception {
        SYSTEM.faults("{\"publish\":{\"errorRate\":1.0,\"statuses\":[503]}}");
        String conversation = SYSTEM.conversation(alice, "GROUP", List.of(bob.userId()));
        String request = "{'source':'table','dryRun':true,'conversations':['%s']}".formatted(conversation);

        JsonNode waiting = replay(request);
        SYSTEM.clearFaults();
        SYSTEM.awaitPublished();
        JsonNode passed = replay(request);

        assertThat(waiting.path("summary").path("notYetSafe").intValue()).isEqualTo(2);
        assertThat(waiting.path("planned")).isEmpty();
        assertThat(passed.path("summary").path("notYetSafe").intValue()).isZero();
        assertThat(passed.path("planned")).hasSize(1);
    }

    @Test
    void theCommandLineListsReplaysAndSums(@TempDir Path folder) throws Exception {
        String conversation = parked();
        try (RawClient _ = RawClient.subscribe(SYSTEM, bob, heard)) {
            Ended dry = command(folder, "table", "--conversation", conversation, "--dry-run");
            assertThat(dry.code()).isZero();
            assertThat(dry.out()).contains("MESSAGE_SENT", "to 2 channels", "to publish  " + 2 * (MESSAGES + 1));
            assertThat(heard.heard()).isEmpty();

            Ended wet = command(folder, "table", "--conversation", conversation, "--state", "replay.state");

            assertThat(wet.code()).isZero();
            assertThat(wet.out()).contains("published   " + 2 * (MESSAGES + 1));
            assertThat(folder.resolve("replay.state")).doesNotExist();
            assertAllMessagesInOrder();
            Ended wrong = command(folder, "table", "--type", "MESSAGE");
            assertThat(wrong.code()).isEqualTo(2);
            assertThat(wrong.out()).contains("--type must be of [MESSAGE_SENT");
        }
    }

    // ------------------------------------------------------------------------------------------ doing

    /// A conversation whose every event AppSync refused.
    private String parked() {
        SYSTEM.faults("{\"publish\":{\"errorRate\":1.0,\"statuses\":[400]}}");
        String conversation = SYSTEM.conversation(alice, "GROUP", List.of(bob.userId()));
        for (int i = 1; i <= MESSAGES; i++) {
            SYSTEM.post(
                    alice,
                    "/api/messages/send",
                    "{\"conversationId\":\"%s\",\"content\":\"no. %d\"}".formatted(conversation, i));
        }
        SYSTEM.awaitPublished();
        SYSTEM.clearFaults();
        return conversation;
    }

    private void assertAllMessagesInOrder() throws InterruptedException {
        heard.awaitMessages(MESSAGES);
        assertThat(heard.messages())
                .extracting(message -> message.path("sequence").intValue())
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, MESSAGES).boxed().toList());
        assertThat(heard.heard().getFirst().path("type").stringValue()).isEqualTo("CONVERSATION_CREATED");
    }

    private static JsonNode invoke(String request) {
        var answer = SYSTEM.send(
                SYSTEM.request("/functions/replayEvents").POST(BodyPublishers.ofString(request.replace('\'', '"'))));
        assertThat(answer.response().headers().firstValue("x-amz-function-error"))
                .as(answer.response().body())
                .isEmpty();
        return answer.body();
    }

    private static JsonNode replay(String request) {
        JsonNode answer = invoke(request);
        assertThat(answer.path("done").booleanValue()).as(answer.toString()).isTrue();
        return answer;
    }

    private static int pointers() {
        return SYSTEM.bean(LocalAws.class)
                .queues()
                .bodies(SYSTEM.deployment().aws().queue("ParkedEventsQueue").name())
                .size();
    }

    private static List<Record> records(String conversation) {
        return StreamedRecords.of(stream(), conversation);
    }

    private static String text(Map<String, AttributeValue> item, String name) {
        return Objects.requireNonNull(item.get(name)).s();
    }

    private static TableStream stream() {
        EmbeddedDynamo dynamo = SYSTEM.bean(EmbeddedDynamo.class);
        return new TableStream(dynamo.streams(), dynamo.streamArn("OutboxTable"));
    }

    /// As the mapping does, in batches of three, all of it within a second or so.
    private static void giveUp(List<Record> records) {
        StreamMapping mapping = SYSTEM.deployment().streams().stream()
                .filter(one -> one.function().equals("streamPublisher"))
                .findFirst()
                .orElseThrow();
        FailureDocuments documents = new FailureDocuments(
                mapping,
                stream().arn(),
                FailureDestination.bucket(() -> SYSTEM.bean(S3Client.class), "FailureBucket"),
                Clock.systemUTC(),
                () -> UUID.randomUUID().toString());
        GivenUp.keep(documents, records);
    }

    private record Ended(int code, String out) {}

    private static Ended command(Path folder, String... options) throws Exception {
        List<String> line = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "com.pantherkolab.publisher.ReplayCommand",
                "--endpoint",
                SYSTEM.api().toString()));
        line.addAll(List.of(options));
        Path out = Files.createTempFile(folder, "out", ".txt");
        Process process = new ProcessBuilder(line)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Ended(process.exitValue(), Files.readString(out, StandardCharsets.UTF_8));
    }
}
