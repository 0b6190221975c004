package com.pantherkolab.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.pantherkolab.common.Json;
import com.pantherkolab.common.metrics.Metric;
import com.pantherkolab.events.template.CloudFormationTemplate.Resource;
import com.pantherkolab.local.Alarm.Stat;
import com.pantherkolab.local.LocalCloudWatch.Moment;
import com.pantherkolab.local.Runbook.Page;
import com.pantherkolab.local.RunningSystem.Answer;
import com.pantherkolab.local.RunningSystem.User;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.ToDoubleFunction;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The drills of `docs/runbook.md`: the fault is set, the alarm of `template.yaml` goes off, the alarm's page mends
/// it, the alarm ends. Every command is the document's own.
///
/// An alarm's expression, threshold and number of periods are the template's. Its periods are as long as it takes
/// to look twice, and the clocks of pumps and queues are moved on by as much as the page says to wait.
class DrillTest {
    private static final Runbook RUNBOOK = Runbook.read();
    private static final Pattern NAME = Pattern.compile("\\$\\(name (\\w+)\\)");
    private static final Pattern REPLAY = Pattern.compile("(?m)^replay '(\\{.*})'$");

    /// Between two looks.
    private static final Duration PERIOD = Duration.ofMillis(300);

    /// A wait passes in so many steps, each with time to do what is due.
    private static final int STEPS = 6;

    private static final LaterClock PUMPS = new LaterClock();
    private static final LaterClock AWS = new LaterClock();

    @TempDir
    private static @Nullable Path folder;

    private static @Nullable RunningSystem running;
    private static @Nullable Terminal terminal;

    @BeforeAll
    static void start() throws IOException {
        Terminal.require();
        running = RunningSystem.startForDrills(PUMPS, AWS, "--ring-timeout-seconds=4");
        terminal = Terminal.open(
                Objects.requireNonNull(folder), Map.of("LOCAL", system().api().toString()));
        String printed = terminal().run(RUNBOOK.forLocalRun());
        assertThat(printed).isBlank();
    }

    @AfterAll
    static void stop() {
        if (terminal != null) {
            terminal.close();
        }
        if (running != null) {
            running.close();
        }
    }

    /// A call that a drill leaves would be in the way of the next one's.
    @AfterEach
    void endCalls() {
        PUMPS.later(Duration.ZERO);
        system().clearFaults();
        User alice = system().signIn("alice");
        await("that no call is left", () -> {
            List<JsonNode> left = system().get(alice, "/api/calls").at("calls").values().stream()
                    .filter(call -> !call.path("status").stringValue("").equals("ENDED"))
                    .toList();
            left.forEach(call -> system().post(
                            alice,
                            "/api/calls/end",
                            "{\"sessionId\":\"%s\"}"
                                    .formatted(call.path("sessionId").stringValue(""))));
            return left.isEmpty();
        });
        system().awaitPublished();
    }

    static Stream<Page> drills() {
        return RUNBOOK.pages().stream().filter(page -> page.seeIt().isPresent());
    }

    @ParameterizedTest
    @MethodSource("drills")
    void theAlarmGoesOffAndItsPageMendsIt(Page page) throws IOException {
        Alarm alarm = alarm(page.alarm());
        assertThat(quiet(alarm)).as("before the drill").isTrue();
        Moment before = cloudWatch().now();

        String seen = terminal().run(page.seeIt().orElseThrow());
        goesOff(alarm, before, clock(alarm), page.waiting(), seen);
        // What comes now is of today.
        PUMPS.later(Duration.ZERO);
        String mended = terminal().run(page.mendIt().orElseThrow());

        await("the end of %s after %s".formatted(page, mended), () -> quiet(alarm));
        system().awaitPublished();
        assertThat(quiet(alarm)).as("%s after %s", page, mended).isTrue();
        leavesBehind(page, before, mended);
    }

    @Test
    void everyAlarmHasADrillOrAPageThatSaysWhyNot() {
        assertThat(RUNBOOK.pages()).hasSizeGreaterThanOrEqualTo(14).allSatisfy(page -> {
            assertThat(page.saysWhyThereIsNoDrill())
                    .as(page.alarm())
                    .isNotEqualTo(page.seeIt().isPresent());
            assertThat(page.mendIt().isPresent())
                    .as(page.alarm())
                    .isEqualTo(page.seeIt().isPresent());
            assertThat(page.mendItOnAws()).as(page.alarm()).isPresent();
            assertThat(page.text()).as(page.alarm()).contains("\n**Means.** ", "\n**Users see** ", "\n**Over** when ");
        });
        assertThat(drills()).hasSizeGreaterThanOrEqualTo(12);
    }

    @Test
    void theCommandsForAwsNameResourcesThatAreThere() {
        Set<String> there = new HashSet<>();
        system().deployment().template().resources().stream()
                .map(Resource::logicalId)
                .forEach(there::add);
        List<String> named = RUNBOOK.pages().stream()
                .flatMap(page -> NAME.matcher(page.text()).results())
                .map(found -> found.group(1))
                .toList();

        assertThat(named).hasSizeGreaterThan(15).allMatch(there::contains);
        assertThat(RUNBOOK.forAws()).contains("$(name ReplayEvents)");
    }

