package com.pantherkolab.events.auth;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Verifies Signature Version 4 as AppSync Events wants it: service `appsync`, `POST /event`, host and `x-amz-date`
/// signed, the hash of the exact body, at most five minutes old or early.
///
/// Every refusal but that of an unknown key is the same as the service's: the request that arrived is not the one
/// that was signed.
///
/// @see <a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html">Signature
///     Version 4</a>
final class SigV4Verifier {

    static final String ALGORITHM = "AWS4-HMAC-SHA256";

    private static final String SERVICE = "appsync";
    private static final String CONTENT_HASH = "x-amz-content-sha256";
    private static final Duration TOLERATED_SKEW = Duration.ofMinutes(5);
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'");
    private static final Pattern AUTHORIZATION = Pattern.compile(ALGORITHM
            + "\\s+Credential=(?<key>[^/\\s,]+)/(?<day>\\d{8})/(?<region>[^/\\s,]+)"
            + "/(?<service>[^/\\s,]+)/aws4_request"
            + ",\\s*SignedHeaders=(?<headers>[a-z0-9;-]+)"
            + ",\\s*Signature=(?<signature>[0-9a-f]{64})");

    private final String region;
    private final Map<String, String> secrets;
    private final Clock clock;

    SigV4Verifier(String region, Map<String, String> secrets, Clock clock) {
        this.region = region;
        this.secrets = Map.copyOf(secrets);
        this.clock = clock;
    }

    Authentication verify(PresentedRequest request) {
        Matcher claim = AUTHORIZATION.matcher(
                request.headers().get("authorization").orElse("").trim());
        if (!claim.matches()) {
            return Authentication.badSignature("The Authorization header is not a valid signature.");
        }
        String secret = secrets.get(claim.group("key"));
        if (secret == null) {
            return Authentication.unauthorized("The security token included in the request is invalid.");
        }
        if (!claim.group("region").equals(region) || !claim.group("service").equals(SERVICE)) {
            return Authentication.badSignature(
                    "Credential should be scoped to region " + region + " and service " + SERVICE + ".");
        }
        List<String> signedHeaders = List.of(claim.group("headers").split(";", -1));
        if (!signedHeaders.containsAll(List.of("host", "x-amz-date"))) {
            return Authentication.badSignature("host and x-amz-date must be signed.");
        }
        if (!request.headers().values().keySet().containsAll(signedHeaders)) {
            return Authentication.badSignature("A signed header is missing.");
        }
        String date = request.headers().get("x-amz-date").orElseThrow();
        if (!date.startsWith(claim.group("day")) || !isCurrent(date)) {
            return Authentication.badSignature("Signature expired or not yet current.");
        }
        String bodyHash = sha256(request.body());
        Optional<String> statedHash = request.headers().get(CONTENT_HASH);
        if (statedHash.isPresent() && !statedHash.get().equals(bodyHash)) {
            return Authentication.badSignature("The body is not the one that was signed.");
        }
        String expected = signature(
                secret,
                claim.group("day"),
                stringToSign(date, claim.group("day"), canonicalRequest(request, signedHeaders, bodyHash)));
        return MessageDigest.isEqual(
                        expected.getBytes(US_ASCII), claim.group("signature").getBytes(US_ASCII))
                ? new Authentication.Authenticated(new Identity.Signer(claim.group("key")))
                : Authentication.badSignature(
                        "The request signature we calculated does not match the signature you provided.");
    }

    private boolean isCurrent(String date) {
        try {
            Instant signed = LocalDateTime.parse(date, DATE).toInstant(ZoneOffset.UTC);
            return Duration.between(signed, clock.instant()).abs().compareTo(TOLERATED_SKEW) <= 0;
        } catch (DateTimeException notADate) {
            return false;
        }
    }

    static String canonicalRequest(PresentedRequest request, List<String> signedHeaders, String bodyHash) {
        String headers = signedHeaders.stream()
                .map(name -> name + ":" + canonical(request.headers().get(name).orElseThrow()) + "\n")
                .collect(joining());
        return String.join(
                "\n",
                "POST",
                "/event",
                canonicalQuery(request.query()),
                headers,
                String.join(";", signedHeaders),
                bodyHash);
    }

    private static String canonical(String headerValue) {
        return headerValue.strip().replaceAll(" +", " ");
    }

    private static String canonicalQuery(String query) {
        return Arrays.stream(query.split("&"))
                .filter(parameter -> !parameter.isEmpty())
                .map(parameter -> parameter.split("=", 2))
                .map(parts -> encoded(parts[0]) + "=" + (parts.length == 2 ? encoded(parts[1]) : ""))
                .sorted()
                .collect(joining("&"));
    }

    /// Percent-encoding of RFC 3986, whatever the request used.
    private static String encoded(String raw) {
        String decoded;
        try {
            decoded = URLDecoder.decode(raw.replace("+", "%2B"), UTF_8);
        } catch (IllegalArgumentException malformed) {
            // Nobody can have signed that: let the comparison refuse it.
            return raw;
        }
        return URLEncoder.encode(decoded, UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A")
                .replace("%7E", "~");
    }

    private String stringToSign(String date, String day, String canonicalRequest) {
        return String.join(
                "\n",
                ALGORITHM,
                date,
                String.join("/", day, region, SERVICE, "aws4_request"),
                sha256(canonicalRequest.getBytes(UTF_8)));
    }

    private String signature(String secret, String day, String stringToSign) {
        byte[] key = hmac(("AWS4" + secret).getBytes(UTF_8), day);
        for (String scope : List.of(region, SERVICE, "aws4_request")) {
            key = hmac(key, scope);
        }
        return HexFormat.of().formatHex(hmac(key, stringToSign));
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(UTF_8));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java runtime has HmacSHA256", impossible);
        }
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java runtime has SHA-256", impossible);
        }
    }
}
