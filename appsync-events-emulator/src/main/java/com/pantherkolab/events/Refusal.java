package com.pantherkolab.events;

import com.pantherkolab.events.auth.Authentication;
import com.pantherkolab.events.handler.HandlerRefusal;

/// Why something was not done, as the caller is told. The two ways in name some reasons differently.
///
/// @param status the HTTP status, and the `errorCode` of a `connection_error`
/// @param httpType the `errorType` over HTTP
/// @param socketType the `errorType` inside a WebSocket frame
/// @param message for people; it never repeats what was sent
record Refusal(int status, String httpType, String socketType, String message) {

    private static final String UNAUTHORIZED = "UnauthorizedException";
    private static final String BAD_REQUEST = "BadRequestException";

    static Refusal badInput(String message) {
        return new Refusal(400, BAD_REQUEST, "InvalidInputError", message);
    }

    static Refusal tooLarge() {
        return new Refusal(413, "RequestEntityTooLargeException", "InvalidInputError", "Request is larger than 1.2MB");
    }

    static Refusal notAllowed() {
        return new Refusal(403, UNAUTHORIZED, UNAUTHORIZED, "This kind of credentials may not do that here.");
    }

    static Refusal unknownNamespace() {
        return both(404, "ResourceNotFound", "The channel namespace does not exist.");
    }

    static Refusal duplicateId() {
        return both(400, "DuplicatedOperationError", "The id is in use on this connection.");
    }

    static Refusal tooManySubscriptions() {
        return both(
                400,
                "MaxSubscriptionsReachedError",
                "A connection holds at most " + Limits.SUBSCRIPTIONS_PER_CONNECTION + " subscriptions.");
    }

    static Refusal unknownOperation(String id) {
        return both(400, "UnknownOperationError", "Unknown operation id " + id);
    }

    static Refusal unsupportedOperation() {
        return both(400, "UnsupportedOperation", "This type of message is not supported.");
    }

    static Refusal missingSubprotocol() {
        return both(400, "NoProtocolError", "The subprotocol " + Connection.SUBPROTOCOL + " was not offered.");
    }

    static Refusal of(Authentication.Refused refused) {
        return switch (refused.reason()) {
            case UNAUTHORIZED -> both(401, UNAUTHORIZED, refused.message());
            case BAD_SIGNATURE -> both(400, BAD_REQUEST, refused.message());
            case UNAVAILABLE -> both(503, "ServiceUnavailableException", refused.message());
        };
    }

    static Refusal ofSubscribing(HandlerRefusal refusal) {
        return switch (refusal) {
            case HandlerRefusal.Unauthorized() ->
                both(401, "Unauthorized", "You are not authorized to make this call.");
            case HandlerRefusal.Rejected(String message, var type) -> both(403, type.orElse("Unauthorized"), message);
            case HandlerRefusal.Broken() ->
                both(500, "SubscriptionProcessingError", "There was an error processing the operation");
        };
    }

    static Refusal ofPublishing(HandlerRefusal refusal) {
        return switch (refusal) {
            case HandlerRefusal.Unauthorized() -> both(401, UNAUTHORIZED, "You are not authorized to make this call.");
            case HandlerRefusal.Rejected(String message, var type) -> both(403, type.orElse(UNAUTHORIZED), message);
            case HandlerRefusal.Broken() ->
                new Refusal(
                        500,
                        "InternalFailureException",
                        "MessageProcessingError",
                        "There was an error processing the message");
        };
    }

    private static Refusal both(int status, String type, String message) {
        return new Refusal(status, type, type, message);
    }
}
