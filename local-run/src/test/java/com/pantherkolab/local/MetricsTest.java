package com.pantherkolab.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.pantherkolab.common.metrics.Metric;
import com.pantherkolab.local.RunningSystem.Answer;
import com.pantherkolab.local.RunningSystem.User;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// The metrics: each is told by what it is there for, Prometheus and `/local/status` agree, and the documents list
/// them all.
class MetricsTest {
    private static final RunningSystem SYSTEM = RunningSystem.start("--ring-timeout-seconds=2");

    /// What local run, which keeps every order and has time enough for every batch, does not show: the test in the
    /// publisher that does.
    private static final Map<Metric, String> SHOWN_ELSEWHERE = Map.of(
            Metric.PUBLISHER_SKIPPED, "FiguresTest",
            Metric.PUBLISHER_RETURNED, "FiguresTest",
            Metric.PUBLISHER_BACKWARDS, "FiguresTest",
            Metric.REPLAY_EXPIRED, "FiguresTest",
            Metric.REPLAY_DROPPED, "FiguresTest");

    private final String run = UUID.randomUUID().toString().substring(0, 8);
    private final User alice = SYSTEM.signIn("alice-" + run);
    private final User bob = SYSTEM.signIn("bob-" + run);

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
    void prometheusAndTheStatusAgreeNumberForNumberAfterFaultsOfEveryKind() {
        String conversation = SYSTEM.conversation(alice, "GROUP", List.of(bob.userId()));
        send(conversation, 20);
        SYSTEM.faults("""
                {"publish":{"errorRate":0.3,"statuses":[500,429,400],"lostResponseRate":0.1,"partialFailureRate":0.1},
                 "publisher":{"crashRate":0.1},"seed":7}""");
        send(conversation, 60);
        SYSTEM.awaitPublished();
        refuse();
        type(conversation);
        SYSTEM.awaitPublished();
        SYSTEM.clearFaults();
        missACall();
        replay(conversation);

        JsonNode status = SYSTEM.status();
        Map<Metric, Long> metrics = SYSTEM.metrics();
        assertThat(status.path("stream").path("behind").longValue()).isZero();
        assertAgree(metrics, status.path("events"), Metric.PUBLISHER_PUBLISHED, "published");
        assertAgree(metrics, status.path("events"), Metric.PUBLISHER_PARKED, "parked");
        assertAgree(metrics, status.path("events"), Metric.PUBLISHER_EXPIRED, "expired");
        assertAgree(metrics, status.path("events"), Metric.PUBLISHER_DROPPED, "dropped");
        assertAgree(metrics, status.path("replayed"), Metric.REPLAY_PUBLISHED, "published");
        assertThat(metrics).doesNotContainKey(null).hasSize(Metric.values().length);
        assertThat(metrics.get(Metric.PUBLISHER_COMMIT_TO_SEEN)).isPositive();
        assertThat(metrics.get(Metric.PUBLISHER_COMMIT_TO_PUBLISHED))
                .isPositive()
                .isEqualTo(metrics.get(Metric.PUBLISHER_SEEN_TO_PUBLISHED));
    }

    @Test
    void whatComesInIsWhatBecomesOfItUnlessAnInvocationDies() {
        long before = unaccounted(SYSTEM.metrics());
        String conversation = SYSTEM.conversation(alice, "GROUP", List.of(bob.userId()));
        SYSTEM.faults("{\"publish\":{\"errorRate\":0.3,\"statuses\":[500,400]},\"seed\":3}");
        send(conversation, 20);
        SYSTEM.awaitPublished();
        assertThat(unaccounted(SYSTEM.metrics())).isEqualTo(before);

        SYSTEM.faults("{\"publisher\":{\"crashRate\":1.0},\"publish\":{\"delayMs\":[20,20]},\"seed\":3}");
        send(conversation, 1);
        await("an invocation that died", () -> unaccounted(SYSTEM.metrics()) > before);
    }

