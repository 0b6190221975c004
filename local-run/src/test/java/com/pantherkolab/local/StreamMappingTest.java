package com.pantherkolab.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.pantherkolab.local.StreamMapping.Batching;
import com.pantherkolab.local.StreamMapping.Retrying;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamMappingTest {
    @Test
    void whatIsNotSaidHasLambdasDefaults() {
        StreamMapping mapping = Pumped.mapping();

        assertThat(mapping.table()).isEqualTo("OutboxTable");
        assertThat(mapping.batching()).isEqualTo(new Batching(100, Duration.ZERO));
        assertThat(mapping.lanes()).isEqualTo(1);
        assertThat(mapping.retrying()).isEqualTo(new Retrying(false, false, Optional.empty(), Optional.empty()));
        assertThat(mapping.failures()).isEmpty();
    }

    @Test
    void everySettingIsRead() {
        StreamMapping mapping = Pumped.mapping(
                "BatchSize: 25",
                "MaximumBatchingWindowInSeconds: 3",
                "ParallelizationFactor: 10",
                "FunctionResponseTypes: [ReportBatchItemFailures]",
                "BisectBatchOnFunctionError: true",
                "MaximumRetryAttempts: 0",
                "MaximumRecordAgeInSeconds: 3600",
                "DestinationConfig: { OnFailure: { Type: S3, Destination: !GetAtt FailureBucket.Arn } }");

        assertThat(mapping.batching()).isEqualTo(new Batching(25, Duration.ofSeconds(3)));
        assertThat(mapping.lanes()).isEqualTo(10);
        assertThat(mapping.retrying())
                .isEqualTo(new Retrying(true, true, Optional.of(0), Optional.of(Duration.ofHours(1))));
        assertThat(mapping.failures()).contains("FailureBucket");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "TumblingWindowInSeconds: 30",
                "Enabled: false",
                "ParallelizationFactor: 11",
                "BatchSize: 0",
                "MaximumBatchingWindowInSeconds: 301",
                "MaximumRetryAttempts: -2",
                "MaximumRecordAgeInSeconds: 59",
                "FunctionResponseTypes: [ReportEverything]",
                "MetricsConfig: { Metrics: [ErrorCount] }",
                "DestinationConfig: { OnFailure: { Type: SQS, Destination: !GetAtt Queue.Arn } }"
            })
    void whatThePumpDoesNotCarryOutIsRefusedByName(String setting) {
        String name = setting.substring(0, setting.indexOf(':')).replace("DestinationConfig", "OnFailure.Type");

        assertThatThrownBy(() -> Pumped.mapping(setting)).hasMessageContaining(name);
    }

    @Test
    void theDeploymentHasEveryMappingWithTheTimeoutOfItsFunction(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("template.yaml"), """
                Globals: { Function: { Timeout: 20 } }
                Resources:
                  EventsApi: { Type: AWS::AppSync::Api, Properties: { EventConfig: { AuthProviders: [ { AuthType: AWS_IAM } ],
                    ConnectionAuthModes: [ { AuthType: AWS_IAM } ], DefaultPublishAuthModes: [ { AuthType: AWS_IAM } ],
                    DefaultSubscribeAuthModes: [ { AuthType: AWS_IAM } ] } } }
                  One:
                    Type: AWS::Serverless::Function
                    Properties:
                      Timeout: 60
                      Environment: { Variables: { SPRING_CLOUD_FUNCTION_DEFINITION: streamPublisher } }
                      Events:
                        Outbox: { Type: DynamoDB, Properties: { Stream: !GetAtt OutboxTable.StreamArn, StartingPosition: TRIM_HORIZON } }
                  Two:
                    Type: AWS::Serverless::Function
                    Properties:
                      Environment: { Variables: { SPRING_CLOUD_FUNCTION_DEFINITION: callWorkflow } }
                      Events:
                        Calls: { Type: DynamoDB, Properties: { Stream: !GetAtt CallsTable.StreamArn, StartingPosition: TRIM_HORIZON } }
                """);

        List<StreamMapping> streams = Deployment.read(file).streams();

        assertThat(streams).extracting(StreamMapping::function).containsExactly("streamPublisher", "callWorkflow");
        assertThat(streams).extracting(StreamMapping::table).containsExactly("OutboxTable", "CallsTable");
        assertThat(streams)
                .extracting(StreamMapping::timeout)
                .containsExactly(Duration.ofSeconds(60), Duration.ofSeconds(20));
        assertThat(streams)
                .extracting(StreamMapping::id)
                .doesNotHaveDuplicates()
                .isEqualTo(Deployment.read(file).streams().stream()
                        .map(StreamMapping::id)
                        .toList());
        assertThat(Deployment.read(file).functions()).containsExactly("streamPublisher", "callWorkflow");
    }
}
