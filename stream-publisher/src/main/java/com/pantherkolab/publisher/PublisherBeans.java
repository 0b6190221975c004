package com.pantherkolab.publisher;

import com.pantherkolab.common.metrics.Metric;
import com.pantherkolab.common.metrics.Metrics;
import java.time.Clock;
import java.time.Duration;
import java.util.Random;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.IdentityProvider;

/// How the publisher is put together: the one place that takes the time, sleeps and draws lots.
///
/// It wants a [PublisherSettings], an `IdentityProvider` of AWS credentials, a place for parked events
/// ([ParkingBeans], or a [MemoryParkedEvents]) and one for metrics from whoever imports it; each bean is made when
/// it is first asked for.
@Lazy
@Configuration(proxyBeanMethods = false)
public class PublisherBeans {
    /// How long a delivery may fail while others succeed.
    static final Duration PATIENCE = Duration.ofMinutes(5);

    /// The stream function.
    @Bean
    StreamPublisher streamPublisher(
            PublisherSettings settings,
            ChannelPublisher channelPublisher,
            ParkedEvents parkedEvents,
            PublisherTotals publisherTotals,
            Metrics metrics) {
        Clock clock = Clock.systemUTC();
        Gate gate = new Gate(settings.concurrentRequests(), settings.outagePause(), clock, Thread::sleep);
        gate.watch(state -> metrics.note(Metric.PUBLISHER_BREAKER, state));
        Figures figures = new Figures(metrics);
        PublisherMetrics counted = publisherTotals.and(figures);
        Backoff backoff =
                Backoff.doubling(settings.firstBackoff(), settings.longestBackoff(), new Random()::nextDouble);
        return new StreamPublisher(
                new ChannelLanes(
                        new RetryingPublisher(
                                channelPublisher, gate, backoff, new Patience(PATIENCE), Thread::sleep, clock),
                        new Settlement(parkedEvents, new WarmLedger(), new OrderWatch(), counted, clock)),
                parkedEvents,
                counted,
                figures,
                clock,
                settings.invocationTime(),
                settings.margin());
    }

    /// The way to AppSync Events.
    @Bean
    AppSyncPublisher channelPublisher(
            PublisherSettings settings, IdentityProvider<? extends AwsCredentialsIdentity> credentials) {
        return new AppSyncPublisher(settings, credentials, Clock.systemUTC());
    }

    /// What was done.
    @Bean
    PublisherTotals publisherTotals() {
        return new PublisherTotals();
    }
}
