package com.pantherkolab.api.http;

/// A method and a path, and what they do. The same pair stands in `template.yaml`.
///
/// @param method in capitals
/// @param path matched whole and exactly
/// @param handler what is done
public record Route(String method, String path, Handler handler) {
    boolean matches(GatewayEvent event) {
        return method.equals(event.method()) && path.equals(event.path());
    }
}
