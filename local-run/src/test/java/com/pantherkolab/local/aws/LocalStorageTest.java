package com.pantherkolab.local.aws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/// The real S3 client against the stand-in.
class LocalStorageTest {
    private static final VirtualClock CLOCK = new VirtualClock();
    private static final LocalAws AWS = LocalAws.start(CLOCK, UUID::randomUUID);
    private static final S3Client S3 = AWS.storageClient().build();

    private final String bucket = UUID.randomUUID().toString();

    @BeforeAll
    static void warmUp() {
        AWS.storage().create("known");
    }

    @AfterAll
    static void stop() {
        S3.close();
        AWS.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"plain", "aws/lambda/x=1/a b+c&d<e>\"%2F../..", "é🙂/", "a//b", "time=2026-11-23T10:00:00.000Z"})
    void anObjectIsPutReadAndDeletedUnderAnyKey(String key) {
        S3.createBucket(create -> create.bucket(bucket));
        String content = "{\"text\":\"¡Hé, 🙂!\"}\r\n0;\r\n";

        String etag = S3.putObject(
                        put -> put.bucket(bucket).key(key).contentType("application/json"),
                        RequestBody.fromString(content))
                .eTag();

        assertThat(S3.getObjectAsBytes(get -> get.bucket(bucket).key(key)).asUtf8String())
                .isEqualTo(content);
        HeadObjectResponse head = S3.headObject(get -> get.bucket(bucket).key(key));
        assertThat(head.eTag()).isEqualTo(etag).isEqualTo("\"%s\"".formatted(Md5.of(content)));
        assertThat(head.contentLength()).isEqualTo(content.getBytes(UTF_8).length);
        assertThat(head.contentType()).isEqualTo("application/json");
        assertThat(head.lastModified()).isEqualTo(CLOCK.instant());
        assertThat(AWS.storage().keys(bucket)).containsExactly(key);
        assertThat(S3.listObjectsV2(list -> list.bucket(bucket)).contents())
                .extracting(S3Object::key)
                .containsExactly(key);

        S3.deleteObject(delete -> delete.bucket(bucket).key(key));
        S3.deleteObject(delete -> delete.bucket(bucket).key(key));

        assertThat(AWS.storage().keys(bucket)).isEmpty();
    }

    @Test
    void aLargeObjectAndAnEmptyOneAreKeptWhole() {
        S3.createBucket(create -> create.bucket(bucket));
        byte[] large = new byte[3 * 1024 * 1024];
        Arrays.fill(large, (byte) '\n');

        S3.putObject(put -> put.bucket(bucket).key("large"), RequestBody.fromBytes(large));
        S3.putObject(put -> put.bucket(bucket).key("empty"), RequestBody.empty());

        assertThat(S3.getObjectAsBytes(get -> get.bucket(bucket).key("large")).asByteArray())
                .isEqualTo(large);
        assertThat(S3.getObjectAsBytes(get -> get.bucket(bucket).key("empty")).asByteArray())
                .isEmpty();
    }

    @Test
    void objectsAreListedByPrefixInPagesInTheOrderOfTheirBytes() {
        S3.createBucket(create -> create.bucket(bucket));
        for (String key : List.of("b/2", "a/1", "b/\uFFFD", "b/🙂", "b/1", "b/3", "c")) {
            S3.putObject(put -> put.bucket(bucket).key(key), RequestBody.fromString(key));
        }

        ListObjectsV2Response page =
                S3.listObjectsV2(list -> list.bucket(bucket).prefix("b/").maxKeys(2));

        assertThat(page.contents()).extracting(S3Object::key).containsExactly("b/1", "b/2");
        assertThat(page.isTruncated()).isTrue();
        assertThat(page.keyCount()).isEqualTo(2);
        assertThat(S3.listObjectsV2Paginator(
                                list -> list.bucket(bucket).prefix("b/").maxKeys(2))
                        .contents())
                .extracting(S3Object::key)
                .containsExactly("b/1", "b/2", "b/3", "b/\uFFFD", "b/🙂");
        assertThat(S3.listObjectsV2(list -> list.bucket(bucket).startAfter("b/🙂"))
                        .contents())
                .extracting(S3Object::key, S3Object::size)
                .containsExactly(tuple("c", 1L));
    }

    @Test
    void whatIsNotThereIsToldAsTheSdkKnowsIt() {
        assertThatThrownBy(() -> S3.getObjectAsBytes(get -> get.bucket("known").key("nothing")))
                .isInstanceOf(NoSuchKeyException.class);
        assertThatThrownBy(() -> S3.headObject(get -> get.bucket("known").key("nothing")))
                .isInstanceOf(NoSuchKeyException.class);
        assertThatThrownBy(() -> S3.putObject(put -> put.bucket("nowhere").key("k"), RequestBody.fromString("x")))
                .isInstanceOf(NoSuchBucketException.class);
        assertThatThrownBy(() -> S3.listObjectsV2(list -> list.bucket("nowhere")))
                .isInstanceOf(NoSuchBucketException.class);
        assertThatThrownBy(() -> S3.getBucketPolicy(get -> get.bucket("known"))).isInstanceOf(S3Exception.class);
    }
}
