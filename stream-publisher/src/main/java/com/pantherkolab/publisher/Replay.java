package com.pantherkolab.publisher;

import com.pantherkolab.common.Publication;
import com.pantherkolab.publisher.ReplayAnswer.Planned;
import com.pantherkolab.publisher.ReplayAnswer.Replayed;
import com.pantherkolab.publisher.Replayable.Found;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Publishes again what was missed, under the same ids, the same way as the stream function: through [Lanes],
/// without a ledger.
///
/// It promises not to publish an event that has expired, nor one that the live publisher may still have before it.
/// It does not promise that a subscriber had not heard the event: at least once is what everything here is.
///
/// It goes in portions of about one second's deliveries. A portion is settled as a whole before the next begins;
/// whoever goes on after an interruption repeats one portion at most.
final class Replay {
    private static final Logger log = LoggerFactory.getLogger(Replay.class);

    /// How much longer than its time the portion may take that is under way when the time is up.
    static final Duration LAST_PORTION = Duration.ofSeconds(20);

    /// How many events one answer of a dry run lists.
    static final int MAX_PLANNED = 1_000;

    private final ReplaySources sources;
    private final Function<ParkedEvents, Lanes> lanes;
    private final ParkedEvents parked;
    private final LivePosition live;
    private final Clock clock;
    private final Sleeper sleeper;

    /// @param lanes makes the publisher's way, for a place to park in
    Replay(
            ReplaySources sources,
            Function<ParkedEvents, Lanes> lanes,
            ParkedEvents parked,
            LivePosition live,
            Clock clock,
            Sleeper sleeper) {
        this.sources = sources;
        this.lanes = lanes;
        this.parked = parked;
        this.live = live;
        this.clock = clock;
        this.sleeper = sleeper;
    }

    /// Replays for a while.
    ///
    /// @param most how long it may take, where the request does not say less
    /// @param progress told after each portion
    Replayed run(ReplayRequest request, Duration most, Consumer<Replayed> progress)
            throws BadOption, InterruptedException {
        Duration time = request.time(most);
        ReplayState state = begin(request);
        ReplayOptions options = state.request().options(state.until());
        ReplaySource source = sources.open(options, state.position());
        Run run = new Run(options, source, state, time, progress);
        try {
            run.go();
        } finally {
            source.close(run.ended);
        }
        Replayed answer = run.answer();
        log.atInfo()
                .addKeyValue("from", options.from())
                .addKeyValue("done", answer.done())
                .addKeyValue("dryRun", options.dryRun())
                .addKeyValue("summary", answer.summary())
                .log("replay");
        return answer;
    }

    private ReplayState begin(ReplayRequest request) throws BadOption {
        if (request.resume() != null) {
            if (!request.isEmpty()) {
                throw new BadOption("resume", "stands alone: the other options are in it");
            }
            return ReplayState.ofToken(request.resume());
        }
        ReplayFrom from = request.replayFrom();
        Instant given = request.untilTime();
        Instant until = given == null ? safely(from) : given;
        request.options(until);
        return new ReplayState(request.lasting(), until, null, ReplaySummary.NONE);
    }

    /// What was given up or parked is no longer the live publisher's; the rest may be.
    private Instant safely(ReplayFrom from) throws BadOption {
        Instant now = clock.instant();
        return switch (from) {
            case ReplayFrom.Failures(), ReplayFrom.Parked() -> now;
            case ReplayFrom.Stream _, ReplayFrom.Table _ ->
                live.passed(now)
                        .orElseThrow(() -> new BadOption(
                                "until", "must be given: it is not known how far the live publisher has come"));
        };
    }

    /// What a delivery refused in a replay of parked ones stays: it is in the queue still, and is not added again.
    private static final class StillParked implements ParkedEvents {
        private final Set<Parked.Undelivered> kept = new HashSet<>();

        @Override
        public synchronized void park(Parked refused) {
            switch (refused) {
                case Parked.Undelivered(var aggregate, var eventId, var channel, String _) ->
                    kept.add(new Parked.Undelivered(aggregate, eventId, channel, ""));
                case Parked.Unreadable unreadable ->
                    throw new IllegalStateException("an entry that was read is unreadable: " + unreadable);
            }
        }

        private synchronized boolean holds(StreamRecord.Entry sent) {
            return sent.entry().publications().stream()
                    .flatMap(publication -> publication.channels().stream())
                    .anyMatch(channel -> kept.contains(new Parked.Undelivered(
                            sent.entry().aggregate(), sent.entry().eventId(), channel, "")));
        }
    }

    /// Something that was found and what is to be sent of it.
    private record Portioned(Found found, StreamRecord.@Nullable Entry send, ReplaySummary without) {}

    private final class Run {
        private final ReplayOptions options;
        private final ReplaySource source;
        private final Deadline deadline;
        private final Consumer<Replayed> progress;
        private final StillParked stillParked = new StillParked();
        private final Lanes way;
        private final List<Planned> planned = new ArrayList<>();
        private ReplayState state;
        private final boolean readsNothing;
        private boolean settled;
        private long failed;
        private long sent;
        private boolean ended;

        private Run(
                ReplayOptions options,
                ReplaySource source,
                ReplayState state,
                Duration time,
                Consumer<Replayed> progress) {
            this.options = options;
            this.source = source;
            this.state = state;
            this.deadline = new Deadline(clock.instant().plus(time));
            this.readsNothing = time.isZero();
            this.progress = progress;
            this.way = lanes.apply(options.from() instanceof ReplayFrom.Parked ? stillParked : parked);
        }

