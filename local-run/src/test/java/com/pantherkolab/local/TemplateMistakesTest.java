package com.pantherkolab.local;

import static com.pantherkolab.local.TemplateMistakesTest.Mistake.alarms;
import static com.pantherkolab.local.TemplateMistakesTest.Mistake.dashboard;
import static com.pantherkolab.local.TemplateMistakesTest.Mistake.handlerRule;
import static com.pantherkolab.local.TemplateMistakesTest.Mistake.reader;
import static com.pantherkolab.local.TemplateMistakesTest.Mistake.rule;
import static com.pantherkolab.local.TemplateMistakesTest.Mistake.test;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.pantherkolab.events.template.CloudFormationTemplate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Mistakes that somebody could make in `template.yaml`, each planted in a copy of it and found by a check.
///
/// A check that finds none of these has not shown that it can fail.
class TemplateMistakesTest {
    private static final String TEMPLATE = text();

    /// @param what the mistake
    /// @param from what stands in the template
    /// @param to what is written in its place
    /// @param found who finds it
    record Mistake(String what, String from, String to, FoundBy found) {
        static Mistake test(String what, String from, String to, Check<TemplateTest> check) {
            return new Mistake(what, from, to, new FoundBy.Test(yaml -> check.check(TemplateTest.of(yaml))));
        }

        /// Found by a check of the alarms.
        static Mistake alarms(String what, String from, String to, Check<AlarmsTest> check) {
            return new Mistake(what, from, to, new FoundBy.Test(yaml -> check.check(AlarmsTest.of(yaml))));
        }

        /// Found by a check of the dashboard.
        static Mistake dashboard(String what, String from, String to, Check<DashboardTest> check) {
            return new Mistake(what, from, to, new FoundBy.Test(yaml -> check.check(DashboardTest.of(yaml))));
        }

        /// Found by SAM or cfn-lint, under this rule.
        static Mistake rule(String what, String from, String to, String rule) {
            return new Mistake(what, from, to, new FoundBy.Rule(rule));
        }

        /// Found by the rules or the types of AppSync's handlers.
        static Mistake handlerRule(String what, String from, String to, String rule) {
            return new Mistake(what, from, to, new FoundBy.HandlerRule(rule));
        }

        /// Found by local run, which does not start, and names this.
        static Mistake reader(String what, String from, String to, String complaint) {
            return new Mistake(what, from, to, new FoundBy.Reader(complaint));
        }

        /// Every place where it can be made; there is one at least.
        String planted() {
            String planted = TEMPLATE.replace(from, to);
            assertThat(planted).as("'%s' is not in the template", from).isNotEqualTo(TEMPLATE);
            return planted;
        }

        @Override
        public String toString() {
            return what;
        }
    }

    sealed interface FoundBy {
        /// A check of a template's text.
        record Test(Check<String> check) implements FoundBy {}

        record Rule(String id) implements FoundBy {}

        record HandlerRule(String id) implements FoundBy {}

        record Reader(String complaint) implements FoundBy {}
    }

    @FunctionalInterface
    interface Check<T> {
        void check(T of) throws Exception;
    }

