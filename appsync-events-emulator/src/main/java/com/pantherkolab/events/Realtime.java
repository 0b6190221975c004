package com.pantherkolab.events;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import com.pantherkolab.events.auth.Headers;
import com.pantherkolab.events.auth.Identity;
import com.pantherkolab.events.auth.PresentedRequest;
import com.pantherkolab.events.handler.ChannelHandlers;
import com.pantherkolab.events.handler.HandlerCall;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Supplier;
import org.eclipse.jetty.websocket.api.StatusCode;
import tools.jackson.core.JacksonException;

/// What all connections share, and the decisions about them: who may connect, subscribe and publish.
final class Realtime {

    /// What a client signs to connect.
    private static final String SIGNED_TO_CONNECT = "{}";

    private static final String CREDENTIALS_PREFIX = "header-";

    private static final long GOODBYE_MS = 500;

    private final Gate gate;
    private final ChannelHandlers handlers;
    private final Publishing publishing;
    private final Subscriptions subscriptions;
    private final EmulatorOptions options;
    private final Supplier<FaultPlan> faults;
    private final ScheduledExecutorService timer;
    private final Set<Connection> open = ConcurrentHashMap.newKeySet();

    Realtime(
            Gate gate,
            ChannelHandlers handlers,
            Publishing publishing,
            Subscriptions subscriptions,
            EmulatorOptions options,
            Supplier<FaultPlan> faults,
            ScheduledExecutorService timer) {
        this.gate = gate;
        this.handlers = handlers;
        this.publishing = publishing;
        this.subscriptions = subscriptions;
        this.options = options;
        this.faults = faults;
        this.timer = timer;
    }

    /// A connection for a handshake, admitted or not: even a refusal is told over the socket.
    ///
    /// @param subprotocols what the client offered; its credentials are one of them
    Connection accept(List<String> subprotocols) {
        if (!subprotocols.contains(Connection.SUBPROTOCOL)) {
            return new Connection(this, Optional.of(Refusal.missingSubprotocol()));
        }
        Headers credentials = subprotocols.stream()
                .filter(it -> it.startsWith(CREDENTIALS_PREFIX))
                .map(it -> decoded(it.substring(CREDENTIALS_PREFIX.length())))
                .findFirst()
                .orElseGet(Realtime::nothing);
        return switch (gate.connect(PresentedRequest.operation(credentials, SIGNED_TO_CONNECT))) {
            case Outcome.Done<?> _ -> new Connection(this, Optional.empty());
            case Outcome.Refused<?>(Refusal refusal) -> new Connection(this, Optional.of(refusal));
        };
    }

    Outcome<ChannelPattern> admit(ClientFrame.Subscribe frame) {
        return gate.authenticate(PresentedRequest.operation(frame.authorization(), frame.signedText()))
                .then(identity -> ChannelPattern.parse(frame.channel())
                        .then(pattern -> admit(identity, pattern, frame.authorization())));
    }

    private Outcome<ChannelPattern> admit(Identity identity, ChannelPattern pattern, Headers headers) {
        return gate.namespace(pattern.base().namespace())
                .then(namespace -> gate.allow(identity, namespace.subscribeModes()))
                .then(allowed -> askHandler(allowed, pattern, headers));
    }

    private Outcome<ChannelPattern> askHandler(Identity identity, ChannelPattern pattern, Headers headers) {
        return handlers.onSubscribe(new HandlerCall(identity, pattern.path(), pattern.segments(), headers))
                .map(Refusal::ofSubscribing)
                .map(Outcome::<ChannelPattern>refused)
                .orElseGet(() -> Outcome.done(pattern));
    }

    Outcome<PublishAnswer> publish(ClientFrame.Publish frame) {
        return gate.authenticate(PresentedRequest.operation(
                        frame.authorization(), frame.request().signedText()))
                .then(identity -> publishing.publish(identity, frame.authorization(), frame.request(), Set.of()));
    }

    Subscriptions subscriptions() {
        return subscriptions;
    }

    EmulatorOptions options() {
        return options;
    }

    FaultPlan faults() {
        return faults.get();
    }

    ScheduledExecutorService timer() {
        return timer;
    }

    void opened(Connection connection) {
        open.add(connection);
    }

    void closed(Connection connection) {
        open.remove(connection);
    }

    void dropAll() {
        open.forEach(Connection::drop);
    }

    void shutDown() {
        List<Connection> closing = List.copyOf(open);
        closing.forEach(connection -> connection.close(StatusCode.SHUTDOWN));
        // A client that still answers gets to read why; one that does not is not waited for.
        CompletableFuture.allOf(closing.stream().map(Connection::ended).toArray(CompletableFuture[]::new))
                .completeOnTimeout(null, GOODBYE_MS, MILLISECONDS)
                .join();
    }

    private static Headers decoded(String base64) {
        try {
            byte[] json = Base64.getUrlDecoder().decode(base64.getBytes(StandardCharsets.US_ASCII));
            return ClientFrame.headers(Json.STRICT.readTree(json));
        } catch (IllegalArgumentException | JacksonException unreadable) {
            return nothing();
        }
    }

    private static Headers nothing() {
        return new Headers(Map.of());
    }
}
