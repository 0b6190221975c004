package com.pantherkolab.events;

import com.pantherkolab.events.auth.Authenticator;
import com.pantherkolab.events.handler.ChannelHandlers;
import com.pantherkolab.events.template.EventApi;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;

/// AppSync Events on this machine: publish over HTTP, subscribe and publish over WebSocket, on one port.
///
/// ```java
/// try (var emulator = AppSyncEventsEmulator.start(api, EmulatorOptions.DEFAULTS)) {
///   publishTo(emulator.httpEndpoint());
/// }
/// ```
///
/// It promises what the service documents: the frames, ids, limits and refusals; real verification of tokens and
/// signatures; the handlers of the template, executed; per publish request the order of its events. It listens on
/// the loopback interface only, answers only requests that are addressed to this machine and come from pages of it,
/// and keeps nothing.
///
/// It does not promise the service's rates and quotas per second, IAM policies, delivery delays, reordering or
/// loss; the service promises neither order nor delivery, so what passes here may still arrive late, twice or never
/// on AWS. [Faults] bring some of that back.
///
/// Source: the AppSync Events developer guide.
public final class AppSyncEventsEmulator implements AutoCloseable {

    private static final String LOOPBACK = "127.0.0.1";
    private static final int MAX_THREADS = 100;

    private final Server server;
    private final ServerConnector connector;
    private final Realtime realtime;
    private final ChannelHandlers handlers;
    private final ScheduledExecutorService timer;
    private final AtomicReference<FaultPlan> faults;
    private final AtomicReference<PublishListener> listener = new AtomicReference<>(PublishListener.NONE);

    private AppSyncEventsEmulator(EventApi api, EmulatorOptions options) {
        this.faults = new AtomicReference<>(FaultPlan.NONE);
        this.timer = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("appsync-events-timer").factory());
        this.handlers = new ChannelHandlers(api.namespaces().values(), options.clock());
        var gate = new Gate(
                api,
                new Authenticator(
                        options.userPool(),
                        options.region(),
                        options.accessKeys(),
                        options.apiKeys(),
                        options.clock()));
        var subscriptions = new Subscriptions();
        var publishing = new Publishing(gate, handlers, subscriptions, listener::get, options.ids());
        this.realtime = new Realtime(gate, handlers, publishing, subscriptions, options, faults::get, timer);
        this.server = new Server(threads());
        this.connector = connector(server, options.port());
        server.addConnector(connector);
        server.setHandler(new EventsHandler(gate, publishing, realtime, faults::get, options));
        configure(ServerWebSocketContainer.ensure(server));
    }

    /// Starts and listens.
    ///
    /// @throws UncheckedIOException when the port is taken
    public static AppSyncEventsEmulator start(EventApi api, EmulatorOptions options) {
        var emulator = new AppSyncEventsEmulator(api, options);
        try {
            emulator.server.start();
            return emulator;
        } catch (IOException unavailable) {
            emulator.close();
            throw new UncheckedIOException(unavailable);
        } catch (Exception failure) {
            emulator.close();
            throw new IllegalStateException("the emulator does not start", failure);
        }
    }

    /// The port it listens on.
    public int port() {
        return connector.getLocalPort();
    }

    /// Where to publish, for example `http://localhost:8081/event`. Amplify takes it with the scheme in upper case,
    /// and only then finds the WebSocket without TLS.
    public URI httpEndpoint() {
        return URI.create("http://localhost:" + port() + "/event");
    }

    /// Where to subscribe, for example `ws://localhost:8081/event/realtime`.
    public URI realtimeEndpoint() {
        return URI.create("ws://localhost:" + port() + "/event/realtime");
    }

    /// From now on things go wrong at these rates; [Faults#NONE] ends it.
    public void faults(Faults rates) {
        faults(rates.plan());
    }

    /// From now on things go wrong by this plan; [FaultPlan#NONE] ends it.
    public void faults(FaultPlan plan) {
        faults.set(plan);
    }

    /// From now on this one is told of what is accepted, and no other; [PublishListener#NONE] ends it.
    public void onAccepted(PublishListener told) {
        listener.set(told);
    }

    /// Drops every WebSocket without a close frame, as a network does. New ones are accepted.
    public void dropSockets() {
        realtime.dropAll();
    }

    /// Closes every WebSocket (1001) and stops listening.
    @Override
    public void close() {
        realtime.shutDown();
        try {
            server.stop();
        } catch (Exception failure) {
            throw new IllegalStateException("the emulator does not stop", failure);
        } finally {
            timer.shutdownNow();
            handlers.close();
        }
    }

    private static QueuedThreadPool threads() {
        var threads = new QueuedThreadPool(MAX_THREADS, 4);
        threads.setName("appsync-events");
        threads.setDaemon(true);
        return threads;
    }

    private static ServerConnector connector(Server server, int port) {
        var http = new HttpConfiguration();
        http.setRequestHeaderSize(Limits.REQUEST_HEADER_BYTES);
        http.setSendServerVersion(false);
        // Otherwise a header is replaced by a known one that differs in case, and no longer the one
        // signed.
        http.setHeaderCacheCaseSensitive(true);
        var connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
        connector.setHost(LOOPBACK);
        connector.setPort(port);
        return connector;
    }

    private static void configure(ServerWebSocketContainer sockets) {
        // Silence is no fault of a client that only listens: it answers no `ka`.
        sockets.setIdleTimeout(Duration.ZERO);
        sockets.setMaxTextMessageSize(Limits.FRAME_CHARS);
    }
}
