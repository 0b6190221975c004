package com.pantherkolab.local;

import com.amazonaws.services.lambda.runtime.events.DynamodbEvent;
import com.amazonaws.services.lambda.runtime.events.StreamsEventResponse;
import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import com.pantherkolab.api.ApiConfiguration;
import com.pantherkolab.api.http.Edge;
import com.pantherkolab.api.store.ChangeWriter;
import com.pantherkolab.api.store.Tables;
import com.pantherkolab.events.EmulatorOptions;
import com.pantherkolab.events.auth.UserPool;
import com.pantherkolab.publisher.MemoryParkedEvents;
import com.pantherkolab.publisher.PublisherBeans;
import com.pantherkolab.publisher.PublisherSettings;
import com.pantherkolab.publisher.PublisherTotals;
import com.pantherkolab.publisher.StreamPublisher;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Clock;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.firewall.HttpFirewall;
import org.springframework.web.filter.OncePerRequestFilter;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/// The whole system, wired in one JVM; the one configuration class of local run.
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@EnableConfigurationProperties(LocalSettings.class)
@Import({ApiConfiguration.class, PublisherBeans.class, LocalBody.class})
public class LocalRun {
    /// The region that everything here says it is in.
    static final String REGION = "us-east-1";

    private static final AwsBasicCredentials PUBLISHER =
            AwsBasicCredentials.create("AKIDLOCALPUBLISHER", "local-secret-of-the-publisher");

    /// Runs until Ctrl-C.
    public static void main(String[] args) {
        try {
            ConfigurableApplicationContext running = start(args);
            System.out.println(Welcome.text(
                    api(running), running.getBean(LocalSystem.class).emulator().httpEndpoint()));
        } catch (Exception failure) {
            System.err.println("Local run did not start: " + LaunchFailure.reason(failure));
            System.exit(1);
        }
    }

    /// Starts local run; closing the context stops it.
    ///
    /// @param args Spring properties as `--name=value`
    static ConfigurableApplicationContext start(String... args) throws IOException {
        Deployment deployment = Deployment.read(Deployment.find());
        SpringApplication application = new SpringApplicationBuilder(LocalRun.class)
                .properties(deployment.properties())
                .initializers(context -> context.getBeanFactory().registerSingleton("deployment", deployment))
                .build();
        return application.run(args);
    }

