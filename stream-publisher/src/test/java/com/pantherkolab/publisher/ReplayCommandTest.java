package com.pantherkolab.publisher;

import static com.pantherkolab.publisher.Samples.ALICE;
import static com.pantherkolab.publisher.Samples.message;
import static org.assertj.core.api.Assertions.assertThat;

import com.pantherkolab.common.OutboxEntry;
import com.pantherkolab.common.metrics.Metrics;
import com.pantherkolab.publisher.ReplayAnswer.Replayed;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/// The command line over a replay in virtual time: what it prints, what it keeps, how it ends.
class ReplayCommandTest {
    private final VirtualTime time = new VirtualTime();
    private final FakeAppSync appSync = new FakeAppSync();
    private final ScriptedSource source = new ScriptedSource(10);
    private final ReplayEvents function = new ReplayEvents(
            new Replay(
                    source,
                    place -> Samples.lanes(Samples.retrying(appSync, time), place, _ -> {}, Ledger.NONE, time),
                    new MemoryParkedEvents(),
                    Optional::of,
                    time,
                    time),
            Duration.ofMinutes(14),
            Metrics.NONE);
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder = Path.of(".");

    @Test
    void itReplaysAndSumsUp() {
        source.add(messages(3));

        assertThat(run(target(Integer.MAX_VALUE), "stream", "--user", "alice")).isZero();
        assertThat(out.toString()).isEqualTo("""
                events      3
                considered  3 deliveries
                published   3
                skipped     0
                parked      0
                dropped     0
                failed      0
                """);
        assertThat(err.toString()).contains("Replaying what was written before 2026-01-09T23:06:40.000Z.");
        assertThat(appSync.taken()).hasSize(3);
    }

    @Test
    void aDryRunListsEveryEventAndToHowManyChannels() {
        source.add(messages(2));

        assertThat(run(target(Integer.MAX_VALUE), "stream", "--dry-run")).isZero();
        assertThat(out.toString()).startsWith("""
                        conversation#c 1 MESSAGE_SENT c-1 to 1 channel
                        conversation#c 2 MESSAGE_SENT c-2 to 1 channel
                        events      2
                        """).contains("to publish  2");
        assertThat(appSync.requests()).isEmpty();
    }

    @Test
    void helpNamesTheSourcesAndTheExitCodes() {
        assertThat(run(target(1), "--help")).isZero();
        assertThat(out.toString()).contains("stream", "table", "failures", "parked", "--dry-run", "Exit codes:");
    }

    @Test
    void aBadOptionIsNamedAsItIsWritten() {
        assertThat(run(target(1), "stream", "--rate", "0")).isEqualTo(ReplayCommand.WRONG);
        assertThat(err.toString()).isEqualTo("--rate must be 1 to 10000\n");
    }

    @Test
    void namesOfOptionsAreThoseOfTheCommandLine() {
        assertThat(ReplayCommand.name("fromSequence")).isEqualTo("--from-sequence");
        assertThat(ReplayCommand.name("types")).isEqualTo("--type");
        assertThat(ReplayCommand.name("source")).isEqualTo("SOURCE");
    }

