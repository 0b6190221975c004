package com.pantherkolab.local;

import java.util.function.Supplier;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/// Takes what a mapping gives up: a bucket.
///
/// A document that it took is kept; one that it throws on is offered again, and the records stay unhandled until
/// then.
@FunctionalInterface
interface FailureDestination {
    /// Keeps a document.
    ///
    /// @param key the object's key
    /// @param document JSON
    void put(String key, String document);

    /// Keeps them in a bucket, as AWS does.
    ///
    /// @param client asked when there is something to keep
    static FailureDestination bucket(Supplier<S3Client> client, String bucket) {
        return (key, document) -> {
            var _ = client.get().putObject(put -> put.bucket(bucket).key(key), RequestBody.fromString(document));
        };
    }
}
