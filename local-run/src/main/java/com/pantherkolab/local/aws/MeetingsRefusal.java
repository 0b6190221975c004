package com.pantherkolab.local.aws;

import com.pantherkolab.common.Json;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/// A refusal of the meetings API, as Chime words it.
final class MeetingsRefusal extends RuntimeException {
    private final int status;
    private final String type;
    private final String code;

    private MeetingsRefusal(int status, String type, String code, String message) {
        super(message, null, false, false);
        this.status = status;
        this.type = type;
        this.code = code;
    }

    static MeetingsRefusal badRequest(String message) {
        return new MeetingsRefusal(400, "BadRequestException", "BadRequest", message);
    }

    static MeetingsRefusal conflict() {
        return new MeetingsRefusal(
                409, "ConflictException", "Conflict", "The client request token was used with other parameters.");
    }

    static MeetingsRefusal notFound(String what, String id) {
        return new MeetingsRefusal(404, "NotFoundException", "NotFound", "%s %s not found".formatted(what, id));
    }

    static MeetingsRefusal limitExceeded() {
        return new MeetingsRefusal(
                400,
                "LimitExceededException",
                "ResourceLimitExceeded",
                "A meeting has at most %d attendees.".formatted(LocalMeetings.MAX_ATTENDEES));
    }

    /// An outage, injected.
    static MeetingsRefusal fault(int status) {
        return switch (status) {
            case 429 -> new MeetingsRefusal(429, "ThrottlingException", "Throttled", "An injected throttle");
            case 503 ->
                new MeetingsRefusal(503, "ServiceUnavailableException", "ServiceUnavailable", "An injected outage");
            default -> new MeetingsRefusal(status, "ServiceFailureException", "ServiceFailure", "An injected failure");
        };
    }

    AwsAnswer answer() {
        ObjectNode body = Json.mapper().createObjectNode().put("Code", code).put("Message", getMessage());
        AwsAnswer json = AwsAnswer.json(status, "application/json", body);
        return new AwsAnswer(
                json.status(),
                Map.of("content-type", "application/json", "x-amzn-ErrorType", type),
                json.body(),
                false);
    }
}
