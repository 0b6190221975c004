package com.pantherkolab.publisher;

import java.net.URI;
import java.time.Duration;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sqs.SqsClient;

/// Parked events where an operator finds them: pointers in a queue of SQS, unreadable records in a bucket of S3.
///
/// Neither takes the place of the outbox: a pointer is of use as long as its entry is kept.
final class StoredParkedEvents implements ParkedEvents {
    private final SqsClient sqs;
    private final S3Client s3;
    private final URI queue;
    private final String bucket;
    private final AwsRequestOverrideConfiguration inTime;

    /// @param queue the parked-events queue's URL
    /// @param bucket the failure bucket's name
    /// @param parkTimeout how long storing one may take, retries included
    StoredParkedEvents(SqsClient sqs, S3Client s3, URI queue, String bucket, Duration parkTimeout) {
        this.sqs = sqs;
        this.s3 = s3;
        this.queue = queue;
        this.bucket = bucket;
        this.inTime = AwsRequestOverrideConfiguration.builder()
                .apiCallTimeout(parkTimeout)
                .build();
    }

    @Override
    public void park(Parked parked) throws NotParkedException {
        try {
            switch (parked) {
                case Parked.Undelivered undelivered -> point(ParkedPointer.to(undelivered));
                case Parked.Unreadable unreadable -> keep(UnreadableDocument.of(unreadable));
            }
        } catch (SdkException failure) {
            throw new NotParkedException(failure);
        }
    }

    private void point(ParkedPointer pointer) {
        sqs.sendMessage(send ->
                send.queueUrl(queue.toString()).messageBody(pointer.toJson()).overrideConfiguration(inTime));
    }

    private void keep(UnreadableDocument document) {
        s3.putObject(
                put -> put.bucket(bucket)
                        .key(document.key())
                        .contentType("application/json")
                        .overrideConfiguration(inTime),
                RequestBody.fromString(document.toJson()));
    }
}
