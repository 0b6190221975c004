package com.pantherkolab.local;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.pantherkolab.common.UserId;
import java.security.interfaces.RSAPublicKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Stands in for the Cognito user pool: signs the same two kinds of token, for whomever they are asked.
///
/// Its key is made anew at each start, so a token of an earlier run is not accepted.
final class LocalIssuer {
    /// The app client, in place of the template's parameter.
    static final String CLIENT_ID = "local-client";

    private static final int KEY_BITS = 2048;

    private final RSAKey key;
    private final Supplier<String> issuer;
    private final Clock clock;

    /// @param issuer the URL that tokens name; asked when the server has its port
    LocalIssuer(Supplier<String> issuer, Clock clock) {
        this.issuer = issuer;
        this.clock = clock;
        try {
            this.key = new RSAKeyGenerator(KEY_BITS)
                    .keyID(UUID.randomUUID().toString())
                    .generate();
        } catch (JOSEException impossible) {
            throw new IllegalStateException("no RSA key could be made", impossible);
        }
    }

    /// An ID token and an access token, as Cognito shapes them.
    record Tokens(String idToken, String accessToken, long expiresIn) {}

    Tokens tokens(UserId user, @Nullable String firstName, @Nullable String lastName, Duration validity) {
        JWTClaimsSet.Builder id = claims(user, "id", validity).audience(CLIENT_ID);
        if (firstName != null) {
            id.claim("given_name", firstName).claim("family_name", lastName);
        }
        return new Tokens(
                signed(id.build()),
                signed(claims(user, "access", validity)
                        .claim("client_id", CLIENT_ID)
                        .claim("username", user.value())
                        .build()),
                validity.toSeconds());
    }

    /// The public key, as `/.well-known/jwks.json` gives it.
    Map<String, Object> publicKeys() {
        return new JWKSet(key).toPublicJWKSet().toJSONObject();
    }

    RSAPublicKey publicKey() {
        try {
            return key.toRSAPublicKey();
        } catch (JOSEException impossible) {
            throw new IllegalStateException("an RSA key without its public half", impossible);
        }
    }

    String issuer() {
        return issuer.get();
    }

    private JWTClaimsSet.Builder claims(UserId user, String use, Duration validity) {
        Instant now = clock.instant();
        return new JWTClaimsSet.Builder()
                .issuer(issuer())
                .subject(user.value())
                .claim("token_use", use)
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plus(validity)))
                .jwtID(UUID.randomUUID().toString());
    }

    /// Signs any claims, also such as no pool would issue.
    String signed(JWTClaimsSet claims) {
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()).build(), claims);
        try {
            token.sign(new RSASSASigner(key));
        } catch (JOSEException impossible) {
            throw new IllegalStateException("a token could not be signed", impossible);
        }
        return token.serialize();
    }
}
