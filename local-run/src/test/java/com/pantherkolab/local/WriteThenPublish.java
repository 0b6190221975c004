package com.pantherkolab.local;

import com.pantherkolab.common.IsoMillis;
import com.pantherkolab.common.Json;
import com.pantherkolab.events.AppSyncEventsEmulator;
import com.pantherkolab.events.EmulatorOptions;
import com.pantherkolab.events.Faults;
import com.pantherkolab.events.auth.UserPool;
import com.pantherkolab.events.template.CloudFormationTemplate;
import com.pantherkolab.events.template.EventApi;
import com.pantherkolab.local.RunningSystem.User;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The other way to send a message, as it is commonly done: the request writes it, then publishes it to every
/// participant at once, with the caller's token, and answers 500 if any of that throws.
///
/// The write is tried three times, as the SDK would; a publish once, and its 200 is not looked into. The events
/// have the form of ours, so that one checker reads both.
final class WriteThenPublish implements AutoCloseable {
    private static final String TABLE = "WriteThenPublish";
    private static final int WRITES = 3;

    /// Who is signed in may publish, for it is the request that does.
    private static final EventApi API = EventApi.from(CloudFormationTemplate.parse("""
            Resources:
              Api:
                Type: AWS::AppSync::Api
                Properties:
                  Name: duel
                  EventConfig:
                    AuthProviders: [{ AuthType: AMAZON_COGNITO_USER_POOLS }]
                    ConnectionAuthModes: [{ AuthType: AMAZON_COGNITO_USER_POOLS }]
                    DefaultPublishAuthModes: [{ AuthType: AMAZON_COGNITO_USER_POOLS }]
                    DefaultSubscribeAuthModes: [{ AuthType: AMAZON_COGNITO_USER_POOLS }]
              Chats:
                Type: AWS::AppSync::ChannelNamespace
                Properties: { ApiId: !GetAtt Api.ApiId, Name: chats }
            """));

    private final Clock clock = Clock.systemUTC();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final AtomicLong written = new AtomicLong();
    private final DynamoDbClient dynamo;
    private final AppSyncEventsEmulator appSync;

    WriteThenPublish(RunningSystem system, HistoryRecorder history, Faults faults) {
        this.dynamo = system.bean(EmbeddedDynamo.class).client();
        String issuer = system.issuer().issuer();
        this.appSync = AppSyncEventsEmulator.start(
                API,
                EmulatorOptions.DEFAULTS.withUserPool(
                        new UserPool(URI.create(issuer + "/.well-known/jwks.json"), issuer, LocalIssuer.CLIENT_ID)));
        appSync.onAccepted(history::accepted);
        appSync.faults(faults);
        dynamo.createTable(create -> create.tableName(TABLE)
                .billingMode(BillingMode.PAY_PER_REQUEST)
                .attributeDefinitions(AttributeDefinition.builder()
                        .attributeName("messageId")
                        .attributeType(ScalarAttributeType.S)
                        .build())
                .keySchema(KeySchemaElement.builder()
                        .attributeName("messageId")
                        .keyType(KeyType.HASH)
                        .build()));
    }

    /// The process died.
    static final class Died extends Exception {
        private static final long serialVersionUID = 1;
    }

    /// Sends a message.
    ///
    /// @param dies whether the process dies between the two steps
    /// @throws Died if it does
    /// @throws IOException for what is answered 500
    void send(User sender, String conversation, List<String> participants, String content, boolean dies)
            throws Died, IOException {
        ObjectNode message = Json.mapper()
                .createObjectNode()
                .put("conversationId", conversation)
                .put("messageId", UUID.randomUUID().toString())
                .put("timestamp", IsoMillis.format(clock.instant()))
                .put("senderId", sender.userId())
                .put("content", content);
        write(message, participants);
        if (dies) {
            throw new Died();
        }
        publish(sender, participants, message);
    }

    private void write(JsonNode message, List<String> participants) throws IOException {
        Map<String, AttributeValue> item = Map.of(
                "messageId", AttributeValue.fromS(message.path("messageId").stringValue()),
                "message", AttributeValue.fromS(message.toString()),
                "participants", AttributeValue.fromSs(participants),
                "number", AttributeValue.fromN(String.valueOf(written.incrementAndGet())));
        for (int attempt = 1; ; attempt++) {
            try {
                dynamo.putItem(put -> put.tableName(TABLE).item(item));
                return;
            } catch (SdkException failed) {
                if (attempt == WRITES) {
                    throw new IOException(failed);
                }
            }
        }
    }

    private void publish(User sender, List<String> participants, JsonNode message) throws IOException {
        String timestamp = message.path("timestamp").stringValue();
        ObjectNode event = Json.mapper().createObjectNode();
        event.set("id", message.path("messageId"));
        event.put("type", "MESSAGE_SENT")
                .put("version", 1)
                .put("timestamp", timestamp)
                .put("serverTimestamp", timestamp)
                .set("data", message);
        var sending = participants.stream()
                .map(participant -> http.sendAsync(request(sender, participant, event), BodyHandlers.ofString()))
                .toList();
        boolean failed = false;
        for (var answer : sending) {
            try {
                HttpResponse<String> response = answer.join();
                failed |= response.statusCode() != 200;
            } catch (CompletionException lost) {
                failed = true;
            }
        }
        if (failed) {
            throw new IOException("publish failed");
        }
    }

    private HttpRequest request(User sender, String participant, JsonNode event) {
        ObjectNode body = Json.mapper().createObjectNode().put("channel", "/chats/" + participant);
        body.putArray("events").add(event.toString());
        return HttpRequest.newBuilder(appSync.httpEndpoint())
                .timeout(Duration.ofSeconds(5))
                .header("content-type", "application/json")
                .header("authorization", sender.idToken())
                .POST(BodyPublishers.ofString(body.toString()))
                .build();
    }

    /// What it wrote, as entries of a history, in the order of the writes.
    List<JsonNode> committed() {
        List<Map<String, AttributeValue>> items =
                new ArrayList<>(dynamo.scanPaginator(scan -> scan.tableName(TABLE)).items().stream()
                        .toList());
        items.sort(Comparator.comparingLong(
                item -> Long.parseLong(attribute(item, "number").n())));
        return items.stream().map(WriteThenPublish::entry).toList();
    }

    private static JsonNode entry(Map<String, AttributeValue> item) {
        JsonNode message = Json.mapper().readTree(attribute(item, "message").s());
        ObjectNode entry = Json.mapper()
                .createObjectNode()
                .put(
                        "aggregate",
                        "conversation#" + message.path("conversationId").stringValue())
                .put("eventId", message.path("messageId").stringValue())
                .put("timestamp", message.path("timestamp").stringValue());
        ObjectNode publication = entry.putArray("publications")
                .addObject()
                .put("type", "MESSAGE_SENT")
                .put("version", 1)
                .put("data", message.toString());
        attribute(item, "participants")
                .ss()
                .forEach(participant -> publication.withArray("channels").add("/chats/" + participant));
        return entry;
    }

    private static AttributeValue attribute(Map<String, AttributeValue> item, String name) {
        return Objects.requireNonNull(item.get(name));
    }

    @Override
    public void close() {
        appSync.close();
        http.close();
    }
}
