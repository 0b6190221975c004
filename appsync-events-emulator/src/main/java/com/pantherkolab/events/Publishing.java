package com.pantherkolab.events;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.pantherkolab.events.auth.Headers;
import com.pantherkolab.events.auth.Identity;
import com.pantherkolab.events.handler.ChannelHandlers;
import com.pantherkolab.events.handler.HandlerCall;
import com.pantherkolab.events.handler.HandlerEvent;
import com.pantherkolab.events.handler.PublishVerdict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

/// The one way from a request to its subscribers, for HTTP and WebSocket alike: namespace, mode, size, `onPublish`,
/// delivery.
final class Publishing {

    private final Gate gate;
    private final ChannelHandlers handlers;
    private final Subscriptions subscriptions;
    private final Supplier<PublishListener> listener;
    private final Supplier<UUID> ids;

    Publishing(
            Gate gate,
            ChannelHandlers handlers,
            Subscriptions subscriptions,
            Supplier<PublishListener> listener,
            Supplier<UUID> ids) {
        this.gate = gate;
        this.handlers = handlers;
        this.subscriptions = subscriptions;
        this.listener = listener;
        this.ids = ids;
    }

    /// Publishes, or says why not.
    ///
    /// @param identity who publishes, already proven
    /// @param headers what the handler may see of the request
    /// @param faulty indexes of events that are made to fail
    Outcome<PublishAnswer> publish(Identity identity, Headers headers, PublishRequest request, Set<Integer> faulty) {
        if (request.events().stream().mapToInt(Publishing::size).sum() > Limits.REQUEST_BYTES) {
            return Outcome.refused(Refusal.tooLarge());
        }
        return Channel.parse(request.channel()).then(channel -> gate.namespace(channel.namespace())
                .then(namespace -> gate.allow(identity, namespace.publishModes()))
                .then(allowed -> handled(allowed, headers, channel, request, faulty)));
    }

    private Outcome<PublishAnswer> handled(
            Identity identity, Headers headers, Channel channel, PublishRequest request, Set<Integer> faulty) {
        Map<String, Integer> indexes = new LinkedHashMap<>();
        List<HandlerEvent> incoming = new ArrayList<>();
        List<PublishAnswer.Failed> failed = new ArrayList<>();
        for (int index = 0; index < request.events().size(); index++) {
            String id = ids.get().toString();
            String event = request.events().get(index);
            if (faulty.contains(index)) {
                failed.add(new PublishAnswer.Failed(id, index, "InternalFailureException", "An injected fault"));
            } else if (isTooLarge(event)) {
                failed.add(tooLarge(id, index));
            } else {
                indexes.put(id, index);
                incoming.add(HandlerEvent.incoming(id, event));
            }
        }
        var call = new HandlerCall(identity, channel.path(), channel.segments(), headers);
        return switch (handlers.onPublish(call, incoming)) {
            case PublishVerdict.Refused(var reason) -> Outcome.refused(Refusal.ofPublishing(reason));
            case PublishVerdict.Pass(List<HandlerEvent> outgoing) ->
                Outcome.done(delivered(channel, outgoing, indexes, failed));
        };
    }

    private PublishAnswer delivered(
            Channel channel,
            List<HandlerEvent> outgoing,
            Map<String, Integer> indexes,
            List<PublishAnswer.Failed> failed) {
        List<PublishAnswer.Successful> successful = new ArrayList<>();
        List<String> payloads = new ArrayList<>();
        for (HandlerEvent event : outgoing) {
            int index = indexes.getOrDefault(event.id(), -1);
            if (event.error().isPresent()) {
                failed.add(new PublishAnswer.Failed(
                        event.id(), index, "HandlerError", event.error().get()));
            } else if (isTooLarge(event.payload())) {
                failed.add(tooLarge(event.id(), index));
            } else {
                successful.add(new PublishAnswer.Successful(event.id(), index));
                payloads.add(event.payload());
            }
        }
        if (!payloads.isEmpty()) {
            listener.get().accepted(channel.path(), payloads);
        }
        subscriptions.deliver(channel, payloads);
        return new PublishAnswer(successful, failed);
    }

    private static PublishAnswer.Failed tooLarge(String id, int index) {
        return new PublishAnswer.Failed(id, index, "EventTooLargeException", "Transformed event is larger than 240KB");
    }

    private static boolean isTooLarge(String event) {
        return size(event) > Limits.EVENT_BYTES;
    }

    private static int size(String event) {
        return event.getBytes(UTF_8).length;
    }
}
