package com.pantherkolab.publisher;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Signature Version 4 as a verifier computes it, written from the specification and not with the SDK's signer.
final class SigV4 {
    private SigV4() {}

    /// The signature of a POST without query.
    ///
    /// @param headers of the request, names in lower case
    /// @param signedHeaders the signed ones' names, sorted, with semicolons between them
    static String signature(
            String path, Map<String, String> headers, String signedHeaders, String body, String region, String secret) {
        String canonical = "POST\n"
                + path
                + "\n\n"
                + Arrays.stream(signedHeaders.split(";"))
                        .map(name -> name + ":" + headers.get(name) + "\n")
                        .collect(Collectors.joining())
                + "\n" + signedHeaders + "\n" + hex(sha256(bytes(body)));
        String time = String.valueOf(headers.get("x-amz-date"));
        String date = time.substring(0, 8);
        String scope = date + "/" + region + "/appsync/aws4_request";
        String toSign = "AWS4-HMAC-SHA256\n" + time + "\n" + scope + "\n" + hex(sha256(bytes(canonical)));
        byte[] key = hmac(bytes("AWS4" + secret), date);
        for (String part : new String[] {region, "appsync", "aws4_request"}) {
            key = hmac(key, part);
        }
        return hex(hmac(key, toSign));
    }

    static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(bytes(text));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
