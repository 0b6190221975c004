package com.pantherkolab.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.pantherkolab.api.http.Edge;
import com.pantherkolab.common.Json;
import com.pantherkolab.common.OutboxAttributes;
import com.pantherkolab.events.template.CloudFormationTemplate;
import com.pantherkolab.events.template.CloudFormationTemplate.Resource;
import com.pantherkolab.events.template.Section;
import com.pantherkolab.publisher.PublisherSettings;
import com.pantherkolab.publisher.ReplayEvents;
import com.pantherkolab.publisher.ReplaySettings;
import com.pantherkolab.publisher.StreamPublisher;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.context.annotation.Import;

/// What `template.yaml` must say for the laws of the house to hold where it is deployed.
class TemplateTest {
    private static final String FUNCTION = "AWS::Serverless::Function";
    private static final String PUBLISHER = "StreamPublisher";

    /// What the adapter and the logging read; everything else in an environment is a property of ours.
    private static final Set<String> NOT_OURS = Set.of("SPRING_CLOUD_FUNCTION_DEFINITION", "MAIN_CLASS");

    private final Path file = Deployment.find();
    private final CloudFormationTemplate template = read(file);

    // ------------------------------------------------------------------------------------------ functions

    @Test
    void everyFunctionRunsABeanThatExistsAndEveryDeployableBeanIsRun() {
        Set<String> deployed = functions().stream()
                .map(function -> variables(function).requiredText("SPRING_CLOUD_FUNCTION_DEFINITION"))
                .collect(Collectors.toSet());
        Set<String> deployable =
                new HashSet<>(RunningSystem.shared().beans(Edge.class).keySet());
        deployable.addAll(RunningSystem.shared().beans(StreamPublisher.class).keySet());
        deployable.addAll(RunningSystem.shared().beans(ReplayEvents.class).keySet());

        assertThat(deployable).isEqualTo(deployed).hasSizeGreaterThanOrEqualTo(3);
    }

    @Test
    void everyMainClassExistsInTheModuleThatIsPackaged() throws Exception {
        for (Resource function : functions()) {
            String main = variables(function).requiredText("MAIN_CLASS");
            String module = function.properties().requiredText("CodeUri").split("/", 2)[0];

            assertThat(Class.forName(main).getMethod("main", String[].class)).isNotNull();
            assertThat(file.resolveSibling(module + "/src/main/java/" + main.replace('.', '/') + ".java"))
                    .isRegularFile();
        }
    }

    @Test
    void everyVariableIsAPropertyAndEveryPropertyWithoutDefaultIsGiven() throws Exception {
        for (Resource function : functions()) {
            List<Class<?>> records = new ArrayList<>();
            collectProperties(Class.forName(variables(function).requiredText("MAIN_CLASS")), records);
            Map<String, RecordComponent> properties = records.stream()
                    .flatMap(record -> Arrays.stream(record.getRecordComponents()))
                    .collect(Collectors.toMap(TemplateTest::variable, component -> component));
            Set<String> given = new HashSet<>(variables(function).values().keySet());
            given.removeAll(NOT_OURS);

            assertThat(properties).as(function.logicalId()).isNotEmpty();
            assertThat(properties.keySet()).as(function.logicalId()).containsAll(given);
            assertThat(given)
                    .as(function.logicalId())
                    .containsAll(properties.entrySet().stream()
                            .filter(property -> !hasDefault(property.getValue()))
                            .map(Map.Entry::getKey)
                            .toList());
        }
    }

    @Test
    void theAdapterNeverLogsAnEvent() {
        Section variables = environment(template.root()
                .section("Globals")
                .orElseThrow()
                .section("Function")
                .orElseThrow());

        assertThat(variables.text("LOGGING_LEVEL_ORG_SPRINGFRAMEWORK_CLOUD_FUNCTION"))
                .contains("WARN");
    }

    @Test
    void thePublisherHasMoreTimeThanItKeepsForItsWayOut() {
        int seconds = resource(PUBLISHER).number("Timeout").orElseThrow();
        Duration margin = PublisherSettings.of(
                        URI.create("https://x.example/event"), "us-east-1", URI.create("https://x.example/q"), "b")
                .margin();

        assertThat(Duration.ofSeconds(seconds)).isGreaterThan(margin.multipliedBy(2));
    }

