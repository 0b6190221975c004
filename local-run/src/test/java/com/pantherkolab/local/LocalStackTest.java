package com.pantherkolab.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import software.amazon.awssdk.services.cloudformation.model.ResourceStatus;
import software.amazon.awssdk.services.cloudformation.model.StackResource;
import software.amazon.awssdk.services.dynamodb.model.LocalSecondaryIndexDescription;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveDescription;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveStatus;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/// The suite of store and stream on a real LocalStack, on what its CloudFormation makes of the template's own
/// resources. Where there is no LocalStack to be had it is skipped, see [LocalStack].
@EnabledIf(value = "com.pantherkolab.local.LocalStack#isToBeHad", disabledReason = LocalStack.MISSING)
class LocalStackTest {
    private static DeployedOnLocalStack shared;

    @BeforeAll
    static void deploy() {
        shared = DeployedOnLocalStack.deploy();
    }

    @AfterAll
    static void remove() {
        shared.close();
    }

    @Nested
    class Resources {
        @Test
        void everyTableQueueAndBucketOfTheTemplateIsMadeAndNoneIsPretended() {
            Set<String> wanted = StatefulResources.of(Deployed.deployment().template())
                    .resources()
                    .keySet();

            assertThat(wanted)
                    .contains("OutboxTable", "CallsTable", "TimersQueue", "ParkedEventsQueue", "FailureBucket");
            assertThat(shared.resources())
                    .allSatisfy(resource -> {
                        assertThat(resource.resourceStatus()).isEqualTo(ResourceStatus.CREATE_COMPLETE);
                        assertThat(resource.physicalResourceId())
                                .isNotBlank()
                                .isNotEqualToIgnoringCase(DeployedOnLocalStack.PRETENDED);
                    })
                    .extracting(StackResource::logicalResourceId)
                    .containsExactlyInAnyOrderElementsOf(wanted);
        }

        @Test
        void theOutboxHasItsStreamItsIndexAndItsTimeToLive() {
            TableDescription outbox = table("OutboxTable");

            assertThat(outbox.streamSpecification().streamViewType()).isEqualTo(StreamViewType.NEW_IMAGE);
            assertThat(outbox.localSecondaryIndexes())
                    .extracting(LocalSecondaryIndexDescription::indexName)
                    .containsExactly("pinned");
            assertThat(timeToLive("OutboxTable")).isEqualTo(swept());
        }

        @Test
        void theCallsHaveTheirStreamOfKeysAndTheirTimeToLive() {
            assertThat(table("CallsTable").streamSpecification().streamViewType())
                    .isEqualTo(StreamViewType.KEYS_ONLY);
            assertThat(timeToLive("CallsTable")).isEqualTo(swept());
        }

        @Test
        void theOthersHaveNeither() {
            List<String> others = shared.resources().stream()
                    .filter(resource -> resource.resourceType().equals("AWS::DynamoDB::Table"))
                    .map(StackResource::logicalResourceId)
                    .filter(table -> !Set.of("OutboxTable", "CallsTable").contains(table))
                    .toList();

            assertThat(others).hasSize(4).allSatisfy(other -> {
                assertThat(table(other).latestStreamArn()).isNull();
                assertThat(timeToLive(other).timeToLiveStatus()).isEqualTo(TimeToLiveStatus.DISABLED);
            });
        }

        @Test
        void theQueuesHaveTheirSettings() {
            assertThat(settings("TimersQueue"))
                    .containsEntry(QueueAttributeName.VISIBILITY_TIMEOUT, "120")
                    .containsEntry(QueueAttributeName.MESSAGE_RETENTION_PERIOD, "86400")
                    .hasEntrySatisfying(QueueAttributeName.REDRIVE_POLICY, policy -> assertThat(policy)
                            .contains(settings("TimersDeadLetters").get(QueueAttributeName.QUEUE_ARN)));
            assertThat(settings("ParkedEventsQueue"))
                    .containsEntry(QueueAttributeName.MESSAGE_RETENTION_PERIOD, "518400");
        }

        /// That it forgets in time LocalStack leaves out.
        @Test
        void theBucketIsEncryptedAndClosedToThePublic() {
            String bucket = shared.name("FailureBucket");

            assertThat(shared.storage()
                            .getBucketEncryption(get -> get.bucket(bucket))
                            .serverSideEncryptionConfiguration()
                            .rules())
                    .singleElement()
                    .satisfies(rule -> assertThat(
                                    rule.applyServerSideEncryptionByDefault().sseAlgorithm())
                            .isEqualTo(ServerSideEncryption.AES256));
            assertThat(shared.storage()
                            .getPublicAccessBlock(get -> get.bucket(bucket))
                            .publicAccessBlockConfiguration())
                    .satisfies(block -> assertThat(List.of(
                                    block.blockPublicAcls(),
                                    block.blockPublicPolicy(),
                                    block.ignorePublicAcls(),
                                    block.restrictPublicBuckets()))
                            .containsOnly(true));
        }

        private TableDescription table(String logicalId) {
            return shared.dynamo()
                    .describeTable(describe -> describe.tableName(shared.name(logicalId)))
                    .table();
        }

        private TimeToLiveDescription timeToLive(String logicalId) {
            return shared.dynamo()
                    .describeTimeToLive(describe -> describe.tableName(shared.name(logicalId)))
                    .timeToLiveDescription();
        }

        private static TimeToLiveDescription swept() {
            return TimeToLiveDescription.builder()
                    .attributeName("ttl")
                    .timeToLiveStatus(TimeToLiveStatus.ENABLED)
                    .build();
        }

        private Map<QueueAttributeName, String> settings(String logicalId) {
            return shared.queues()
                    .getQueueAttributes(
                            get -> get.queueUrl(shared.name(logicalId)).attributeNames(QueueAttributeName.ALL))
                    .attributes();
        }
    }

    @Nested
    class Store extends DeployedStoreContract {
        Store() {
            super(shared);
        }
    }

    @Nested
    class CallStore extends DeployedCallStoreContract {
        CallStore() {
            super(shared);
        }
    }

    @Nested
    class Stream extends DeployedStreamContract {
        Stream() {
            super(() -> DeployedOnLocalStack.deploy("OutboxTable"));
        }
    }

    @Nested
    class Commands extends CommandsContract {
        Commands() {
            super(DeployedOnLocalStack::deploy);
        }
    }

    @Nested
    class Publishing extends PublishingContract {
        Publishing() {
            super(DeployedOnLocalStack::deploy);
        }
    }

    @Nested
    class Replaying extends ReplayContract {
        Replaying() {
            super(DeployedOnLocalStack::deploy);
        }
    }

    @Nested
    class TimersQueue extends TimersQueueContract {
        TimersQueue() {
            super(() -> DeployedOnLocalStack.deploy("TimersQueue", "TimersDeadLetters"));
        }
    }

    @Nested
    class UnansweredCall extends UnansweredCallContract {
        UnansweredCall() {
            super(DeployedOnLocalStack::deploy);
        }
    }
}
