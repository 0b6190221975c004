package com.pantherkolab.publisher;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sqs.SqsClient;

/// Where the publisher parks: the queue and the bucket of its settings.
///
/// It wants a [PublisherSettings], an `SqsClient` and an `S3Client` from whoever imports it.
@Lazy
@Configuration(proxyBeanMethods = false)
public class ParkingBeans {

    /// The parked events.
    @Bean
    StoredParkedEvents parkedEvents(PublisherSettings settings, SqsClient sqs, S3Client s3) {
        return new StoredParkedEvents(
                sqs, s3, settings.parkedQueueUrl(), settings.failureBucket(), settings.parkTimeout());
    }
}
