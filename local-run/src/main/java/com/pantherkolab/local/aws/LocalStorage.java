package com.pantherkolab.local.aws;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.pantherkolab.common.Digest;
import com.pantherkolab.common.Json;
import java.io.ByteArrayOutputStream;
import java.net.URLEncoder;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// S3 addressed by path, in memory and, where it is told to, in files: buckets and objects are made, read, listed
/// by prefix in pages, and deleted.
///
/// Objects are listed by the bytes of their keys, as S3 does it. It knows no versions, no multipart uploads, no
/// conditions and no lifecycle, keeps no metadata but the content type, and checks no checksum.
public final class LocalStorage implements StandIn {
    private static final int MAX_PAGE = 1000;
    private static final String NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/";

    private static final Comparator<String> BY_BYTES =
            Comparator.comparing(key -> key.getBytes(UTF_8), Arrays::compareUnsigned);

    @SuppressWarnings("ArrayRecordComponent") // Nobody compares objects.
    private record StoredObject(byte[] content, String contentType, Instant modified) {
        String etag() {
            return "\"%s\"".formatted(Md5.of(content));
        }
    }

    /// A refusal as S3 tells it.
    private static final class Refused extends RuntimeException {
        private final int status;
        private final String code;

        private Refused(int status, String code, String message) {
            super(message, null, false, false);
            this.status = status;
            this.code = code;
        }

        AwsAnswer answer(boolean withBody) {
            return xml(
                    status,
                    withBody
                            ? "<Error><Code>%s</Code><Message>%s</Message></Error>".formatted(code, getMessage())
                            : "");
        }
    }

    /// What a file begins with: a line of JSON. The content is behind it, as it is.
    private record Head(String key, String contentType, Instant modified) {}

    private final InstantSource clock;
    private final Kept kept;

    /// By name, then by key; guarded by this.
    private final Map<String, NavigableMap<String, StoredObject>> buckets = new HashMap<>();

    LocalStorage(InstantSource clock, Kept kept) {
        this.clock = clock;
        this.kept = kept;
    }

    /// Makes a bucket, if it is not there.
    public synchronized void create(String bucket) {
        buckets.computeIfAbsent(bucket, this::restored);
    }

    private NavigableMap<String, StoredObject> restored(String bucket) {
        NavigableMap<String, StoredObject> objects = new TreeMap<>(BY_BYTES);
        for (byte[] file : kept.part(bucket).files().values()) {
            int end = 0;
            while (file[end] != '\n') {
                end++;
            }
            Head head = Json.mapper().readValue(file, 0, end, Head.class);
            objects.put(
                    head.key(),
                    new StoredObject(
                            Arrays.copyOfRange(file, end + 1, file.length), head.contentType(), head.modified()));
        }
        return objects;
    }

