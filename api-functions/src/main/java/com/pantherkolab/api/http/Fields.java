package com.pantherkolab.api.http;

import com.pantherkolab.api.command.Refusal;
import com.pantherkolab.api.command.Refusal.Code;
import com.pantherkolab.api.command.Refusal.FieldError;
import com.pantherkolab.common.UserId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/// The fields of a body, read by name; every error is collected before any is told.
///
/// A null stands for an absent field. A field that nobody asked for is an error, but for two kinds that old front
/// ends send: the caller's own id, which must be the caller's, and times, which are ignored.
public final class Fields {
    private static final List<String> CALLER = List.of("senderId", "initiatedBy", "userId");
    private static final List<String> IGNORED = List.of("timestamp", "createdAt");

    private static final String IDEMPOTENCY_KEY = "Idempotency-Key";

    /// So that an answer stays readable, and within what a Lambda function may answer.
    private static final int MAX_ERRORS = 100;

    private final ObjectNode body;
    private final UserId caller;
    private final @Nullable String idempotencyKey;
    private final Set<String> asked = new HashSet<>(IGNORED);
    private final List<FieldError> errors = new ArrayList<>();

    Fields(ObjectNode body, UserId caller, @Nullable String idempotencyKey) {
        this.body = body;
        this.caller = caller;
        this.idempotencyKey = idempotencyKey;
    }

    /// A field that must be there.
    public <T> Field<T> required(String name, Rule<T> rule) {
        JsonNode value = ask(name);
        if (value == null) {
            wrong(name, "must not be missing");
            return new Field<>(null);
        }
        return read(name, value, rule);
    }

    /// A field that may be absent.
    public <T> Field<T> optional(String name, Rule<T> rule) {
        JsonNode value = ask(name);
        return value == null ? new Field<>(null) : read(name, value, rule);
    }

    /// A list that must be there; each bad element is named with its index.
    public <T> Field<List<T>> requiredList(String name, Rule<T> rule) {
        JsonNode value = ask(name);
        if (value == null || !value.isArray()) {
            wrong(name, value == null ? "must not be missing" : "must be a list");
            return new Field<>(null);
        }
        int errorsBefore = errors.size();
        List<T> elements = new ArrayList<>();
        for (int index = 0; index < value.size(); index++) {
            T element = read("%s[%d]".formatted(name, index), value.get(index), rule)
                    .orNull();
            if (element != null) {
                elements.add(element);
            }
        }
        return new Field<>(errors.size() == errorsBefore ? elements : null);
    }

    /// The header `Idempotency-Key`, which may be absent; its errors are named as a field's.
    public Field<String> idempotencyKey() {
        return idempotencyKey == null
                ? new Field<>(null)
                : read(IDEMPOTENCY_KEY, StringNode.valueOf(idempotencyKey), Rule.key());
    }

    /// Names a field whose value is bad only beside others.
    public void wrong(String name, String message) {
        errors.add(new FieldError(name, message));
    }

    /// Ends the reading.
    ///
    /// @param command builds the command; only called if there was no error
    public <T> Reading<T> build(Supplier<T> command) {
        boolean actsAsAnother = false;
        for (String name : CALLER) {
            UserId repeated = optional(name, Rule.user()).orNull();
            actsAsAnother |= repeated != null && !repeated.equals(caller);
        }
        body.propertyNames().stream()
                .filter(name -> !asked.contains(name))
                .forEach(name -> wrong(shown(name), "is not a field of this body"));
        if (!errors.isEmpty()) {
            return new Reading.Bad<>(new Refusal(
                    Code.INVALID_FIELD,
                    "The body has bad fields: see errors.",
                    errors.subList(0, Math.min(errors.size(), MAX_ERRORS))));
        }
        if (actsAsAnother) {
            return new Reading.Bad<>(Refusal.of(Code.FORBIDDEN, "Nobody can act as somebody else."));
        }
        return new Reading.Good<>(command.get());
    }

    private @Nullable JsonNode ask(String name) {
        asked.add(name);
        JsonNode value = body.get(name);
        return value == null || value.isNull() ? null : value;
    }

    private <T> Field<T> read(String name, JsonNode value, Rule<T> rule) {
        T read = rule.read().apply(value).orElse(null);
        if (read == null) {
            wrong(name, rule.must());
        }
        return new Field<>(read);
    }

    /// A name that the caller made up is repeated only as far as it is harmless to print.
    private static String shown(String name) {
        String printable = name.replaceAll("[^\\x20-\\x7e]", "?");
        return printable.length() <= 64 ? printable : printable.substring(0, 64) + "…";
    }
}
