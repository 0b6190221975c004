package com.pantherkolab.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.pantherkolab.common.Json;
import com.pantherkolab.common.metrics.Metric;
import com.pantherkolab.events.template.CloudFormationTemplate;
import com.pantherkolab.local.Alarm.Named;
import com.pantherkolab.local.RunningSystem.Answer;
import com.pantherkolab.local.RunningSystem.User;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// The metrics of each function as it tells them on Lambda, against what the alarms and the dashboard look at: each
/// function runs by itself in a local run, while everything fails that they count.
class EmittedMetricsTest {
    private static final ConcurrentLinkedQueue<String> LINES = new ConcurrentLinkedQueue<>();
    private static @Nullable RunningSystem running;

    /// @param function the dimension's value; here a function's name is its logical id
    record Told(String function, String metric) {}

    @BeforeAll
    static void tellEverything() {
        running = RunningSystem.startApart(new SdkCalls(), Map.of("RING_TIMEOUT_SECONDS", "2"), LINES::add);
        User alice = system().signIn("alice");
        User bob = system().signIn("bob");
        String conversation = system().conversation(alice, "GROUP", List.of("bob"));
        publishAndReplay(alice, conversation);
        loseChime(alice, bob);
        loseTheStore(alice, conversation);
    }

    @AfterAll
    static void stop() {
        system().close();
    }

    @Test
    void everyMetricOfOursThatAnAlarmLooksAtIsToldByThatFunction() {
        assertThat(missing(AlarmsTest.ours(template()))).isEmpty();
    }

    @Test
    void everyMetricOfOursThatTheDashboardShowsIsToldByThatFunction() {
        List<Named> shown = DashboardTest.curves(template()).stream()
                .filter(named -> named.namespace().equals(Metric.NAMESPACE))
                .toList();

        assertThat(shown).hasSizeGreaterThanOrEqualTo(Metric.values().length);
        assertThat(missing(shown.stream())).isEmpty();
    }

    @Test
    void aFunctionThatTellsNoSuchMetricIsNoticed() {
        assertThat(missing(Stream.of(
                        new Named(Metric.NAMESPACE, "timers_returned", "function", "CallWorkflow", "Ref"),
                        new Named(Metric.NAMESPACE, "timers_returned", "function", "CallTimers", "Ref"))))
                .containsExactly(new Told("CallWorkflow", "timers_returned"));
    }

    @Test
    void everyMetricThatIsToldIsInTheDocumentsAndHasTheOneDimension() {
        Set<String> documented = new Repository()
                .text(Path.of("docs/metrics.md"))
                .lines()
                .filter(line -> line.startsWith("| `"))
                .map(line -> line.split("`", -1)[1])
                .collect(Collectors.toSet());

        assertThat(LINES).hasSizeGreaterThan(10);
        for (String line : LINES) {
            JsonNode directive = Json.mapper()
                    .readTree(line)
                    .path("_aws")
                    .path("CloudWatchMetrics")
                    .path(0);
            assertThat(directive.path("Namespace").stringValue()).isEqualTo(Metric.NAMESPACE);
            assertThat(directive.path("Dimensions").toString()).isEqualTo("[[\"%s\"]]".formatted(Metric.DIMENSION));
        }
        assertThat(told()).extracting(Told::metric).isSubsetOf(documented);
        assertThat(told())
                .extracting(Told::metric)
                .contains(Arrays.stream(Metric.values()).map(Metric::text).toArray(String[]::new));
    }

    private static Set<Told> missing(Stream<Named> named) {
        Set<Told> told = told();
        return named.map(one -> new Told(one.resource(), one.name()))
                .filter(one -> !told.contains(one))
                .collect(Collectors.toSet());
    }

    private static Set<Told> told() {
        Set<Told> told = ConcurrentHashMap.newKeySet();
        for (String line : LINES) {
            JsonNode read = Json.mapper().readTree(line);
            read.path("_aws").path("CloudWatchMetrics").path(0).path("Metrics").forEach(metric -> {
                String name = metric.path("Name").stringValue();
                assertThat(read.has(name)).as("the value of " + name).isTrue();
                told.add(new Told(read.path(Metric.DIMENSION).stringValue(), name));
            });
        }
        return told;
    }

    private static CloudFormationTemplate template() {
        return system().deployment().template();
    }

    // ------------------------------------------------------------------------------------------ what is told of

    private static void publishAndReplay(User alice, String conversation) {
        say(alice, conversation);
        system().awaitPublished();
        system().faults("{\"publish\":{\"errorRate\":1.0,\"statuses\":[400]}}");
        say(alice, conversation);
        system().awaitPublished();
        system().clearFaults();
        Answer replayed = system().send(system().request("/functions/replayEvents")
                .POST(BodyPublishers.ofString("{\"source\":\"parked\"}")));
        assertThat(replayed.at("done").booleanValue())
                .as(replayed.response().body())
                .isTrue();
    }

    private static void loseChime(User alice, User bob) {
        String call = system().call(alice, bob.userId());
        system().post(bob, "/api/calls/accept", "{\"sessionId\":\"%s\"}".formatted(call));
        until("a call that is connected", () -> system().get(alice, "/api/calls/" + call)
                .at("call")
                .path("status")
                .stringValue("")
                .equals("ACTIVE"));
        system().faults("{\"meetings\":{\"errorRate\":1.0}}");
        system().post(alice, "/api/calls/end", "{\"sessionId\":\"%s\"}".formatted(call));
        until("a meeting that is left", () -> told().contains(
                        new Told("CallWorkflow", Metric.CALLS_ORPHANED_MEETINGS.text())));
        system().clearFaults();
        system().awaitPublished();
    }

    private static void loseTheStore(User alice, String conversation) {
        String call = system().call(alice, "bob");
        system().awaitPublished();
        system().faults("{\"store\":{\"throttleRate\":1.0}}");
        assertThat(say(alice, conversation).status()).isEqualTo(503);
        assertThat(system().post(alice, "/api/conversations", "{\"type\":\"GROUP\",\"participantIds\":[\"bob\"]}")
                        .status())
                .isEqualTo(503);
        assertThat(system().post(
                                alice, "/api/calls/initiate", "{\"participantIds\":[\"carol\"],\"callType\":\"AUDIO\"}")
                        .status())
                .isEqualTo(503);
        // Until the deadline has come there is nothing to write, and so nothing that fails.
        until("a reminder that fails", () -> {
            Answer _ = system().send(system().request("/functions/callTimers")
                    .POST(BodyPublishers.ofString("""
                            {"Records":[{"messageId":"m-1","body":"{\\"sessionId\\":\\"%s\\",\\"version\\":1}"}]}
                            """.formatted(call))));
            return told().contains(new Told("CallTimers", Metric.TIMERS_RETURNED.text()));
        });
        system().clearFaults();
    }

    private static Answer say(User user, String conversation) {
        return system().post(
                        user,
                        "/api/messages/send",
                        "{\"conversationId\":\"%s\",\"content\":\"hello\"}".formatted(conversation));
    }

    private static void until(String what, BooleanSupplier come) {
        Instant giveUp = Instant.now().plusSeconds(60);
        while (!come.getAsBoolean()) {
            assertThat(Instant.now()).as("waiting for %s", what).isBefore(giveUp);
            try {
                Thread.sleep(50);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(interrupted);
            }
        }
    }

    private static RunningSystem system() {
        return Objects.requireNonNull(running);
    }
}
