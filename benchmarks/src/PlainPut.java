import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Map;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What `PUT /api/users/me` comes to without any of the house: read the event, put the item, answer. No framework, no
/// logging, no check; the same SDK client with the same settings.
public final class PlainPut implements RequestStreamHandler {
    private final JsonMapper json = JsonMapper.builder().build();
    private final String table = System.getenv("TABLES_USERS");
    private final DynamoDbClient dynamo = DynamoDbClient.builder()
            .httpClientBuilder(UrlConnectionHttpClient.builder()
                    .connectionTimeout(Duration.ofSeconds(1))
                    .socketTimeout(Duration.ofSeconds(3)))
            .overrideConfiguration(override -> override.apiCallTimeout(Duration.ofSeconds(4)))
            .build();

    @Override
    public void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        JsonNode event = json.readTree(input);
        JsonNode body = json.readTree(event.path("body").stringValue());
        String user = event.at("/requestContext/authorizer/jwt/claims/sub").stringValue();
        dynamo.putItem(put -> put.tableName(table)
                .item(Map.of(
                        "userId", AttributeValue.fromS(user),
                        "firstName", AttributeValue.fromS(body.path("firstName").stringValue()),
                        "lastName", AttributeValue.fromS(body.path("lastName").stringValue()))));
        output.write(json.writeValueAsBytes(
                Map.of("statusCode", 200, "body", json.writeValueAsString(Map.of("success", true)))));
    }
}
