package com.pantherkolab.events;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.pantherkolab.events.PublishFault.Effect;
import com.pantherkolab.events.auth.Headers;
import com.pantherkolab.events.auth.Identity;
import com.pantherkolab.events.auth.PresentedRequest;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.server.ServerUpgradeRequest;
import org.eclipse.jetty.websocket.server.ServerUpgradeResponse;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;
import tools.jackson.databind.node.ObjectNode;

/// The HTTP side: `POST /event`, its preflight, and the way into `/event/realtime`.
final class EventsHandler extends Handler.Abstract {

    private final Gate gate;
    private final Publishing publishing;
    private final Realtime realtime;
    private final Supplier<FaultPlan> faults;
    private final EmulatorOptions options;

    EventsHandler(
            Gate gate, Publishing publishing, Realtime realtime, Supplier<FaultPlan> faults, EmulatorOptions options) {
        this.gate = gate;
        this.publishing = publishing;
        this.realtime = realtime;
        this.faults = faults;
        this.options = options;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        if (!isFromThisMachine(request)) {
            refuse(response, callback, 403, "UnauthorizedException", "Only this machine may call.");
            return true;
        }
        describe(response);
        String path = request.getHttpURI().getPath();
        switch (request.getMethod() + " " + path) {
            case "POST /event" -> publish(request, response, callback);
            case "OPTIONS /event" -> preflight(response, callback);
            case "GET /event/realtime" -> upgrade(request, response, callback);
            default -> refuse(response, callback, 404, "ResourceNotFound", "There is no such resource.");
        }
        return true;
    }

    private static boolean isFromThisMachine(Request request) {
        String origin = request.getHeaders().get(HttpHeader.ORIGIN);
        return Loopback.isHost(Request.getServerName(request)) && (origin == null || Loopback.isOrigin(origin));
    }

    private void describe(Response response) {
        response.getHeaders()
                .put("access-control-allow-origin", "*")
                .put(
                        "access-control-expose-headers",
                        "x-amzn-RequestId,x-amzn-ErrorType,x-amz-user-agent,x-amzn-ErrorMessage,Date,"
                                + "x-amz-schema-version")
                .put("x-amzn-requestid", options.ids().get().toString());
    }

    private static void preflight(Response response, Callback callback) {
        response.getHeaders()
                .put("access-control-allow-methods", "POST, OPTIONS")
                .put(
                        "access-control-allow-headers",
                        "content-type, x-api-key, authorization, x-amz-user-agent, x-amz-date, "
                                + "x-amz-security-token, x-amz-content-sha256")
                .put("access-control-max-age", "600");
        response.setStatus(204);
        response.write(true, ByteBuffer.allocate(0), callback);
    }

    private void upgrade(Request request, Response response, Callback callback) {
        var container = ServerWebSocketContainer.get(request.getContext());
        if (!container.upgrade(this::accept, request, response, callback)) {
            response.getHeaders().put(HttpHeader.UPGRADE, "websocket");
            refuse(response, callback, 426, "BadRequestException", "This is a WebSocket endpoint.");
        }
    }

    private Connection accept(ServerUpgradeRequest request, ServerUpgradeResponse response, Callback callback) {
        if (request.hasSubProtocol(Connection.SUBPROTOCOL)) {
            response.setAcceptedSubProtocol(Connection.SUBPROTOCOL);
        }
        // No compression: it would cost memory for every connection and save nothing on one machine.
        response.setExtensions(List.of());
        return realtime.accept(request.getSubProtocols());
    }

    private void publish(Request request, Response response, Callback callback) throws Exception {
        Optional<byte[]> body = body(request);
        if (body.isEmpty()) {
            refuse(response, callback, Refusal.tooLarge());
            return;
        }
        Headers headers = headers(request.getHeaders());
        var presented = new PresentedRequest(
                Optional.ofNullable(request.getHttpURI().getQuery()).orElse(""), headers, body.get());
        Outcome<Publication> publication = gate.authenticate(presented).then(identity -> PublishRequest.read(body.get())
                .then(it -> Outcome.done(new Publication(identity, headers, it))));
        switch (publication) {
            case Outcome.Done<Publication>(Publication it) -> publish(it, request, response, callback);
            case Outcome.Refused<Publication>(Refusal refusal) -> refuse(response, callback, refusal);
        }
    }

    /// A publish request whose sender is known.
    private record Publication(Identity identity, Headers headers, PublishRequest request) {}

    private void publish(Publication publication, Request request, Response response, Callback callback)
            throws Exception {
        PublishFault fault =
                faults.get().onPublish(publication.request().events().size());
        TimeUnit.NANOSECONDS.sleep(fault.delay().toNanos());
        switch (fault.effect()) {
            case Effect.None() -> answer(published(publication, Set.of()), response, callback);
            case Effect.PartialFailure(Set<Integer> indexes) ->
                answer(published(publication, indexes), response, callback);
            case Effect.ErrorAnswer(int status) ->
                refuse(response, callback, status, "InjectedFault", "An injected fault");
            case Effect.Reset() -> cut(request, callback, true);
            case Effect.LostResponse() -> {
                published(publication, Set.of());
                cut(request, callback, false);
            }
        }
    }

    private Outcome<PublishAnswer> published(Publication publication, Set<Integer> faulty) {
        return publishing.publish(publication.identity(), publication.headers(), publication.request(), faulty);
    }

    private static void answer(Outcome<PublishAnswer> outcome, Response response, Callback callback) {
        switch (outcome) {
            case Outcome.Done<PublishAnswer>(PublishAnswer answer) ->
                write(response, callback, 200, Json.STRICT.writeValueAsString(answer));
            case Outcome.Refused<PublishAnswer>(Refusal refusal) -> refuse(response, callback, refusal);
        }
    }

    /// Ends the connection without an answer.
    private static void cut(Request request, Callback callback, boolean reset) throws IOException {
        EndPoint endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
        if (reset && endPoint.getTransport() instanceof SocketChannel channel) {
            // To close without lingering is to reset.
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        }
        endPoint.close();
        callback.failed(new EofException("An injected fault"));
    }

    /// The body, or nothing when it is too large.
    private static Optional<byte[]> body(Request request) throws IOException {
        try (InputStream in = Content.Source.asInputStream(request)) {
            byte[] body = in.readNBytes(Limits.REQUEST_BYTES + 1);
            if (body.length <= Limits.REQUEST_BYTES) {
                return Optional.of(body);
            }
            // Who is still sending when the connection closes may never read the answer.
            in.skip(Limits.DISCARDED_BYTES);
            return Optional.empty();
        }
    }

    private static Headers headers(HttpFields fields) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (HttpField field : fields) {
            headers.merge(
                    field.getLowerCaseName(),
                    Optional.ofNullable(field.getValue()).orElse(""),
                    (one, other) -> one + "," + other);
        }
        return new Headers(headers);
    }

    private static void refuse(Response response, Callback callback, Refusal refusal) {
        refuse(response, callback, refusal.status(), refusal.httpType(), refusal.message());
    }

    private static void refuse(Response response, Callback callback, int status, String errorType, String message) {
        ObjectNode body = Json.STRICT.createObjectNode();
        body.putArray("errors").addObject().put("errorType", errorType).put("message", message);
        response.getHeaders().put("x-amzn-ErrorType", errorType);
        write(response, callback, status, body.toString());
    }

    private static void write(Response response, Callback callback, int status, String json) {
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json; charset=UTF-8");
        response.write(true, ByteBuffer.wrap(json.getBytes(UTF_8)), callback);
    }
}
