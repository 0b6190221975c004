package com.pantherkolab.api;

import com.pantherkolab.api.calls.CallSettings;
import com.pantherkolab.api.calls.MeetingSettings;
import com.pantherkolab.api.calls.Meetings;
import com.pantherkolab.api.calls.Timers;
import com.pantherkolab.api.store.Tables;
import com.pantherkolab.common.metrics.EmbeddedMetrics;
import com.pantherkolab.common.metrics.Metrics;
import java.time.Clock;
import java.time.Duration;
import org.crac.Context;
import org.crac.Core;
import org.crac.Resource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.cloud.function.context.config.ContextFunctionCatalogAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.chimesdkmeetings.ChimeSdkMeetingsClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClientBuilder;
import software.amazon.awssdk.services.sqs.SqsClient;

/// The API's Lambda functions: the main class, and the real client and clock.
///
/// `SPRING_CLOUD_FUNCTION_DEFINITION` names the one function that runs. Of auto-configuration it takes the one
/// class that it needs, so that a cold start does not pay for more.
@SpringBootConfiguration(proxyBeanMethods = false)
@ImportAutoConfiguration(ContextFunctionCatalogAutoConfiguration.class)
@Import(ApiConfiguration.class)
public class ApiFunctions {
    private static final Duration WHOLE_CALL = Duration.ofSeconds(4);

    public static void main(String[] args) {
        SpringApplication.run(ApiFunctions.class, args);
    }

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }

    /// On Lambda by way of its log.
    @Bean
    Metrics metrics(Environment environment, Clock clock) {
        return EmbeddedMetrics.onLambda(
                environment.getProperty("AWS_LAMBDA_FUNCTION_NAME"), clock, System.out::println);
    }

    @Bean
    DynamoDbClient dynamoDbClient() {
        return dynamo().build();
    }

    @Bean
    Context<Resource> snapshots() {
        return Core.getGlobalContext();
    }

    /// Rehearses the function that this deployment names, by a client of its own: none of its connections is kept.
    @Bean
    SnapshotHooks snapshotHooks(
            Context<Resource> snapshots,
            @Value("${spring.cloud.function.definition:}") String function,
            Tables tables,
            CallSettings calls,
            ObjectProvider<Meetings> meetings,
            ObjectProvider<Timers> timers,
            Clock clock) {
        return SnapshotHooks.register(snapshots, function, () -> {
            try (DynamoDbClient twin = dynamo().overrideConfiguration(
                            whole -> whole.apiCallTimeout(WHOLE_CALL).putHeader("Connection", "close"))
                    .build()) {
                new Rehearsal(twin, tables, calls, meetings::getObject, timers::getObject, clock).of(function);
            }
        });
    }

    /// One call's time leaves room for the change writer's own attempts inside the function's 20 seconds.
    private static DynamoDbClientBuilder dynamo() {
        return DynamoDbClient.builder()
                .httpClientBuilder(UrlConnectionHttpClient.builder()
                        .connectionTimeout(Duration.ofSeconds(1))
                        .socketTimeout(Duration.ofSeconds(3)))
                .overrideConfiguration(override -> override.apiCallTimeout(WHOLE_CALL));
    }

    @Bean
    @Lazy
    ChimeSdkMeetingsClient chimeClient(MeetingSettings settings) {
        return ChimeSdkMeetingsClient.builder()
                .region(Region.of(settings.region()))
                .httpClientBuilder(UrlConnectionHttpClient.builder()
                        .connectionTimeout(Duration.ofSeconds(1))
                        .socketTimeout(Duration.ofSeconds(3)))
                .overrideConfiguration(override ->
                        override.apiCallTimeout(Duration.ofSeconds(3)).retryStrategy(retry -> retry.maxAttempts(1)))
                .build();
    }

    @Bean
    @Lazy
    SqsClient sqsClient() {
        return SqsClient.builder()
                .httpClientBuilder(UrlConnectionHttpClient.builder()
                        .connectionTimeout(Duration.ofSeconds(1))
                        .socketTimeout(Duration.ofSeconds(3)))
                .overrideConfiguration(override -> override.apiCallTimeout(Duration.ofSeconds(4)))
                .build();
    }
}
