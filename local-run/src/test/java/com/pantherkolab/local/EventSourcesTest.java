package com.pantherkolab.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.pantherkolab.common.Json;
import com.pantherkolab.events.template.CloudFormationTemplate;
import com.pantherkolab.local.aws.EventRule;
import com.pantherkolab.local.aws.Invocations;
import com.pantherkolab.local.aws.LocalAws;
import com.pantherkolab.local.aws.QueueMapping;
import com.pantherkolab.local.aws.QueueResource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.health.contributor.Status;
import software.amazon.awssdk.services.chimesdkmeetings.ChimeSdkMeetingsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/// Queues, buckets, mappings and rules of a template, from its text to the invocation.
class EventSourcesTest {
    private final AwsResources resources = AwsResources.read(fixture());

    @Test
    void theResourcesAreReadFromTheTemplate() {
        assertThat(resources.queues())
                .containsExactly(
                        new QueueResource(
                                "TimersQueue",
                                "TimersQueue",
                                Map.of(
                                        "VisibilityTimeout",
                                        "120",
                                        "RedrivePolicy",
                                        "{\"deadLetterTargetArn\":\"arn:aws:sqs:us-east-1:000000000000:DeadLetters\","
                                                + "\"maxReceiveCount\":5}")),
                        new QueueResource("DeadLetters", "DeadLetters", Map.of("MessageRetentionPeriod", "1209600")),
                        new QueueResource(
                                "ParkedEventsQueue",
                                "ParkedEventsQueue.fifo",
                                Map.of("FifoQueue", "true", "ContentBasedDeduplication", "true")));
        assertThat(resources.buckets()).containsExactly("Bucket");
        assertThat(resources.mappings()).containsExactly(new QueueMapping("callTimers", "TimersQueue", 10));
        assertThat(resources.rules()).extracting(EventRule::function).containsExactly("callTimers");
        assertThat(resources.functions()).containsOnly("callTimers");
    }

    @Test
    void aFunctionsEnvironmentNamesAQueueByItsUrlAndABucketByItsName() {
        try (LocalAws aws = LocalAws.start(Clock.systemUTC(), UUID::randomUUID)) {
            assertThat(FunctionEnvironment.read(fixture(), resources.create(aws))
                            .values())
                    .containsEntry(
                            "TIMERS_QUEUE_URL", aws.queues().url("TimersQueue").toString())
                    .containsEntry(
                            "PARKED_QUEUE_URL",
                            aws.queues().url("ParkedEventsQueue.fifo").toString())
                    .containsEntry("FAILURE_BUCKET", "Bucket")
                    .doesNotContainKey("SPRING_CLOUD_FUNCTION_DEFINITION");
            assertThat(aws.queues().bodies("DeadLetters")).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ReceiveMessageWaitTime: 5",
                "QueueName: mine",
                "RedrivePolicy: { maxReceiveCount: 1," + " deadLetterTargetArn: !GetAtt Nowhere.Arn }"
            })
    void aSettingOfAQueueThatIsNotCarriedOutIsRefused(String setting) {
        CloudFormationTemplate template = CloudFormationTemplate.parse(
                "Resources: { Q: { Type: AWS::SQS::Queue, Properties: { " + setting + " } } }");

        assertThatThrownBy(() -> AwsResources.read(template))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("does not carry out");
    }

    @Test
    void aMessageAndTheEndOfAMeetingReachTheFunction() throws Exception {
        BlockingQueue<String> invocations = new LinkedBlockingQueue<>();
        Invocations functions = name -> event -> {
            invocations.add(name + " " + new String(event, UTF_8));
            return new byte[0];
        };
        try (LocalAws aws = LocalAws.start(Clock.systemUTC(), UUID::randomUUID);
                SqsClient sqs = aws.queuesClient().build();
                ChimeSdkMeetingsClient chime = aws.meetingsClient().build()) {
            String url = String.valueOf(resources.create(aws).get("TimersQueue"));
            EventSources sources = new EventSources(resources, aws, () -> sqs, functions);
            assertThat(sources.health().getStatus()).isEqualTo(Status.DOWN);
            sources.start();
            assertThat(sources.health().getStatus()).isEqualTo(Status.UP);

            sqs.sendMessage(send -> send.queueUrl(url).messageBody("ring"));
            String message = Objects.requireNonNull(invocations.poll(20, TimeUnit.SECONDS));
            String meeting = chime.createMeeting(create -> create.clientRequestToken("token")
                            .externalMeetingId("session")
                            .mediaRegion("us-east-1"))
                    .meeting()
                    .meetingId();
            aws.meetings().end(meeting);
            String ended = Objects.requireNonNull(invocations.poll(20, TimeUnit.SECONDS));

            assertThat(message).startsWith("callTimers {\"Records\":").contains("\"body\":\"ring\"");
            assertThat(ended).startsWith("callTimers {");
            assertThat(Json.mapper()
                            .readTree(ended.substring("callTimers ".length()))
                            .path("detail")
                            .path("meetingId")
                            .stringValue())
                    .isEqualTo(meeting);
            sources.stop();
            assertThat(sources.isRunning()).isFalse();
            chime.createMeeting(create -> create.clientRequestToken("token")
                    .externalMeetingId("session")
                    .mediaRegion("us-east-1"));
            assertThat(aws.meetings().end(aws.meetings().alive().getFirst().meetingId()))
                    .isTrue();
            assertThat(invocations.poll(100, TimeUnit.MILLISECONDS)).isNull();
            assertThat(sources.health().getStatus()).isEqualTo(Status.DOWN);
        }
    }

    private static CloudFormationTemplate fixture() {
        try (var fixture = EventSourcesTest.class.getResourceAsStream("/event-sources-template.yaml")) {
            return CloudFormationTemplate.parse(
                    new String(Objects.requireNonNull(fixture).readAllBytes(), UTF_8));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
