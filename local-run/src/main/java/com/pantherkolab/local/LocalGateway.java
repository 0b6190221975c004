package com.pantherkolab.local;

import com.pantherkolab.common.Json;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.PathContainer;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Stands in for API Gateway's HTTP API: turns a verified request into an event of payload format 2.0, invokes the
/// function that the template's routes name, and turns its answer back.
///
/// The token was verified before, by [GatewaySecurity]. Throttling is not imitated.
@RestController
class LocalGateway {
    private static final int MAX_BODY_BYTES = 10 * 1024 * 1024;

    /// What API Gateway adds to every answer.
    static final String REQUEST_ID = "apigw-requestid";

    private final List<Target> targets;
    private final Map<String, Function<InputStream, byte[]>> functions;
    private final Clock clock;

    /// @param functions the deployed edges by bean name
    LocalGateway(
            List<Deployment.Route> routes,
            Map<String, ? extends Function<InputStream, byte[]>> functions,
            Clock clock) {
        this.targets = routes.stream().map(Target::of).sorted().toList();
        this.functions = Map.copyOf(functions);
        this.clock = clock;
    }

    /// A route as it is matched; the default route matches what no other does.
    private record Target(Deployment.Route route, PathPattern pattern) implements Comparable<Target> {
        static Target of(Deployment.Route route) {
            String path = route.key().equals(Deployment.Route.DEFAULT) ? "/**" : route.path();
            return new Target(route, PathPatternParser.defaultInstance.parse(path));
        }

        boolean matches(HttpServletRequest request) {
            return (route.key().equals(Deployment.Route.DEFAULT)
                            || route.method().equals(request.getMethod()))
                    && pattern.matches(PathContainer.parsePath(request.getRequestURI()));
        }

        @Override
        public int compareTo(Target other) {
            return pattern.compareTo(other.pattern);
        }
    }

    @RequestMapping("/api/**")
    ResponseEntity<byte[]> invoke(HttpServletRequest request, @AuthenticationPrincipal Jwt token) throws IOException {
        byte[] body = request.getInputStream().readNBytes(MAX_BODY_BYTES + 1);
        if (body.length > MAX_BODY_BYTES) {
            // Who is still sending when the connection closes may never read the answer.
            request.getInputStream().skip(MAX_BODY_BYTES);
            return refused(HttpStatus.CONTENT_TOO_LARGE, "Request Entity Too Large");
        }
        Deployment.Route route = targets.stream()
                .filter(target -> target.matches(request))
                .map(Target::route)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the template has no default route"));
        ObjectNode event = event(request, route, token, body);
        byte[] answer = Objects.requireNonNull(functions.get(route.function()), route.function())
                .apply(new ByteArrayInputStream(Json.mapper().writeValueAsBytes(event)));
        return response(
                Json.mapper().readTree(answer),
                event.path("requestContext").path("requestId").stringValue());
    }

    /// The gateway's own voice: what it refuses before any function is asked.
    static ResponseEntity<byte[]> refused(HttpStatus status, String message) {
        return ResponseEntity.status(status)
                .contentType(MediaType.APPLICATION_JSON)
                .body(refusal(message));
    }

    static byte[] refusal(String message) {
        return Json.mapper().writeValueAsBytes(Map.of("message", message));
    }

    private ObjectNode event(HttpServletRequest request, Deployment.Route route, Jwt token, byte[] body) {
        ObjectNode event = Json.mapper()
                .createObjectNode()
                .put("version", "2.0")
                .put("routeKey", route.key())
                .put("rawPath", request.getRequestURI())
                .put("rawQueryString", request.getQueryString() == null ? "" : request.getQueryString());
        event.set("headers", Json.mapper().valueToTree(headers(request)));
        if (!request.getParameterMap().isEmpty()) {
            ObjectNode query = event.putObject("queryStringParameters");
            request.getParameterMap().forEach((name, values) -> query.put(name, String.join(",", values)));
        }
        ObjectNode context = event.putObject("requestContext")
                .put("accountId", "000000000000")
                .put("apiId", "local")
                .put("domainName", request.getServerName())
                .put("requestId", UUID.randomUUID().toString())
                .put("routeKey", route.key())
                .put("stage", "$default")
                .put("timeEpoch", clock.millis());
        context.putObject("http")
                .put("method", request.getMethod())
                .put("path", request.getRequestURI())
                .put("protocol", request.getProtocol())
                .put("sourceIp", request.getRemoteAddr())
                .put("userAgent", request.getHeader(HttpHeaders.USER_AGENT));
        ObjectNode claims = context.putObject("authorizer").putObject("jwt").putObject("claims");
        token.getClaims().forEach((name, value) -> claims.put(name, String.valueOf(value)));
        return putBody(event, body);
    }

    /// A body that is no UTF-8 arrives base64, as API Gateway sends it; decoding it here would store U+FFFD
    /// silently.
    private static ObjectNode putBody(ObjectNode event, byte[] body) {
        if (body.length == 0) {
            return event.put("isBase64Encoded", false);
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
            return event.put("body", text).put("isBase64Encoded", false);
        } catch (CharacterCodingException _) {
            return event.put("body", Base64.getEncoder().encodeToString(body)).put("isBase64Encoded", true);
        }
    }

    private static Map<String, String> headers(HttpServletRequest request) {
        Map<String, String> headers = new HashMap<>();
        for (String name : Collections.list(request.getHeaderNames())) {
            headers.put(name.toLowerCase(Locale.ROOT), String.join(",", Collections.list(request.getHeaders(name))));
        }
        return headers;
    }

    private static ResponseEntity<byte[]> response(JsonNode answer, String requestId) {
        HttpHeaders headers = new HttpHeaders();
        headers.set(REQUEST_ID, requestId);
        answer.path("headers")
                .properties()
                .forEach(
                        header -> headers.set(header.getKey(), header.getValue().stringValue()));
        String body = answer.path("body").stringValue("");
        return ResponseEntity.status(answer.path("statusCode").intValue())
                .headers(headers)
                // Without a body there is nothing that Spring would have to name a content type for.
                .body(body.isEmpty() ? null : body.getBytes(StandardCharsets.UTF_8));
    }
}
