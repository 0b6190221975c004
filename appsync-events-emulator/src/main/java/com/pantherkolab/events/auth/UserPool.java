package com.pantherkolab.events.auth;

import java.net.URI;

/// The user pool whose tokens are accepted, or the local issuer that stands in for it.
///
/// @param jwks where its public keys are; fetched when the first token arrives, not before
/// @param issuer the exact `iss` of its tokens
/// @param audience the app client's id: `aud` of ID tokens, `client_id` of access tokens
public record UserPool(URI jwks, String issuer, String audience) {}
