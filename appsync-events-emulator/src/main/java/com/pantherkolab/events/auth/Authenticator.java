package com.pantherkolab.events.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Finds out who is calling.
///
/// What is presented decides the mode: an `x-api-key`, an `authorization` that starts with the algorithm of
/// Signature Version 4, or else a token with or without `Bearer`. Which modes are allowed where is the caller's
/// business; so are permissions: every known access key may do everything that IAM may do here.
public final class Authenticator {

    private static final String BEARER = "Bearer ";

    private final Optional<UserPoolTokens> tokens;
    private final SigV4Verifier signatures;
    private final Set<String> apiKeys;

    /// An authenticator for one API.
    ///
    /// @param userPool whose tokens are accepted; none are when empty
    /// @param region the region that a signature must be scoped to
    /// @param accessKeys secret by access key id
    /// @param apiKeys the API keys that are accepted
    /// @param clock decides what has expired
    public Authenticator(
            Optional<UserPool> userPool,
            String region,
            Map<String, String> accessKeys,
            Set<String> apiKeys,
            Clock clock) {
        this.tokens = userPool.map(pool -> new UserPoolTokens(pool, clock));
        this.signatures = new SigV4Verifier(region, accessKeys, clock);
        this.apiKeys = Set.copyOf(apiKeys);
    }

    /// Verifies what was presented. May fetch the issuer's keys, so it may block for some seconds.
    public Authentication authenticate(PresentedRequest request) {
        Optional<String> apiKey = request.headers().get("x-api-key");
        if (apiKey.isPresent()) {
            return apiKeys.stream().anyMatch(key -> same(key, apiKey.get()))
                    ? new Authentication.Authenticated(new Identity.KeyHolder())
                    : Authentication.unauthorized("The API key is not valid.");
        }
        String authorization = request.headers().get("authorization").orElse("").trim();
        if (authorization.isEmpty()) {
            return Authentication.unauthorized("Required headers are missing.");
        }
        if (authorization.startsWith(SigV4Verifier.ALGORITHM)) {
            return signatures.verify(request);
        }
        return tokens.map(pool -> pool.verify(withoutScheme(authorization)))
                .orElseGet(() -> Authentication.unauthorized("Tokens are not accepted here."));
    }

    private static String withoutScheme(String authorization) {
        return authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
                ? authorization.substring(BEARER.length()).trim()
                : authorization;
    }

    private static boolean same(String one, String other) {
        return MessageDigest.isEqual(one.getBytes(UTF_8), other.getBytes(UTF_8));
    }
}
