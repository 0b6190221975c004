package com.pantherkolab.common;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/// Ids that derive from what they stand for: 128 bits of a SHA-256, as 32 hexadecimal digits.
public final class Digest {
    private static final int BYTES = 16;

    private Digest() {}

    /// The digest of texts; their boundaries count.
    public static String of(List<String> texts) {
        return of(Json.mapper().writeValueAsString(texts));
    }

    /// The digest of a text.
    public static String of(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, BYTES);
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("every JDK has SHA-256", impossible);
        }
    }
}
