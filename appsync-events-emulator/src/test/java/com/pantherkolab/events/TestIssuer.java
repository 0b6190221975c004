package com.pantherkolab.events;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.pantherkolab.events.auth.UserPool;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/// A user pool of our own: it serves its keys and signs tokens, also wrong ones.
public final class TestIssuer implements AutoCloseable {

    public static final String ISSUER = "https://issuer.test/pool";
    public static final String CLIENT = "test-client";

    private static final RSAKey KEY = key("right");
    private static final RSAKey FOREIGN_KEY = key("right");

    private final HttpServer server;
    private final AtomicInteger fetches = new AtomicInteger();

    public TestIssuer() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException unavailable) {
            throw new UncheckedIOException(unavailable);
        }
        byte[] keys = new JWKSet(KEY.toPublicJWK()).toString().getBytes(UTF_8);
        server.createContext("/jwks.json", exchange -> {
            fetches.incrementAndGet();
            exchange.sendResponseHeaders(200, keys.length);
            try (var body = exchange.getResponseBody()) {
                body.write(keys);
            }
        });
        server.start();
    }

    public UserPool userPool() {
        int port = server.getAddress().getPort();
        return new UserPool(URI.create("http://localhost:" + port + "/jwks.json"), ISSUER, CLIENT);
    }

    public int fetches() {
        return fetches.get();
    }

    /// An access token as Amplify sends it.
    public static String accessToken(String user) {
        return token(user, claims -> claims);
    }

    /// An access token with something else about it.
    public static String token(String user, UnaryOperator<JWTClaimsSet.Builder> change) {
        return signed(change.apply(claims(user)).build(), KEY);
    }

    /// A token that claims the right key and is signed with another.
    public static String forged(String user) {
        return signed(claims(user).build(), FOREIGN_KEY);
    }

    private static JWTClaimsSet.Builder claims(String user) {
        return new JWTClaimsSet.Builder()
                .subject(user)
                .issuer(ISSUER)
                .claim("token_use", "access")
                .claim("client_id", CLIENT)
                .expirationTime(Date.from(Instant.now().plus(Duration.ofHours(1))));
    }

    private static String signed(JWTClaimsSet claims, RSAKey key) {
        try {
            var header = new JWSHeader.Builder(JWSAlgorithm.RS256)
                    .keyID(key.getKeyID())
                    .build();
            var jwt = new SignedJWT(header, claims);
            jwt.sign(new RSASSASigner(key));
            return jwt.serialize();
        } catch (JOSEException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static RSAKey key(String id) {
        try {
            return new RSAKeyGenerator(2048).keyID(id).generate();
        } catch (JOSEException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
