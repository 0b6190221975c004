package com.pantherkolab.local;

import com.pantherkolab.events.Faults;
import com.pantherkolab.local.aws.LocalMeetings;
import com.pantherkolab.local.aws.MeetingFaultPlan;
import com.pantherkolab.local.aws.MeetingFaults;
import com.pantherkolab.publisher.Counts;
import com.pantherkolab.publisher.PublisherTotals;
import com.pantherkolab.publisher.ReplayTotals;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/// What an operator looks at and breaks on purpose: `/local/status`, `/local/faults` and the ends of meetings.
@RestController
class OperatorEndpoints {
    private final LocalSystem system;
    private final EmbeddedDynamo dynamo;
    private final String outbox;
    private final AwsFigures figures;
    private final PublisherTotals totals;
    private final ReplayTotals replays;
    private final LocalMeetings meetings;
    private final PublisherCrashes crashes;
    private final Clock clock;
    private final Instant started;

    /// @param outbox the outbox table
    OperatorEndpoints(
            LocalSystem system,
            EmbeddedDynamo dynamo,
            String outbox,
            AwsFigures figures,
            PublisherTotals totals,
            ReplayTotals replays,
            LocalMeetings meetings,
            PublisherCrashes crashes,
            Clock clock) {
        this.system = system;
        this.dynamo = dynamo;
        this.outbox = outbox;
        this.figures = figures;
        this.totals = totals;
        this.replays = replays;
        this.meetings = meetings;
        this.crashes = crashes;
        this.clock = clock;
        this.started = clock.instant();
    }

    /// The answer of `GET /local/status`. Events are counted in deliveries: event × channel; what replays did is
    /// counted by itself. `stream` adds up what `streams` tells of each.
    record Status(
            Outbox outbox,
            Events events,
            Events replayed,
            Stream stream,
            Map<String, AwsFigures.OfStream> streams,
            Map<String, Long> queues,
            AwsFigures.OfStore store,
            long uptimeMs) {
        record Outbox(long committed) {}

        record Events(long published, long parked, long expired, long dropped) {
            static Events of(Counts counts) {
                return new Events(counts.published(), counts.parked(), counts.expired(), counts.dropped());
            }
        }

        record Stream(long behind) {}
    }

    /// The body of `PUT /local/faults`; an absent part means no faults of that kind.
    record FaultsRequest(
            @Nullable Publish publish,
            @Nullable Publisher publisher,
            Faults.@Nullable Sockets sockets,
            @Nullable Store store,
            @Nullable Meetings meetings,
            @Nullable Long seed) {

        /// As [Faults.Publish], with every field optional.
        record Publish(
                @Nullable Double errorRate,
                @Nullable List<Integer> statuses,
                @Nullable Double resetRate,
                @Nullable Double lostResponseRate,
                @Nullable Double partialFailureRate,
                @Nullable List<Integer> delayMs) {}

        /// As [PublisherCrashes.Plan], with every field optional.
        record Publisher(@Nullable Double crashRate) {}

        /// As [StoreFaults], with every field optional.
        record Store(
                @Nullable Double conflictRate,
                @Nullable Double throttleRate,
                @Nullable Double lostResponseRate) {}

        /// As [MeetingFaults], with every field optional.
        record Meetings(
                @Nullable Double errorRate, @Nullable Double lostResponseRate) {}

        PublisherCrashes.Plan crashPlan() {
            Publisher rates = publisher;
            return new PublisherCrashes.Plan(rates == null ? 0.0 : or(rates.crashRate, 0.0), or(seed, 0L));
        }

        MeetingFaults meetingFaults() {
            Meetings rates = meetings;
            return rates == null
                    ? MeetingFaults.NONE
                    : new MeetingFaults(or(rates.errorRate, 0.0), or(rates.lostResponseRate, 0.0));
        }

        StoreFaults storeFaults() {
            Store rates = store;
            return rates == null
                    ? StoreFaults.NONE
                    : new StoreFaults(
                            or(rates.conflictRate, 0.0), or(rates.throttleRate, 0.0), or(rates.lostResponseRate, 0.0));
        }

        Faults faults() {
            Publish rates = publish;
            return new Faults(
                    rates == null
                            ? Faults.Publish.NONE
                            : new Faults.Publish(
                                    or(rates.errorRate, 0.0),
                                    or(rates.statuses, Faults.Publish.NONE.statuses()),
                                    or(rates.resetRate, 0.0),
                                    or(rates.lostResponseRate, 0.0),
                                    or(rates.partialFailureRate, 0.0),
                                    or(rates.delayMs, Faults.Publish.NONE.delayMs())),
                    or(sockets, Faults.Sockets.NONE),
                    or(seed, 0L));
        }

        private static <T> T or(@Nullable T value, T other) {
            return value == null ? other : value;
        }
    }

    @GetMapping("/local/status")
    Status status() {
        // First, so that what it does not count has been published when the counts are read.
        Map<String, AwsFigures.OfStream> streams = figures.streams();
        long behind =
                streams.values().stream().mapToLong(AwsFigures.OfStream::behind).sum();
        long entries = dynamo.count(outbox);
        return new Status(
                new Status.Outbox(entries),
                Status.Events.of(totals.totals()),
                Status.Events.of(replays.totals()),
                new Status.Stream(behind),
                streams,
                figures.queues(),
                figures.store(),
                Duration.between(started, clock.instant()).toMillis());
    }

    @PutMapping("/local/faults")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void setFaults(HttpServletRequest request) throws IOException {
        try {
            FaultsRequest faults = LocalBody.read(request, FaultsRequest.class);
            Faults events = faults.faults();
            StoreFaults store = faults.storeFaults();
            MeetingFaults broken = faults.meetingFaults();
            PublisherCrashes.Plan deaths = faults.crashPlan();
            system.emulator().faults(events);
            dynamo.faults(store.plan(events.seed()));
            meetings.faults(broken.plan(events.seed()));
            crashes.plan(deaths);
        } catch (IllegalArgumentException outOfRange) {
            throw new LocalBody.Bad(String.valueOf(outOfRange.getMessage()), "");
        }
    }

    @DeleteMapping("/local/faults")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void clearFaults() {
        system.emulator().faults(Faults.NONE);
        dynamo.faults(StoreFaults.NONE.plan(0));
        meetings.faults(MeetingFaultPlan.NONE);
        crashes.clear();
    }

    /// Ends a meeting as Chime itself may: everybody in it is out, and `chime:MeetingEnded` is told.
    @PostMapping("/local/meetings/{meetingId}/end")
    ResponseEntity<Void> endMeeting(@PathVariable String meetingId) {
        return ResponseEntity.status(meetings.end(meetingId) ? HttpStatus.NO_CONTENT : HttpStatus.NOT_FOUND)
                .build();
    }
}
