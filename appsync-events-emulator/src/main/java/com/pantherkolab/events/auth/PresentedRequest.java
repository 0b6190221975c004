package com.pantherkolab.events.auth;

import java.nio.charset.StandardCharsets;

/// What a caller presents as proof, in the shape in which it may be signed. AppSync Events signs every operation as
/// `POST /event`, those inside a WebSocket too.
public final class PresentedRequest {

    private final String query;
    private final Headers headers;
    private final byte[] body;

    /// An HTTP request.
    ///
    /// @param query the raw query string, empty when there is none
    /// @param headers as received
    /// @param body the exact bytes received
    public PresentedRequest(String query, Headers headers, byte[] body) {
        this.query = query;
        this.headers = headers;
        this.body = body.clone();
    }

    /// A WebSocket operation: its `authorization` object and the text that is signed in its place.
    public static PresentedRequest operation(Headers authorization, String signedText) {
        return new PresentedRequest("", authorization, signedText.getBytes(StandardCharsets.UTF_8));
    }

    Headers headers() {
        return headers;
    }

    String query() {
        return query;
    }

    byte[] body() {
        return body.clone();
    }
}