    static List<Mistake> mistakes() {
        return List.of(
                // The streams.
                test(
                        "a missing filter: what is swept reaches the publisher",
                        """
                                    FilterCriteria:
                                      Filters:
                                        - Pattern: '{"eventName":["INSERT"]}'
                        """,
                        "",
                        TemplateTest::onlyInsertsReachThePublisher),
                test(
                        "a filter that lets through what stands beside a call",
                        ",\"dynamodb\":{\"Keys\":{\"part\":{\"S\":[\"call\"]}}}",
                        "",
                        TemplateTest::callsAndNothingBesideThemReachTheWorkflow),
                reader("broken JSON in a filter", "[\"INSERT\"]}'", "[\"INSERT\"}'", "the filter {"),
                test(
                        "a factor of 2 on the outbox",
                        "ParallelizationFactor: 1\n",
                        "ParallelizationFactor: 2\n",
                        TemplateTest::theOutboxStreamIsReadInOrderAndNothingIsGivenUpEarly),
                rule("a factor of 40", "ParallelizationFactor: 10", "ParallelizationFactor: 40", "E3034"),
                reader("a LATEST", "StartingPosition: TRIM_HORIZON", "StartingPosition: LATEST", "StartingPosition"),
                test(
                        "an endless age",
                        "MaximumRecordAgeInSeconds: 43200",
                        "MaximumRecordAgeInSeconds: -1",
                        TemplateTest::theOutboxStreamIsReadInOrderAndNothingIsGivenUpEarly),
                test(
                        "two repeats and no more",
                        "MaximumRetryAttempts: -1",
                        "MaximumRetryAttempts: 2",
                        TemplateTest::theOutboxStreamIsReadInOrderAndNothingIsGivenUpEarly),
                test(
                        "a batch that fails whole",
                        "            FunctionResponseTypes: [ReportBatchItemFailures]\n            BisectBatch",
                        "            BisectBatch",
                        TemplateTest::aCallIsOneItemSoItsStreamIsReadManyAtOnce),
                rule(
                        "the stream of a table that has none",
                        "Stream: !GetAtt OutboxTable.StreamArn",
                        "Stream: !GetAtt OutboxTables.StreamArn",
                        "E1010"),
                test(
                        "a stream of images where keys would do",
                        "StreamViewType: KEYS_ONLY",
                        "StreamViewType: NEW_IMAGE",
                        TemplateTest::theStreamOfCallsCarriesKeysAlone),
                // The tables.
                test("a missing index", """
                              LocalSecondaryIndexes:
                                - IndexName: pinned
                                  KeySchema:
                                    - { AttributeName: aggregate, KeyType: HASH }
                                    - { AttributeName: pinned, KeyType: RANGE }
                                  Projection: { ProjectionType: KEYS_ONLY }
                        """, "", TemplateTest::anAggregateStaysInOneShardByAnIndexThatNoEntryIsIn),
                rule(
                        "a key that no attribute is",
                        "AttributeName: joined, KeyType",
                        "AttributeName: join, KeyType",
                        "E3039"),
                test(
                        "an outbox that can be restored with its tokens",
                        "        - { AttributeName: pinned, AttributeType: S }\n",
                        """
                                - { AttributeName: pinned, AttributeType: S }
                              PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true }
                        """,
                        TemplateTest::whatHoldsNoTokenCanBeRestoredToAnyPointInTime),
                test(
                        "entries that stay for ever",
                        "TimeToLiveSpecification: { AttributeName: ttl, Enabled: true }",
                        "TimeToLiveSpecification: { AttributeName: expires, Enabled: true }",
                        TemplateTest::entriesExpireAndTheStreamCarriesThemWhole),
                test(
                        "tables that go with the stack",
                        "    DeletionPolicy: Retain\n",
                        "    DeletionPolicy: Delete\n",
                        TemplateTest::tablesBucketsAndQueuesOutliveTheStack),
                // The functions.
                test(
                        "a wrong definition",
                        "SPRING_CLOUD_FUNCTION_DEFINITION: callTimers",
                        "SPRING_CLOUD_FUNCTION_DEFINITION: callTimer",
                        TemplateTest::everyFunctionRunsABeanThatExistsAndEveryDeployableBeanIsRun),
                test(
                        "the definition of another function",
                        "SPRING_CLOUD_FUNCTION_DEFINITION: callWorkflow",
                        "SPRING_CLOUD_FUNCTION_DEFINITION: streamPublisher",
                        TemplateTest::everyFunctionRunsABeanThatExistsAndEveryDeployableBeanIsRun),
                test(
                        "a variable that nobody reads",
                        "MEETINGS_REGION:",
                        "CHIME_REGION:",
                        TemplateTest::everyVariableIsAPropertyAndEveryPropertyWithoutDefaultIsGiven),
                test(
                        "a setting that is missing",
                        "          PUBLISHER_FAILURE_BUCKET: !Ref FailureBucket\n",
                        "",
                        TemplateTest::everyVariableIsAPropertyAndEveryPropertyWithoutDefaultIsGiven),
                test(
                        "the folder of another module",
                        "CodeUri: stream-publisher/target/lambda",
                        "CodeUri: api-functions/target/lambda",
                        TemplateTest::everyMainClassExistsInTheModuleThatIsPackaged),
                rule("a runtime that there is not", "Runtime: java25", "Runtime: java26", "E3030"),
                rule(
                        "a table that there is not",
                        "TABLES_USERS: !Ref UsersTable",
                        "TABLES_USERS: !Ref UserTable",
                        "E1020"),
                test(
                        "an adapter that logs bodies",
                        "LOGGING_LEVEL_ORG_SPRINGFRAMEWORK_CLOUD_FUNCTION: WARN",
                        "LOGGING_LEVEL_ORG_SPRINGFRAMEWORK_CLOUD_FUNCTION: INFO",
                        TemplateTest::theAdapterNeverLogsAnEvent),
                test(
                        "lines that no query finds a value in",
                        "LOGGING_STRUCTURED_FORMAT_CONSOLE: logstash",
                        "LOGGING_STRUCTURED_FORMAT: logstash",
                        TemplateTest::aFunctionsLinesAreJson),
                // The roles.
                test(
                        "a wildcard in an action",
                        "Action: [dynamodb:Query, dynamodb:UpdateItem]",
                        "Action: dynamodb:*",
                        TemplateTest::noPermissionIsForEverything),
                test(
                        "a wildcard in a resource",
                        "Resource: !GetAtt MessagesTable.Arn",
                        "Resource: \"*\"",
                        TemplateTest::noPermissionIsForEverything),
                rule("an action that there is not", "dynamodb:BatchGetItem", "dynamodb:BatchGetItems", "W3037"),
                test(
                        "an edge that may publish",
                        "Action: [dynamodb:Query, dynamodb:UpdateItem]",
                        "Action: [dynamodb:Query, dynamodb:UpdateItem, appsync:EventPublish]",
                        TemplateTest::onlyThePublisherMayPublish),
                test(
                        "a publisher that may read messages",
                        "              # For the mapping's failure documents, and",
                        "              - { Effect: Allow, Action: dynamodb:Query, Resource: !GetAtt MessagesTable.Arn }\n"
                                + "              # For the mapping's failure documents, and",
                        TemplateTest::thePublisherMayReadTheStreamOfTheOutboxAndNoTable),
                test(
                        "two functions with one role",
                        "Role: !GetAtt CallsApiRole.Arn",
                        "Role: !GetAtt MessagesApiRole.Arn",
                        TemplateTest::everyFunctionHasARoleOfItsOwnThatLambdaAloneTakesOn),
                // The API.
                test(
                        "a route without a token",
                        "Method: POST, Path: /api/messages/send }",
                        "Method: POST, Path: /api/messages/send, Auth: { Authorizer: NONE } }",
                        TemplateTest::everyRouteWantsATokenExceptABrowsersPreflight),
                test(
                        "a preflight that wants a token",
                        "            Auth: { Authorizer: NONE }\n",
                        "",
                        TemplateTest::everyRouteWantsATokenExceptABrowsersPreflight),
                test(
                        "a route of another function",
                        "Path: /api/messages/typing",
                        "Path: /api/messages/type",
                        TemplateTest::everyRouteLeadsToTheFunctionThatServesItAndTheDocumentKnowsIt),
                test(
                        "every page may call",
                        "AllowOrigins: !Split [\",\", !Ref AllowedOrigins]",
                        "AllowOrigins: [\"*\"]",
                        TemplateTest::pagesOfNamedOriginsMayCallAndReadWhatTheyNeed),
                test(
                        "the tokens of every client",
                        "              AppIdClientRegex: !Sub\n",
                        "              ClientRegex: !Sub\n",
                        TemplateTest::theTokensOfOneClientOfOnePoolAreTakenEverywhere),
                // The channels.
                test(
                        "a misspelt member of a handler's context",
                        "ctx.info.channel.segments",
                        "ctx.info.chanel.segments",
                        TemplateTest::theHandlersAdmitAUserToTheirOwnChannelAndToNoOther),
                handlerRule("a misspelt function of AppSync's", "util.unauthorized()", "util.unauthorised()", "TS2551"),
                handlerRule(
                        "JavaScript that AppSync does not take",
                        "if (segments.length",
                        "while (segments.length",
                        "@aws-appsync/no-while"),
                test(
                        "a handler that admits to every depth",
                        "segments.length !== 2 || ",
                        "",
                        TemplateTest::theHandlersAdmitAUserToTheirOwnChannelAndToNoOther),
                reader(
                        "an auth mode that is not there",
                        "        DefaultPublishAuthModes:\n          - AuthType: AWS_IAM",
                        "        DefaultPublishAuthModes:\n          - AuthType: API_KEY",
                        "AuthProviders"),
                test(
                        "users who may publish",
                        "        DefaultPublishAuthModes:\n          - AuthType: AWS_IAM",
                        "        DefaultPublishAuthModes:\n          - AuthType: AMAZON_COGNITO_USER_POOLS",
                        TemplateTest::usersSubscribeAndOnlyIamPublishes),
                // What is laid aside.
                test(
                        "a queue that hands a reminder out while it is seen to",
                        "VisibilityTimeout: 120",
                        "VisibilityTimeout: 30",
                        TemplateTest::aReminderIsNotHandedOutAgainWhileItIsSeenToAndNoneIsLost),
                test(
                        "a queue without dead letters",
                        "      RedrivePolicy: { deadLetterTargetArn: !GetAtt TimersDeadLetters.Arn, maxReceiveCount: 5 }\n",
                        "",
                        TemplateTest::everyQueueIsEncryptedAndWhatFeedsAFunctionHasDeadLetters),
                test(
                        "parked pointers that outlive their entries",
                        "MessageRetentionPeriod: 518400",
                        "MessageRetentionPeriod: 1209600",
                        TemplateTest::parkedEventsAreKeptForSixDaysAndThePublisherMayAddToThemOnly),
                test(
                        "a bucket that others can be given",
                        "BlockPublicPolicy: true",
                        "BlockPublicPolicy: false",
                        TemplateTest::theFailureBucketIsEncryptedExpiresAndIsNobodyElses),
                test(
                        "a bucket that may be written to in the clear",
                        "aws:SecureTransport: \"false\"",
                        "aws:SecureTransport: \"true\"",
                        TemplateTest::theFailureBucketTakesNothingInTheClearAndNothingOfOtherAccounts),
                // The alarms and the dashboard.
                alarms(
                        "an alarm on a metric that nobody tells",
                        "MetricName: calls_orphaned_meetings",
                        "MetricName: calls_orphan_meetings",
                        AlarmsTest::everyMetricIsMeasuredOfSomethingThatIsThere),
                rule(
                        "an alarm on a function that is not there",
                        "Dimensions: [{ Name: FunctionName, Value: !Ref StreamPublisher }]",
                        "Dimensions: [{ Name: FunctionName, Value: !Ref Publisher }]",
                        "E1020"),
                alarms(
                        "an alarm on a table in place of a function",
                        "MetricName: Throttles, Dimensions: [{ Name: FunctionName, Value: !Ref MessagesApi }]",
                        "MetricName: Throttles, Dimensions: [{ Name: FunctionName, Value: !Ref MessagesTable }]",
                        AlarmsTest::everyMetricIsMeasuredOfSomethingThatIsThere),
                alarms(
                        "a queue by its URL, under which nothing is measured",
                        "Value: !GetAtt ParkedEventsQueue.QueueName",
                        "Value: !Ref ParkedEventsQueue",
                        AlarmsTest::everyMetricIsMeasuredOfSomethingThatIsThere),
                alarms(
                        "a dimension of another service",
                        "Name: ApiId, Value: !Ref HttpApi",
                        "Name: ApiName, Value: !Ref HttpApi",
                        AlarmsTest::everyMetricIsMeasuredOfSomethingThatIsThere),
                alarms(
                        "a mapping that does not count what it gives up",
                        "            MetricsConfig: { Metrics: [EventCount] }\n",
                        "",
                        AlarmsTest::everyMetricIsMeasuredOfSomethingThatIsThere),
                alarms(
                        "an outcome that is forgotten",
                        " - parked - returned)",
                        " - parked)",
                        AlarmsTest::everyExpressionNamesItsMetricsAndNoOtherAllOfOnePeriod),
                alarms(
                        "an outcome that is added in place of subtracted",
                        " - parked - returned)",
                        " - parked + returned)",
                        AlarmsTest::whatCameInIsSetAgainstEverythingThatMayBecomeOfIt),
                alarms(
                        "an alarm that goes off when nothing happens",
                        "TreatMissingData: notBreaching",
                        "TreatMissingData: breaching",
                        AlarmsTest::whatIsNotMeasuredSetsOffNoAlarm),
                alarms(
                        "an alarm that tells nobody",
                        "AlarmActions: !If [SomebodyIsTold, [!Ref AlarmTopicArn], !Ref AWS::NoValue]",
                        "ActionsEnabled: true",
                        AlarmsTest::everyAlarmTellsTheTopicWhenItGoesOffAndWhenItIsOver),
                alarms(
                        "an alarm without a page in the runbook",
                        "-publisher-behind",
                        "-publisher-late",
                        AlarmsTest::everyAlarmHasItsPageInTheRunbookAndNamesIt),
                alarms(
                        "a queue whose dead letters nobody hears of",
                        "Value: !GetAtt TimersDeadLetters.QueueName",
                        "Value: !GetAtt MissedEventsQueue.QueueName",
                        AlarmsTest::everyQueueThatNoFunctionEmptiesIsWatched),
                alarms(
                        "a stream that may stand still for hours",
                        "Threshold: 60000",
                        "Threshold: 40000000",
                        AlarmsTest::aStreamThatIsBehindIsToldBeforeItGivesUp),
                dashboard(
                        "a dashboard that is no JSON",
                        "\"stacked\":true,",
                        "\"stacked\":true",
                        DashboardTest::theBodyIsJsonWithTheNamesInTheirPlaces),
                dashboard(
                        "a curve of a metric that nobody tells",
                        "\"publisher_lane_depth\"",
                        "\"publisher_depth\"",
                        DashboardTest::everyCurveIsOfAMetricThatIsMeasuredOfSomethingThatIsThere),
                dashboard(
                        "a curve of a function that is not there",
                        "\"FunctionName\",\"${CallTimers}\"",
                        "\"FunctionName\",\"${Timers}\"",
                        DashboardTest::everyCurveIsOfAMetricThatIsMeasuredOfSomethingThatIsThere),
                dashboard(
                        "an average in place of percentiles",
                        "\"stat\":\"p99\"",
                        "\"stat\":\"Average\"",
                        DashboardTest::timesAreShownAsPercentiles),
                dashboard(
                        "an alarm that the dashboard does not show",
                        "\"${RecordsLostAlarm.Arn}\", ",
                        "",
                        DashboardTest::everyAlarmIsThere),
                dashboard(
                        "a widget upon another",
                        "\"x\":16,\"y\":16,",
                        "\"x\":15,\"y\":16,",
                        DashboardTest::theWidgetsLieBesideEachOtherAndInTheRegionOfTheStack));
    }

