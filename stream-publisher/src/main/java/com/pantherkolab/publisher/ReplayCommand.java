package com.pantherkolab.publisher;

import com.pantherkolab.common.IsoMillis;
import com.pantherkolab.publisher.ReplayAnswer.Replayed;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringApplication;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `./replay`: replays from the command line, in many invocations one after the other, with what they did so far.
///
/// It decides nothing: every option is one of `replayEvents`, in a local run or in this process.
@Command(
        name = "replay",
        sortOptions = false,
        mixinStandardHelpOptions = true,
        description = "Publishes missed events again: the same events, under the same ids. Expired ones never.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:all that was asked for is published, or listed in a dry run",
            "1:it failed; what was settled is in the --state file",
            "2:an option is wrong",
            "3:it came to its end, and left something: parked again, dropped, missing or unreadable",
            "4:nothing moves, AppSync may be away; go on later with the --state file"
        },
        footer = {
            "",
            "Without --local or --endpoint it works on AWS, with the credentials at hand and the settings of the",
            "deployed function in the environment: PUBLISHER_ENDPOINT, PUBLISHER_REGION, PUBLISHER_PARKED_QUEUE_URL,",
            "PUBLISHER_FAILURE_BUCKET, REPLAY_OUTBOX_TABLE, REPLAY_PUBLISHER_FUNCTION."
        })
final class ReplayCommand implements Callable<Integer> {
    static final int FAILED = 1;
    static final int WRONG = 2;
    static final int LEFT_SOMETHING = 3;
    static final int STANDS_STILL = 4;

    /// After so many invocations without any progress it ends.
    private static final int FRUITLESS = 3;

    private static final Map<String, String> NAMES = Map.of(
            "users", "--user",
            "conversations", "--conversation",
            "calls", "--call",
            "types", "--type",
            "resume", "--state",
            "source", "SOURCE");

    @Parameters(
            index = "0",
            paramLabel = "SOURCE",
            description = "stream (24 hours), table (7 days), failures (the bucket) or parked (the queue)")
    private @Nullable String source;

    @Option(names = "--user", paramLabel = "ID", description = "only to this user's channels; may be repeated")
    private @Nullable List<String> users;

    @Option(names = "--conversation", paramLabel = "ID", description = "only of this conversation; may be repeated")
    private @Nullable List<String> conversations;

    @Option(names = "--call", paramLabel = "ID", description = "only of this call; may be repeated")
    private @Nullable List<String> calls;

    @Option(names = "--type", paramLabel = "TYPE", description = "only events of this type; may be repeated")
    private @Nullable List<String> types;

    @Option(names = "--from", paramLabel = "TIME", description = "from then on, as 2026-01-09T23:06:40.000Z")
    private @Nullable String from;

    @Option(
            names = "--until",
            paramLabel = "TIME",
            description = "until then, exclusive; by default what the live publisher has safely passed")
    private @Nullable String until;

    @Option(names = "--from-sequence", paramLabel = "N", description = "stream: from this sequence number on")
    private @Nullable String fromSequence;

    @Option(names = "--to-sequence", paramLabel = "N", description = "stream: up to this sequence number")
    private @Nullable String toSequence;

    @Option(names = "--dry-run", description = "publish nothing: list what would be published")
    private boolean dryRun;

    @Option(names = "--rate", paramLabel = "N", description = "deliveries a second, 100 by default")
    private @Nullable Integer rate;

    @Option(names = "--read-rate", paramLabel = "N", description = "table: read units a second, 100 by default")
    private @Nullable Integer readRate;

    @Option(
            names = "--state",
            paramLabel = "FILE",
            description = "where it keeps how far it is; if the file is there, it goes on from it")
    private @Nullable Path state;

    @Option(names = "--local", description = "on the local run at http://localhost:8080")
    private boolean local;

    @Option(names = "--endpoint", paramLabel = "URL", description = "on the local run there")
    private @Nullable URI endpoint;

    @Spec
    private @Nullable CommandSpec spec;

    private final Function<ReplayCommand, ReplayTarget> targets;

    /// @param targets chooses where replays are carried out
    ReplayCommand(Function<ReplayCommand, ReplayTarget> targets) {
        this.targets = targets;
    }

    /// Runs a command line and exits with its code.
    public static void main(String[] args) {
        System.exit(commandLine(ReplayCommand::target).execute(args));
    }

    static CommandLine commandLine(Function<ReplayCommand, ReplayTarget> targets) {
        return new CommandLine(new ReplayCommand(targets));
    }

    private ReplayTarget target() {
        URI local = endpoint == null && this.local ? URI.create("http://localhost:8080") : endpoint;
        return local == null
                ? ReplayTarget.inProcess(SpringApplication.run(
                                ReplayFunctions.class, "--spring.main.banner-mode=off", "--logging.level.root=WARN")
                        .getBean(ReplayEvents.class))
                : ReplayTarget.http(local);
    }

    @Override
    public Integer call() throws InterruptedException {
        CommandLine command = Objects.requireNonNull(spec).commandLine();
        ReplayProgress progress = new ReplayProgress(command.getErr());
        try {
            return replay(targets.apply(this), begin(), command.getOut(), command.getErr(), progress);
        } catch (BadOption bad) {
            command.getErr().println(name(bad.option()) + " " + bad.what());
            return WRONG;
        } catch (IOException failed) {
            progress.end();
            command.getErr().println("The replay failed: " + failed.getMessage() + hint());
            return FAILED;
        }
    }