    @Test
    void afterAnInterruptionTheSameCommandGoesOnFromItsFile() throws IOException {
        source.add(messages(40));
        Path state = folder.resolve("state");
        String[] command = {"stream", "--rate", "5", "--state", state.toString()};

        assertThat(run(target(4), command)).isEqualTo(ReplayCommand.FAILED);
        assertThat(err.toString()).contains("The same command goes on from " + state);
        int before = appSync.taken().size();
        assertThat(before).isBetween(5, 39);
        assertThat(Files.readString(state)).isNotBlank();

        assertThat(run(target(Integer.MAX_VALUE), command)).isZero();
        assertThat(appSync.taken())
                .extracting(FakeAppSync.Taken::id)
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, 40).mapToObj(i -> "c-" + i).toList());
        assertThat(state).doesNotExist();
        assertThat(out.toString()).contains("published   40");
    }

    @Test
    void aFileOfAnotherReplayIsRefused() {
        source.add(messages(40));
        String state = folder.resolve("state").toString();
        run(target(4), "stream", "--rate", "5", "--state", state);

        assertThat(run(target(1), "stream", "--rate", "6", "--state", state)).isEqualTo(ReplayCommand.WRONG);
        assertThat(err.toString()).contains("--state holds a replay with other options");
    }

    @Test
    void whileNothingMovesItEndsAndSaysSo() {
        source.add(messages(3));
        appSync.weather(_ -> Behaviour.status(503, "ServiceUnavailable"));

        assertThat(run(target(Integer.MAX_VALUE), "stream")).isEqualTo(ReplayCommand.STANDS_STILL);
        assertThat(out.toString()).contains("failed      3");
        assertThat(err.toString()).contains("Nothing moves.");
    }

    @Test
    void whatIsLeftBehindShowsInTheExitCode() {
        source.add(messages(1)).add(new Replayable.Missing());

        assertThat(run(target(Integer.MAX_VALUE), "parked")).isEqualTo(ReplayCommand.LEFT_SOMETHING);
        assertThat(out.toString()).contains("skipped     1 (1 missing)");
    }

    @ParameterizedTest
    @CsvSource({"0, 0, 0, 0, 0", "1, 0, 0, 0, 3", "0, 1, 0, 0, 3", "0, 0, 1, 0, 3", "0, 0, 0, 1, 3"})
    void whateverIsLeftBehindShowsInTheExitCode(long unreadable, long missing, long dropped, long parked, int code) {
        ReplaySummary left = new ReplaySummary(0, 1, 0, 0, 0, 0, unreadable, missing, dropped, parked, 0);

        assertThat(run(done(left, null), "stream")).isEqualTo(code);
    }

    @Test
    void whatWasSkippedIsSaidWithItsReasons() {
        ReplaySummary summary = new ReplaySummary(7, 1_023, 512, 1, 2, 4, 8, 16, 32, 64, 128);

        assertThat(run(done(summary, null), "stream")).isEqualTo(ReplayCommand.LEFT_SOMETHING);
        assertThat(out.toString()).isEqualTo("""
                events      7
                considered  1023 deliveries
                published   512
                skipped     31 (2 not asked for, 1 expired, 4 not yet safe, 8 unreadable, 16 missing)
                parked      64
                dropped     32
                failed      128
                """);
    }

    @Test
    void whatReadingTheTableCostsIsSaidBefore() {
        assertThat(run(done(ReplaySummary.NONE, new ReplaySource.Price(400, 1_250_000, 323)), "table"))
                .isZero();
        assertThat(err.toString()).contains("The whole table is read: some 400 items, 1.3 MB, at most 323 read units.");
    }

    /// Where there is nothing to do any more.
    private static ReplayTarget done(ReplaySummary summary, ReplaySource.@Nullable Price price) {
        EachSecond done = (_, _) -> new Replayed(true, null, false, VirtualTime.START, summary, null, null, price);
        return done;
    }

    @Test
    void itsProgressIsShownAndKeptPortionByPortion() throws IOException {
        Path state = folder.resolve("state");
        ReplayTarget target = new EachSecond() {
            private boolean announced;

            @Override
            public ReplayAnswer invoke(ReplayRequest request, Consumer<Replayed> progress) throws IOException {
                if (announced) {
                    progress.accept(underWay("behind the first portion", 5));
                    throw new IOException("the network is down");
                }
                announced = true;
                return underWay("the beginning", 0);
            }
        };

        assertThat(run(target, "stream", "--state", state.toString())).isEqualTo(ReplayCommand.FAILED);
        assertThat(Files.readString(state)).isEqualTo("behind the first portion");
        assertThat(err.toString())
                .contains("\rconsidered 5, published 5" + System.lineSeparator() + "The replay failed:");
    }

    private static Replayed underWay(String resume, int published) {
        return new Replayed(
                false, resume, false, VirtualTime.START, ReplaySummary.PUBLISHED.times(published), null, null, null);
    }

    private int run(ReplayTarget target, String... line) {
        CommandLine command = ReplayCommand.commandLine(_ -> target);
        command.setOut(new PrintWriter(out));
        command.setErr(new PrintWriter(err));
        return command.execute(line);
    }

    /// The function in this process, until the network fails.
    private ReplayTarget target(int invocations) {
        return new EachSecond() {
            private int made;

            @Override
            public ReplayAnswer invoke(ReplayRequest request, Consumer<Replayed> progress) throws IOException {
                if (made++ == invocations) {
                    throw new IOException("the network is down");
                }
                return function.apply(request.toJson(), progress);
            }
        };
    }

    private static OutboxEntry[] messages(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(order -> message("c", order, ALICE))
                .toArray(OutboxEntry[]::new);
    }

    /// In invocations of one second.
    private interface EachSecond extends ReplayTarget {
        @Override
        default int seconds() {
            return 1;
        }
    }
}