    static Stream<Mistake> ofTests() {
        return mistakes().stream().filter(mistake -> mistake.found() instanceof FoundBy.Test);
    }

    @ParameterizedTest
    @MethodSource("ofTests")
    void aTestFinds(Mistake mistake) throws Exception {
        if (mistake.found() instanceof FoundBy.Test(Check<String> check)) {
            check.check(TEMPLATE);
            assertThatThrownBy(() -> check.check(mistake.planted()))
                    .isInstanceOfAny(AssertionError.class, RuntimeException.class);
        }
    }

    static Stream<Mistake> ofTheReader() {
        return mistakes().stream().filter(mistake -> mistake.found() instanceof FoundBy.Reader);
    }

    @ParameterizedTest
    @MethodSource("ofTheReader")
    void localRunDoesNotStartWith(Mistake mistake) {
        if (mistake.found() instanceof FoundBy.Reader(String complaint)) {
            assertThatThrownBy(() -> Deployment.of(CloudFormationTemplate.parse(mistake.planted())))
                    .hasMessageContaining(complaint);
        }
    }

    @Test
    void expansionAndLintFindTheRest(@TempDir Path folder) throws Exception {
        TemplateTools.require();
        Planted planted = new Planted(folder);
        for (Mistake mistake : mistakes()) {
            if (mistake.found() instanceof FoundBy.Rule(String id)) {
                planted.plant(mistake, id);
            }
        }

        planted.assertFoundIn(TemplateTools.findings(planted.files()), 5);
    }

