package com.pantherkolab.publisher;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.cloud.function.context.config.ContextFunctionCatalogAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;

/// The deployable: the publisher with its properties, its role's credentials and the catalog of functions.
///
/// It is the `MAIN_CLASS` of the Lambda adapter. Of auto-configuration it takes the one class that it needs, so
/// that a cold start does not pay for more.
@SpringBootConfiguration(proxyBeanMethods = false)
@ImportAutoConfiguration(ContextFunctionCatalogAutoConfiguration.class)
@EnableConfigurationProperties(PublisherSettings.class)
@Import(PublisherBeans.class)
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
}
