package com.pantherkolab.publisher;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;

/// The deployable of replays: what the publisher's has, and what a replay reads besides. The stream function, which
/// may read none of it, is deployed without.
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableConfigurationProperties(ReplaySettings.class)
@Import({PublisherFunctions.class, ReplayBeans.class})
public class ReplayFunctions {

    /// Starts the application outside Lambda, as the build does to prepare it.
    public static void main(String[] args) {
        SpringApplication.run(ReplayFunctions.class, args);
    }

    @Lazy
    @Bean
    DynamoDbClient dynamoDbClient(PublisherSettings settings, AwsCredentialsProvider credentials) {
        return client(DynamoDbClient.builder(), settings, credentials);
    }

    @Lazy
    @Bean
    DynamoDbStreamsClient streamsClient(PublisherSettings settings, AwsCredentialsProvider credentials) {
        return client(DynamoDbStreamsClient.builder(), settings, credentials);
    }

    @Lazy
    @Bean
    LivePosition livePosition(PublisherSettings settings, ReplaySettings replay, AwsCredentialsProvider credentials) {
        return new MetricLivePosition(
                client(CloudWatchClient.builder(), settings, credentials), replay.publisherFunction());
    }

    /// A client of the publisher's region, by its role.
    private static <B extends AwsSyncClientBuilder<B, C> & AwsClientBuilder<B, C>, C> C client(
            B builder, PublisherSettings settings, AwsCredentialsProvider credentials) {
        return builder.region(Region.of(settings.region()))
                .credentialsProvider(credentials)
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build();
    }
}
