package com.pantherkolab.events;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import com.pantherkolab.events.Subscriptions.Subscription;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.api.StatusCode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One WebSocket: answers the client's frames one after the other, and passes on events.
///
/// A client that was refused is told so when it first speaks, or after a moment if it does not: Amplify listens
/// from its `connection_init` on and would miss a frame that comes with the handshake.
///
/// Frames are written in the order of [#send], which never waits: what the client has not read yet is counted, and
/// one that falls too far behind is dropped.
///
/// Public only because Jetty looks its methods up from outside; nobody else can make one.
public final class Connection implements Session.Listener.AutoDemanding, Subscriptions.Subscriber {

    static final String SUBPROTOCOL = "aws-appsync-event-ws";

    private static final Logger log = LoggerFactory.getLogger(Connection.class);
    private static final long REFUSAL_GRACE_MS = 500;

    private final Realtime realtime;
    private final Optional<Refusal> refusal;
    private final Map<String, ChannelPattern> subscribed = new ConcurrentHashMap<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicBoolean acknowledged = new AtomicBoolean();
    private final AtomicBoolean refused = new AtomicBoolean();
    private final List<Future<?>> timers = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private volatile @Nullable Session session;
    private volatile boolean closed;

    /// A connection that is not open yet.
    ///
    /// @param refusal why this connection is to be refused, if it is
    Connection(Realtime realtime, Optional<Refusal> refusal) {
        this.realtime = realtime;
        this.refusal = refusal;
    }

    @Override
    public void onWebSocketOpen(Session opened) {
        session = opened;
        realtime.opened(this);
        if (refusal.isPresent()) {
            timers.add(realtime.timer().schedule(this::refuse, REFUSAL_GRACE_MS, MILLISECONDS));
        } else {
            long lifetime = realtime.options().connectionLifetime().toMillis();
            timers.add(realtime.timer().schedule(() -> close(StatusCode.SHUTDOWN), lifetime, MILLISECONDS));
        }
    }

    @Override
    public void onWebSocketText(String text) {
        if (refusal.isPresent()) {
            refuse();
            return;
        }
        switch (ClientFrame.read(text)) {
            case ClientFrame.ConnectionInit() -> acknowledge();
            case ClientFrame.Subscribe frame -> subscribe(frame);
            case ClientFrame.Unsubscribe(String id) -> unsubscribe(id);
            case ClientFrame.Publish frame -> publish(frame);
            case ClientFrame.Unusable(String answer) -> send(answer);
        }
    }

    @Override
    public void onWebSocketBinary(ByteBuffer payload, Callback callback) {
        send(ServerFrame.error(Refusal.badInput("A frame must be text.")));
        callback.succeed();
    }

    @Override
    public void onWebSocketError(Throwable failure) {
        log.debug("a connection failed: {}", failure.getClass().getSimpleName());
    }

    @Override
    public void onWebSocketClose(int code, String reason, Callback callback) {
        closed = true;
        timers.forEach(timer -> timer.cancel(false));
        subscribed.keySet().forEach(this::forget);
        realtime.closed(this);
        ended.complete(null);
        callback.succeed();
    }

    @Override
    public void deliver(String subscriptionId, String quotedEvent) {
        if (realtime.faults().dropsSocket()) {
            drop();
        } else {
            send(ServerFrame.data(subscriptionId, quotedEvent));
        }
    }

    /// Ends the connection with a close frame.
    void close(int code) {
        Session open = session;
        if (open != null) {
            open.close(code, null, Callback.NOOP);
        }
    }

    /// Done once the connection has ended, however it did.
    CompletableFuture<Void> ended() {
        return ended;
    }

    /// Ends the connection without a word, as a network does.
    void drop() {
        Session open = session;
        if (open != null) {
            open.disconnect();
        }
    }

    private void refuse() {
        Session open = session;
        if (open != null && refused.compareAndSet(false, true)) {
            open.sendText(
                    ServerFrame.connectionError(refusal.orElseThrow()),
                    Callback.from(() -> close(StatusCode.NORMAL), failure -> drop()));
        }
    }

    /// The first `ka` comes at once: Amplify counts silence from before it connected.
    private void acknowledge() {
        send(ServerFrame.connectionAck());
        long interval = realtime.options().keepAlive().toMillis();
        send(ServerFrame.KEEP_ALIVE);
        if (acknowledged.compareAndSet(false, true)) {
            timers.add(realtime.timer()
                    .scheduleAtFixedRate(() -> send(ServerFrame.KEEP_ALIVE), interval, interval, MILLISECONDS));
        }
    }

    private void subscribe(ClientFrame.Subscribe frame) {
        switch (admitted(frame)) {
            case Outcome.Done<ChannelPattern>(ChannelPattern pattern) -> {
                // Before the success is sent, so that nothing is missed after it.
                remember(frame.id(), pattern);
                send(ServerFrame.success("subscribe_success", frame.id()));
            }
            case Outcome.Refused<ChannelPattern>(Refusal why) ->
                send(ServerFrame.error("subscribe_error", frame.id(), why));
        }
    }

    private Outcome<ChannelPattern> admitted(ClientFrame.Subscribe frame) {
        if (subscribed.containsKey(frame.id())) {
            return Outcome.refused(Refusal.duplicateId());
        }
        if (subscribed.size() >= Limits.SUBSCRIPTIONS_PER_CONNECTION) {
            return Outcome.refused(Refusal.tooManySubscriptions());
        }
        return realtime.admit(frame);
    }

    private void unsubscribe(String id) {
        send(
                forget(id)
                        ? ServerFrame.success("unsubscribe_success", id)
                        : ServerFrame.error("unsubscribe_error", id, Refusal.unknownOperation(id)));
    }

    private void publish(ClientFrame.Publish frame) {
        send(
                switch (realtime.publish(frame)) {
                    case Outcome.Done<PublishAnswer>(PublishAnswer answer) -> ServerFrame.published(frame.id(), answer);
                    case Outcome.Refused<PublishAnswer>(Refusal why) ->
                        ServerFrame.error("publish_error", frame.id(), why);
                });
    }

    private void remember(String id, ChannelPattern pattern) {
        subscribed.put(id, pattern);
        realtime.subscriptions().add(pattern, new Subscription(this, id));
        if (closed) {
            // It closed meanwhile, and may not have seen this one.
            forget(id);
        }
    }

    private boolean forget(String id) {
        ChannelPattern pattern = subscribed.remove(id);
        if (pattern == null) {
            return false;
        }
        realtime.subscriptions().remove(pattern, new Subscription(this, id));
        return true;
    }

    private void send(String frame) {
        Session open = session;
        if (open == null) {
            return;
        }
        int size = frame.length();
        if (waiting.addAndGet(size) > realtime.options().sendBuffer()) {
            log.info("a client reads too slowly and is dropped");
            drop();
        } else {
            open.sendText(frame, Callback.from(() -> waiting.addAndGet(-size), failure -> drop()));
        }
    }
}
