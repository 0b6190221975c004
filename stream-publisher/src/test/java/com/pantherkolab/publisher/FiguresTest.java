package com.pantherkolab.publisher;

import static com.pantherkolab.publisher.Samples.ALICE;
import static com.pantherkolab.publisher.Samples.BOB;
import static com.pantherkolab.publisher.Samples.batch;
import static com.pantherkolab.publisher.Samples.channel;
import static com.pantherkolab.publisher.Samples.entry;
import static com.pantherkolab.publisher.Samples.insert;
import static com.pantherkolab.publisher.Samples.message;
import static com.pantherkolab.publisher.Samples.typing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.amazonaws.services.lambda.runtime.events.DynamodbEvent;
import com.pantherkolab.common.metrics.Metric;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class FiguresTest {
    private final VirtualTime time = new VirtualTime();
    private final NotedMetrics noted = new NotedMetrics();
    private final Figures figures = new Figures(noted);

    @Test
    void everythingThatMayBecomeOfADeliveryIsTold() throws InterruptedException {
        FakeAppSync appSync = new FakeAppSync(request -> {
            if (request.channel().equals(ALICE)) {
                return Behaviour.acknowledge(1);
            }
            return request.channel().equals(BOB)
                    ? Behaviour.fail(1, Map.of(0, "BadRequestException"))
                    : Behaviour.fail(1, Map.of(0, "InternalFailure"));
        });
        publisher(appSync)
                .publish(
                        batch(
                                insert("1", message("c1", 2, ALICE, BOB, channel("carol"))),
                                insert("2", entry("c1", 3, "{}", time.instant(), ALICE)),
                                insert("3", message("c1", 1, ALICE)),
                                insert("4", "{}")),
                        time.in(Duration.ofSeconds(1)));

        assertThat(noted.sum(Metric.PUBLISHER_IN)).isEqualTo(6);
        assertThat(noted.sum(Metric.PUBLISHER_PUBLISHED)).isEqualTo(2);
        assertThat(noted.sum(Metric.PUBLISHER_EXPIRED)).isEqualTo(1);
        assertThat(noted.sum(Metric.PUBLISHER_PARKED)).isEqualTo(2);
        assertThat(noted.sum(Metric.PUBLISHER_RETURNED)).isEqualTo(1);
        assertThat(noted.sum(Metric.PUBLISHER_RETRIED)).isPositive();
        assertThat(noted.sum(Metric.PUBLISHER_BACKWARDS)).isEqualTo(1);
        assertThat(noted.values(Metric.PUBLISHER_LANE_DEPTH)).containsExactly(3L);
        assertThat(noted.sent()).isEqualTo(1);
    }

    @Test
    void whatAWarmInstanceHasSettledIsToldAsSkipped() throws InterruptedException {
        FakeAppSync appSync = new FakeAppSync(request -> request.channel().equals(ALICE)
                ? Behaviour.acknowledge(1)
                : Behaviour.fail(1, Map.of(0, "InternalFailure")));
        StreamPublisher publisher = publisher(appSync);
        DynamodbEvent batch = batch(insert("1", message("c1", 1, ALICE, BOB)));

        publisher.publish(batch, time.in(Duration.ofSeconds(1)));
        publisher.publish(batch, time.in(Duration.ofSeconds(1)));

        assertThat(noted.sum(Metric.PUBLISHER_SKIPPED)).isEqualTo(1);
        assertThat(noted.sum(Metric.PUBLISHER_RETURNED)).isEqualTo(2);
        assertThat(noted.sum(Metric.PUBLISHER_IN)).isEqualTo(4);
    }

    @Test
    void theHopsOfAnEntryAddUpAndItsLastAcknowledgementCounts() throws InterruptedException {
        // Bob's second attempt succeeds, after a pause.
        AtomicInteger atBobs = new AtomicInteger();
        FakeAppSync appSync = new FakeAppSync(request -> request.channel().equals(BOB) && atBobs.incrementAndGet() == 1
                ? Behaviour.fail(1, Map.of(0, "InternalFailure"))
                : Behaviour.acknowledge(1));

        publisher(appSync).publish(batch(insert("1", message("c1", 1, ALICE, BOB))), time.in(Duration.ofSeconds(50)));

        // Samples' messages are decided 120 ms before the test begins; the first backoff, drawn in the middle, is 50.
        assertThat(noted.values(Metric.PUBLISHER_COMMIT_TO_SEEN)).containsExactly(120L);
        assertThat(noted.values(Metric.PUBLISHER_SEEN_TO_PUBLISHED)).containsExactly(50L);
        assertThat(noted.values(Metric.PUBLISHER_COMMIT_TO_PUBLISHED)).containsExactly(170L);
    }

    @Test
    void whatIsNotPublishedHasNoTimeOfPublishing() throws InterruptedException {
        FakeAppSync appSync = new FakeAppSync(_ -> Behaviour.fail(1, Map.of(0, "BadRequestException")));

        publisher(appSync).publish(batch(insert("1", message("c1", 1, ALICE))), time.in(Duration.ofSeconds(50)));

        assertThat(noted.values(Metric.PUBLISHER_COMMIT_TO_SEEN)).hasSize(1);
        assertThat(noted.values(Metric.PUBLISHER_SEEN_TO_PUBLISHED)).isEmpty();
    }

    @Test
    void whatIsEphemeralHasNoneEither() throws InterruptedException {
        publisher(new FakeAppSync())
                .publish(
                        batch(insert("1", typing(time.instant().plusSeconds(5), ALICE))),
                        time.in(Duration.ofSeconds(50)));

        assertThat(noted.sum(Metric.PUBLISHER_PUBLISHED)).isEqualTo(1);
        assertThat(noted.values(Metric.PUBLISHER_SEEN_TO_PUBLISHED)).isEmpty();
    }

    @Test
    void aBatchWithoutDeliveriesIsToldOfAllTheSame() throws InterruptedException {
        publisher(new FakeAppSync()).publish(batch(), time.in(Duration.ofSeconds(50)));

        assertThat(noted.values(Metric.PUBLISHER_IN)).containsExactly(0L);
        assertThat(noted.values(Metric.PUBLISHER_PUBLISHED)).containsExactly(0L, 0L);
        assertThat(noted.values(Metric.PUBLISHER_RETURNED)).containsExactly(0L, 0L);
    }

    @Test
    void anInvocationThatBreaksHasToldWhatCameInAndIsSent() {
        Lanes broken = new Lanes() {
            @Override
            public Progress deliver(List<StreamRecord.Entry> entries, Deadline deadline) {
                throw new IllegalStateException("a lane broke");
            }

            @Override
            public void passed(List<StreamRecord.Entry> entries, Checkpoint checkpoint) {}
        };

        assertThat(catchThrowable(() -> publisher(broken)
                        .publish(batch(insert("1", message("c1", 1, ALICE, BOB))), time.in(Duration.ofSeconds(50)))))
                .hasMessage("a lane broke");
        assertThat(noted.sum(Metric.PUBLISHER_IN)).isEqualTo(2);
        assertThat(noted.sum(Metric.PUBLISHER_PUBLISHED)).isZero();
        assertThat(noted.sent()).isEqualTo(1);
    }

    @Test
    void aReplayIsCountedByItself() {
        Figures.ofReplays(noted).count(new Counts(1, 0, 3, 4, 5, 6, 7, 8));

        assertThat(noted.sum(Metric.REPLAY_PUBLISHED)).isEqualTo(1);
        assertThat(noted.sum(Metric.REPLAY_EXPIRED)).isEqualTo(3);
        assertThat(noted.sum(Metric.REPLAY_DROPPED)).isEqualTo(4);
        assertThat(noted.sum(Metric.REPLAY_PARKED)).isEqualTo(5);
        assertThat(noted.values(Metric.PUBLISHER_PUBLISHED)).isEmpty();
    }

    private StreamPublisher publisher(ChannelPublisher channels) {
        return publisher(Samples.lanes(
                Samples.retrying(channels, time), new MemoryParkedEvents(), figures, new WarmLedger(), time));
    }

    private StreamPublisher publisher(Lanes lanes) {
        return new StreamPublisher(
                lanes, new MemoryParkedEvents(), figures, figures, time, Duration.ofSeconds(60), Duration.ofSeconds(8));
    }
}
