package com.pantherkolab.local;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Server;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2TokenValidatorResult;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.firewall.HttpFirewall;
import org.springframework.security.web.firewall.StrictHttpFirewall;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.filter.OncePerRequestFilter;

/// Who gets through to local run: verified tokens to `/api/**`, pages of this machine, requests to this machine's
/// name.
final class GatewaySecurity {
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]", "::1");

    private GatewaySecurity() {}

    /// Imitates the JWT authorizer: `/api/**` wants a token, and the gateway itself answers when there is none.
    static SecurityFilterChain filters(HttpSecurity http) throws Exception {
        return http.csrf(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .cors(cors -> cors.configurationSource(_ -> loopbackPages()))
                .authorizeHttpRequests(requests -> requests.requestMatchers("/api/**")
                        .authenticated()
                        .anyRequest()
                        .permitAll())
                .oauth2ResourceServer(server -> server.jwt(jwt -> {}).authenticationEntryPoint(GatewaySecurity::refuse))
                .build();
    }

    /// Control characters in a path, as long as they are encoded, are an illegal id to a function, and its to
    /// answer.
    static void letThroughControlCharacters(Server server) {
        UriCompliance compliance =
                UriCompliance.DEFAULT.with("GATEWAY", UriCompliance.Violation.SUSPICIOUS_PATH_CHARACTERS);
        for (Connector connector : server.getConnectors()) {
            for (HttpConfiguration.ConnectionFactory http : connector.getConnectionFactories().stream()
                    .filter(HttpConfiguration.ConnectionFactory.class::isInstance)
                    .map(HttpConfiguration.ConnectionFactory.class::cast)
                    .toList()) {
                http.getHttpConfiguration().setUriCompliance(compliance);
            }
        }
    }

    /// What is no request at all comes to no filter: the server itself answers it, and here in the gateway's voice.
    static void refuseWhatIsNoRequest(Server server) {
        server.setErrorHandler((_, response, callback) -> {
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, MediaType.APPLICATION_JSON_VALUE);
            byte[] refusal = LocalGateway.refusal(
                    HttpStatus.valueOf(response.getStatus()).getReasonPhrase());
            response.write(true, ByteBuffer.wrap(refusal), callback);
            return true;
        });
    }

    /// Lets any text in a header, any name of a parameter and any encoded character of an id through to the
    /// functions, whose own rules answer it.
    static HttpFirewall firewall() {
        StrictHttpFirewall firewall = new StrictHttpFirewall();
        firewall.setAllowUrlEncodedLineFeed(true);
        firewall.setAllowUrlEncodedCarriageReturn(true);
        firewall.setAllowUrlEncodedLineSeparator(true);
        firewall.setAllowUrlEncodedParagraphSeparator(true);
        firewall.setAllowedHeaderValues(_ -> true);
        firewall.setAllowedParameterNames(_ -> true);
        return firewall;
    }

    /// Verifies what the authorizer would: signature, issuer, audience and time, without any leeway.
    static JwtDecoder decoder(LocalIssuer issuer, Clock clock) {
        NimbusJwtDecoder decoder =
                NimbusJwtDecoder.withPublicKey(issuer.publicKey()).build();
        JwtTimestampValidator time = new JwtTimestampValidator(Duration.ZERO);
        time.setClock(clock);
        decoder.setJwtValidator(new DelegatingOAuth2TokenValidator<>(
                time,
                claims("iss", token -> issuer.issuer().equals(token.getClaimAsString("iss"))),
                claims(
                        "aud",
                        token -> token.getClaimAsString("client_id") == null
                                ? List.of(LocalIssuer.CLIENT_ID).equals(token.getAudience())
                                : LocalIssuer.CLIENT_ID.equals(token.getClaimAsString("client_id")))));
        return decoder;
    }

    /// A page on another site that had its name point at this machine would otherwise get in (DNS rebinding).
    static OncePerRequestFilter onlyThisMachinesNames() {
        return new OncePerRequestFilter() {
            @Override
            protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                    throws ServletException, IOException {
                if (LOOPBACK.contains(request.getServerName())) {
                    chain.doFilter(request, response);
                } else {
                    answer(response, HttpStatus.MISDIRECTED_REQUEST, "Misdirected Request");
                }
            }
        };
    }

    private static CorsConfiguration loopbackPages() {
        CorsConfiguration cors = new CorsConfiguration();
        for (String host : List.of("localhost", "127.0.0.1", "[::1]")) {
            cors.addAllowedOriginPattern("http://%s:[*]".formatted(host));
            cors.addAllowedOriginPattern("https://%s:[*]".formatted(host));
        }
        cors.setAllowedMethods(List.of("GET", "POST", "PUT", "DELETE"));
        cors.setAllowedHeaders(List.of("authorization", "content-type", "idempotency-key", "if-none-match"));
        cors.setExposedHeaders(List.of(LocalGateway.REQUEST_ID, "etag", "retry-after"));
        return cors;
    }

    private static void refuse(HttpServletRequest request, HttpServletResponse response, AuthenticationException why)
            throws IOException {
        response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
        answer(response, HttpStatus.UNAUTHORIZED, "Unauthorized");
    }

    private static void answer(HttpServletResponse response, HttpStatus status, String message) throws IOException {
        response.setStatus(status.value());
        response.setContentType(MediaType.APPLICATION_JSON_VALUE);
        response.getOutputStream().write(LocalGateway.refusal(message));
    }

    private static OAuth2TokenValidator<Jwt> claims(String name, Predicate<Jwt> holds) {
        return token -> holds.test(token)
                ? OAuth2TokenValidatorResult.success()
                : OAuth2TokenValidatorResult.failure(new OAuth2Error("invalid_token", name + " is not ours", null));
    }
}
