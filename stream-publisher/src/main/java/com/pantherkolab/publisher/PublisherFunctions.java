package com.pantherkolab.publisher;

import com.pantherkolab.common.metrics.EmbeddedMetrics;
import com.pantherkolab.common.metrics.Metrics;
import java.time.Clock;
import org.crac.Context;
import org.crac.Core;
import org.crac.Resource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.cloud.function.context.config.ContextFunctionCatalogAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sqs.SqsClient;

/// The deployable: the publisher with its properties, its role's credentials and the catalog of functions.
///
/// It is the `MAIN_CLASS` of the Lambda adapter. Of auto-configuration it takes the one class that it needs, so
/// that a cold start does not pay for more.
@SpringBootConfiguration(proxyBeanMethods = false)
@ImportAutoConfiguration(ContextFunctionCatalogAutoConfiguration.class)
@EnableConfigurationProperties(PublisherSettings.class)
@Import({PublisherBeans.class, ParkingBeans.class})
public class PublisherFunctions {

    /// Starts the application outside Lambda, as the build does to prepare it.
    public static void main(String[] args) {
        SpringApplication.run(PublisherFunctions.class, args);
    }

    @Lazy
    @Bean
    AwsCredentialsProvider awsCredentials() {
        return DefaultCredentialsProvider.builder().build();
    }

    @Bean
    Context<Resource> snapshots() {
        return Core.getGlobalContext();
    }

    /// Rehearses by credentials and connections of its own, and keeps none of them.
    @Bean
    SnapshotHooks snapshotHooks(
            Context<Resource> snapshots,
            PublisherSettings settings,
            ObjectProvider<AppSyncPublisher> channelPublisher,
            ObjectProvider<ForgetfulLanes> publisherLanes) {
        Clock clock = Clock.systemUTC();
        return SnapshotHooks.register(
                snapshots,
                () -> {
                    try (DefaultCredentialsProvider credentials =
                                    DefaultCredentialsProvider.builder().build();
                            AppSyncPublisher twin = new AppSyncPublisher(settings, credentials, clock)) {
                        new Rehearsal(settings, clock).with(twin);
                    }
                },
                () -> channelPublisher.getObject().hangUp(),
                () -> publisherLanes.getObject().forget());
    }

    /// On Lambda by way of its log; elsewhere, as in an operator's replay, nobody takes them from there.
    @Lazy
    @Bean
    Metrics metrics(Environment environment) {
        return EmbeddedMetrics.onLambda(
                environment.getProperty("AWS_LAMBDA_FUNCTION_NAME"), Clock.systemUTC(), System.out::println);
    }

    @Lazy
    @Bean
    SqsClient sqsClient(PublisherSettings settings, AwsCredentialsProvider credentials) {
        return SqsClient.builder()
                .region(Region.of(settings.region()))
                .credentialsProvider(credentials)
                .httpClient(http(settings))
                .build();
    }

    @Lazy
    @Bean
    S3Client s3Client(PublisherSettings settings, AwsCredentialsProvider credentials) {
        return S3Client.builder()
                .region(Region.of(settings.region()))
                .credentialsProvider(credentials)
                .httpClient(http(settings))
                .build();
    }

    /// A client whose calls end by themselves: an interrupt would not end them.
    private static SdkHttpClient http(PublisherSettings settings) {
        return UrlConnectionHttpClient.builder()
                .connectionTimeout(settings.parkTimeout())
                .socketTimeout(settings.parkTimeout())
                .build();
    }
}
