package com.pantherkolab.events.auth;

import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The headers that a caller presents, found by name in any case.
///
/// @param values one value per name, lower case; several lines of one name are joined by a comma
public record Headers(Map<String, String> values) {

    /// Copies the headers and lowers their names.
    public Headers {
        var lowered = new TreeMap<String, String>();
        values.forEach((name, value) -> lowered.merge(name.toLowerCase(Locale.ROOT), value, (a, b) -> a + "," + b));
        values = Collections.unmodifiableMap(lowered);
    }

    /// The value of a header that is there.
    public Optional<String> get(String name) {
        return Optional.ofNullable(values.get(name.toLowerCase(Locale.ROOT)));
    }

    /// Says which headers there are and not what is in them: one of them is a credential.
    @Override
    public String toString() {
        return "Headers" + values.keySet();
    }
}