    // ------------------------------------------------------------------------------------------ permissions

    @Test
    void onlyThePublisherMayPublish() {
        Map<String, List<String>> actions = functions().stream()
                .collect(Collectors.toMap(Resource::logicalId, function -> statements(function)
                        .flatMap(statement -> texts(statement.values().get("Action")))
                        .toList()));

        assertThat(actions.get(PUBLISHER)).contains("appsync:EventPublish");
        actions.forEach((function, allowed) -> {
            if (!function.equals(PUBLISHER) && !function.equals("ReplayEvents")) {
                assertThat(allowed).as(function).isNotEmpty().allMatch(action -> action.startsWith("dynamodb:"));
            }
        });
        assertThat(actions.get(PUBLISHER)).noneMatch(action -> action.startsWith("dynamodb:"));
    }

    @Test
    void noPermissionIsForEverything() {
        List<Section> statements =
                functions().stream().flatMap(TemplateTest::statements).toList();

        assertThat(statements).hasSizeGreaterThanOrEqualTo(functions().size());
        for (Section statement : statements) {
            assertThat(statement.requiredText("Effect")).isEqualTo("Allow");
            assertThat(texts(statement.values().get("Action"))).isNotEmpty().noneMatch(action -> action.contains("*"));
            Object resource = Objects.requireNonNull(statement.values().get("Resource"), statement.path());
            // A reference to a resource of this template, never a name or a pattern in plain text.
            assertThat(resource instanceof List<?> many ? many : List.of(resource))
                    .as(statement.path())
                    .isNotEmpty()
                    .allMatch(Map.class::isInstance);
        }
    }

    @Test
    void everyRouteWantsAToken() {
        Section auth = resource("HttpApi").section("Auth").orElseThrow();

        assertThat(auth.requiredText("DefaultAuthorizer")).isEqualTo("UserPool");
        assertThat(events("HttpApi"))
                .isNotEmpty()
                .noneMatch(properties -> properties.values().containsKey("Auth"));
    }

    @Test
    void usersSubscribeAndOnlyIamPublishes() {
        Section config = resource("EventsApi").section("EventConfig").orElseThrow();

        assertThat(config.sections("DefaultPublishAuthModes"))
                .extracting(mode -> mode.requiredText("AuthType"))
                .containsExactly("AWS_IAM");
        assertThat(config.sections("DefaultSubscribeAuthModes"))
                .extracting(mode -> mode.requiredText("AuthType"))
                .containsExactly("AMAZON_COGNITO_USER_POOLS");
        assertThat(template.resources("AWS::AppSync::ChannelNamespace"))
                .extracting(Resource::properties)
                .hasSize(2)
                .noneMatch(namespace -> namespace.values().containsKey("PublishAuthModes")
                        || namespace.values().containsKey("SubscribeAuthModes"))
                .allSatisfy(namespace -> assertThat(namespace.requiredText("CodeHandlers"))
                        .contains("export function onSubscribe(")
                        .doesNotContain("onPublish"));
    }

    // ------------------------------------------------------------------------------------------ the outbox

    @Test
    void theOutboxStreamIsReadInOrderAndNothingIsGivenUpEarly() {
        List<Section> mappings = events("DynamoDB");
        assertThat(mappings).hasSize(1);
        Section mapping = mappings.getFirst();

        assertThat(mapping.values().get("Stream")).isEqualTo(Map.of("Fn::GetAtt", List.of("OutboxTable", "StreamArn")));
        assertThat(mapping.requiredText("StartingPosition")).isEqualTo("TRIM_HORIZON");
        assertThat(mapping.number("ParallelizationFactor")).contains(1);
        assertThat(mapping.number("MaximumRetryAttempts")).contains(-1);
        assertThat(mapping.number("MaximumRecordAgeInSeconds")).contains(43_200);
        assertThat(mapping.flag("BisectBatchOnFunctionError")).contains(true);
        assertThat(mapping.texts("FunctionResponseTypes")).containsExactly("ReportBatchItemFailures");
        Section failure = mapping.section("DestinationConfig")
                .orElseThrow()
                .section("OnFailure")
                .orElseThrow();
        assertThat(failure.requiredText("Type")).isEqualTo("S3");
        assertThat(failure.reference("Destination")).contains("FailureBucket");
    }

