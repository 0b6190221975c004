package com.pantherkolab.events.handler;

import com.pantherkolab.events.template.ChannelNamespace;
import java.time.Clock;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.util.RawValue;

/// Asks the handlers of the channel namespaces.
///
/// A namespace without code, or whose code lacks the handler in question, lets everything pass, as AppSync does.
/// Code that cannot be run refuses everything. JavaScript starts with the first namespace that has code and is
/// called; until then it costs nothing.
///
/// Not emulated: handlers with a data source (`request` and `response`), which are refused as broken; the language
/// limits of `APPSYNC_JS`, so code that runs here may still be refused on deployment.
public final class ChannelHandlers implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(ChannelHandlers.class);
    private static final JsonMapper json = JsonMapper.shared();
    private static final String ON_SUBSCRIBE = "onSubscribe";
    private static final String ON_PUBLISH = "onPublish";
    private static final Set<String> CREDENTIALS = Set.of("authorization", "x-api-key");

    private final Map<String, String> code = new HashMap<>();
    private final Map<String, Boolean> exported = new ConcurrentHashMap<>();
    private final SandboxPool sandboxes;
    private final Clock clock;

    /// The handlers of an API. No code is run yet.
    ///
    /// @param namespaces whose code is run
    /// @param clock what `util.time` tells
    public ChannelHandlers(Collection<ChannelNamespace> namespaces, Clock clock) {
        namespaces.forEach(
                namespace -> namespace.handlerCode().ifPresent(module -> code.put(namespace.name(), module)));
        this.sandboxes = new SandboxPool(code);
        this.clock = clock;
    }

    /// Asks `onSubscribe`.
    ///
    /// @return why not; empty when the subscription is admitted
    public Optional<HandlerRefusal> onSubscribe(HandlerCall call) {
        return switch (ask(call, ON_SUBSCRIBE, List.of())) {
            case Answer.NoHandler() -> Optional.empty();
            case Answer.Refused(HandlerRefusal reason) -> Optional.of(reason);
            case Answer.Returned ignored -> Optional.empty();
        };
    }

    /// Asks `onPublish`, which may change, fail or drop events.
    ///
    /// @param events as published, with ids that are unique among them
    public PublishVerdict onPublish(HandlerCall call, List<HandlerEvent> events) {
        return switch (ask(call, ON_PUBLISH, events)) {
            case Answer.NoHandler() -> new PublishVerdict.Pass(events);
            case Answer.Refused(HandlerRefusal reason) -> new PublishVerdict.Refused(reason);
            case Answer.Returned(List<HandlerEvent> returned) -> checked(returned, events);
        };
    }

    /// Ends all sandboxes; a handler that is running is stopped.
    @Override
    public void close() {
        sandboxes.close();
    }

    /// A handler may leave events out, but not invent or repeat them.
    private static PublishVerdict checked(List<HandlerEvent> returned, List<HandlerEvent> events) {
        Set<String> expected = new HashSet<>();
        events.forEach(event -> expected.add(event.id()));
        for (HandlerEvent event : returned) {
            if (!expected.remove(event.id())) {
                return new PublishVerdict.Refused(new HandlerRefusal.Broken());
            }
        }
        return new PublishVerdict.Pass(returned);
    }

    private sealed interface Answer {
        record NoHandler() implements Answer {}

        record Refused(HandlerRefusal reason) implements Answer {}

        record Returned(List<HandlerEvent> events) implements Answer {}
    }

    private Answer ask(HandlerCall call, String handler, List<HandlerEvent> events) {
        String namespace = call.segments().getFirst();
        if (!code.containsKey(namespace)) {
            return new Answer.NoHandler();
        }
        try {
            if (!exports(namespace, handler)) {
                return new Answer.NoHandler();
            }
            String context = context(call, handler, events);
            return answer(
                    sandboxes.run(sandbox -> sandbox.invoke(namespace, handler, context, clock.millis())),
                    namespace,
                    handler);
        } catch (SandboxException broken) {
            log.warn("{} of namespace {} cannot run: {}", handler, namespace, broken.getMessage());
            return new Answer.Refused(new HandlerRefusal.Broken());
        }
    }

    private boolean exports(String namespace, String handler) throws SandboxException {
        Boolean known = exported.get(namespace + " " + handler);
        if (known == null) {
            known = sandboxes.run(sandbox -> sandbox.exports(namespace, handler));
            exported.put(namespace + " " + handler, known);
        }
        return known;
    }

    private static Answer answer(String text, String namespace, String handler) {
        JsonNode answer = json.readTree(text);
        JsonNode refusal = answer.get("refusal");
        if (refusal.isObject()) {
            return new Answer.Refused(
                    refusal.get("kind").stringValue().equals("UNAUTHORIZED")
                            ? new HandlerRefusal.Unauthorized()
                            : new HandlerRefusal.Rejected(
                                    refusal.get("message").stringValue(), text(refusal, "errorType")));
        }
        if (answer.get("failed").booleanValue()) {
            // Not what it threw: that may quote an event.
            log.warn("{} of namespace {} threw", handler, namespace);
            return new Answer.Refused(new HandlerRefusal.Broken());
        }
        return new Answer.Returned(answer.get("events")
                .valueStream()
                .map(ChannelHandlers::outgoing)
                .toList());
    }

    private static HandlerEvent outgoing(JsonNode event) {
        return new HandlerEvent(
                event.get("id").stringValue(), text(event, "payload").orElse("null"), text(event, "error"));
    }

    private static Optional<String> text(JsonNode node, String name) {
        return Optional.ofNullable(node.get(name)).filter(JsonNode::isString).map(JsonNode::stringValue);
    }

    private static String context(HandlerCall call, String handler, List<HandlerEvent> events) {
        var headers = new LinkedHashMap<>(call.headers().values());
        headers.keySet().removeAll(CREDENTIALS);
        var context = json.createObjectNode();
        Map<String, Object> identity = call.identity().members();
        context.set("identity", identity.isEmpty() ? json.nullNode() : json.valueToTree(identity));
        var info = context.putObject("info");
        var channel = info.putObject("channel");
        channel.put("path", call.channel());
        channel.set("segments", json.valueToTree(call.segments()));
        info.putObject("channelNamespace").put("name", call.segments().getFirst());
        info.put("operation", handler.equals(ON_SUBSCRIBE) ? "SUBSCRIBE" : "PUBLISH");
        context.putObject("request").set("headers", json.valueToTree(headers));
        context.putObject("stash");
        if (handler.equals(ON_PUBLISH)) {
            var incoming = context.putArray("events");
            // Raw, so that a number reaches the handler as it was written.
            events.forEach(event ->
                    incoming.addObject().put("id", event.id()).putRawValue("payload", new RawValue(event.payload())));
        }
        return json.writeValueAsString(context);
    }
}
