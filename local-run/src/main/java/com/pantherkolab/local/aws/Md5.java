package com.pantherkolab.local.aws;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/// The checksums that SQS and S3 give, and that the SDK checks.
final class Md5 {
    private Md5() {}

    static String of(byte[] bytes) {
        return HexFormat.of().formatHex(digest().digest(bytes));
    }

    static String of(String text) {
        return of(text.getBytes(UTF_8));
    }

    /// Of message attributes: by name, each name, type and value with its length; SQS's developer guide has the
    /// form.
    static String ofAttributes(JsonNode attributes) {
        MessageDigest digest = digest();
        Map<String, JsonNode> sorted = new TreeMap<>();
        attributes.properties().forEach(attribute -> sorted.put(attribute.getKey(), attribute.getValue()));
        sorted.forEach((name, value) -> {
            String type = value.path("DataType").stringValue("");
            update(digest, name.getBytes(UTF_8));
            update(digest, type.getBytes(UTF_8));
            if (type.startsWith("Binary")) {
                digest.update((byte) 2);
                update(
                        digest,
                        Base64.getDecoder().decode(value.path("BinaryValue").stringValue("")));
            } else {
                digest.update((byte) 1);
                update(digest, value.path("StringValue").stringValue("").getBytes(UTF_8));
            }
        });
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void update(MessageDigest digest, byte[] bytes) {
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
        digest.update(bytes);
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
