package com.pantherkolab.local;

import com.amazonaws.services.dynamodbv2.local.server.LocalDynamoDBRequestHandler;
import com.amazonaws.services.dynamodbv2.local.server.LocalDynamoDBServerHandler;
import com.pantherkolab.common.Json;
import com.pantherkolab.events.AppSyncEventsEmulator;
import com.pantherkolab.events.EmulatorOptions;
import com.pantherkolab.events.auth.UserPool;
import com.pantherkolab.local.aws.LocalAws;
import java.net.URI;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import tools.jackson.databind.JsonNode;

/// What the functions call, for functions in processes of their own: DynamoDB Local behind HTTP, the stand-ins of
/// Chime, SQS and S3, and AppSync Events; all on loopback.
final class LocalCloud implements AutoCloseable {
    private static final AwsBasicCredentials ROLE = AwsBasicCredentials.create("AKIDOFTHEROLE", "secret-of-the-role");

    private final Deployment deployment;
    private final Server dynamoServer = new Server();
    private final ServerConnector dynamoPort = new ServerConnector(dynamoServer, 1, 1);
    private final LocalDynamoDBRequestHandler tables;
    private final DynamoDbClient dynamo;
    private final LocalAws aws = LocalAws.start(Clock.systemUTC(), UUID::randomUUID);
    private final Map<String, String> resources;
    private final AppSyncEventsEmulator channels;
    private final List<Accepted> accepted = new CopyOnWriteArrayList<>();

    /// An event that was published.
    record Accepted(String channel, JsonNode event) {}

    private LocalCloud(Deployment deployment) throws Exception {
        this.deployment = deployment;
        this.tables = new LocalDynamoDBRequestHandler(0, true, null, true, false);
        dynamoPort.setHost("127.0.0.1");
        dynamoServer.addConnector(dynamoPort);
        dynamoServer.setHandler(new LocalDynamoDBServerHandler(tables, "*"));
        dynamoServer.start();
        this.dynamo = DynamoDbClient.builder()
                .endpointOverride(dynamoEndpoint())
                .region(Region.of(LocalRun.REGION))
                .credentialsProvider(StaticCredentialsProvider.create(ROLE))
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build();
        deployment.tables().stream().map(EmbeddedDynamo::request).forEach(dynamo::createTable);
        this.resources = deployment.aws().create(aws);
        this.channels = AppSyncEventsEmulator.start(
                deployment.eventApi(),
                EmulatorOptions.DEFAULTS
                        .withRegion(LocalRun.REGION)
                        .withUserPool(new UserPool(URI.create("http://127.0.0.1:9/nobody"), "nobody", "nobody"))
                        .withAccessKey(ROLE.accessKeyId(), ROLE.secretAccessKey()));
        channels.onAccepted((channel, events) -> events.forEach(
                event -> accepted.add(new Accepted(channel, Json.mapper().readTree(event)))));
    }

    static LocalCloud start(Deployment deployment) throws Exception {
        return new LocalCloud(deployment);
    }

    /// The functions of the template, with this in place of AWS.
    List<DeployedFunction> functions() {
        Map<String, String> names = new HashMap<>(resources);
        deployment.tables().forEach(table -> names.put(table.name(), table.name()));
        names.put("AWS::Region", LocalRun.REGION);
        names.put("EventsApi.Dns.Http", channels.httpEndpoint().getAuthority());
        return DeployedFunction.all(deployment, names);
    }

    /// A function's variables, and those that Lambda adds; where its clients go instead of to AWS.
    Map<String, String> environment(DeployedFunction function) {
        Map<String, String> environment = new HashMap<>(function.environment());
        // There is no TLS on loopback.
        environment.computeIfPresent("PUBLISHER_ENDPOINT", (_, url) -> url.replace("https://", "http://"));
        environment.putAll(Map.of(
                "AWS_REGION", LocalRun.REGION,
                "AWS_ACCESS_KEY_ID", ROLE.accessKeyId(),
                "AWS_SECRET_ACCESS_KEY", ROLE.secretAccessKey(),
                "AWS_ENDPOINT_URL_DYNAMODB", dynamoEndpoint().toString(),
                "AWS_ENDPOINT_URL_DYNAMODB_STREAMS", dynamoEndpoint().toString(),
                "AWS_ENDPOINT_URL_SQS", aws.endpoint("sqs").toString(),
                "AWS_ENDPOINT_URL_S3", aws.endpoint("s3").toString(),
                "AWS_ENDPOINT_URL_CHIME_SDK_MEETINGS", aws.endpoint("chime").toString()));
        return environment;
    }

    DynamoDbClient dynamo() {
        return dynamo;
    }

    LocalAws aws() {
        return aws;
    }

    AppSyncEventsEmulator channels() {
        return channels;
    }

    /// What was published so far.
    List<Accepted> accepted() {
        return accepted;
    }

    @Override
    public void close() {
        channels.close();
        aws.close();
        dynamo.close();
        try {
            dynamoServer.stop();
        } catch (Exception failure) {
            throw new IllegalStateException("DynamoDB does not stop", failure);
        } finally {
            tables.shutdown();
        }
    }

    private URI dynamoEndpoint() {
        return URI.create("http://127.0.0.1:" + dynamoPort.getLocalPort());
    }
}