    @Test
    void onlyInsertsReachThePublisher() {
        List<Section> filters = events("DynamoDB")
                .getFirst()
                .section("FilterCriteria")
                .orElseThrow()
                .sections("Filters");

        assertThat(filters)
                .extracting(filter -> Json.mapper().readTree(filter.requiredText("Pattern")))
                .containsExactly(Json.mapper().readTree("{\"eventName\":[\"INSERT\"]}"));
    }

    @Test
    void anAggregateStaysInOneShardByAnIndexThatNoEntryIsIn() throws Exception {
        Section outbox = resource("OutboxTable");
        List<Section> indexes = outbox.sections("LocalSecondaryIndexes");
        assertThat(indexes).hasSize(1);
        List<String> key = attributes(indexes.getFirst());
        Set<Object> written = new HashSet<>();
        for (var constant : OutboxAttributes.class.getFields()) {
            written.add(Objects.requireNonNull(constant.get(null)));
        }

        assertThat(attributes(outbox)).containsExactly(OutboxAttributes.AGGREGATE, OutboxAttributes.EVENT_ID);
        assertThat(key.getFirst()).isEqualTo(OutboxAttributes.AGGREGATE);
        assertThat(written).contains(OutboxAttributes.TTL).doesNotContain(key.getLast());
        assertThat(indexes.getFirst().section("Projection").orElseThrow().requiredText("ProjectionType"))
                .isEqualTo("KEYS_ONLY");
    }

    @Test
    void entriesExpireAndTheStreamCarriesThemWhole() {
        Section outbox = resource("OutboxTable");
        Section ttl = outbox.section("TimeToLiveSpecification").orElseThrow();

        assertThat(ttl.requiredText("AttributeName")).isEqualTo(OutboxAttributes.TTL);
        assertThat(ttl.flag("Enabled")).contains(true);
        assertThat(outbox.section("StreamSpecification").orElseThrow().requiredText("StreamViewType"))
                .isEqualTo("NEW_IMAGE");
        assertThat(outbox.values()).doesNotContainKey("PointInTimeRecoverySpecification");
    }

    // ------------------------------------------------------------------------------------------ what is kept

    @Test
    void theFailureBucketIsEncryptedExpiresAndIsNobodyElses() {
        Section bucket = resource("FailureBucket");

        assertThat(bucket.section("BucketEncryption").orElseThrow().sections("ServerSideEncryptionConfiguration"))
                .isNotEmpty();
        Section access = bucket.section("PublicAccessBlockConfiguration").orElseThrow();
        for (String block :
                List.of("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")) {
            assertThat(access.flag(block)).as(block).contains(true);
        }
        assertThat(bucket.section("LifecycleConfiguration").orElseThrow().sections("Rules"))
                .anySatisfy(rule -> {
                    assertThat(rule.requiredText("Status")).isEqualTo("Enabled");
                    assertThat(rule.number("ExpirationInDays")).contains(8);
                });
        assertThat(statements(function(PUBLISHER))
                        .filter(statement ->
                                texts(statement.values().get("Action")).anyMatch(action -> action.startsWith("s3:")))
                        .map(statement -> statement.values().get("Condition")))
                .isNotEmpty()
                .allMatch(
                        Map.of("StringEquals", Map.of("s3:ResourceAccount", Map.of("Ref", "AWS::AccountId")))::equals);
    }

