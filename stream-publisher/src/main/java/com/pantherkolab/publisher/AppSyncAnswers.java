package com.pantherkolab.publisher;

import com.pantherkolab.common.Json;
import com.pantherkolab.publisher.PublishAnswer.Answered;
import com.pantherkolab.publisher.PublishAnswer.Refused;
import com.pantherkolab.publisher.PublishAnswer.Unavailable;
import com.pantherkolab.publisher.PublishResult.Published;
import com.pantherkolab.publisher.PublishResult.Rejected;
import com.pantherkolab.publisher.PublishResult.Retryable;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/// Reads what AppSync Events answers over HTTP.
///
/// An event is given up only on evidence against the event itself: 400 or 413 for the request, or one of three
/// codes for the event. Everything else is somebody else's fault and passes:
/// - 401 and 403 (credentials, policy) and 404 (a namespace that is being deployed) are faults of the
///   configuration. AWS advises not to retry them, and for a caller that cannot change them that is right. Here an
///   operator can, and parking every event until then would turn one wrong policy into a mass of parked events: so
///   they are retried, slowly. They may concern one namespace alone, so they do not count against the service.
/// - 400 is also said when a signature does not verify or a clock is off; that is told from the words.
/// - 429, 5xx, any other status and any answer that makes no sense are the service's.
///
/// A 200 can hide failures. An event counts as published only if `successful` names its index, once, and `failed`
/// does not; an answer that contradicts itself is believed in nothing.
final class AppSyncAnswers {
    private static final Set<String> FINAL_CODES =
            Set.of("EventTooLargeException", "BadRequestException", "ValidationException");
    private static final Pattern ABOUT_THE_SIGNATURE =
            Pattern.compile("signature|credential|security token|access key|x-amz-date|skew", Pattern.CASE_INSENSITIVE);
    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,6}");
    private static final int LONGEST_CODE = 80;

    private AppSyncAnswers() {}

    /// Reads one answer.
    ///
    /// @param events how many the request had
    static PublishAnswer read(int status, HttpHeaders headers, byte[] body, int events) {
        if (status == 200) {
            return perEvent(body, events);
        }
        JsonNode error = error(body);
        String errorType = code(headers.firstValue("x-amzn-ErrorType")
                .orElseGet(() -> error.path("errorType").asString("")));
        String reason = (status + " " + errorType).strip();
        return switch (status) {
            case 400 ->
                ABOUT_THE_SIGNATURE
                                .matcher(errorType + " " + error.path("message").asString(""))
                                .find()
                        ? eachLater(reason, events)
                        : new Refused(reason);
            case 413 -> new Refused(reason);
            case 401, 403, 404 -> eachLater(reason, events);
            default -> new Unavailable(reason, retryAfter(headers));
        };
    }

    private static PublishAnswer eachLater(String reason, int events) {
        return new Answered(Collections.nCopies(events, new Retryable(reason)));
    }

    private static PublishAnswer perEvent(byte[] body, int events) {
        JsonNode answer = tree(body);
        Map<Integer, PublishResult> results = new HashMap<>();
        boolean sound = answer.isObject()
                && note(answer.path("successful"), events, results, _ -> new Published())
                && note(answer.path("failed"), events, results, AppSyncAnswers::failure);
        if (!sound) {
            return new Unavailable("200 UNREADABLE", null);
        }
        return new Answered(IntStream.range(0, events)
                .mapToObj(index -> results.getOrDefault(index, new Retryable("200 UNACKNOWLEDGED")))
                .toList());
    }

    /// Notes what a list says of the events; false, if it names one twice or one that was not sent.
    private static boolean note(
            JsonNode list, int events, Map<Integer, PublishResult> results, Function<JsonNode, PublishResult> result) {
        if (list.isMissingNode() || list.isNull()) {
            return true;
        }
        for (JsonNode item : list) {
            JsonNode index = item.path("index");
            if (!index.isIntegralNumber()
                    || !index.canConvertToInt()
                    || index.intValue() < 0
                    || index.intValue() >= events
                    || results.put(index.intValue(), result.apply(item)) != null) {
                return false;
            }
        }
        return list.isArray();
    }

    private static PublishResult failure(JsonNode failed) {
        String code = code(failed.path("code").asString(""));
        return FINAL_CODES.contains(code) ? new Rejected(code) : new Retryable(code.isEmpty() ? "UNKNOWN" : code);
    }

    private static JsonNode error(byte[] body) {
        return tree(body).path("errors").path(0);
    }

    private static JsonNode tree(byte[] body) {
        try {
            return Json.mapper().readTree(body);
        } catch (JacksonException unreadable) {
            return MissingNode.getInstance();
        }
    }

    /// What stands in a reason or a log: foreign text, cut down to what a code is made of.
    private static String code(String text) {
        // Some services append a link: `Code:http://…`.
        String code = text.replaceFirst(":.*", "").replaceAll("[^A-Za-z0-9_.-]", "");
        return code.substring(0, Math.min(code.length(), LONGEST_CODE));
    }

    private static @Nullable Duration retryAfter(HttpHeaders headers) {
        return headers.firstValue("Retry-After")
                .filter(text -> SECONDS.matcher(text).matches())
                .map(text -> Duration.ofSeconds(Long.parseLong(text)))
                .orElse(null);
    }
}
