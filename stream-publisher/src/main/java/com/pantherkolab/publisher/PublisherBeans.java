package com.pantherkolab.publisher;

import com.pantherkolab.common.metrics.Metric;
import com.pantherkolab.common.metrics.Metrics;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.random.RandomGenerator;
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

    /// It draws from the system. What numbers any other would draw stands in a snapshot, and all who are restored
    /// from it would wait equally long.
    static final RandomGenerator LOTS = new SecureRandom();

    /// The stream function.
    @Bean
    StreamPublisher streamPublisher(
            PublisherSettings settings,
            ForgetfulLanes publisherLanes,
            ParkedEvents parkedEvents,
            PublisherTotals publisherTotals,
            Metrics metrics) {
        Figures figures = new Figures(metrics);
        return new StreamPublisher(
                publisherLanes,
                parkedEvents,
                publisherTotals.and(figures),
                figures,
                Clock.systemUTC(),
                settings.invocationTime(),
                settings.margin());
    }

    /// Its lanes, and with them all that an instance remembers from one invocation to the next.
    @Bean
    ForgetfulLanes publisherLanes(
            PublisherSettings settings,
            ChannelPublisher channelPublisher,
            ParkedEvents parkedEvents,
            PublisherTotals publisherTotals,
            Metrics metrics) {
        Clock clock = Clock.systemUTC();
        Backoff backoff = Backoff.doubling(settings.firstBackoff(), settings.longestBackoff(), LOTS::nextDouble);
        PublisherMetrics counted = publisherTotals.and(new Figures(metrics));
        return new ForgetfulLanes(() -> {
            Gate gate = new Gate(settings.concurrentRequests(), settings.outagePause(), clock, Thread::sleep);
            gate.watch(state -> metrics.note(Metric.PUBLISHER_BREAKER, state));
            return new ChannelLanes(
                    new RetryingPublisher(
                            channelPublisher, gate, backoff, new Patience(PATIENCE), Thread::sleep, clock),
                    new Settlement(parkedEvents, new WarmLedger(), new OrderWatch(), counted, clock));
        });
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
