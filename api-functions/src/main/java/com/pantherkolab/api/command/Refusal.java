package com.pantherkolab.api.command;

import com.pantherkolab.common.Call;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Why a command was not carried out, in words for the caller.
///
/// @param code what clients branch on, with its HTTP status
/// @param detail one sentence; never an internal message
/// @param errors for a bad body every bad field, else empty
/// @param call the call as it stands, where it is about one that the caller is in
public record Refusal(
        Code code,
        String detail,
        List<FieldError> errors,
        @Nullable Call call) {

    /// The kinds of refusal, each with the HTTP status it is answered with.
    public enum Code {
        INVALID_JSON(400),
        INVALID_FIELD(400),
        FORBIDDEN(403),
        NOT_FOUND(404),
        KEY_REUSED(409),
        CALL_OVER(409),
        ILLEGAL_TRANSITION(409),
        CALL_IN_PROGRESS(409),
        ANSWERED_ELSEWHERE(409),
        BODY_TOO_LARGE(413),
        INTERNAL(500),
        CONTENDED(503),
        UNAVAILABLE(503),
        OUTCOME_UNKNOWN(503);

        private final int status;

        Code(int status) {
            this.status = status;
        }

        /// The HTTP status.
        public int status() {
            return status;
        }
    }

    /// One bad field of a body.
    ///
    /// @param field its name, with an index where it is inside a list: `participantIds[2]`
    /// @param message what it must be
    public record FieldError(String field, String message) {}

    public Refusal {
        errors = List.copyOf(errors);
    }

    /// A refusal that is not about a call.
    public Refusal(Code code, String detail, List<FieldError> errors) {
        this(code, detail, errors, null);
    }

    /// A bad field that only the state could show to be bad.
    public static Refusal ofField(String field, String message) {
        return new Refusal(
                Code.INVALID_FIELD, "The body has bad fields: see errors.", List.of(new FieldError(field, message)));
    }

    /// The same refusal, with the call as it stands.
    public Refusal with(Call current) {
        return new Refusal(code, detail, errors, current);
    }

    /// A refusal that is not about a field.
    public static Refusal of(Code code, String detail) {
        return new Refusal(code, detail, List.of());
    }

    /// An unknown conversation, and one that the caller is no participant of: the two cannot be told apart.
    public static Refusal noSuchConversation() {
        return of(Code.NOT_FOUND, "There is no such conversation.");
    }

    /// An unknown call, and one that the caller is no participant of: the two cannot be told apart.
    public static Refusal noSuchCall() {
        return of(Code.NOT_FOUND, "There is no such call.");
    }
}