    @Test
    void parkedEventsAreKeptForSixDaysAndThePublisherMayAddToThemOnly() {
        Section queue = resource("ParkedEventsQueue");

        assertThat(queue.number("MessageRetentionPeriod"))
                .as("at least what the contract says, less than the outbox keeps the entries")
                .contains(Math.toIntExact(Duration.ofDays(6).toSeconds()));
        assertThat(queue.flag("SqsManagedSseEnabled")).contains(true);
        assertThat(variables(function(PUBLISHER)).reference("PUBLISHER_PARKED_QUEUE_URL"))
                .contains("ParkedEventsQueue");
        assertThat(statements(function(PUBLISHER))
                        .filter(statement -> Map.of("Fn::GetAtt", List.of("ParkedEventsQueue", "Arn"))
                                .equals(statement.values().get("Resource")))
                        .flatMap(statement -> texts(statement.values().get("Action"))))
                .containsExactly("sqs:SendMessage");
    }

    @Test
    void thePublisherMayKeepUnreadableRecordsInTheBucketOfItsSettings() {
        assertThat(variables(function(PUBLISHER)).reference("PUBLISHER_FAILURE_BUCKET"))
                .contains("FailureBucket");
        assertThat(statements(function(PUBLISHER))
                        .filter(statement ->
                                texts(statement.values().get("Action")).anyMatch("s3:PutObject"::equals))
                        .map(statement -> String.valueOf(statement.values().get("Resource"))))
                .singleElement()
                .asString()
                .contains("FailureBucket");
    }

    // ------------------------------------------------------------------------------------------ replay

    @Test
    void aReplayReadsWhatThePublisherLeavesBehindAndNothingOfTheDomain() {
        Map<String, Set<String>> allowed = new HashMap<>();
        statements(function("ReplayEvents"))
                .forEach(statement -> references(statement.values().get("Resource"))
                        .forEach(resource -> allowed.computeIfAbsent(resource, _ -> new HashSet<>())
                                .addAll(texts(statement.values().get("Action")).toList())));

        assertThat(allowed)
                .containsOnlyKeys(
                        "ChatsNamespace", "CallsNamespace", "OutboxTable", "FailureBucket", "ParkedEventsQueue");
        assertThat(allowed.get("OutboxTable"))
                .containsExactlyInAnyOrder(
                        "dynamodb:DescribeTable",
                        "dynamodb:Scan",
                        "dynamodb:Query",
                        "dynamodb:BatchGetItem",
                        "dynamodb:DescribeStream",
                        "dynamodb:GetShardIterator",
                        "dynamodb:GetRecords");
        assertThat(allowed.get("FailureBucket")).containsExactlyInAnyOrder("s3:GetObject", "s3:ListBucket");
        assertThat(allowed.get("ParkedEventsQueue")).contains("sqs:DeleteMessage");
        assertThat(allowed.get("ChatsNamespace")).containsExactly("appsync:EventPublish");
    }

    @Test
    void aReplaysInvocationEndsWithItsLastPortionBeforeItsTimeout() {
        int seconds = resource("ReplayEvents").number("Timeout").orElseThrow();

        assertThat(ReplaySettings.INVOCATION_SECONDS).isLessThanOrEqualTo(seconds - 30);
        assertThat(resource("ReplayEvents").number("ReservedConcurrentExecutions"))
                .as("the second reader of a shard, and no third")
                .contains(1);
    }

    @Test
    void tablesBucketsAndQueuesOutliveTheStack() {
        Section resources = template.root().section("Resources").orElseThrow();
        List<Resource> keepers = template.resources().stream()
                .filter(resource -> Set.of("AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::SQS::Queue")
                        .contains(resource.type()))
                .toList();

        assertThat(keepers).hasSizeGreaterThanOrEqualTo(6).allSatisfy(keeper -> {
            Section resource = resources.section(keeper.logicalId()).orElseThrow();
            assertThat(resource.requiredText("DeletionPolicy")).isEqualTo("Retain");
            assertThat(resource.requiredText("UpdateReplacePolicy")).isEqualTo("Retain");
        });
    }

    @Test
    void everyReferenceLeadsSomewhere() {
        Set<String> names = new HashSet<>();
        template.resources().forEach(resource -> names.add(resource.logicalId()));
        names.addAll(
                template.root().section("Parameters").orElseThrow().values().keySet());
        List<String> referred = references(template.root().values()).toList();

        assertThat(referred).hasSizeGreaterThan(30).allMatch(name -> name.startsWith("AWS::") || names.contains(name));
    }

    // ------------------------------------------------------------------------------------------ reading

