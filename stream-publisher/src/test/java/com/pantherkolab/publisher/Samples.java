package com.pantherkolab.publisher;

import com.amazonaws.services.lambda.runtime.events.DynamodbEvent;
import com.amazonaws.services.lambda.runtime.events.DynamodbEvent.DynamodbStreamRecord;
import com.amazonaws.services.lambda.runtime.events.models.dynamodb.AttributeValue;
import com.pantherkolab.common.Aggregate;
import com.pantherkolab.common.Channel;
import com.pantherkolab.common.Event;
import com.pantherkolab.common.OutboxAttributes;
import com.pantherkolab.common.OutboxEntry;
import com.pantherkolab.common.Publication;
import com.pantherkolab.common.UserId;
import com.pantherkolab.common.metrics.Metrics;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Entries, records and channels to test with.
final class Samples {
    static final Channel ALICE = channel("alice");
    static final Channel BOB = channel("bob");

    private Samples() {}

    /// What has no default, for an endpoint of the test.
    static PublisherSettings settings(URI endpoint) {
        return PublisherSettings.of(endpoint, "eu-central-1", URI.create("https://sqs.example/1/parked"), "failures");
    }

    static Channel channel(String user) {
        return Channel.chats(new UserId(user));
    }

    /// The message of an order in a conversation; its event id is both.
    static OutboxEntry message(String conversation, int order, Channel... channels) {
        return entry(conversation, order, "{\"sequence\":%d}".formatted(order), null, channels);
    }

    static OutboxEntry entry(
            String conversation, int order, String data, @Nullable Instant expiresAt, Channel... channels) {
        return new OutboxEntry(
                Aggregate.conversation(conversation),
                conversation + "-" + order,
                order,
                VirtualTime.START.minusMillis(120),
                List.of(new Publication(Event.Type.MESSAGE_SENT, 1, data, List.of(channels), expiresAt)));
    }

    /// Carol types in the first conversation.
    static OutboxEntry typing(Instant expiresAt, Channel... channels) {
        return new OutboxEntry(
                Aggregate.conversation("c1"),
                "typing",
                0,
                VirtualTime.START,
                List.of(Publication.of(
                        new Event.Typing(true, new UserId("carol"), "c1", expiresAt), List.of(channels), expiresAt)));
    }

    /// The deliveries of entries to Alice, numbered from 1.
    static List<Delivery> deliveries(OutboxEntry... entries) {
        return lane(entries).deliveries();
    }

    /// Alice's lane; all entries go to her alone.
    static Lane lane(OutboxEntry... entries) {
        return ChannelLanes.split(numbered(entries)).lanes().getFirst();
    }

    static List<StreamRecord.Entry> numbered(OutboxEntry... entries) {
        return IntStream.range(0, entries.length)
                .mapToObj(i -> new StreamRecord.Entry(new SequenceNumber(String.valueOf(i + 1)), entries[i]))
                .toList();
    }

    static DynamodbEvent batch(DynamodbStreamRecord... records) {
        DynamodbEvent batch = new DynamodbEvent();
        batch.setRecords(Arrays.asList(records));
        return batch;
    }

    static DynamodbStreamRecord insert(String at, OutboxEntry entry) {
        return insert(at, entry.toJson());
    }

    static DynamodbStreamRecord insert(String at, String entry) {
        return record("INSERT", at, Map.of(OutboxAttributes.ENTRY, new AttributeValue(entry)));
    }

    static DynamodbStreamRecord record(
            @Nullable String name, @Nullable String at, @Nullable Map<String, AttributeValue> image) {
        var change = new com.amazonaws.services.lambda.runtime.events.models.dynamodb.StreamRecord();
        change.setSequenceNumber(at);
        change.setNewImage(image);
        DynamodbStreamRecord record = new DynamodbStreamRecord();
        record.setEventName(name);
        record.setDynamodb(change);
        return record;
    }

    /// A whole publisher over a port, in virtual time.
    static StreamPublisher publisher(
            ChannelPublisher channels, VirtualTime time, ParkedEvents parked, PublisherMetrics metrics) {
        return publisher(channels, time, parked, metrics, new WarmLedger(), new Patience(PublisherBeans.PATIENCE));
    }

    /// The same, with memories that a test looks into.
    static StreamPublisher publisher(
            ChannelPublisher channels,
            VirtualTime time,
            ParkedEvents parked,
            PublisherMetrics metrics,
            Ledger ledger,
            Patience patience) {
        return new StreamPublisher(
                lanes(retrying(channels, time, patience), parked, metrics, ledger, time),
                parked,
                metrics,
                new Figures(Metrics.NONE),
                time,
                Duration.ofSeconds(60),
                Duration.ofSeconds(8));
    }

    static ChannelLanes lanes(
            RetryingPublisher publisher, ParkedEvents parked, PublisherMetrics metrics, Ledger ledger, Clock clock) {
        return new ChannelLanes(publisher, new Settlement(parked, ledger, new OrderWatch(), metrics, clock));
    }

    static RetryingPublisher retrying(ChannelPublisher channels, VirtualTime time) {
        return retrying(channels, time, new Patience(PublisherBeans.PATIENCE));
    }

    static RetryingPublisher retrying(ChannelPublisher channels, VirtualTime time, Patience patience) {
        Backoff backoff = Backoff.doubling(Duration.ofMillis(100), Duration.ofSeconds(5), () -> 0.5);
        return new RetryingPublisher(
                channels, new Gate(64, Duration.ofSeconds(2), time, time), backoff, patience, time, time);
    }
}