    private ReplayRequest asked() {
        return new ReplayRequest(
                source,
                users,
                conversations,
                calls,
                types,
                from,
                until,
                fromSequence,
                toSequence,
                dryRun ? true : null,
                rate,
                readRate,
                null,
                null);
    }

    private ReplayRequest begin() throws BadOption, IOException {
        if (state == null || !Files.exists(state)) {
            return asked();
        }
        String token = Files.readString(state).strip();
        if (!ReplayState.ofToken(token).request().equals(asked())) {
            throw new BadOption("resume", "holds a replay with other options; give the same, or another file");
        }
        return ReplayRequest.resuming(token);
    }

    private int replay(
            ReplayTarget target, ReplayRequest begun, PrintWriter out, PrintWriter err, ReplayProgress progress)
            throws BadOption, IOException, InterruptedException {
        // First without reading anything: what it is about to do, and what that costs.
        Replayed answer = replayed(target.invoke(begun.within(0), _ -> {}));
        announce(answer, err);
        int fruitless = 0;
        while (!answer.done() && answer.resume() != null && fruitless < FRUITLESS) {
            Replayed before = answer;
            answer = replayed(
                    target.invoke(ReplayRequest.resuming(answer.resume()).within(target.seconds()), portion -> {
                        progress.show(portion);
                        keep(portion);
                    }));
            keep(answer);
            if (answer.planned() != null && !answer.planned().isEmpty()) {
                progress.end();
                answer.planned()
                        .forEach(event -> out.printf(
                                Locale.ROOT,
                                "%s %d %s %s to %d %s%n",
                                event.aggregate(),
                                event.order(),
                                event.type(),
                                event.eventId(),
                                event.channels(),
                                event.channels() == 1 ? "channel" : "channels"));
            }
            progress.show(answer);
            fruitless = answer.summary().withFailed(0).equals(before.summary().withFailed(0))
                            && answer.summary().failed() > 0
                    ? fruitless + 1
                    : 0;
        }
        progress.end();
        out.print(summary(answer));
        out.flush();
        if (!answer.done()) {
            err.println("Nothing moves." + hint());
            return STANDS_STILL;
        }
        ReplaySummary summary = answer.summary();
        return summary.parked() + summary.dropped() + summary.missing() + summary.unreadable() > 0
                ? LEFT_SOMETHING
                : CommandLine.ExitCode.OK;
    }

    private static void announce(Replayed answer, PrintWriter err) {
        err.println("Replaying what was written before " + IsoMillis.format(answer.until()) + ".");
        ReplaySource.Price price = answer.price();
        if (price != null) {
            err.printf(
                    Locale.ROOT,
                    "The whole table is read: some %d items, %.1f MB, at most %d read units.%n",
                    price.items(),
                    price.bytes() / 1e6,
                    price.readUnits());
        }
    }

    static String summary(Replayed answer) {
        ReplaySummary summary = answer.summary();
        String left = String.join(
                ", ",
                Stream.of(
                                part(summary.filtered(), "not asked for"),
                                part(summary.expired(), "expired"),
                                part(summary.notYetSafe(), "not yet safe"),
                                part(summary.unreadable(), "unreadable"),
                                part(summary.missing(), "missing"))
                        .filter(text -> !text.isEmpty())
                        .toList());
        return """
                events      %d
                considered  %d deliveries
                %-11s %d
                skipped     %d%s
                parked      %d
                dropped     %d
                failed      %d
                """.formatted(
                        summary.events(),
                        summary.considered(),
                        answer.dryRun() ? "to publish" : "published",
                        summary.published(),
                        summary.filtered()
                                + summary.expired()
                                + summary.notYetSafe()
                                + summary.unreadable()
                                + summary.missing(),
                        left.isEmpty() ? "" : " (" + left + ")",
                        summary.parked(),
                        summary.dropped(),
                        summary.failed());
    }

    private static String part(long count, String what) {
        return count == 0 ? "" : count + " " + what;
    }

    private static Replayed replayed(ReplayAnswer answer) throws BadOption {
        return switch (answer) {
            case Replayed replayed -> replayed;
            case ReplayAnswer.Refused(ReplayAnswer.Problem error) ->
                throw new BadOption(error.option(), error.message());
        };
    }

    /// The file holds the last token; none, once there is nothing left to go on with.
    private void keep(Replayed answer) {
        if (state == null) {
            return;
        }
        try {
            if (answer.resume() == null) {
                Files.deleteIfExists(state);
            } else {
                Path next = state.resolveSibling(state.getFileName() + ".next");
                Files.writeString(next, answer.resume());
                Files.move(next, state, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private String hint() {
        return state == null ? "" : " The same command goes on from " + state + ".";
    }

    /// What an option of the function is called here.
    static String name(String option) {
        return NAMES.getOrDefault(
                option, "--" + option.replaceAll("[A-Z]", "-$0").toLowerCase(Locale.ROOT));
    }
}