    @Test
    void appSyncsRulesFindWhatIsWrongWithAHandler(@TempDir Path folder) throws Exception {
        TemplateTools.requireForHandlers();
        Planted planted = new Planted(folder);
        for (Mistake mistake : mistakes()) {
            if (mistake.found() instanceof FoundBy.HandlerRule(String id)) {
                planted.plant(mistake, id);
            }
        }

        planted.assertFoundIn(TemplateTools.handlerFindings(planted.files()), 2);
    }

    /// Copies with a mistake each, judged in one go because each start takes seconds.
    private record Planted(Path folder, List<Path> files, List<String> expected) {
        Planted(Path folder) {
            this(folder, new ArrayList<>(), new ArrayList<>());
        }

        void plant(Mistake mistake, String rule) throws IOException {
            Path file = folder.resolve(files.size() + ".yaml");
            Files.writeString(file, mistake.planted());
            files.add(file);
            expected.add("%s: %s: ".formatted(file, rule));
        }

        void assertFoundIn(List<String> findings, int atLeast) {
            assertThat(expected).hasSizeGreaterThanOrEqualTo(atLeast).allSatisfy(start -> assertThat(findings)
                    .anyMatch(finding -> finding.startsWith(start)));
        }
    }

    @Test
    void thereAreManyAndNoneIsPlantedTwice() {
        assertThat(mistakes())
                .hasSizeGreaterThanOrEqualTo(60)
                .extracting(Mistake::what)
                .doesNotHaveDuplicates();
    }

    private static String text() {
        try {
            return Files.readString(Deployment.find());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
