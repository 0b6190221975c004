package com.pantherkolab.publisher;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/// The publisher's configuration: the properties below `publisher.`, checked when they are read.
///
/// @param endpoint where events are posted to, `https://…/event`; without default
/// @param region what requests are signed for; without default, because no custom domain tells it
/// @param parkedQueueUrl the queue that parked deliveries are pointed to in; without default
/// @param failureBucket the bucket that unreadable records are kept in; without default
/// @param connectTimeout how long a connection may take to come about
/// @param requestTimeout how long a whole attempt may take, connecting included
/// @param parkTimeout how long parking may take, retries included
/// @param concurrentRequests how many requests may be under way at once, over all lanes
/// @param firstBackoff the longest wait after the first attempt; it doubles with each
/// @param longestBackoff what it doubles up to
/// @param outagePause how long AppSync is left alone where half of the last requests failed as a whole
/// @param invocationTime how long an invocation may take, where no Lambda context says it
/// @param margin what of an invocation's time is kept for the attempts that are under way at the deadline
@ConfigurationProperties("publisher")
public record PublisherSettings(
        URI endpoint,
        String region,
        URI parkedQueueUrl,
        String failureBucket,
        @DefaultValue("2s") Duration connectTimeout,
        @DefaultValue("5s") Duration requestTimeout,
        @DefaultValue("2s") Duration parkTimeout,
        @DefaultValue("64") int concurrentRequests,
        @DefaultValue("100ms") Duration firstBackoff,
        @DefaultValue("5s") Duration longestBackoff,
        @DefaultValue("2s") Duration outagePause,
        @DefaultValue("60s") Duration invocationTime,
        @DefaultValue("8s") Duration margin) {

    // What is left of the margin for the way out: to look at the time, to answer.
    private static final Duration WAY_OUT = Duration.ofSeconds(1);

    public PublisherSettings {
        check(isHttp(endpoint), "publisher.endpoint", "an absolute http or https URL");
        check(isText(region), "publisher.region", "the name of a region");
        check(isHttp(parkedQueueUrl), "publisher.parked-queue-url", "an absolute http or https URL");
        check(isText(failureBucket), "publisher.failure-bucket", "the name of a bucket");
        check(isPositive(connectTimeout), "publisher.connect-timeout", "longer than nothing");
        check(isPositive(requestTimeout), "publisher.request-timeout", "longer than nothing");
        check(isPositive(parkTimeout), "publisher.park-timeout", "longer than nothing");
        check(concurrentRequests > 0, "publisher.concurrent-requests", "at least 1");
        check(isPositive(firstBackoff), "publisher.first-backoff", "longer than nothing");
        check(longestBackoff.compareTo(firstBackoff) >= 0, "publisher.longest-backoff", "no less than the first");
        check(isPositive(outagePause), "publisher.outage-pause", "longer than nothing");
        check(
                margin.compareTo(requestTimeout.plus(parkTimeout).plus(WAY_OUT)) >= 0,
                "publisher.margin",
                "at least a second more than publisher.request-timeout and publisher.park-timeout together");
        check(invocationTime.compareTo(margin) > 0, "publisher.invocation-time", "longer than publisher.margin");
    }

    /// The defaults, for what has none.
    public static PublisherSettings of(URI endpoint, String region, URI parkedQueueUrl, String failureBucket) {
        Map<String, Object> given = Map.of(
                "publisher.endpoint", endpoint,
                "publisher.region", region,
                "publisher.parked-queue-url", parkedQueueUrl,
                "publisher.failure-bucket", failureBucket);
        return new Binder(new MapConfigurationPropertySource(given)).bindOrCreate("publisher", PublisherSettings.class);
    }

    private static void check(boolean valid, String property, String what) {
        if (!valid) {
            throw new IllegalArgumentException("%s must be %s".formatted(property, what));
        }
    }

    // The binder hands over null for what is not set.
    private static boolean isHttp(@Nullable URI uri) {
        return uri != null
                && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
                && uri.getHost() != null;
    }

    private static boolean isText(@Nullable String text) {
        return text != null && !text.isBlank();
    }

    private static boolean isPositive(Duration time) {
        return time.isPositive();
    }
}