    /// Where a running local run's API listens.
    static URI api(ConfigurableApplicationContext running) {
        return URI.create(url(running.getEnvironment()));
    }

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }

    @Bean
    CommitBell commitBell() {
        return new CommitBell();
    }

    @Bean
    EmbeddedDynamo embeddedDynamo(Deployment deployment, CommitBell bell) {
        return EmbeddedDynamo.start(deployment.tables(), bell::ring);
    }

    @Bean(destroyMethod = "")
    DynamoDbClient dynamoDbClient(EmbeddedDynamo dynamo) {
        return dynamo.client();
    }

    @Bean
    LocalIssuer localIssuer(Environment environment, Clock clock) {
        return new LocalIssuer(() -> url(environment), clock);
    }

    @Bean
    IssuerEndpoints issuerEndpoints(LocalIssuer issuer, ChangeWriter writer) {
        return new IssuerEndpoints(issuer, writer);
    }

    @Bean
    LocalGateway localGateway(Deployment deployment, Map<String, Edge> edges, Clock clock) {
        return new LocalGateway(deployment.routes(), edges, clock);
    }

    @Bean
    FunctionsEndpoint functionsEndpoint(
            Deployment deployment, Map<String, Edge> edges, ObjectProvider<StreamPublisher> publisher) {
        return new FunctionsEndpoint(deployment.functions().stream()
                .collect(Collectors.toMap(name -> name, name -> invocation(name, edges, publisher))));
    }

    @Bean
    LocalSystem localSystem(
            Deployment deployment,
            LocalSettings settings,
            LocalIssuer issuer,
            EmbeddedDynamo dynamo,
            ObjectProvider<StreamPublisher> publisher,
            CommitBell bell,
            Clock clock) {
        return new LocalSystem(
                deployment,
                EmulatorOptions.DEFAULTS
                        .withPort(settings.events().port())
                        .withRegion(REGION)
                        .withAccessKey(PUBLISHER.accessKeyId(), PUBLISHER.secretAccessKey())
                        .withClock(clock),
                () -> new UserPool(
                        URI.create(issuer.issuer() + "/.well-known/jwks.json"), issuer.issuer(), LocalIssuer.CLIENT_ID),
                () -> pump(deployment.outboxStream(), dynamo, publisher, bell));
    }

    /// Made when the pump first publishes, for only then the emulator has its port.
    @Bean
    @Lazy
    PublisherSettings publisherSettings(LocalSystem system) {
        return PublisherSettings.of(
                system.emulator().httpEndpoint(), REGION, URI.create("http://localhost/parked-events"), "failures");
    }

    /// In memory, so that the queue and the bucket of the settings are not asked for.
    @Bean
    MemoryParkedEvents parkedEvents() {
        return new MemoryParkedEvents();
    }

    @Bean
    AwsCredentialsProvider publisherCredentials() {
        return StaticCredentialsProvider.create(PUBLISHER);
    }

    @Bean
    OperatorEndpoints operatorEndpoints(
            LocalSystem system, EmbeddedDynamo dynamo, Tables tables, PublisherTotals totals, Clock clock) {
        return new OperatorEndpoints(system, dynamo, tables.outbox(), totals, clock);
    }

    @Bean
    SecurityFilterChain securityFilterChain(HttpSecurity http) throws Exception {
        return GatewaySecurity.filters(http);
    }

    @Bean
    HttpFirewall httpFirewall() {
        return GatewaySecurity.firewall();
    }

    @Bean
    JwtDecoder jwtDecoder(LocalIssuer issuer, Clock clock) {
        return GatewaySecurity.decoder(issuer, clock);
    }

    @Bean
    @Order(Ordered.HIGHEST_PRECEDENCE)
    OncePerRequestFilter onlyThisMachinesNames() {
        return GatewaySecurity.onlyThisMachinesNames();
    }

    private static StreamPump pump(
            StreamMapping mapping, EmbeddedDynamo dynamo, ObjectProvider<StreamPublisher> publisher, CommitBell bell) {
        String arn = dynamo.streamArn(mapping.table());
        return new StreamPump(
                mapping,
                new StreamReader(dynamo.streams(), arn)::next,
                arn,
                batch -> publish(publisher.getObject(), batch),
                bell);
    }

    private static StreamsEventResponse publish(StreamPublisher publisher, DynamodbEvent batch) {
        return publisher.apply(MessageBuilder.withPayload(batch).build());
    }

    /// Bytes in, bytes out, as the Lambda runtime hands them to the adapter.
    private static UnaryOperator<byte[]> invocation(
            String name, Map<String, Edge> edges, ObjectProvider<StreamPublisher> publisher) {
        Function<InputStream, byte[]> edge = edges.get(name);
        return edge == null
                ? event -> invokePublisher(publisher.getObject(), event)
                : event -> edge.apply(new ByteArrayInputStream(event));
    }

    private static byte[] invokePublisher(StreamPublisher publisher, byte[] event) {
        PojoSerializer<DynamodbEvent> events =
                LambdaEventSerializers.serializerFor(DynamodbEvent.class, LocalRun.class.getClassLoader());
        PojoSerializer<StreamsEventResponse> responses =
                LambdaEventSerializers.serializerFor(StreamsEventResponse.class, LocalRun.class.getClassLoader());
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        responses.toJson(publish(publisher, events.fromJson(new ByteArrayInputStream(event))), answer);
        return answer.toByteArray();
    }

    private static String url(Environment environment) {
        return "http://localhost:" + environment.getRequiredProperty("local.server.port");
    }
}
