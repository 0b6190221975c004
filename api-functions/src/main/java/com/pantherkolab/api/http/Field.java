package com.pantherkolab.api.http;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A field of a body as it was read: its value, or nothing where it is absent or bad.
///
/// @param <T> what it holds
public final class Field<T> {
    private final @Nullable T value;

    Field(@Nullable T value) {
        this.value = value;
    }

    /// The value of a required field; only to be asked once the body was found good.
    public T get() {
        return Objects.requireNonNull(value, "a required field is read only from a good body");
    }

    /// The value, or null.
    public @Nullable T orNull() {
        return value;
    }

    /// The value, or another.
    public T or(T other) {
        return value == null ? other : value;
    }
}
