package com.pantherkolab.events;

import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Whether a name is this machine's own. A page elsewhere may point its own name at this machine; its requests then
/// carry that name as `Host`, or as `Origin`.
final class Loopback {

    private static final Set<String> NAMES = Set.of("localhost", "127.0.0.1", "::1", "[::1]");

    private Loopback() {}

    static boolean isHost(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        return NAMES.contains(name) || name.endsWith(".localhost");
    }

    /// @param origin as the browser sent it; `null` (a text, for an opaque origin) is nobody's
    static boolean isOrigin(String origin) {
        try {
            return Optional.ofNullable(URI.create(origin).getHost())
                    .filter(Loopback::isHost)
                    .isPresent();
        } catch (IllegalArgumentException unreadable) {
            return false;
        }
    }
}
