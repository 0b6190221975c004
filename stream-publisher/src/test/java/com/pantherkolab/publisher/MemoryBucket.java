package com.pantherkolab.publisher;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

/// A bucket in memory that lists so many keys at a time.
final class MemoryBucket implements S3Client {
    static final String NAME = "failures";

    private final TreeMap<String, String> objects = new TreeMap<>();
    private final int page;

    MemoryBucket(int page) {
        this.page = page;
    }

    void put(String key, String text) {
        objects.put(key, text);
    }

    @Override
    public ListObjectsV2Response listObjectsV2(ListObjectsV2Request request) {
        requireName(request.bucket());
        String after = request.startAfter() == null ? "" : request.startAfter();
        List<String> keys = objects.tailMap(after, false).keySet().stream()
                .filter(key -> key.startsWith(request.prefix()))
                .toList();
        return ListObjectsV2Response.builder()
                .contents(keys.stream()
                        .limit(page)
                        .map(key -> S3Object.builder().key(key).build())
                        .toList())
                .isTruncated(keys.size() > page)
                .build();
    }

    @Override
    public ResponseBytes<GetObjectResponse> getObjectAsBytes(GetObjectRequest request) {
        requireName(request.bucket());
        return ResponseBytes.fromByteArray(
                GetObjectResponse.builder().build(),
                Objects.requireNonNull(objects.get(request.key())).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {}

    private static void requireName(String bucket) {
        if (!bucket.equals(NAME)) {
            throw new AssertionError("there is no bucket " + bucket);
        }
    }
}
