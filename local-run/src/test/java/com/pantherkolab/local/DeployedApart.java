package com.pantherkolab.local;

import com.pantherkolab.api.ApiConfiguration;
import com.pantherkolab.common.metrics.EmbeddedMetrics;
import com.pantherkolab.common.metrics.Metrics;
import com.pantherkolab.events.template.CloudFormationTemplate.Resource;
import com.pantherkolab.local.SdkCalls.Permission;
import com.pantherkolab.publisher.LivePosition;
import com.pantherkolab.publisher.ParkingBeans;
import com.pantherkolab.publisher.PublisherBeans;
import com.pantherkolab.publisher.PublisherSettings;
import com.pantherkolab.publisher.ReplayBeans;
import com.pantherkolab.publisher.ReplaySettings;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.services.chimesdkmeetings.ChimeSdkMeetingsClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sqs.SqsClient;

/// Puts functions in place of local run's own that are wired as a deployment wires them: each by itself, with the
/// variables that the template gives to it and to no other, and with clients that tell what it asked for.
final class DeployedApart implements BeanPostProcessor {
    private static final Map<String, Class<?>> DEPLOYABLES = Map.of(
            "com.pantherkolab.api.ApiFunctions", ApiConfiguration.class,
            "com.pantherkolab.publisher.PublisherFunctions", Publishing.class,
            "com.pantherkolab.publisher.ReplayFunctions", Replaying.class);

    private final GenericApplicationContext local;
    private final Map<String, Resource> functions = new HashMap<>();
    private final Map<String, Object> wired = new ConcurrentHashMap<>();
    private final Map<String, String> otherwise;
    private final SdkCalls calls;
    private final Consumer<String> log;

    /// @param otherwise variables that have another value than the template's
    /// @param calls is told what the functions ask for
    /// @param log takes the lines by which they tell their metrics; a function's name is its logical id
    DeployedApart(
            Deployment deployment,
            GenericApplicationContext local,
            Map<String, String> otherwise,
            SdkCalls calls,
            Consumer<String> log) {
        deployment.template().resources(Deployment.FUNCTION).forEach(it -> functions.put(Deployment.bean(it), it));
        this.local = local;
        this.otherwise = otherwise;
        this.calls = calls;
        this.log = log;
    }

    @Configuration(proxyBeanMethods = false)
    @Import({PublisherBeans.class, ParkingBeans.class})
    static class Publishing {}

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties(ReplaySettings.class)
    @Import({Publishing.class, ReplayBeans.class})
    static class Replaying {}

    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
        return functions.containsKey(name) ? wired.computeIfAbsent(name, this::wire) : bean;
    }

    private Object wire(String name) {
        Resource function = Objects.requireNonNull(functions.get(name));
        AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
        context.setEnvironment(environment(function));
        client(context, name, "dynamodb", DynamoDbClient.class);
        client(context, name, "dynamodb", DynamoDbStreamsClient.class);
        client(context, name, "sqs", SqsClient.class);
        client(context, name, "s3", S3Client.class);
        client(context, name, "chime", ChimeSdkMeetingsClient.class);
        context.registerBean(Clock.class, () -> local.getBean(Clock.class));
        context.registerBean(
                Metrics.class, () -> new EmbeddedMetrics(function.logicalId(), local.getBean(Clock.class), log));
        lent(context, PublisherSettings.class);
        lent(context, LivePosition.class);
        context.registerBean(AwsCredentialsProvider.class, () -> {
            AwsCredentialsProvider credentials = local.getBean(AwsCredentialsProvider.class);
            // Only what is published is signed with these.
            return () -> {
                for (String namespace : List.of("ChatsNamespace", "CallsNamespace")) {
                    calls.add(new Permission(name, "appsync:EventPublish", namespace));
                }
                return credentials.resolveCredentials();
            };
        });
        String main = Deployment.environment(function).requiredText("MAIN_CLASS");
        context.register(Objects.requireNonNull(DEPLOYABLES.get(main), main));
        context.refresh();
        local.addApplicationListener((ApplicationListener<ContextClosedEvent>) _ -> context.close());
        return context.getBean(name);
    }

    private <T extends SdkClient> void client(
            GenericApplicationContext context, String function, String service, Class<T> type) {
        lazily(context, type, () -> calls.of(function, service, type, local.getBean(type)));
    }

    private <T> void lent(GenericApplicationContext context, Class<T> type) {
        lazily(context, type, () -> local.getBean(type));
    }

    private static <T> void lazily(GenericApplicationContext context, Class<T> type, Supplier<T> bean) {
        context.registerBean(type, bean, definition -> {
            definition.setLazyInit(true);
            definition.setDestroyMethodName("");
        });
    }

    /// What the template says for this one, where local run knows the value.
    private ConfigurableEnvironment environment(Resource function) {
        Map<String, Object> own = new HashMap<>();
        Deployment.environment(function).values().keySet().forEach(variable -> {
            String value =
                    otherwise.getOrDefault(variable, local.getEnvironment().getProperty(variable));
            if (value != null) {
                own.put(variable, value);
            }
        });
        StandardEnvironment environment = new StandardEnvironment();
        environment.getPropertySources().addFirst(new SystemEnvironmentPropertySource("systemEnvironment", own));
        return environment;
    }
}
