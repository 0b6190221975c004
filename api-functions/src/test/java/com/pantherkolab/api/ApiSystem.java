package com.pantherkolab.api;

import com.pantherkolab.api.calls.CallSettings;
import com.pantherkolab.api.calls.CallWorkflow;
import com.pantherkolab.api.calls.MemoryMeetings;
import com.pantherkolab.api.calls.Timers;
import com.pantherkolab.api.callstate.CallState;
import com.pantherkolab.api.command.Commands;
import com.pantherkolab.api.http.Edge;
import com.pantherkolab.api.http.Gateway;
import com.pantherkolab.api.http.Gateway.Reply;
import com.pantherkolab.api.law.Law;
import com.pantherkolab.api.store.Change;
import com.pantherkolab.api.store.ChangeWriter;
import com.pantherkolab.api.store.MemoryStore;
import com.pantherkolab.api.store.Pause;
import com.pantherkolab.api.store.StateReader;
import com.pantherkolab.api.trace.Causes;
import com.pantherkolab.common.OutboxEntry;
import com.pantherkolab.common.metrics.Metrics;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import tools.jackson.databind.node.ObjectNode;

/// The whole writing side, the functions as they are wired, with a clock that ticks with every look unless the test
/// has one.
///
/// As a field of a handler's test it is an extension of JUnit's, annotated `@RegisterExtension`: after every test
/// method the [Law] is held over what was committed. A field that is not annotated fails the build.
public final class ApiSystem implements AfterEachCallback {
    private final Supplier<List<OutboxEntry>> committed;
    private final Set<String> callers = new ConcurrentSkipListSet<>();
    private final Edge messagesApi;
    private final Edge conversationsApi;
    private final Edge callsApi;
    private final Gateway messages;
    private final Gateway conversations;
    private final Gateway calls;
    private final Clock clock;
    private final StateReader state;
    private final MemoryMeetings meetings = new MemoryMeetings();
    private final CallWorkflow workflow;
    private final List<Timers.Timer> armed = Collections.synchronizedList(new ArrayList<>());
    private int connected;

    public ApiSystem() {
        this(new MemoryStore());
    }

    /// On a store that can be looked into, and be told to have bad days.
    public ApiSystem(MemoryStore store) {
        this(store, new Ticking());
    }

    /// As [#ApiSystem(MemoryStore)], with a clock of the test's own.
    public ApiSystem(MemoryStore store, Clock clock) {
        this(store, store, clock, store::outbox);
    }

    /// On any store.
    public ApiSystem(StateReader state, ChangeWriter writer) {
        this(state, new Recorded(writer));
    }

    private ApiSystem(StateReader state, Recorded writer) {
        this(state, writer, new Ticking(), writer::committed);
    }

    private ApiSystem(StateReader state, ChangeWriter writer, Clock clock, Supplier<List<OutboxEntry>> committed) {
        Pause pause = new Pause(Duration.ofMillis(1), Duration.ofMillis(1), new Random(1), _ -> {});
        Commands commands = new Commands(state, writer, pause);
        ApiConfiguration wiring = new ApiConfiguration();
        Causes causes = new Causes(UUID::randomUUID);
        this.committed = committed;
        this.messagesApi = wiring.messagesApi(state, commands, Metrics.NONE, causes, clock);
        this.conversationsApi = wiring.conversationsApi(state, commands, Metrics.NONE, causes, clock);
        this.callsApi = wiring.callsApi(state, commands, new CallSettings(45, 10), Metrics.NONE, causes, clock);
        this.messages = new Gateway(messagesApi);
        this.conversations = new Gateway(conversationsApi);
        this.calls = new Gateway(callsApi);
        this.clock = clock;
        this.state = state;
        this.workflow = new CallWorkflow(
                state,
                writer,
                meetings,
                (timer, _) -> armed.add(timer),
                clock,
                () -> UUID.randomUUID().toString(),
                pause,
                Metrics.NONE);
    }

    @Override
    public void afterEach(ExtensionContext test) {
        Law.holds(this);
    }

    /// Every entry that was committed, in order.
    public List<OutboxEntry> committed() {
        return List.copyOf(committed.get());
    }

    /// Everybody whose command was answered with success.
    public Set<String> callers() {
        return Set.copyOf(callers);
    }

    /// Every route, as `METHOD /path`.
    public List<String> routes() {
        return Stream.of(messagesApi, conversationsApi, callsApi)
                .flatMap(edge -> edge.routes().stream())
                .toList();
    }

    /// Calls any route.
    public Reply call(String caller, String method, String path, String body) {
        return noted(caller, function(path).call(caller, method, path, body));
    }

    /// As [#call], with an `Idempotency-Key`.
    public Reply callWithKey(String caller, String method, String path, String key, String body) {
        return noted(caller, function(path).callWithKey(caller, method, path, key, body));
    }

    public Reply post(String caller, String path, String body) {
        return call(caller, "POST", path, body);
    }