    private static CloudFormationTemplate read(Path file) {
        try {
            return CloudFormationTemplate.parse(Files.readString(file));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private List<Resource> functions() {
        return template.resources(FUNCTION);
    }

    private Resource function(String logicalId) {
        return functions().stream()
                .filter(function -> function.logicalId().equals(logicalId))
                .findFirst()
                .orElseThrow();
    }

    private Section resource(String logicalId) {
        return template.resources().stream()
                .filter(resource -> resource.logicalId().equals(logicalId))
                .findFirst()
                .orElseThrow()
                .properties();
    }

    private static Section variables(Resource function) {
        return environment(function.properties());
    }

    private static Section environment(Section function) {
        return function.section("Environment")
                .orElseThrow()
                .section("Variables")
                .orElseThrow();
    }

    /// The properties of the functions' events of a type.
    private List<Section> events(String type) {
        return functions().stream()
                .flatMap(function -> function.properties().section("Events").stream())
                .flatMap(events -> events.values().keySet().stream()
                        .map(name -> events.section(name).orElseThrow()))
                .filter(event -> event.requiredText("Type").equals(type))
                .map(event -> event.section("Properties").orElseThrow())
                .toList();
    }

    /// Statements written out; a managed policy or one of SAM's would be no section, and fail.
    private static Stream<Section> statements(Resource function) {
        return function.properties().sections("Policies").stream()
                .flatMap(policy -> policy.sections("Statement").stream());
    }

    private static List<String> attributes(Section keyed) {
        return keyed.sections("KeySchema").stream()
                .map(key -> key.requiredText("AttributeName"))
                .toList();
    }

    private static Stream<String> texts(@Nullable Object oneOrMany) {
        return switch (oneOrMany) {
            case String one -> Stream.of(one);
            case List<?> many -> many.stream().map(String::valueOf);
            case null, default -> Stream.of();
        };
    }

    /// What `!Ref`, `!GetAtt` and `!Sub` name, anywhere below.
    private static Stream<String> references(@Nullable Object value) {
        return switch (value) {
            case Map<?, ?> map when map.get("Ref") instanceof String name -> Stream.of(name);
            case Map<?, ?> map
            when map.get("Fn::GetAtt") instanceof List<?> attribute -> Stream.of(String.valueOf(attribute.getFirst()));
            case Map<?, ?> map
            when map.get("Fn::Sub") instanceof String text ->
                Pattern.compile("\\$\\{([A-Za-z0-9:]+)[.}]")
                        .matcher(text)
                        .results()
                        .map(found -> found.group(1));
            case Map<?, ?> map -> map.values().stream().flatMap(TemplateTest::references);
            case Collection<?> list -> list.stream().flatMap(TemplateTest::references);
            case null, default -> Stream.of();
        };
    }

    /// The records that a configuration, and what it imports, binds properties to.
    private static void collectProperties(Class<?> configuration, List<Class<?>> records) {
        EnableConfigurationProperties bound = configuration.getAnnotation(EnableConfigurationProperties.class);
        if (bound != null) {
            records.addAll(Arrays.asList(bound.value()));
        }
        Import imported = configuration.getAnnotation(Import.class);
        if (imported != null) {
            Arrays.stream(imported.value()).forEach(part -> collectProperties(part, records));
        }
    }

    /// `publisher.connect-timeout`, the component `connectTimeout`, is set by `PUBLISHER_CONNECT_TIMEOUT`.
    private static String variable(RecordComponent component) {
        String prefix = Objects.requireNonNull(
                        component.getDeclaringRecord().getAnnotation(ConfigurationProperties.class))
                .value();
        return (prefix + "_" + component.getName().replaceAll("[A-Z]", "_$0"))
                .replace('.', '_')
                .toUpperCase(Locale.ROOT);
    }

    private static boolean hasDefault(RecordComponent component) {
        return Arrays.stream(component
                        .getDeclaringRecord()
                        .getDeclaredConstructors()[0]
                        .getParameters())
                .anyMatch(parameter -> parameter.getName().equals(component.getName())
                        && parameter.isAnnotationPresent(DefaultValue.class));
    }
}
