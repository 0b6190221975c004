package com.pantherkolab.local;

import com.pantherkolab.api.ApiConfiguration;
import com.pantherkolab.api.calls.CallWorkflow;
import com.pantherkolab.api.calls.ChimeMeetings;
import com.pantherkolab.api.http.Edge;
import com.pantherkolab.api.store.ChangeWriter;
import com.pantherkolab.api.store.Tables;
import com.pantherkolab.common.metrics.Metrics;
import com.pantherkolab.events.EmulatorOptions;
import com.pantherkolab.events.auth.UserPool;
import com.pantherkolab.local.aws.Invocations;
import com.pantherkolab.local.aws.Kept;
import com.pantherkolab.local.aws.LocalAws;
import com.pantherkolab.publisher.LivePosition;
import com.pantherkolab.publisher.ParkingBeans;
import com.pantherkolab.publisher.PublisherBeans;
import com.pantherkolab.publisher.PublisherSettings;
import com.pantherkolab.publisher.PublisherTotals;
import com.pantherkolab.publisher.ReplayBeans;
import com.pantherkolab.publisher.ReplaySettings;
import com.pantherkolab.publisher.ReplayTotals;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.event.ApplicationFailedEvent;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.jetty.ConfigurableJettyWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.firewall.HttpFirewall;
import org.springframework.web.filter.OncePerRequestFilter;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.services.chimesdkmeetings.ChimeSdkMeetingsClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sqs.SqsClient;

/// The whole system, wired in one JVM; the one configuration class of local run.
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@EnableConfigurationProperties({LocalSettings.class, ReplaySettings.class})
@Import({ApiConfiguration.class, PublisherBeans.class, ParkingBeans.class, ReplayBeans.class, LocalBody.class})
public class LocalRun {
    /// The region that everything here says it is in.
    static final String REGION = "us-east-1";

    private static final String PUBLISHER_FUNCTION = "streamPublisher";

    private static final AwsBasicCredentials PUBLISHER =
            AwsBasicCredentials.create("AKIDLOCALPUBLISHER", "local-secret-of-the-publisher");

    /// Runs until Ctrl-C.
    public static void main(String[] args) {
        try {
            ConfigurableApplicationContext running = start(args);
            System.out.println(Welcome.text(
                    api(running),
                    running.getBean(LocalSystem.class).emulator().httpEndpoint(),
                    running.getBean(LocalSettings.class).dataDir()));
        } catch (Exception failure) {
            System.err.println("Local run did not start: " + LaunchFailure.reason(failure));
            System.exit(1);
        }
    }

    /// Starts local run; closing the context stops it.
    ///
    /// @param args Spring properties as `--name=value`
    static ConfigurableApplicationContext start(String... args) throws IOException {
        return application().run(args);
    }

    /// Local run, not started.
    static SpringApplication application() throws IOException {
        return application(Clock.systemUTC());
    }

    /// Local run, not started.
    ///
    /// @param aws what queues, buckets and meetings go by
    static SpringApplication application(Clock aws) throws IOException {
        Deployment deployment = Deployment.read(Deployment.find());
        return new SpringApplicationBuilder(LocalRun.class)
                .initializers(context -> context.getBeanFactory().registerSingleton("deployment", deployment))
                .initializers(context -> provideAws(deployment, aws, (GenericApplicationContext) context))
                .build();
    }

    /// Before everything else, because the properties of the functions hold the addresses of its queues.
    private static void provideAws(Deployment deployment, Clock clock, GenericApplicationContext context) {
        String folder = Binder.get(context.getEnvironment())
                .bind("local.data-dir", String.class)
                .orElse(null);
        Kept kept =
                folder == null ? Kept.NOTHING : open(Path.of(folder), context).aws();
        LocalAws aws = LocalAws.start(clock, UUID::randomUUID, kept);
        context.registerBean(LocalAws.class, () -> aws);
        context.addApplicationListener((ApplicationListener<ApplicationFailedEvent>) _ -> aws.close());
        FunctionEnvironment environment =
                deployment.environment(deployment.aws().create(aws));
        context.getEnvironment().getPropertySources().addLast(environment.propertySource());
    }