    @Test
    void theBreakerIsSeenToOpenInAnOutageAndToShutAfterIt() {
        String conversation = SYSTEM.conversation(alice, "GROUP", List.of(bob.userId()));
        SYSTEM.awaitPublished();
        SYSTEM.faults("{\"publish\":{\"errorRate\":1.0,\"statuses\":[503]}}");
        send(conversation, 10);
        await("an open breaker", () -> SYSTEM.metric(Metric.PUBLISHER_BREAKER) == 2);
        assertThat(SYSTEM.metric(Metric.PUBLISHER_LANE_DEPTH)).isPositive();

        SYSTEM.clearFaults();
        SYSTEM.awaitPublished();
        // Half open it stays until enough requests have come through.
        send(conversation, 10);
        await("a breaker that is shut", () -> SYSTEM.metric(Metric.PUBLISHER_BREAKER) == 0);
    }

    @Test
    void whatFailsBehindTheCallsIsToldUntilItIsMended() {
        Map<Metric, Long> before = SYSTEM.metrics();
        String call = SYSTEM.call(alice, bob.userId());
        SYSTEM.post(bob, "/api/calls/accept", "{\"sessionId\":\"%s\"}".formatted(call));
        await("a call that is connected", () -> SYSTEM.get(alice, "/api/calls/" + call)
                .at("call")
                .path("status")
                .stringValue("")
                .equals("ACTIVE"));
        SYSTEM.faults("{\"meetings\":{\"errorRate\":1.0}}");
        SYSTEM.post(alice, "/api/calls/end", "{\"sessionId\":\"%s\"}".formatted(call));
        await(
                "a meeting without its call",
                () -> SYSTEM.metric(Metric.CALLS_ORPHANED_MEETINGS) > told(before, Metric.CALLS_ORPHANED_MEETINGS));
        assertThat(SYSTEM.metric(Metric.CALLS_MEETINGS_UNAVAILABLE))
                .isGreaterThan(told(before, Metric.CALLS_MEETINGS_UNAVAILABLE));
        assertThat(SYSTEM.metric(Metric.CALLS_RETURNED)).isGreaterThan(told(before, Metric.CALLS_RETURNED));

        SYSTEM.clearFaults();
        SYSTEM.awaitPublished();
        long orphans = SYSTEM.metric(Metric.CALLS_ORPHANED_MEETINGS);
        assertThat(SYSTEM.metric(Metric.CALLS_ORPHANED_MEETINGS)).isEqualTo(orphans);
    }

    @Test
    void anOutageOfTheStoreIsToldByTheApiAndByTheTimers() {
        String conversation = SYSTEM.conversation(alice, "GROUP", List.of(bob.userId()));
        String call = SYSTEM.call(alice, bob.userId());
        long failed = SYSTEM.metric(Metric.API_FAILED);
        long returned = SYSTEM.metric(Metric.TIMERS_RETURNED);
        SYSTEM.faults("{\"store\":{\"throttleRate\":1.0}}");

        assertThat(message(conversation).status()).isEqualTo(503);
        pass(Duration.ofSeconds(2));
        SYSTEM.send(SYSTEM.request("/functions/callTimers").POST(BodyPublishers.ofString("""
                        {"Records":[{"messageId":"m-1","body":"{\\"sessionId\\":\\"%s\\",\\"version\\":1}"}]}
                        """.formatted(call))));

        assertThat(SYSTEM.metric(Metric.API_FAILED)).isEqualTo(failed + 1);
        assertThat(SYSTEM.metric(Metric.TIMERS_RETURNED)).isGreaterThan(returned);
    }

    @Test
    void everyMetricIsSeenToBeTold() {
        if (!neverTold().isEmpty()) {
            // The other tests have not all run before this one.
            prometheusAndTheStatusAgreeNumberForNumberAfterFaultsOfEveryKind();
            clear();
            whatFailsBehindTheCallsIsToldUntilItIsMended();
            clear();
            anOutageOfTheStoreIsToldByTheApiAndByTheTimers();
            clear();
        }

        assertThat(neverTold()).isEmpty();
        Repository repository = new Repository();
        SHOWN_ELSEWHERE.forEach((metric, test) -> assertThat(repository.text(
                        Path.of("stream-publisher/src/test/java/com/pantherkolab/publisher/%s.java".formatted(test))))
                .contains("noted.sum(Metric.%s)).isEqualTo(".formatted(metric)));
    }

