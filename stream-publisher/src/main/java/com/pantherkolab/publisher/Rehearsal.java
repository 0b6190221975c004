package com.pantherkolab.publisher;

import com.amazonaws.services.lambda.runtime.events.DynamodbEvent;
import com.pantherkolab.common.Aggregate;
import com.pantherkolab.common.Channel;
import com.pantherkolab.common.Event;
import com.pantherkolab.common.Json;
import com.pantherkolab.common.OutboxAttributes;
import com.pantherkolab.common.OutboxEntry;
import com.pantherkolab.common.Publication;
import com.pantherkolab.common.UserId;
import com.pantherkolab.common.metrics.Metrics;
import com.pantherkolab.publisher.PublishAnswer.Answered;
import com.pantherkolab.publisher.PublishAnswer.Unavailable;
import com.pantherkolab.publisher.PublishResult.Published;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// One invocation of the stream function, of which nobody hears: the batch is published to nowhere, and AppSync is
/// sent a request that holds no event.
///
/// What does this is a twin, wired like the stream function and thrown away: it parks nothing, and tells no
/// figures.
final class Rehearsal {
    private static final String NOBODY = "nobody";
    private static final Channel CHANNEL = Channel.chats(new UserId(NOBODY));

    private final PublisherBeans wiring = new PublisherBeans();
    private final PublisherSettings settings;
    private final Clock clock;

    Rehearsal(PublisherSettings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
    }

    /// Rehearses it.
    ///
    /// @param appSync the way to AppSync of the twin
    /// @throws IllegalStateException if it did not answer as it should, or AppSync did not answer
    void with(AppSyncPublisher appSync) {
        try {
            if (appSync.publishNothing(CHANNEL) instanceof Unavailable unavailable) {
                throw new IllegalStateException("AppSync did not answer: " + unavailable.reason());
            }
            if (!twin().publish(batch(), new Deadline(clock.instant().plus(settings.requestTimeout())))
                    .getBatchItemFailures()
                    .isEmpty()) {
                throw new IllegalStateException("not everything was settled");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interrupted);
        }
    }

    private StreamPublisher twin() {
        ChannelPublisher nowhere = request -> new Answered(request.events().stream()
                .<PublishResult>map(event -> new Published())
                .toList());
        ParkedEvents nothing = parked -> {
            throw new IllegalStateException("a rehearsal parks nothing");
        };
        PublisherTotals totals = new PublisherTotals();
        ForgetfulLanes lanes = wiring.publisherLanes(settings, nowhere, nothing, totals, Metrics.NONE);
        return wiring.streamPublisher(settings, lanes, nothing, totals, Metrics.NONE);
    }

    /// As Lambda gives it, so that it is read as the adapter reads it.
    private DynamodbEvent batch() {
        Instant now = clock.instant();
        Publication publication = new Publication(
                Event.Type.MESSAGE_SENT, Event.Type.MESSAGE_SENT.version(), "{}", List.of(CHANNEL), null);
        OutboxEntry entry = new OutboxEntry(Aggregate.conversation(NOBODY), NOBODY, 1, now, List.of(publication));
        ObjectNode event = Json.mapper().createObjectNode();
        ObjectNode record = event.putArray("Records").addObject();
        record.put("eventName", "INSERT");
        ObjectNode change = record.putObject("dynamodb");
        change.put("SequenceNumber", "1");
        change.put("ApproximateCreationDateTime", now.getEpochSecond());
        change.putObject("NewImage").putObject(OutboxAttributes.ENTRY).put("S", entry.toJson());
        return UnreadableDocument.event(Json.mapper().writeValueAsBytes(event));
    }
}
