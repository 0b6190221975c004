package com.pantherkolab.local;

import com.pantherkolab.common.Json;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DatabindException;

/// The bodies of local run's own endpoints: read strictly, refused with the name of the bad field.
@RestControllerAdvice
class LocalBody {

    /// A body that is refused.
    static final class Bad extends RuntimeException {
        Bad(String field, String message) {
            super(field + " " + message);
        }
    }

    /// Reads the bytes of the body, whatever content type a hurried `curl -d` gives them.
    static <T> T read(HttpServletRequest request, Class<T> type) throws IOException {
        byte[] body = request.getInputStream().readAllBytes();
        try {
            @Nullable T read = Json.mapper().readValue(body, type);
            require(read != null, "body", "must be a JSON object");
            return read;
        } catch (DatabindException wrong) {
            throw new Bad(field(wrong), message(wrong));
        } catch (JacksonException _) {
            throw new Bad("body", "must be one JSON object");
        }
    }

    static void require(boolean holds, String field, String message) {
        if (!holds) {
            throw new Bad(field, message);
        }
    }

    @ExceptionHandler
    ResponseEntity<Map<String, String>> refuse(Bad bad) {
        return ResponseEntity.status(HttpStatus.BAD_REQUEST).body(Map.of("error", String.valueOf(bad.getMessage())));
    }

    private static String field(DatabindException wrong) {
        return wrong.getPath().isEmpty()
                ? "body"
                : wrong.getPath().stream()
                        .map(step -> String.valueOf(step.getPropertyName()))
                        .reduce((outer, inner) -> outer + "." + inner)
                        .orElse("body");
    }

    /// A record's own check says what is wrong; Jackson's words are not for the caller.
    private static String message(DatabindException wrong) {
        return wrong.getCause() instanceof IllegalArgumentException check && check.getMessage() != null
                ? check.getMessage()
                : "is not a field of this body, or of another type";
    }
}
