package com.pantherkolab.events.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import java.net.MalformedURLException;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.util.Date;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Verifies the tokens of one [UserPool]: RS256 as Cognito signs, issuer, expiry, and the app client where the kind
/// of token has it.
final class UserPoolTokens {

    private static final Logger log = LoggerFactory.getLogger(UserPoolTokens.class);

    /// The issuer may be starting up in the same process, on a busy machine.
    private static final int FETCH_TIMEOUT =
            Math.toIntExact(Duration.ofSeconds(5).toMillis());

    private final UserPool pool;
    private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();

    UserPoolTokens(UserPool pool, Clock clock) {
        this.pool = pool;
        processor.setJWSKeySelector(
                new JWSVerificationKeySelector<>(JWSAlgorithm.RS256, keys(pool).build()));
        processor.setJWTClaimsSetVerifier(new Claims(pool, clock));
    }

    Authentication verify(String token) {
        try {
            JWTClaimsSet claims = processor.process(token, null);
            return isForThisClient(claims)
                    ? new Authentication.Authenticated(new Identity.User(claims.toJSONObject()))
                    : Authentication.unauthorized("The token is for another client.");
        } catch (KeySourceException unavailable) {
            log.warn("the keys of {} cannot be read: {}", pool.issuer(), unavailable.getMessage());
            return new Authentication.Refused(Authentication.Reason.UNAVAILABLE, "The issuer's keys cannot be read.");
        } catch (ParseException | BadJOSEException | JOSEException refused) {
            // Not its message: that may quote the token.
            log.debug("a token was refused: {}", refused.getClass().getSimpleName());
            return Authentication.unauthorized("The token is not valid.");
        }
    }

    /// Cognito says in `token_use` which kind a token is; one that does not say is no Cognito token.
    private boolean isForThisClient(JWTClaimsSet claims) {
        return switch (String.valueOf(claims.getClaim("token_use"))) {
            case "id" -> claims.getAudience().contains(pool.audience());
            case "access" -> pool.audience().equals(claims.getClaim("client_id"));
            default -> false;
        };
    }

    private static JWKSourceBuilder<SecurityContext> keys(UserPool pool) {
        try {
            return JWKSourceBuilder.<SecurityContext>create(
                            pool.jwks().toURL(), new DefaultResourceRetriever(FETCH_TIMEOUT, FETCH_TIMEOUT))
                    // Neither threads of its own, nor half a minute of refusals after the issuer was late.
                    .refreshAheadCache(false)
                    .rateLimited(false);
        } catch (MalformedURLException invalid) {
            throw new IllegalArgumentException("the JWKS address is not a URL", invalid);
        }
    }

    private static final class Claims extends DefaultJWTClaimsVerifier<SecurityContext> {

        private final Clock clock;

        Claims(UserPool pool, Clock clock) {
            super(new JWTClaimsSet.Builder().issuer(pool.issuer()).build(), Set.of("sub", "exp", "token_use"));
            this.clock = clock;
            setMaxClockSkew(0);
        }

        @Override
        protected Date currentTime() {
            return Date.from(clock.instant());
        }
    }
}