        private void go() throws InterruptedException {
            boolean more = true;
            while (more && !isOver()) {
                ReplaySource.Page page = source.next();
                if (!page(page.found())) {
                    return;
                }
                more = !page.end();
            }
            ended = !more;
        }

        private boolean isOver() {
            // Not before something was settled: where finding it takes all the time there is, it would never move.
            Instant now = clock.instant();
            Deadline hard = new Deadline(deadline.at().plus(LAST_PORTION));
            boolean late = deadline.passed(now) && (settled || readsNothing || hard.passed(now));
            return late || planned.size() >= MAX_PLANNED;
        }

        /// @return whether all of it was settled
        private boolean page(List<Found> found) throws InterruptedException {
            List<Portioned> portion = new ArrayList<>();
            long deliveries = 0;
            for (Found one : found) {
                Portioned next = judge(one);
                portion.add(next);
                deliveries += next.send() == null
                        ? 0
                        : Replayable.deliveries(next.send().entry());
                if (deliveries >= options.rate() || portion.size() >= MAX_PLANNED) {
                    if (isOver() || !settle(portion)) {
                        return false;
                    }
                    portion = new ArrayList<>();
                    deliveries = 0;
                }
            }
            return portion.isEmpty() || (!isOver() && settle(portion));
        }

        private Portioned judge(Found found) {
            return switch (found.what()) {
                case Replayable.Unreadable() -> new Portioned(found, null, ReplaySummary.UNREADABLE);
                case Replayable.Missing() -> new Portioned(found, null, ReplaySummary.MISSING);
                case Replayable.Entry entry -> {
                    ReplayFilter.Judged judged = options.filter().judge(entry, clock.instant());
                    yield new Portioned(
                            found,
                            judged.entry() == null
                                    ? null
                                    : new StreamRecord.Entry(
                                            new SequenceNumber(String.valueOf(++sent)), judged.entry()),
                            judged.without());
                }
            };
        }

        private boolean settle(List<Portioned> portion) throws InterruptedException {
            Instant begun = clock.instant();
            List<StreamRecord.Entry> entries = portion.stream()
                    .<StreamRecord.Entry>mapMulti((one, next) -> {
                        if (one.send() != null) {
                            next.accept(one.send());
                        }
                    })
                    .toList();
            ReplaySummary done =
                    portion.stream().map(Portioned::without).reduce(ReplaySummary.NONE, ReplaySummary::plus);
            done = done.plus(ReplaySummary.EVENT.times(entries.size()));
            if (options.dryRun()) {
                entries.forEach(this::plan);
                done = done.plus(ReplaySummary.PUBLISHED.times(deliveries(entries)));
            } else if (!entries.isEmpty()) {
                Progress way =
                        this.way.deliver(entries, new Deadline(deadline.at().plus(LAST_PORTION)));
                if (way.counts().in() != deliveries(entries)) {
                    throw new IllegalStateException("deliveries are not accounted for: " + way.counts());
                }
                if (!way.checkpoint().isEnd()) {
                    failed = way.counts().returned();
                    return false;
                }
                done = done.plus(ReplaySummary.of(way.counts()));
            }
            settled = true;
            state = state.behind(portion.getLast().found().position(), done);
            if (!state.summary().addsUp()) {
                throw new IllegalStateException("the summary does not add up: " + state.summary());
            }
            source.done(
                    portion.stream().map(Portioned::found).toList(),
                    options.dryRun()
                            ? List.of()
                            : portion.stream()
                                    .filter(this::isSettled)
                                    .map(Portioned::found)
                                    .toList());
            progress.accept(answer());
            if (!options.dryRun()) {
                keepPace(begun, deliveries(entries));
            }
            return true;
        }

        /// Nobody needs it any more: all of it that its source spoke of was published or has expired.
        private boolean isSettled(Portioned one) {
            return one.without().considered() == one.without().expired()
                    && (one.send() == null ? one.without().expired() > 0 : !stillParked.holds(one.send()));
        }

        private void plan(StreamRecord.Entry send) {
            for (Publication publication : send.entry().publications()) {
                planned.add(new Planned(
                        send.entry().aggregate(),
                        send.entry().order(),
                        send.entry().eventId(),
                        publication.type(),
                        publication.channels().size()));
            }
        }

        private void keepPace(Instant begun, long deliveries) throws InterruptedException {
            Duration share = Duration.ofNanos(deliveries * 1_000_000_000L / options.rate());
            Duration pause = share.minus(Duration.between(begun, clock.instant()));
            if (pause.isPositive()) {
                sleeper.sleep(pause);
            }
        }

        private Replayed answer() {
            return new Replayed(
                    ended,
                    ended ? null : state.token(),
                    options.dryRun(),
                    state.until(),
                    state.summary().withFailed(failed),
                    options.dryRun() ? List.copyOf(planned) : null,
                    source.expected().isPresent() ? source.expected().getAsLong() : null,
                    source.price());
        }
    }

    private static long deliveries(List<StreamRecord.Entry> entries) {
        return entries.stream()
                .mapToLong(sent -> Replayable.deliveries(sent.entry()))
                .sum();
    }
}