    /// The folder is this local run's until it ends.
    private static DataDir open(Path folder, GenericApplicationContext context) {
        try {
            DataDir dataDir = DataDir.open(folder);
            context.registerBean(DataDir.class, () -> dataDir);
            context.addApplicationListener((ApplicationListener<ApplicationFailedEvent>) _ -> dataDir.close());
            return dataDir;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
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
    Metrics metrics(MeterRegistry registry) {
        return new MicrometerMetrics(registry);
    }

    @Bean
    CommitBell commitBell() {
        return new CommitBell();
    }

    @Bean
    EmbeddedDynamo embeddedDynamo(Deployment deployment, ObjectProvider<DataDir> kept, CommitBell bell) {
        DataDir dataDir = kept.getIfAvailable();
        return dataDir == null
                ? EmbeddedDynamo.start(deployment.tables(), bell::ring)
                : EmbeddedDynamo.open(dataDir.database(), deployment.tables(), bell::ring);
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
    LocalGateway localGateway(Deployment deployment, Map<String, Edge> edges, EmbeddedDynamo dynamo, Clock clock) {
        Map<String, Function<InputStream, byte[]>> functions = new HashMap<>();
        edges.forEach((name, edge) -> functions.put(name, event -> settled(dynamo, edge.apply(event))));
        return new LocalGateway(deployment.routes(), functions, clock);
    }

    @Bean
    FunctionsEndpoint functionsEndpoint(Deployment deployment, Invocations functions) {
        return new FunctionsEndpoint(
                deployment.functions().stream().collect(Collectors.toMap(name -> name, functions::of)));
    }

    @Bean
    StreamFunctions streamFunctions(ListableBeanFactory beans) {
        return new StreamFunctions(beans);
    }

    /// Every deployed function as bytes in and bytes out: those that a stream feeds by way of its event's type.
    @Bean
    Invocations invocations(
            Deployment deployment, BeanFactory beans, StreamFunctions streams, EmbeddedDynamo dynamo, Clock clock) {
        return name -> deployment.streams().stream()
                .filter(mapping -> mapping.function().equals(name))
                .findFirst()
                .<UnaryOperator<byte[]>>map(mapping -> event ->
                        settled(dynamo, StreamFunctions.invoke(streams.named(name), event, context(mapping, clock))))
                .orElseGet(() -> event -> settled(dynamo, bytes(beans, name).apply(new ByteArrayInputStream(event))));
    }

    @Bean
    FailureDestination failureDestination(ObjectProvider<S3Client> storage, Environment environment) {
        return FailureDestination.bucket(
                storage::getObject, environment.getRequiredProperty("publisher.failure-bucket"));
    }

    @Bean
    Surroundings surroundings(FailureDestination failures, ObjectProvider<DataDir> kept, CommitBell bell, Clock clock) {
        DataDir dataDir = kept.getIfAvailable();
        return new Surroundings(
                failures,
                dataDir == null ? StreamPositions.NONE : dataDir.positions(),
                bell,
                clock,
                () -> UUID.randomUUID().toString());
    }

    @Bean
    @Lazy
    ChimeSdkMeetingsClient meetingsClient(LocalAws aws) {
        return aws.meetingsClient().overrideConfiguration(ChimeMeetings.CLIENT).build();
    }

    @Bean
    @Lazy
    SqsClient queuesClient(LocalAws aws) {
        return aws.queuesClient().build();
    }

    @Bean
    @Lazy
    S3Client storageClient(LocalAws aws) {
        return aws.storageClient().build();
    }

    @Bean
    EventSources eventSources(
            Deployment deployment, LocalAws aws, ObjectProvider<SqsClient> queues, Invocations functions) {
        return new EventSources(deployment.aws(), aws, queues::getObject, functions);
    }

    /// Only where there may be calls from before.
    @Bean
    @ConditionalOnProperty("local.data-dir")
    RestoredCalls restoredCalls(
            DynamoDbClient dynamo, Tables tables, ObjectProvider<CallWorkflow> workflow, LocalAws aws) {
        return new RestoredCalls(dynamo, tables.calls(), workflow::getObject, aws.meetings());
    }

    @Bean
    LocalSystem localSystem(
            Deployment deployment,
            LocalSettings settings,
            LocalIssuer issuer,
            EmbeddedDynamo dynamo,
            StreamFunctions functions,
            Surroundings surroundings,
            PublisherCrashes crashes,
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
                () -> deployment.streams().stream()
                        .map(mapping -> pump(mapping, dynamo, functions, surroundings, crashes))
                        .toList(),
                crashes::accepted);
    }

    @Bean
    PublisherCrashes publisherCrashes(DefaultListableBeanFactory beans) {
        return new PublisherCrashes(() -> beans.destroySingleton(PUBLISHER_FUNCTION));
    }

    /// Made when the pump first publishes, for only then the emulator has its port.
    @Bean
    @Lazy
    PublisherSettings publisherSettings(LocalSystem system, Environment environment) {
        return publisherSettings(system.emulator().httpEndpoint(), environment);
    }

    /// What the template's environment says of the publisher, for a place to publish to.
    static PublisherSettings publisherSettings(URI endpoint, Environment environment) {
        return PublisherSettings.of(
                endpoint,
                REGION,
                URI.create(environment.getRequiredProperty("publisher.parked-queue-url")),
                environment.getRequiredProperty("publisher.failure-bucket"));
    }

    /// What a replay reads the stream with.
    @Bean(destroyMethod = "")
    @Lazy
    DynamoDbStreamsClient streamsClient(EmbeddedDynamo dynamo) {
        return dynamo.streams();
    }

    /// How far the pump of the publisher is.
    @Bean
    @Lazy
    LivePosition livePosition(LocalSystem system) {
        return now -> system.pumps().stream()
                .filter(pump -> pump.function().equals("streamPublisher"))
                .map(pump -> pump.passed(now))
                .findFirst();
    }

    @Bean
    AwsCredentialsProvider publisherCredentials() {
        return StaticCredentialsProvider.create(PUBLISHER);
    }

    @Bean
    AwsFigures awsFigures(LocalSystem system, EmbeddedDynamo dynamo, LocalAws aws, Deployment deployment) {
        return new AwsFigures(system, dynamo, aws.queues(), deployment.aws().queues());
    }

    @Bean
    MeterBinder awsMeters(AwsFigures figures, Deployment deployment) {
        return figures.meters(
                deployment.streams().stream().map(StreamMapping::function).toList());
    }

    @Bean
    QueueEndpoints queueEndpoints(LocalAws aws) {
        return new QueueEndpoints(aws.queues());
    }

    @Bean
    OperatorEndpoints operatorEndpoints(
            LocalSystem system,
            EmbeddedDynamo dynamo,
            Tables tables,
            AwsFigures figures,
            PublisherTotals totals,
            ReplayTotals replays,
            LocalAws aws,
            PublisherCrashes crashes,
            Clock clock) {
        return new OperatorEndpoints(
                system, dynamo, tables.outbox(), figures, totals, replays, aws.meetings(), crashes, clock);
    }

    @Bean
    SecurityFilterChain securityFilterChain(HttpSecurity http) throws Exception {
        return GatewaySecurity.filters(http);
    }

    @Bean
    WebServerFactoryCustomizer<ConfigurableJettyWebServerFactory> theServerAsAGateway() {
        return jetty -> jetty.addServerCustomizers(
                GatewaySecurity::letThroughControlCharacters, GatewaySecurity::refuseWhatIsNoRequest);
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

    /// The answer of a function, when nothing that it read can be taken back any more.
    private static <T> T settled(EmbeddedDynamo dynamo, T answer) {
        dynamo.settle();
        return answer;
    }

    private static StreamPump pump(
            StreamMapping mapping,
            EmbeddedDynamo dynamo,
            StreamFunctions functions,
            Surroundings surroundings,
            PublisherCrashes crashes) {
        StreamFunction named = functions.named(mapping.function());
        StreamFunction function = mapping.function().equals(PUBLISHER_FUNCTION) ? crashes.around(named) : named;
        return new StreamPump(
                mapping,
                new TableStream(dynamo.streams(), dynamo.streamArn(mapping.table())),
                // Before the position is kept: it would be kept for good.
                (event, context) -> settled(dynamo, function.invoke(event, context)),
                surroundings);
    }

    @SuppressWarnings("unchecked") // What no stream feeds takes an event's bytes; a test invokes each.
    private static Function<InputStream, byte[]> bytes(BeanFactory beans, String name) {
        return beans.getBean(name, Function.class);
    }

    private static LocalContext context(StreamMapping mapping, Clock clock) {
        return new LocalContext(
                mapping.function(),
                UUID.randomUUID().toString(),
                clock.instant().plus(mapping.timeout()),
                clock);
    }

    private static String url(Environment environment) {
        return "http://localhost:" + environment.getRequiredProperty("local.server.port");
    }
}