    private static List<Metric> neverTold() {
        Map<Metric, Long> told = SYSTEM.metrics();
        return Arrays.stream(Metric.values())
                .filter(metric -> !SHOWN_ELSEWHERE.containsKey(metric))
                // Mostly at zero: its own test sees it move.
                .filter(metric -> metric != Metric.PUBLISHER_BREAKER)
                .filter(metric -> told(told, metric) <= 0)
                .toList();
    }

    @Test
    void theDocumentsListEveryMetricAndNoOther() {
        List<String> rows = new Repository()
                .text(Path.of("docs/metrics.md"))
                .lines()
                .filter(line -> line.startsWith("| `"))
                .toList();

        List<String> expected = new ArrayList<>();
        for (Metric metric : Metric.values()) {
            expected.add("| `%s` | `%s` | %s | %s |"
                    .formatted(
                            metric.text(),
                            RunningSystem.inPrometheus(metric).replace("_count", ""),
                            metric.kind().unit(),
                            metric.meaning()));
        }
        assertThat(rows).containsExactlyElementsOf(expected);
    }

    private static void assertAgree(Map<Metric, Long> metrics, JsonNode counted, Metric metric, String field) {
        assertThat(told(metrics, metric))
                .as(field)
                .isPositive()
                .isEqualTo(counted.path(field).longValue());
    }

    private static long told(Map<Metric, Long> metrics, Metric metric) {
        return metrics.getOrDefault(metric, -1L);
    }

    /// What came in, less what became of it.
    private static long unaccounted(Map<Metric, Long> metrics) {
        return told(metrics, Metric.PUBLISHER_IN)
                - told(metrics, Metric.PUBLISHER_PUBLISHED)
                - told(metrics, Metric.PUBLISHER_SKIPPED)
                - told(metrics, Metric.PUBLISHER_EXPIRED)
                - told(metrics, Metric.PUBLISHER_DROPPED)
                - told(metrics, Metric.PUBLISHER_PARKED)
                - told(metrics, Metric.PUBLISHER_RETURNED);
    }

    private static void refuse() {
        SYSTEM.faults("{\"publish\":{\"errorRate\":1.0,\"statuses\":[400]}}");
    }

    private void send(String conversation, int messages) {
        IntStream.range(0, messages)
                .forEach(_ -> assertThat(message(conversation).status()).isEqualTo(200));
    }

    private Answer message(String conversation) {
        return SYSTEM.post(
                alice,
                "/api/messages/send",
                "{\"conversationId\":\"%s\",\"content\":\"hello\"}".formatted(conversation));
    }

    private void type(String conversation) {
        SYSTEM.post(
                alice, "/api/messages/typing", "{\"conversationId\":\"%s\",\"isTyping\":true}".formatted(conversation));
    }

    /// While nothing can be published, the time passes in which the call's ringing is worth telling.
    private void missACall() {
        SYSTEM.faults("{\"publish\":{\"errorRate\":1.0,\"statuses\":[503]}}");
        SYSTEM.call(alice, bob.userId());
        pass(Duration.ofSeconds(3));
        SYSTEM.clearFaults();
        SYSTEM.awaitPublished();
    }

    /// What was parked is refused again, and then comes through.
    private static void replay(String conversation) {
        refuse();
        replayTable(conversation);
        SYSTEM.clearFaults();
        replayTable(conversation);
    }

    private static void replayTable(String conversation) {
        Answer answer = SYSTEM.send(SYSTEM.request("/functions/replayEvents")
                .POST(BodyPublishers.ofString(
                        "{\"source\":\"table\",\"conversations\":[\"%s\"]}".formatted(conversation))));
        assertThat(answer.at("done").booleanValue())
                .as(answer.response().body())
                .isTrue();
    }

    private static void await(String what, BooleanSupplier arrived) {
        Instant giveUp = Instant.now().plusSeconds(60);
        while (!arrived.getAsBoolean()) {
            assertThat(Instant.now()).as("waiting for %s", what).isBefore(giveUp);
            pass(Duration.ofMillis(20));
        }
    }

    private static void pass(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }
}
