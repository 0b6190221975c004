package com.pantherkolab.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.pantherkolab.api.store.Tables;
import com.pantherkolab.events.Faults;
import com.pantherkolab.local.RunningSystem.Answer;
import com.pantherkolab.local.RunningSystem.User;
import com.pantherkolab.local.WriteThenPublish.Died;
import com.pantherkolab.local.history.Report;
import com.pantherkolab.local.history.Violation.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// The same messages, the same faults and the same crashes, once by writing and publishing in the request and once
/// through this system: how many events are lost, and how many are phantoms. `./duel` runs it.
class DuelTest {
    private static final int MESSAGES = Integer.getInteger("duel.messages", 300);
    private static final long SEED = Long.getLong("duel.seed", 1);
    private static final double CRASHES = 0.02;

    private static final Faults APPSYNC = new Faults(
            new Faults.Publish(0.2, List.of(429, 500, 503), 0.05, 0.05, 0.1, List.of(0, 0)), Faults.Sockets.NONE, SEED);
    private static final String FAULTS = """
            {"publish": {"errorRate": 0.2, "statuses": [429, 500, 503], "resetRate": 0.05, "lostResponseRate": 0.05,
                         "partialFailureRate": 0.1},
             "store": {"conflictRate": 0.05, "lostResponseRate": 0.05},
             "seed": %d}
            """.formatted(SEED);

    /// When whoever is at work dies: before which messages.
    private static final List<Boolean> PLAN = plan();

    private static List<Boolean> plan() {
        SplittableRandom random = new SplittableRandom(SEED);
        return IntStream.range(0, MESSAGES)
                .mapToObj(_ -> random.nextDouble() < CRASHES)
                .toList();
    }

    @Test
    void writingAndPublishingInTheRequestLosesEventsAndTheOutboxLosesNone() throws Exception {
        try (RunningSystem system = RunningSystem.start()) {
            List<User> users = IntStream.range(0, 3)
                    .mapToObj(number -> system.signIn("duel-" + number))
                    .toList();
            List<String> ids = users.stream().map(User::userId).toList();
            String conversation = system.conversation(users.getFirst(), "GROUP", ids);
            HistoryRecorder direct = new HistoryRecorder();
            HistoryRecorder outbox = new HistoryRecorder();

            int failed = writeThenPublish(system, direct, users, conversation);
            int unanswered = throughTheOutbox(system, outbox, users, conversation);

            Report loser = direct.check();
            Report winner = outbox.check();
            long crashes = PLAN.stream().filter(dies -> dies).count();
            System.out.printf(
                    "%n%d messages to 3 participants, %d crashes, 5 %% store conflicts and lost answers, AppSync with"
                            + " 20 %% errors, 5 %% resets, 5 %% lost responses and 10 %% partial failures; seed %d%n%n",
                    MESSAGES, crashes, SEED);
            System.out.printf(
                    "| | messages committed | deliveries due | lost | phantom | duplicates | answered with failure |%n|---|---|---|---|---|---|---|%n");
            row("write, then publish in the request", loser, failed);
            row("outbox and stream", winner, unanswered);
            System.out.println();

            assertThat(winner.violations()).isEmpty();
            assertThat(loser.count(Kind.LOST)).isPositive();
        }
    }

    private static void row(String way, Report report, int failed) {
        Report.Counts counts = report.counts();
        System.out.printf(
                "| %s | %d | %d | %d | %d | %d | %d |%n",
                way,
                counts.changes(),
                counts.durable(),
                report.count(Kind.LOST),
                report.count(Kind.PHANTOM),
                counts.duplicates(),
                failed);
    }

    private static int writeThenPublish(
            RunningSystem system, HistoryRecorder history, List<User> users, String conversation) {
        int failed = 0;
        List<String> ids = users.stream().map(User::userId).toList();
        try (WriteThenPublish direct = new WriteThenPublish(system, history, APPSYNC)) {
            system.faults(FAULTS);
            for (int number = 0; number < MESSAGES; number++) {
                try {
                    direct.send(
                            users.get(number % users.size()), conversation, ids, "message " + number, PLAN.get(number));
                } catch (Died | IOException _) {
                    failed++;
                }
            }
            system.clearFaults();
            direct.committed().forEach(history::committed);
        }
        history.mark("the end");
        return failed;
    }

    private static int throughTheOutbox(
            RunningSystem system, HistoryRecorder history, List<User> users, String conversation)
            throws InterruptedException {
        int failed = 0;
        PublisherCrashes crashes = system.bean(PublisherCrashes.class);
        // What was told before the duel is none of its events.
        system.awaitPublished();
        system.bean(LocalSystem.class).emulator().onAccepted((channel, events) -> {
            history.accepted(channel, events);
            crashes.accepted(channel, events);
        });
        system.faults(FAULTS);
        for (int number = 0; number < MESSAGES; number++) {
            if (PLAN.get(number)) {
                crashes.plan(new PublisherCrashes.Plan(1, number));
            }
            long deaths = crashes.deaths();
            Answer answer = system.post(
                    users.get(number % users.size()),
                    "/api/messages/send",
                    "{\"conversationId\":\"%s\",\"content\":\"message %d\"}".formatted(conversation, number));
            failed += answer.status() == 200 ? 0 : 1;
            if (PLAN.get(number)) {
                // The publisher may have been at work on what came before: its next invocation dies.
                while (crashes.deaths() == deaths) {
                    Thread.sleep(Duration.ofMillis(5));
                }
                crashes.clear();
            }
        }
        system.clearFaults();
        system.awaitPublished();
        CommittedEntries.of(
                        system.bean(EmbeddedDynamo.class),
                        system.bean(Tables.class).outbox())
                .stream()
                .filter(entry -> entry.path("publications").toString().contains("MESSAGE_SENT"))
                .forEach(history::committed);
        history.mark("the end");
        return failed;
    }
}