    @Test
    void theReplaysForAwsAreUnderstood() {
        List<String> replays = RUNBOOK.pages().stream()
                .flatMap(page -> REPLAY.matcher(page.text()).results())
                .map(found -> found.group(1))
                .toList();

        assertThat(replays).hasSizeGreaterThanOrEqualTo(7).allSatisfy(replay -> {
            ObjectNode dry = (ObjectNode) Json.mapper().readTree(replay);
            dry.put("dryRun", true);
            Answer answer = system().send(
                            system().request("/functions/replayEvents").POST(BodyPublishers.ofString(dry.toString())));
            assertThat(answer.at("done").booleanValue(false))
                    .as(answer.response().body())
                    .isTrue();
        });
    }

    /// A drill that finds the alarm off proves something only if it could be on.
    @Test
    void noAlarmIsOnWhileNothingIsWrong() throws IOException {
        system().awaitPublished();
        Moment before = cloudWatch().now();
        String printed = terminal().run("for I in 1 2 3 4 5 6 7 8 9 10; do say; done\nring\naccept\nconnected");
        system().awaitPublished();
        Moment after = cloudWatch().now();

        assertThat(after.ours().getOrDefault(Metric.PUBLISHER_PUBLISHED, 0L))
                .as(printed)
                .isGreaterThan(before.ours().getOrDefault(Metric.PUBLISHER_PUBLISHED, 0L) + 20);
        for (Page page : drills().toList()) {
            Alarm alarm = alarm(page.alarm());
            assertThat(alarm.value(cloudWatch().between(before, after)))
                    .as(page.alarm())
                    .isZero();
        }
    }

    // ------------------------------------------------------------------------------------------ alarms here

    /// What is special about a drill, beside its alarm.
    private static void leavesBehind(Page page, Moment before, String mended) {
        Alarm alarm = alarm(page.alarm());
        switch (page.alarm()) {
            case "deliveries-unaccounted" ->
                assertThat(alarm.value(cloudWatch().between(before, cloudWatch().now())))
                        .as("what was lost count of stays so")
                        .isPositive();
            case "deliveries-parked", "records-given-up" ->
                assertThat(mended).containsPattern("published +[1-9]").containsPattern("parked +0");
            default -> assertThat(mended).doesNotContain("\"error\"");
        }
    }

    private static void goesOff(Alarm alarm, Moment before, LaterClock clock, Duration wait, String seen) {
        Moment[] begin = {before};
        int[] looks = {0};
        for (int period = 1; period <= alarm.periods(); period++) {
            await("%s, period %d, after %s".formatted(alarm.name(), period, seen), () -> {
                // A wait passes before the alarm or while it is waited for.
                if (!wait.isZero() && looks[0]++ % 4 == 0) {
                    clock.later(clock.passed().plus(wait.dividedBy(STEPS)));
                }
                ToDoubleFunction<Stat> measured =
                        cloudWatch().between(begin[0], cloudWatch().now());
                return alarm.breaches(measured) && isMoreThanWhatIsUnderWay(alarm, measured);
            });
            begin[0] = cloudWatch().now();
        }
    }

    /// An invocation that is looked at half-way has told what came in and not yet what became of it, which is no
    /// fault. Of the one message that the page sends there are two deliveries.
    private static boolean isMoreThanWhatIsUnderWay(Alarm alarm, ToDoubleFunction<Stat> measured) {
        return !alarm.name().equals("deliveries-unaccounted") || alarm.value(measured) > 2;
    }

    /// Whether a period passes in which the alarm has no reason.
    private static boolean quiet(Alarm alarm) {
        Moment begin = cloudWatch().now();
        RunningSystem.pause(PERIOD);
        return !alarm.breaches(cloudWatch().between(begin, cloudWatch().now()));
    }

    /// Queues and meetings have a clock of their own.
    private static LaterClock clock(Alarm alarm) {
        return alarm.metrics().values().stream()
                        .anyMatch(stat -> stat.metric().namespace().equals("AWS/SQS"))
                ? AWS
                : PUMPS;
    }

    private static Alarm alarm(String name) {
        return Alarm.of(system().deployment().template()).stream()
                .filter(alarm -> alarm.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static LocalCloudWatch cloudWatch() {
        return new LocalCloudWatch(system());
    }

    private static void await(String what, BooleanSupplier come) {
        Instant giveUp = Instant.now().plusSeconds(60);
        while (!come.getAsBoolean()) {
            assertThat(Instant.now())
                    .as("waiting for %s; %s", what, system().status())
                    .isBefore(giveUp);
            RunningSystem.pause(PERIOD);
        }
    }

    private static RunningSystem system() {
        return Objects.requireNonNull(running);
    }

    private static Terminal terminal() {
        return Objects.requireNonNull(terminal);
    }
}
