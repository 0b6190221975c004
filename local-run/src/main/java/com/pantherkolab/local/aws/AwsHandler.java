package com.pantherkolab.local.aws;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.net.StandardSocketOptions;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Blocker;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;

/// HTTP in front of the stand-ins: the first segment of the path says which one is meant.
final class AwsHandler extends Handler.Abstract {
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]", "::1");

    private final Map<String, StandIn> standIns;
    private final Supplier<UUID> ids;

    /// @param standIns by the first segment of the path
    /// @param ids of requests
    AwsHandler(Map<String, StandIn> standIns, Supplier<UUID> ids) {
        this.standIns = Map.copyOf(standIns);
        this.ids = ids;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        String path = request.getHttpURI().getPath();
        int second = path.indexOf('/', 1);
        StandIn standIn = standIns.get(second < 0 ? path.substring(1) : path.substring(1, second));
        // No SDK sends an origin; a page that does has no business here.
        if (standIn == null
                || !LOOPBACK.contains(Request.getServerName(request))
                || request.getHeaders().contains(HttpHeader.ORIGIN)) {
            response.setStatus(standIn == null ? 404 : 403);
            callback.succeeded();
            return true;
        }
        AwsAnswer answer = standIn.answer(read(request, second < 0 ? "/" : path.substring(second)));
        write(answer, request, response, callback);
        return true;
    }

    private static AwsRequest read(Request request, String path) throws IOException {
        Map<String, String> headers = new HashMap<>();
        for (HttpField field : request.getHeaders()) {
            String value = field.getValue();
            headers.put(field.getName().toLowerCase(Locale.ROOT), value == null ? "" : value);
        }
        Map<String, String> query = new HashMap<>();
        for (Fields.Field field : Request.extractQueryParameters(request)) {
            String value = field.getValue();
            query.put(field.getName(), value == null ? "" : value);
        }
        try (InputStream body = Content.Source.asInputStream(request)) {
            return new AwsRequest(
                    request.getMethod(),
                    // A plus sign in a path is a plus sign.
                    URLDecoder.decode(path.replace("+", "%2B"), UTF_8),
                    query,
                    headers,
                    body.readAllBytes());
        }
    }

    private void write(AwsAnswer answer, Request request, Response response, Callback callback) throws IOException {
        response.setStatus(answer.status());
        response.getHeaders().put("x-amzn-RequestId", ids.get().toString());
        answer.headers().forEach(response.getHeaders()::put);
        if (!answer.cut()) {
            response.write(true, ByteBuffer.wrap(answer.body()), callback);
            return;
        }
        if (answer.body().length > 0) {
            // Half of it, so that the caller's HTTP client cannot take it for a connection that was never good and
            // send the request again by itself.
            response.getHeaders().put(HttpHeader.CONTENT_LENGTH, answer.body().length);
            try (Blocker.Callback half = Blocker.callback()) {
                response.write(false, ByteBuffer.wrap(answer.body(), 0, answer.body().length / 2), half);
                half.block();
            }
        }
        cut(request, callback, answer.body().length == 0);
    }

    /// Ends the connection.
    ///
    /// @param reset whether the caller sees a reset, for there is no half of nothing
    private static void cut(Request request, Callback callback, boolean reset) throws IOException {
        EndPoint endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
        if (reset && endPoint.getTransport() instanceof SocketChannel channel) {
            // To close without lingering is to reset.
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        }
        endPoint.close();
        callback.failed(new EofException("An injected fault"));
    }
}
