package com.pantherkolab.api.http;

import com.pantherkolab.api.command.Refusal;
import com.pantherkolab.api.command.Refusal.Code;
import com.pantherkolab.common.Json;
import com.pantherkolab.common.UserId;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A request of a signed-in user to a route that exists.
public final class Request {
    private static final int MAX_BODY_BYTES = 256 * 1024;

    private final UserId caller;
    private final @Nullable String idempotencyKey;
    private final byte[] body;

    Request(UserId caller, @Nullable String idempotencyKey, byte[] body) {
        this.caller = caller;
        this.idempotencyKey = idempotencyKey;
        this.body = body;
    }

    /// Who calls: the verified token's subject.
    public UserId caller() {
        return caller;
    }

    /// The header `Idempotency-Key` as it came; whether it may be one, [Fields#idempotencyKey] says.
    public @Nullable String idempotencyKey() {
        return idempotencyKey;
    }

    /// Reads the body.
    ///
    /// @param form names the fields and what they must be
    public <T> Reading<T> read(Function<Fields, Reading<T>> form) {
        if (body.length > MAX_BODY_BYTES) {
            return new Reading.Bad<>(
                    Refusal.of(Code.BODY_TOO_LARGE, "A body has at most %d bytes.".formatted(MAX_BODY_BYTES)));
        }
        try {
            JsonNode json = Json.mapper().readTree(text());
            if (json instanceof ObjectNode object) {
                return form.apply(new Fields(object, caller, idempotencyKey));
            }
        } catch (CharacterCodingException | JacksonException _) {
            // Jackson's message quotes the body and names its classes: it is not for the caller.
        }
        return new Reading.Bad<>(Refusal.of(
                Code.INVALID_JSON,
                "The body must be one JSON object in UTF-8, with no key twice, nothing after it and no deep nesting."));
    }

    /// Decoded here, and strictly: from bytes Jackson would also read UTF-16, UTF-32 and what only looks like
    /// UTF-8.
    private String text() throws CharacterCodingException {
        return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
    }
}