    private void keep(String bucket, String key, StoredObject stored) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes(Json.mapper().writeValueAsBytes(new Head(key, stored.contentType(), stored.modified())));
        file.write('\n');
        file.writeBytes(stored.content());
        kept.part(bucket).put(Digest.of(key), file.toByteArray());
    }

    /// The keys of a bucket; none when it is not there.
    public synchronized List<String> keys(String bucket) {
        NavigableMap<String, StoredObject> objects = buckets.get(bucket);
        return objects == null ? List.of() : List.copyOf(objects.keySet());
    }

    @Override
    public AwsAnswer answer(AwsRequest request) {
        String path = request.path().substring(1);
        int slash = path.indexOf('/');
        String bucket = slash < 0 ? path : path.substring(0, slash);
        String key = slash < 0 ? "" : path.substring(slash + 1);
        try {
            return key.isEmpty() ? bucket(request, bucket) : object(request, bucket, key);
        } catch (Refused refused) {
            return refused.answer(!request.method().equals("HEAD"));
        }
    }

    private AwsAnswer bucket(AwsRequest request, String bucket) {
        return switch (request.method()) {
            case "PUT" -> {
                create(bucket);
                yield new AwsAnswer(200, Map.of("location", "/" + bucket), new byte[0], false);
            }
            case "HEAD" -> {
                objects(bucket);
                yield AwsAnswer.empty(200);
            }
            case "GET" -> {
                if (!"2".equals(request.query().get("list-type"))) {
                    throw notImplemented();
                }
                yield list(request, bucket);
            }
            default -> throw notImplemented();
        };
    }

    private synchronized AwsAnswer object(AwsRequest request, String bucket, String key) {
        NavigableMap<String, StoredObject> objects = objects(bucket);
        return switch (request.method()) {
            case "PUT" -> {
                StoredObject stored = new StoredObject(
                        content(request),
                        request.headers().getOrDefault("content-type", "binary/octet-stream"),
                        clock.instant());
                keep(bucket, key, stored);
                objects.put(key, stored);
                yield new AwsAnswer(200, Map.of("etag", stored.etag()), new byte[0], false);
            }
            case "GET" -> answer(objects.get(key), true);
            case "HEAD" -> answer(objects.get(key), false);
            case "DELETE" -> {
                kept.part(bucket).remove(Digest.of(key));
                objects.remove(key);
                yield AwsAnswer.empty(204);
            }
            default -> throw notImplemented();
        };
    }

    private static AwsAnswer answer(@Nullable StoredObject stored, boolean withBody) {
        if (stored == null) {
            throw new Refused(404, "NoSuchKey", "The specified key does not exist.");
        }
        Map<String, String> headers = new HashMap<>(Map.of(
                "etag",
                stored.etag(),
                "content-type",
                stored.contentType(),
                "last-modified",
                DateTimeFormatter.RFC_1123_DATE_TIME.format(stored.modified().atOffset(ZoneOffset.UTC))));
        if (!withBody) {
            headers.put("content-length", String.valueOf(stored.content().length));
        }
        return new AwsAnswer(200, headers, withBody ? stored.content() : new byte[0], false);
    }

    private synchronized AwsAnswer list(AwsRequest request, String bucket) {
        NavigableMap<String, StoredObject> objects = objects(bucket);
        String prefix = request.query().getOrDefault("prefix", "");
        // The token is the last key of the page before.
        String after = request.query()
                .getOrDefault("continuation-token", request.query().getOrDefault("start-after", ""));
        int limit = Math.min(MAX_PAGE, Integer.parseInt(request.query().getOrDefault("max-keys", "1000")));
        List<Map.Entry<String, StoredObject>> rest = objects.tailMap(after, false).entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(prefix))
                .limit(limit + 1L)
                .toList();
        List<Map.Entry<String, StoredObject>> page = rest.subList(0, Math.min(limit, rest.size()));
        boolean more = rest.size() > page.size();
        StringBuilder xml = new StringBuilder("<ListBucketResult xmlns=\"%s\">".formatted(NAMESPACE))
                .append("<Name>%s</Name><Prefix>%s</Prefix>".formatted(bucket, encoded(prefix)))
                .append("<EncodingType>url</EncodingType><MaxKeys>%d</MaxKeys>".formatted(limit))
                .append("<KeyCount>%d</KeyCount><IsTruncated>%b</IsTruncated>".formatted(page.size(), more));
        if (more && !page.isEmpty()) {
            xml.append("<NextContinuationToken>%s</NextContinuationToken>"
                    .formatted(escaped(page.getLast().getKey())));
        }
        page.forEach(entry -> xml.append(contents(entry.getKey(), entry.getValue())));
        return xml(200, xml.append("</ListBucketResult>").toString());
    }

    private static String contents(String key, StoredObject stored) {
        return "<Contents><Key>%s</Key><LastModified>%s</LastModified><ETag>%s</ETag><Size>%d</Size><StorageClass>STANDARD</StorageClass></Contents>"
                .formatted(encoded(key), stored.modified(), escaped(stored.etag()), stored.content().length);
    }

    private synchronized NavigableMap<String, StoredObject> objects(String bucket) {
        NavigableMap<String, StoredObject> objects = buckets.get(bucket);
        if (objects == null) {
            throw new Refused(404, "NoSuchBucket", "The specified bucket does not exist.");
        }
        return objects;
    }

    private static Refused notImplemented() {
        return new Refused(501, "NotImplemented", "Local run does not carry this out.");
    }

    /// The body, out of the chunks in which the SDK signs it: a line with the length in hexadecimal digits, the
    /// bytes, an end of line; after the one of length 0 come trailers.
    private static byte[] content(AwsRequest request) {
        if (!request.header("x-amz-content-sha256").startsWith("STREAMING-")) {
            return request.body();
        }
        byte[] body = request.body();
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        int at = 0;
        while (at < body.length) {
            int end = at;
            while (body[end] != '\r') {
                end++;
            }
            String head = new String(body, at, end - at, UTF_8);
            int semicolon = head.indexOf(';');
            int length = Integer.parseInt(semicolon < 0 ? head : head.substring(0, semicolon), 16);
            if (length == 0) {
                break;
            }
            content.write(body, end + 2, length);
            at = end + 2 + length + 2;
        }
        return content.toByteArray();
    }

    private static String encoded(String key) {
        return URLEncoder.encode(key, UTF_8);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
    }

    private static AwsAnswer xml(int status, String xml) {
        return new AwsAnswer(status, Map.of("content-type", "application/xml"), xml.getBytes(UTF_8), false);
    }
}
