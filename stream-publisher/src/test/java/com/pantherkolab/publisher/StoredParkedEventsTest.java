package com.pantherkolab.publisher;

import static com.pantherkolab.publisher.Samples.ALICE;
import static com.pantherkolab.publisher.Samples.BOB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.pantherkolab.common.Aggregate;
import com.pantherkolab.common.Channel;
import com.pantherkolab.common.Json;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sqs.SqsClient;

/// The queue and the bucket, as AWS's own clients speak to them over a socket.
class StoredParkedEventsTest extends ParkedEventsContract {
    private final AwsServer aws = new AwsServer();
    private final StoredParkedEvents parked = parkedEvents(Duration.ofSeconds(20));

    @AfterEach
    void close() {
        aws.close();
    }

    @Override
    ParkedEvents parkedEvents() {
        return parked;
    }

    @Override
    List<Parked> found() {
        return aws.requests().stream().map(StoredParkedEventsTest::parked).toList();
    }

    private static Parked parked(AwsServer.Request request) {
        return switch (request.method()) {
            case "POST" -> {
                String message = Json.mapper()
                        .readTree(request.body())
                        .path("MessageBody")
                        .asString();
                ParkedPointer pointer = Json.mapper().readValue(message, ParkedPointer.class);
                yield new Parked.Undelivered(
                        pointer.aggregate(), pointer.eventId(), pointer.channel(), pointer.reason());
            }
            default -> document(request).parked();
        };
    }

    @Test
    void aPointerGoesToTheQueueOfTheSettings() throws NotParkedException {
        parked.park(undelivered(1));

        AwsServer.Request request = aws.requests().getFirst();
        assertThat(request.header("X-Amz-Target")).isEqualTo("AmazonSQS.SendMessage");
        assertThat(request.header("Authorization")).contains("/eu-central-1/sqs/aws4_request");
        assertThat(Json.mapper().readTree(request.body()).path("QueueUrl").asString())
                .isEqualTo(queue().toString());
        assertThat(Json.mapper()
                        .readTree(Json.mapper()
                                .readTree(request.body())
                                .path("MessageBody")
                                .asString())
                        .propertyNames())
                .containsExactly("id", "aggregate", "eventId", "channel", "reason");
    }

    @Test
    void oneDeliveryHasOneIdHoweverOftenAndWhyEverItIsParkedAndAnotherHasAnother() {
        ParkedPointer pointer = ParkedPointer.to(undelivered("c1", "e", ALICE, "EventTooLargeException"));

        assertThat(ParkedPointer.to(undelivered("c1", "e", ALICE, "400")).id())
                .isEqualTo(pointer.id())
                .matches("[0-9a-f]{32}");
        assertThat(Stream.of(
                                undelivered("c2", "e", ALICE, "400"),
                                undelivered("c1", "f", ALICE, "400"),
                                undelivered("c1", "e", BOB, "400"))
                        .map(other -> ParkedPointer.to(other).id()))
                .doesNotContain(pointer.id())
                .doesNotHaveDuplicates();
    }

    @Test
    void anUnreadableRecordIsKeptAsItIsUnderAKeyOfOurs() throws NotParkedException {
        parked.park(new Parked.Unreadable(Samples.insert("17", "{\"no\":\"entry\"}"), "NOT_AN_ENTRY"));

        AwsServer.Request request = aws.requests().getFirst();
        assertThat(request.method()).isEqualTo("PUT");
        assertThat(request.path()).matches("/failures/unreadable/[0-9a-f]{32}\\.json");
        assertThat(request.header("Authorization")).contains("/eu-central-1/s3/aws4_request");
        assertThat(document(request).reason()).isEqualTo("NOT_AN_ENTRY");
        assertThat(document(request).payload()).contains("\"eventName\":\"INSERT\"", "\"SequenceNumber\":\"17\"");
        assertThat(Json.mapper()
                        .readTree(document(request).payload())
                        .at("/Records/0/dynamodb/NewImage/entry/S")
                        .asString())
                .isEqualTo("{\"no\":\"entry\"}");
    }

    @Test
    void aRecordThatIsParkedAgainTakesTheSameKeyAndAnotherOneAnother() throws NotParkedException {
        for (String at : List.of("17", "17", "18")) {
            parked.park(new Parked.Unreadable(Samples.insert(at, "{}"), "NOT_AN_ENTRY"));
        }

        List<String> keys = aws.requests().stream().map(AwsServer.Request::path).toList();
        assertThat(keys.get(0)).isEqualTo(keys.get(1)).isNotEqualTo(keys.get(2));
    }

    @ParameterizedTest
    @MethodSource
    void whatLambdaMayGiveIsKeptWhole(Parked.Unreadable unreadable) throws NotParkedException {
        parked.park(unreadable);

        assertThat(found()).containsExactly(unreadable);
    }

    static Stream<Parked.Unreadable> whatLambdaMayGiveIsKeptWhole() {
        return Stream.concat(
                        StreamRecordsTest.whatIsNoRecordOfTheOutboxIsUnreadable()
                                .map(arguments -> StreamRecords.read(
                                        (com.amazonaws.services.lambda.runtime.events.DynamodbEvent
                                                        .DynamodbStreamRecord)
                                                arguments[0])),
                        StreamRecordsTest.whatIsNoEntryIsUnreadable()
                                .map(text -> StreamRecords.read(Samples.insert("1", text))))
                .map(record -> (StreamRecord.Unreadable) record)
                .map(record -> new Parked.Unreadable(record.raw(), record.reason()));
    }

    @Test
    void whatCannotBeStoredIsSaid() {
        for (int status : List.of(403, 500)) {
            aws.answer(status);
            for (Parked one :
                    List.of(undelivered(1), new Parked.Unreadable(Samples.insert("1", "{}"), "NOT_AN_ENTRY"))) {
                assertThat(catchThrowable(() -> parked.park(one)))
                        .isInstanceOf(NotParkedException.class)
                        .hasMessageEndingWith("Exception");
            }
        }
    }

    @Test
    void whatTakesTooLongIsNotWaitedFor() {
        aws.answer(500);

        // The clients' own retries would take longer.
        assertThat(catchThrowable(() -> parkedEvents(Duration.ofMillis(1)).park(undelivered(1))))
                .isInstanceOf(NotParkedException.class)
                .hasMessage("ApiCallTimeoutException");
    }

    private StoredParkedEvents parkedEvents(Duration parkTimeout) {
        StaticCredentialsProvider credentials =
                StaticCredentialsProvider.create(AwsBasicCredentials.create("AKIDEXAMPLE", "secret"));
        SqsClient sqs = SqsClient.builder()
                .endpointOverride(aws.endpoint())
                .region(Region.EU_CENTRAL_1)
                .credentialsProvider(credentials)
                .httpClient(UrlConnectionHttpClient.create())
                .build();
        S3Client s3 = S3Client.builder()
                .endpointOverride(aws.endpoint())
                .forcePathStyle(true)
                .region(Region.EU_CENTRAL_1)
                .credentialsProvider(credentials)
                .httpClient(UrlConnectionHttpClient.create())
                .build();
        return new StoredParkedEvents(sqs, s3, queue(), "failures", parkTimeout);
    }

    private URI queue() {
        return aws.endpoint().resolve("/000000000000/parked");
    }

    private static UnreadableDocument document(AwsServer.Request request) {
        return Json.mapper().readValue(request.body(), UnreadableDocument.class);
    }

    private static Parked.Undelivered undelivered(String conversation, String eventId, Channel channel, String reason) {
        return new Parked.Undelivered(Aggregate.conversation(conversation), eventId, channel, reason);
    }
}
