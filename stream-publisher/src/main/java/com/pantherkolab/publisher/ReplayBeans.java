package com.pantherkolab.publisher;

import com.pantherkolab.common.metrics.Metrics;
import java.time.Clock;
import java.util.function.Function;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sqs.SqsClient;

/// How replays are put together: the publisher's own way, without its ledger, and with a gate, a patience and a
/// count of their own, so that the live publisher does not pay for them.
///
/// It wants, beside [PublisherBeans] and [ParkingBeans], a [ReplaySettings], a [LivePosition] and the clients of
/// the outbox and its stream from whoever imports it.
@Lazy
@Configuration(proxyBeanMethods = false)
public class ReplayBeans {

    /// The function.
    @Bean
    ReplayEvents replayEvents(
            ReplaySettings settings,
            PublisherSettings publisher,
            ChannelPublisher channelPublisher,
            ParkedEvents parkedEvents,
            LivePosition live,
            DynamoDbClient dynamo,
            DynamoDbStreamsClient streams,
            S3Client s3,
            SqsClient sqs,
            ReplayTotals replayTotals,
            Metrics metrics) {
        Clock clock = Clock.systemUTC();
        Gate gate = new Gate(publisher.concurrentRequests(), publisher.outagePause(), clock, Thread::sleep);
        Backoff backoff =
                Backoff.doubling(publisher.firstBackoff(), publisher.longestBackoff(), PublisherBeans.LOTS::nextDouble);
        RetryingPublisher retrying = new RetryingPublisher(
                channelPublisher, gate, backoff, new Patience(PublisherBeans.PATIENCE), Thread::sleep, clock);
        PublisherMetrics counted = replayTotals.and(Figures.ofReplays(metrics));
        Function<ParkedEvents, Lanes> lanes = parked ->
                new ChannelLanes(retrying, new Settlement(parked, Ledger.NONE, new OrderWatch(), counted, clock));
        return new ReplayEvents(
                new Replay(
                        new AwsReplaySources(
                                dynamo, streams, s3, sqs, publisher, settings.outboxTable(), Thread::sleep),
                        lanes,
                        parkedEvents,
                        live,
                        clock,
                        Thread::sleep),
                settings.invocationTime(),
                metrics);
    }

    /// What replays did.
    @Bean
    ReplayTotals replayTotals() {
        return new ReplayTotals();
    }
}
