package com.pantherkolab.publisher;

import static com.pantherkolab.publisher.Samples.ALICE;
import static com.pantherkolab.publisher.Samples.BOB;
import static com.pantherkolab.publisher.Samples.message;
import static com.pantherkolab.publisher.Samples.typing;
import static org.assertj.core.api.Assertions.assertThat;

import com.pantherkolab.common.OutboxEntry;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Typing: one attempt, no lane, no checkpoint.
class EphemeralTest {
    private final VirtualTime time = new VirtualTime();
    private final MemoryParkedEvents parked = new MemoryParkedEvents();
    private final PublisherTotals totals = new PublisherTotals();

    @Test
    void itIsPublishedToEachOfItsChannels() throws InterruptedException {
        FakeAppSync appSync = new FakeAppSync();

        Progress progress = deliver(appSync, typing(VirtualTime.START.plusSeconds(5), ALICE, BOB));

        assertThat(progress.counts()).isEqualTo(Counts.PUBLISHED.times(2));
        assertThat(progress.checkpoint()).isEqualTo(Checkpoint.END);
        assertThat(appSync.taken()).extracting(FakeAppSync.Taken::channel).containsExactlyInAnyOrder(ALICE, BOB);
        assertThat(totals.totals()).isEqualTo(progress.counts());
    }

    @ParameterizedTest
    @CsvSource({"500,InternalFailure", "429,TooManyRequests", "400,BadRequestException", "401,UnauthorizedException"})
    void afterItsOneAttemptItIsDroppedAndHoldsTheCheckpointNotBack(int status, String type)
            throws InterruptedException {
        FakeAppSync appSync = FakeAppSync.scripted(Behaviour.status(status, type));

        Progress progress = deliver(appSync, typing(VirtualTime.START.plusSeconds(5), ALICE));

        assertThat(progress.counts()).isEqualTo(Counts.DROPPED);
        assertThat(progress.checkpoint()).isEqualTo(Checkpoint.END);
        assertThat(appSync.requests()).hasSize(1);
        assertThat(parked.latest()).isEmpty();
    }

    @Test
    void whatFailsInsideA200IsDroppedToo() throws InterruptedException {
        FakeAppSync appSync = FakeAppSync.scripted(Behaviour.fail(1, Map.of(0, "InternalFailure")));

        assertThat(deliver(appSync, typing(VirtualTime.START.plusSeconds(5), ALICE))
                        .counts()
                        .dropped())
                .isEqualTo(1);
    }

    @Test
    void itIsNotSentFromItsExpiryOn() throws InterruptedException {
        FakeAppSync appSync = new FakeAppSync();

        Progress progress = deliver(appSync, typing(VirtualTime.START, ALICE));

        assertThat(progress.counts()).isEqualTo(Counts.EXPIRED);
        assertThat(appSync.requests()).isEmpty();
    }

    @Test
    void itDoesNotWaitForTheLaneOfItsChannel() throws InterruptedException {
        FakeAppSync appSync =
                new FakeAppSync(request -> FakeAppSync.ids(request).contains("typing")
                        ? Behaviour.acknowledge(request.events().size())
                        : Behaviour.status(503, "ServiceUnavailable"));

        Progress progress = deliver(appSync, message("c1", 1, ALICE), typing(VirtualTime.START.plusSeconds(5), ALICE));

        assertThat(appSync.taken()).extracting(FakeAppSync.Taken::id).containsExactly("typing");
        assertThat(progress.counts().published()).isEqualTo(1);
        assertThat(progress.counts().returned()).isEqualTo(1);
        assertThat(progress.checkpoint()).isEqualTo(new Checkpoint(new SequenceNumber("1")));
    }

    @Test
    void anAttemptThatHangsIsGivenUpSoonAfterTheLanesAreDone() throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        FakeAppSync durable = new FakeAppSync();
        ChannelPublisher hanging = request -> {
            if (FakeAppSync.ids(request).contains("typing")) {
                never.await();
            }
            return durable.publish(request);
        };

        Progress progress =
                deliver(hanging, typing(VirtualTime.START.plusSeconds(5), ALICE, BOB), message("c1", 1, ALICE));

        assertThat(progress.counts()).isEqualTo(Counts.PUBLISHED.plus(Counts.DROPPED.times(2)));
        assertThat(progress.checkpoint()).isEqualTo(Checkpoint.END);
    }

    private Progress deliver(ChannelPublisher appSync, OutboxEntry... entries) throws InterruptedException {
        RetryingPublisher publisher = new RetryingPublisher(
                appSync,
                new Gate(64, Duration.ofSeconds(2), time, time),
                Backoff.doubling(Duration.ofMillis(100), Duration.ofSeconds(5), () -> 1.0),
                new Patience(PublisherBeans.PATIENCE),
                time,
                time);
        return Samples.lanes(publisher, parked, totals, new WarmLedger(), time)
                .deliver(Samples.numbered(entries), time.in(Duration.ofSeconds(30)));
    }
}