    /// Reads.
    ///
    /// @param parameters names and values in turn
    public Reply get(String caller, String path, String... parameters) {
        ObjectNode event = Gateway.event(caller, "GET", path);
        ObjectNode query = event.putObject("queryStringParameters");
        for (int i = 0; i < parameters.length; i += 2) {
            query.put(parameters[i], parameters[i + 1]);
        }
        return function(path).send(event);
    }

    /// As [#get], for a caller who has a version of the answer.
    public Reply getUnless(String etag, String caller, String path, String... parameters) {
        ObjectNode event = Gateway.event(caller, "GET", path);
        event.withObject("headers").put("if-none-match", etag);
        ObjectNode query = event.putObject("queryStringParameters");
        for (int i = 0; i < parameters.length; i += 2) {
            query.put(parameters[i], parameters[i + 1]);
        }
        return function(path).send(event);
    }

    public String group(String creator, String... others) {
        return conversation(creator, "GROUP", others);
    }

    public String direct(String creator, String other) {
        return conversation(creator, "DIRECT", other);
    }

    public Reply send(String sender, String conversation, String content) {
        return post(
                sender,
                "/api/messages/send",
                "{\"conversationId\":\"%s\",\"content\":\"%s\"}".formatted(conversation, content));
    }

    public Reply markRead(String reader, String conversation, long sequence) {
        return post(
                reader,
                "/api/messages/read",
                "{\"conversationId\":\"%s\",\"sequence\":%d}".formatted(conversation, sequence));
    }

    /// Places a call and gives its id.
    public String initiate(String caller, String... others) {
        return initiated(caller, others).body().path("call").path("sessionId").stringValue();
    }

    /// Tries to place a call.
    public Reply initiated(String caller, String... others) {
        return post(
                caller,
                "/api/calls/initiate",
                "{\"callType\":\"VIDEO\",\"participantIds\":[%s]}"
                        .formatted(
                                Arrays.stream(others).map("\"%s\""::formatted).collect(Collectors.joining(","))));
    }

    /// A command on a call: `accept`, `reject`, `cancel`, `end` or `leave`.
    public Reply onCall(String caller, String command, String sessionId) {
        return post(caller, "/api/calls/" + command, "{\"sessionId\":\"%s\"}".formatted(sessionId));
    }

    /// As the stream of the Calls table does it: has the workflow look at every call that changed since it last
    /// did.
    public void connectCalls() {
        List<OutboxEntry> entries = committed();
        while (connected < entries.size()) {
            List<OutboxEntry> changed = entries.subList(connected, entries.size());
            connected = entries.size();
            changed.stream()
                    .flatMap(entry -> entry.aggregate().callId().stream())
                    .distinct()
                    .forEach(workflow::advance);
            entries = committed();
        }
    }

    /// The workflow behind [#connectCalls].
    public CallWorkflow workflow() {
        return workflow;
    }

    /// The timers that it armed.
    public List<Timers.Timer> armed() {
        return List.copyOf(armed);
    }

    /// The meetings at Chime.
    public MemoryMeetings meetings() {
        return meetings;
    }

    /// A call as the store has it.
    public CallState stored(String sessionId) {
        return Objects.requireNonNull(state.call(sessionId));
    }

    /// Lets time pass; only with the clock that ticks.
    public void pass(Duration time) {
        ((Ticking) clock).pass(time);
    }

    private Gateway function(String path) {
        return path.startsWith("/api/messages") ? messages : path.startsWith("/api/calls") ? calls : conversations;
    }

    private Reply noted(String caller, Reply reply) {
        if (reply.status() == 200) {
            callers.add(caller);
        }
        return reply;
    }

    private String conversation(String creator, String type, String... others) {
        String ids = Arrays.stream(others).map("\"%s\""::formatted).collect(Collectors.joining(","));
        return post(creator, "/api/conversations", "{\"type\":\"%s\",\"participantIds\":[%s]}".formatted(type, ids))
                .body()
                .path("conversation")
                .path("conversationId")
                .stringValue();
    }

    /// Remembers what a store committed that cannot be asked for it.
    private static final class Recorded implements ChangeWriter {
        private final ChangeWriter writer;
        private final List<OutboxEntry> committed = Collections.synchronizedList(new ArrayList<>());

        Recorded(ChangeWriter writer) {
            this.writer = writer;
        }

        List<OutboxEntry> committed() {
            return committed;
        }

        @Override
        public Written write(Change change) {
            Written written = writer.write(change);
            if (written instanceof Written.Committed) {
                switch (change) {
                    case Change.Announced announced -> committed.add(announced.entry());
                    case Change.EventOnly event -> committed.add(event.entry());
                    case Change.Quiet _ -> {}
                }
            }
            return written;
        }
    }

    private static final class Ticking extends Clock {
        private Instant now = Instant.parse("2026-01-09T23:06:40Z");

        @Override
        public synchronized Instant instant() {
            now = now.plusMillis(10);
            return now;
        }

        synchronized void pass(Duration time) {
            now = now.plus(time);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
