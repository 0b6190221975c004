package com.pantherkolab.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.pantherkolab.api.calls.CallStream;
import com.pantherkolab.api.calls.CallTimers;
import com.pantherkolab.api.calls.MeetingSettings;
import com.pantherkolab.api.calls.TimerSettings;
import com.pantherkolab.api.http.Edge;
import com.pantherkolab.common.Json;
import com.pantherkolab.common.OutboxAttributes;
import com.pantherkolab.events.auth.Headers;
import com.pantherkolab.events.auth.Identity;
import com.pantherkolab.events.handler.ChannelHandlers;
import com.pantherkolab.events.handler.HandlerCall;
import com.pantherkolab.events.handler.HandlerRefusal;
import com.pantherkolab.events.template.AuthMode;
import com.pantherkolab.events.template.CloudFormationTemplate;
import com.pantherkolab.events.template.CloudFormationTemplate.Resource;
import com.pantherkolab.events.template.EventApi;
import com.pantherkolab.events.template.Section;
import com.pantherkolab.local.RunningSystem.User;
import com.pantherkolab.publisher.PublisherSettings;
import com.pantherkolab.publisher.ReplayEvents;
import com.pantherkolab.publisher.ReplaySettings;
import com.pantherkolab.publisher.StreamPublisher;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
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
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What `template.yaml` must say for the laws of the house to hold where it is deployed, as far as neither SAM nor
/// cfn-lint would miss it: what those find is `ExpandedTemplateTest`'s. `TemplateMistakesTest` plants mistakes, and
/// has them found.
class TemplateTest {
    private static final String FUNCTION = "AWS::Serverless::Function";
    private static final String PUBLISHER = "StreamPublisher";
    private static final String REPLAY = "ReplayEvents";
    private static final String WORKFLOW = "CallWorkflow";
    private static final String TIMERS = "CallTimers";

    /// What the adapter and the logging read; everything else in an environment is a property of ours.
    private static final Set<String> NOT_OURS = Set.of("SPRING_CLOUD_FUNCTION_DEFINITION", "MAIN_CLASS");

    /// What a policy cannot narrow: a meeting that is made has no name yet that a policy could know, a metric never
    /// has one, and streams are listed by account.
    private static final Set<List<String>> WITHOUT_RESOURCE = Set.of(
            List.of("chime:CreateMeeting"), List.of("cloudwatch:GetMetricStatistics"), List.of("dynamodb:ListStreams"));

    private final Path file = Deployment.find();
    private CloudFormationTemplate template = read(file);

    /// These checks, to be made of another template.
    static TemplateTest of(String yaml) {
        TemplateTest test = new TemplateTest();
        test.template = CloudFormationTemplate.parse(yaml);
        return test;
    }

    // ------------------------------------------------------------------------------------------ functions

    @Test
    void everyFunctionRunsABeanThatExistsAndEveryDeployableBeanIsRun() {
        Set<String> deployable = new HashSet<>();
        for (Class<?> kind :
                List.of(Edge.class, CallStream.class, CallTimers.class, StreamPublisher.class, ReplayEvents.class)) {
            deployable.addAll(RunningSystem.shared().beans(kind).keySet());
        }

        assertThat(deployable)
                .containsExactlyInAnyOrderElementsOf(
                        functions().stream().map(TemplateTest::bean).toList())
                .hasSizeGreaterThanOrEqualTo(6);
    }

    /// What feeds a function decides what it takes: the gateway an edge, a stream a batch, all else its bytes.
    @Test
    void everyFunctionTakesWhatItIsFed() {
        Map<String, List<Class<?>>> kinds = Map.of(
                "HttpApi", List.of(Edge.class),
                "DynamoDB", List.of(StreamPublisher.class, CallStream.class),
                "SQS", List.of(CallTimers.class),
                "EventBridgeRule", List.of(CallTimers.class));
        for (Resource function : functions()) {
            // An operator invokes the replay, and nothing else does.
            assertThat(eventTypes(function).isEmpty())
                    .as(function.logicalId())
                    .isEqualTo(function.logicalId().equals(REPLAY));
            for (String type : eventTypes(function)) {
                assertThat(Objects.requireNonNull(kinds.get(type), type).stream()
                                .flatMap(kind -> RunningSystem.shared().beans(kind).keySet().stream()))
                        .as("what is fed by " + type)
                        .contains(bean(function));
            }
        }
    }

    @Test
    void everyMainClassExistsInTheModuleThatIsPackaged() throws Exception {
        for (Resource function : functions()) {
            String main = variables(function).requiredText("MAIN_CLASS");
            String module = function.properties().requiredText("CodeUri").split("/", 2)[0];

            assertThat(Class.forName(main).getMethod("main", String[].class)).isNotNull();
            assertThat(file.resolveSibling(module + "/src/main/java/" + main.replace('.', '/') + ".java"))
                    .isRegularFile();
            assertThat(function.properties().requiredText("CodeUri")).isEqualTo(module + "/target/lambda");
            assertThat(file.resolveSibling(module + "/pom.xml")).isRegularFile();
        }
    }

    @Test
    void everyFunctionIsInvokedAsAVersionThatIsRestoredFromItsSnapshot() {
        Section all = template.root()
                .section("Globals")
                .orElseThrow()
                .section("Function")
                .orElseThrow();

        assertThat(all.text("AutoPublishAlias")).contains("live");
        assertThat(all.flag("AutoPublishAliasAllProperties")).contains(true);
        assertThat(all.section("SnapStart").orElseThrow().requiredText("ApplyOn"))
                .isEqualTo("PublishedVersions");
        for (Resource function : functions()) {
            assertThat(function.properties().values()).as(function.logicalId()).doesNotContainKey("AutoPublishAlias");
            // What is invoked every few weeks would find no snapshot.
            assertThat(function.properties().values().containsKey("SnapStart"))
                    .as(function.logicalId())
                    .isEqualTo(function.logicalId().equals(REPLAY));
        }
    }

    @Test
    void everyFunctionLogsWhereNoOtherDoesAndForAsLongAsIsAsked() {
        Set<String> groups = new HashSet<>();
        for (Resource function : functions()) {
            String group = function.properties()
                    .section("LoggingConfig")
                    .flatMap(config -> config.reference("LogGroup"))
                    .orElseThrow();

            assertThat(resource(group).reference("RetentionInDays")).as(group).contains("LogRetentionDays");
            assertThat(statements(function)
                            .filter(statement ->
                                    texts(statement.values().get("Action")).anyMatch(it -> it.startsWith("logs:")))
                            .map(statement -> statement.values().get("Resource")))
                    .as(function.logicalId())
                    .containsExactly(Map.of("Fn::GetAtt", List.of(group, "Arn")));
            groups.add(group);
        }
        assertThat(groups).hasSameSizeAs(functions());
    }

    @Test
    void everyVariableIsAPropertyAndEveryPropertyWithoutDefaultIsGiven() throws Exception {
        for (Resource function : functions()) {
            Properties properties =
                    Properties.of(Class.forName(variables(function).requiredText("MAIN_CLASS")));
            Set<String> given = new HashSet<>(variables(function).values().keySet());
            given.removeAll(NOT_OURS);

            assertThat(properties.bound()).as(function.logicalId()).isNotEmpty();
            assertThat(Stream.concat(properties.bound().stream(), properties.boundOnDemand().stream())
                            .flatMap(record -> Arrays.stream(record.getRecordComponents()))
                            .map(TemplateTest::variable))
                    .as(function.logicalId())
                    .containsAll(given);
            for (Class<?> record : properties.bound()) {
                assertThat(given).as(function.logicalId()).containsAll(withoutDefault(record));
            }
            // What is bound when it is asked for is given whole, or not at all.
            for (Class<?> record : properties.boundOnDemand()) {
                assertThat(withoutDefault(record)).isNotEmpty();
                assertThat(withoutDefault(record).stream()
                                .filter(given::contains)
                                .count())
                        .as("%s of %s", record.getSimpleName(), function.logicalId())
                        .isIn(0L, (long) withoutDefault(record).size());
            }
        }
    }

    @Test
    void whoeverKnowsChimeAndTheTimersIsToldWhereTheyAre() {
        for (Resource function : functions()) {
            boolean workflow = Set.of(WORKFLOW, TIMERS).contains(function.logicalId());
            for (Class<?> record : List.of(MeetingSettings.class, TimerSettings.class)) {
                assertThat(variables(function).values().keySet().containsAll(withoutDefault(record)))
                        .as("%s of %s", record.getSimpleName(), function.logicalId())
                        .isEqualTo(workflow);
            }
        }
        assertThat(variables(function(TIMERS)).reference("TIMERS_QUEUE_URL")).contains("TimersQueue");
        // The one place that decides how long a call rings is the one that places it.
        assertThat(variables(function("CallsApi")).values().keySet())
                .contains("RING_TIMEOUT_SECONDS", "CONNECT_TIMEOUT_SECONDS");
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
    void aFunctionsLinesAreJson() {
        assertThat(environment(template.root()
                                .section("Globals")
                                .orElseThrow()
                                .section("Function")
                                .orElseThrow())
                        .text("LOGGING_STRUCTURED_FORMAT_CONSOLE"))
                .contains("logstash");
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
            if (!Set.of(PUBLISHER, REPLAY).contains(function)) {
                assertThat(allowed).as(function).isNotEmpty().noneMatch(action -> action.startsWith("appsync:"));
            }
        });
    }

    @Test
    void thePublisherMayReadTheStreamOfTheOutboxAndNoTable() {
        List<Section> statements = statements(function(PUBLISHER))
                .filter(statement -> texts(statement.values().get("Action")).anyMatch(it -> it.startsWith("dynamodb:")))
                .toList();

        assertThat(statements.stream()
                        .flatMap(statement -> texts(statement.values().get("Action"))))
                .containsExactlyInAnyOrder(
                        "dynamodb:DescribeStream",
                        "dynamodb:GetShardIterator",
                        "dynamodb:GetRecords",
                        "dynamodb:ListStreams");
        assertThat(statements.stream().map(statement -> statement.values().get("Resource")))
                .containsExactlyInAnyOrder(Map.of("Fn::GetAtt", List.of("OutboxTable", "StreamArn")), "*");
    }

    @Test
    void everyFunctionHasARoleOfItsOwnThatLambdaAloneTakesOn() {
        Set<String> roles = new HashSet<>();
        for (Resource function : functions()) {
            String role = function.properties().reference("Role").orElseThrow();
            roles.add(role);
            Section properties = resource(role);

            assertThat(properties.values())
                    .as(role)
                    .doesNotContainKey("ManagedPolicyArns")
                    .containsOnlyKeys("AssumeRolePolicyDocument", "Policies");
            assertThat(properties
                            .section("AssumeRolePolicyDocument")
                            .orElseThrow()
                            .sections("Statement"))
                    .singleElement()
                    .satisfies(trust -> {
                        assertThat(trust.section("Principal").orElseThrow().values())
                                .isEqualTo(Map.of("Service", "lambda.amazonaws.com"));
                        assertThat(trust.requiredText("Action")).isEqualTo("sts:AssumeRole");
                    });
            // Beside a role of ours, SAM would put nothing of what these say into effect.
            assertThat(function.properties().values())
                    .as(function.logicalId())
                    .doesNotContainKeys("Policies", "PermissionsBoundary");
        }
        assertThat(roles).hasSameSizeAs(functions());
        assertThat(template.resources("AWS::IAM::Role")).hasSameSizeAs(roles);
    }

    @Test
    void theRequestPathMayReachItsTablesAndNothingElse() {
        List<Resource> edges = functions().stream()
                .filter(function -> eventTypes(function).contains("HttpApi"))
                .toList();

        assertThat(edges).hasSizeGreaterThanOrEqualTo(3).allSatisfy(edge -> assertThat(actions(edge))
                .isNotEmpty()
                .allMatch(action -> action.startsWith("dynamodb:") || action.startsWith("logs:")));
    }

    @Test
    void theWorkflowMayDoWhatItDoesAtChimeAndNoMore() {
        assertThat(actions(function(WORKFLOW)).filter(action -> action.startsWith("chime:")))
                .containsExactlyInAnyOrder(
                        "chime:CreateMeeting",
                        "chime:BatchCreateAttendee",
                        "chime:DeleteAttendee",
                        "chime:DeleteMeeting");
        for (Resource function : functions()) {
            if (!function.logicalId().equals(WORKFLOW)) {
                assertThat(actions(function)).as(function.logicalId()).noneMatch(action -> action.startsWith("chime:"));
            }
            boolean queues = Set.of(WORKFLOW, TIMERS, PUBLISHER, REPLAY).contains(function.logicalId());
            assertThat(actions(function).anyMatch(action -> action.startsWith("sqs:")))
                    .as(function.logicalId())
                    .isEqualTo(queues);
        }
        assertThat(actions(function(WORKFLOW)).filter(action -> action.startsWith("sqs:")))
                .containsExactly("sqs:SendMessage");
    }

    @Test
    void noPermissionIsForEverything() {
        List<Section> statements =
                functions().stream().flatMap(this::statements).toList();

        assertThat(statements).hasSizeGreaterThanOrEqualTo(functions().size());
        for (Section statement : statements) {
            assertThat(statement.requiredText("Effect")).isEqualTo("Allow");
            assertThat(texts(statement.values().get("Action"))).isNotEmpty().noneMatch(action -> action.contains("*"));
            Object resource = Objects.requireNonNull(statement.values().get("Resource"), statement.path());
            if (WITHOUT_RESOURCE.contains(
                    texts(statement.values().get("Action")).toList())) {
                assertThat(resource).isEqualTo("*");
                continue;
            }
            // A reference to a resource of this template, never a name or a pattern in plain text.
            assertThat(resource instanceof List<?> many ? many : List.of(resource))
                    .as(statement.path())
                    .isNotEmpty()
                    .allMatch(Map.class::isInstance);
        }
    }

    // ------------------------------------------------------------------------------------------ the API

    @Test
    void everyRouteWantsATokenExceptABrowsersPreflight() {
        Section auth = resource("HttpApi").section("Auth").orElseThrow();
        List<Section> routes = events("HttpApi");
        List<Section> open = routes.stream()
                .filter(properties -> properties.values().containsKey("Auth"))
                .toList();

        assertThat(auth.requiredText("DefaultAuthorizer")).isEqualTo("UserPool");
        assertThat(routes).hasSizeGreaterThan(17);
        assertThat(open).singleElement().satisfies(preflight -> {
            assertThat(preflight.requiredText("Method")).isEqualTo("OPTIONS");
            assertThat(preflight.requiredText("Path")).isEqualTo("/{proxy+}");
            assertThat(preflight.section("Auth").orElseThrow().requiredText("Authorizer"))
                    .isEqualTo("NONE");
        });
        assertThat(routes.stream().filter(properties -> !properties.values().containsKey("Path")))
                .as("$default")
                .hasSize(1);
    }

    @Test
    void everyRouteLeadsToTheFunctionThatServesItAndTheDocumentKnowsIt() throws IOException {
        Map<String, Set<String>> deployed = new HashMap<>();
        for (Deployment.Route route : deployment().routes()) {
            if (!route.key().equals(Deployment.Route.DEFAULT)) {
                deployed.computeIfAbsent(route.function(), _ -> new HashSet<>()).add(route.key());
            }
        }
        Map<String, Set<String>> served = RunningSystem.shared().edges().entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, edge -> Set.copyOf(edge.getValue().routes())));

        assertThat(deployed).isEqualTo(served);
        assertThat(ApiDocument.read().operations().stream().map(ApiDocument.Operation::key))
                .containsExactlyInAnyOrderElementsOf(
                        deployed.values().stream().flatMap(Set::stream).toList());
    }

    @Test
    void pagesOfNamedOriginsMayCallAndReadWhatTheyNeed() {
        Section cors = pagesMayCall();
        Section origins = template.root()
                .section("Parameters")
                .orElseThrow()
                .section("AllowedOrigins")
                .orElseThrow();

        assertThat(cors.values().get("AllowOrigins"))
                .isEqualTo(Map.of("Fn::Split", List.of(",", Map.of("Ref", "AllowedOrigins"))));
        assertThat(cors.texts("AllowHeaders"))
                .containsExactlyInAnyOrder("Authorization", "Content-Type", "Idempotency-Key", "If-None-Match");
        assertThat(cors.texts("ExposeHeaders")).containsExactlyInAnyOrder("Apigw-Requestid", "ETag", "Retry-After");
        assertThat(cors.texts("AllowMethods"))
                .containsExactlyInAnyOrderElementsOf(events("HttpApi").stream()
                        .flatMap(properties -> properties.text("Method").stream())
                        .filter(method -> !method.equals("OPTIONS"))
                        .distinct()
                        .toList());
        assertThat(cors.values()).doesNotContainKey("AllowCredentials");
        Pattern allowed = Pattern.compile(origins.requiredText("AllowedPattern"));
        assertThat(Stream.of(
                        "https://app.example.com", "http://localhost:5173", "https://a.example,https://b.example", ""))
                .allMatch(origin -> allowed.matcher(origin).matches());
        assertThat(Stream.of(
                        "*",
                        "https://*",
                        "https://*.example.com",
                        "https://a.example,*",
                        "app.example.com",
                        "https://a/path"))
                .noneMatch(origin -> allowed.matcher(origin).matches());
        assertThat(origins.text("Default")).contains("");
    }

    /// What the gateway is told where there are origins. Inside the condition, for SAM drops all but the origins if
    /// they are a function.
    private Section pagesMayCall() {
        Section configuration = resource("HttpApi").section("CorsConfiguration").orElseThrow();
        if (configuration.values().get("Fn::If") instanceof List<?> cases
                && cases.get(1) instanceof Map<?, ?> members) {
            assertThat(cases.getFirst()).isEqualTo("PagesMayCall");
            assertThat(cases.getLast()).isEqualTo(Map.of("Ref", "AWS::NoValue"));
            Map<String, Object> named = new HashMap<>();
            members.forEach((name, value) -> named.put(String.valueOf(name), value));
            return new Section(configuration.path(), named);
        }
        throw new AssertionError(configuration);
    }

    @Test
    void theApiIsThrottled() {
        Section settings = resource("HttpApi").section("DefaultRouteSettings").orElseThrow();

        assertThat(settings.reference("ThrottlingRateLimit")).contains("RequestsPerSecond");
        assertThat(settings.reference("ThrottlingBurstLimit")).contains("RequestBurst");
    }

    @Test
    void theTokensOfOneClientOfOnePoolAreTakenEverywhere() {
        Object pool = either("UserPool", "UserPoolId");
        Object client = either("UserPoolClient", "UserPoolClientId");
        Section jwt = resource("HttpApi")
                .section("Auth")
                .orElseThrow()
                .section("Authorizers")
                .orElseThrow()
                .section("UserPool")
                .orElseThrow();
        Section cognito = resource("EventsApi").section("EventConfig").orElseThrow().sections("AuthProviders").stream()
                .flatMap(provider -> provider.section("CognitoConfig").stream())
                .findFirst()
                .orElseThrow();

        assertThat(jwt.requiredText("IdentitySource")).isEqualTo("$request.header.Authorization");
        assertThat(jwt.section("JwtConfiguration").orElseThrow().values())
                .isEqualTo(Map.of(
                        "issuer",
                        Map.of(
                                "Fn::Sub",
                                List.of(
                                        "https://cognito-idp.${AWS::Region}.amazonaws.com/${Pool}",
                                        Map.of("Pool", pool))),
                        "audience",
                        List.of(client)));
        assertThat(cognito.values())
                .isEqualTo(Map.of(
                        "UserPoolId",
                        pool,
                        "AwsRegion",
                        Map.of("Ref", "AWS::Region"),
                        "AppIdClientRegex",
                        Map.of("Fn::Sub", List.of("^${Client}$", Map.of("Client", client)))));
    }

    private static Object either(String made, String given) {
        return Map.of("Fn::If", List.of("MakesUserPool", Map.of("Ref", made), Map.of("Ref", given)));
    }

    @Test
    void aPoolIsMadeWhereNoneIsGiven() {
        Section resources = template.root().section("Resources").orElseThrow();

        assertThat(template.root()
                        .section("Conditions")
                        .orElseThrow()
                        .section("MakesUserPool")
                        .orElseThrow()
                        .values())
                .isEqualTo(Map.of("Fn::Equals", List.of(Map.of("Ref", "UserPoolId"), "")));
        for (String made : List.of("UserPool", "UserPoolClient")) {
            assertThat(resources.section(made).orElseThrow().requiredText("Condition"))
                    .isEqualTo("MakesUserPool");
        }
        assertThat(resource("UserPoolClient").flag("GenerateSecret")).contains(false);
        assertThat(resource("UserPoolClient").reference("UserPoolId")).contains("UserPool");
    }

    @Test
    void aFrontEndIsToldWhatAmplifyWantsToKnow() {
        Section outputs = template.root().section("Outputs").orElseThrow();
        Object value = outputs.section("AmplifyConfiguration")
                .orElseThrow()
                .section("Value")
                .orElseThrow()
                .values()
                .get("Fn::Sub");
        JsonNode amplify = Json.mapper().readTree(String.valueOf(((List<?>) Objects.requireNonNull(value)).getFirst()));

        assertThat(amplify.at("/Auth/Cognito/userPoolId").stringValue()).isEqualTo("${Pool}");
        assertThat(amplify.at("/Auth/Cognito/userPoolClientId").stringValue()).isEqualTo("${Client}");
        assertThat(amplify.at("/API/Events/endpoint").stringValue()).isEqualTo("https://${EventsApi.Dns.Http}/event");
        assertThat(amplify.at("/API/Events/region").stringValue()).isEqualTo("${AWS::Region}");
        assertThat(amplify.at("/API/Events/defaultAuthMode").stringValue()).isEqualTo("userPool");
        assertThat(outputs.values()).containsKeys("ApiEndpoint", "ReplayFunction", "ParkedEvents", "FailureDocuments");
    }

    // ------------------------------------------------------------------------------------------ the channels

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

    /// Run, because nothing else finds a member that is misspelt.
    @Test
    void theHandlersAdmitAUserToTheirOwnChannelAndToNoOther() {
        EventApi api = EventApi.from(template);

        assertThat(api.namespaces().keySet()).isEqualTo(Set.of("chats", "calls"));
        assertThat(api.connectionModes()).containsExactly(AuthMode.AMAZON_COGNITO_USER_POOLS);
        try (ChannelHandlers handlers = new ChannelHandlers(api.namespaces().values(), Clock.systemUTC())) {
            for (String namespace : api.namespaces().keySet()) {
                assertThat(subscribe(handlers, namespace, "alice"))
                        .as(namespace)
                        .isEmpty();
                for (String other : List.of("bob", "*", "", "alice/deeper", "alice/*", "ALICE")) {
                    assertThat(subscribe(handlers, namespace, other))
                            .as("%s/%s", namespace, other)
                            .contains(new HandlerRefusal.Unauthorized());
                }
            }
        }
    }

    private static Optional<HandlerRefusal> subscribe(ChannelHandlers handlers, String namespace, String rest) {
        String channel = rest.isEmpty() ? namespace : namespace + "/" + rest;
        return handlers.onSubscribe(new HandlerCall(
                new Identity.User(Map.of("sub", "alice")),
                "/" + channel,
                List.of(channel.split("/", -1)),
                new Headers(Map.of())));
    }

    // ------------------------------------------------------------------------------------------ the outbox

    @Test
    void theOutboxStreamIsReadInOrderAndNothingIsGivenUpEarly() {
        Section mapping = streamOf("OutboxTable");

        assertThat(mapping.number("ParallelizationFactor")).contains(1);
        assertThat(mapping.number("MaximumRecordAgeInSeconds")).contains(43_200);
        assertFailsAsOthersDo(mapping);
    }

    @Test
    void onlyInsertsReachThePublisher() {
        assertThat(patterns(streamOf("OutboxTable")))
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

    // ------------------------------------------------------------------------------------------ the calls

    @Test
    void aCallIsOneItemSoItsStreamIsReadManyAtOnce() {
        Section mapping = streamOf("CallsTable");

        assertThat(mapping.number("ParallelizationFactor")).contains(10);
        assertThat(mapping.number("MaximumRecordAgeInSeconds")).contains(3_600);
        assertFailsAsOthersDo(mapping);
    }

    @Test
    void everyStreamOfATableFeedsOneFunction() {
        assertThat(events("DynamoDB")).hasSize(2);
    }

    @Test
    void theStreamOfCallsCarriesKeysAlone() {
        Section calls = resource("CallsTable");

        assertThat(calls.section("StreamSpecification").orElseThrow().requiredText("StreamViewType"))
                .isEqualTo("KEYS_ONLY");
        assertThat(attributes(calls)).containsExactly("subject", "part");
        assertThat(calls.values()).doesNotContainKey("PointInTimeRecoverySpecification");
        Section ttl = calls.section("TimeToLiveSpecification").orElseThrow();
        assertThat(ttl.requiredText("AttributeName")).isEqualTo("ttl");
        assertThat(ttl.flag("Enabled")).contains(true);
    }

    /// By the items that a call between two really leaves in the table: itself, what lets each in, the pair, and
    /// that it is one of each user's.
    @Test
    void callsAndNothingBesideThemReachTheWorkflow() {
        EventFilter filter = EventFilter.read(streamOf("CallsTable"));
        RunningSystem system = RunningSystem.shared();
        User caller = system.signIn("filter-" + UUID.randomUUID());
        User callee = system.signIn("filtered-" + UUID.randomUUID());
        String call = system.call(caller, callee.userId());
        system.post(callee, "/api/calls/accept", "{\"sessionId\":\"%s\"}".formatted(call));
        system.awaitPublished();

        List<JsonNode> passed = new ArrayList<>();
        int items = 0;
        for (Map<String, AttributeValue> item : system.items("CallsTable")) {
            String subject = Objects.requireNonNull(item.get("subject")).s();
            if (!subject.contains(call) && !subject.contains(caller.userId()) && !subject.contains(callee.userId())) {
                continue;
            }
            items++;
            for (String name : List.of("INSERT", "MODIFY", "REMOVE")) {
                JsonNode change = change(name, item);
                if (filter.passes(change)) {
                    passed.add(change);
                }
            }
        }
        system.post(caller, "/api/calls/end", "{\"sessionId\":\"%s\"}".formatted(call));
        system.awaitPublished();

        assertThat(items).isEqualTo(1 + 2 + 1 + 2);
        assertThat(passed)
                .hasSize(2)
                .allSatisfy(change -> assertThat(
                                change.at("/dynamodb/Keys/subject/S").stringValue())
                        .isEqualTo("call#" + call))
                .extracting(change -> change.path("eventName").stringValue())
                .containsExactly("INSERT", "MODIFY");
    }

    @Test
    void aReminderIsNotHandedOutAgainWhileItIsSeenToAndNoneIsLost() {
        Section queue = resource("TimersQueue");
        Section mapping = events("SQS").getFirst();
        int timeout = resource(TIMERS)
                .number("Timeout")
                .or(() -> template.root()
                        .section("Globals")
                        .orElseThrow()
                        .section("Function")
                        .orElseThrow()
                        .number("Timeout"))
                .orElseThrow();

        assertThat(events("SQS")).hasSize(1);
        assertThat(mapping.values().get("Queue")).isEqualTo(Map.of("Fn::GetAtt", List.of("TimersQueue", "Arn")));
        assertThat(mapping.texts("FunctionResponseTypes")).containsExactly("ReportBatchItemFailures");
        assertThat(queue.number("VisibilityTimeout").orElseThrow()).isGreaterThanOrEqualTo(6 * timeout);
        Section redrive = queue.section("RedrivePolicy").orElseThrow();
        assertThat(redrive.values().get("deadLetterTargetArn"))
                .isEqualTo(Map.of("Fn::GetAtt", List.of("TimersDeadLetters", "Arn")));
        assertThat(redrive.number("maxReceiveCount").orElseThrow()).isGreaterThanOrEqualTo(3);
        // A dead letter keeps the age that it had.
        assertThat(resource("TimersDeadLetters")
                        .number("MessageRetentionPeriod")
                        .orElseThrow())
                .isGreaterThan(queue.number("MessageRetentionPeriod").orElseThrow());
    }

    @Test
    void chimesWordThatAMeetingIsOverReachesTheTimers() {
        Section rule = events("EventBridgeRule").getFirst();
        Section pattern = rule.section("Pattern").orElseThrow();

        assertThat(events("EventBridgeRule")).hasSize(1);
        assertThat(pattern.texts("source")).containsExactly("aws.chime");
        assertThat(pattern.texts("detail-type")).containsExactly("Chime Meeting State Change");
        assertThat(pattern.section("detail").orElseThrow().texts("eventType")).containsExactly("chime:MeetingEnded");
        // The rule hands over without waiting, so what becomes of a failure is the function's own setting.
        Section invoked = resource(TIMERS).section("EventInvokeConfig").orElseThrow();
        assertThat(invoked.number("MaximumRetryAttempts")).contains(2);
        Section failure = invoked.section("DestinationConfig")
                .orElseThrow()
                .section("OnFailure")
                .orElseThrow();
        assertThat(failure.requiredText("Type")).isEqualTo("SQS");
        assertThat(failure.reference("Destination")).contains("MissedEventsQueue");
        assertThat(rule.section("DeadLetterConfig").orElseThrow().reference("Arn"))
                .contains("MissedEventsQueue");
        // EventBridge lays it there itself, for this rule alone; Lambda does so by the function's role.
        Section granted = resource("MissedEventsPolicy")
                .section("PolicyDocument")
                .orElseThrow()
                .sections("Statement")
                .getFirst();
        assertThat(granted.values())
                .isEqualTo(Map.of(
                        "Effect",
                        "Allow",
                        "Principal",
                        Map.of("Service", "events.amazonaws.com"),
                        "Action",
                        "sqs:SendMessage",
                        "Resource",
                        Map.of("Fn::GetAtt", List.of("MissedEventsQueue", "Arn")),
                        "Condition",
                        Map.of(
                                "ArnEquals",
                                Map.of(
                                        "aws:SourceArn",
                                        Map.of("Fn::GetAtt", List.of("CallTimersMeetingEnded", "Arn"))))));
        assertThat(statements(function(TIMERS))
                        .filter(statement -> Map.of("Fn::GetAtt", List.of("MissedEventsQueue", "Arn"))
                                .equals(statement.values().get("Resource")))
                        .flatMap(statement -> texts(statement.values().get("Action"))))
                .containsExactly("sqs:SendMessage");
    }

    // ------------------------------------------------------------------------------------------ what is kept

    @Test
    void everyTableIsEncryptedPaidByUseAndProtectedIfThatIsAskedFor() {
        List<Resource> tables = template.resources("AWS::DynamoDB::Table");

        assertThat(tables).hasSize(6).allSatisfy(table -> {
            Section properties = table.properties();
            assertThat(properties.requiredText("BillingMode")).isEqualTo("PAY_PER_REQUEST");
            assertThat(properties.section("SSESpecification").orElseThrow().flag("SSEEnabled"))
                    .contains(true);
            assertThat(properties.values().get("DeletionProtectionEnabled"))
                    .isEqualTo(Map.of("Fn::If", List.of("ProtectsFromDeletion", true, false)));
        });
    }

    /// What holds join tokens must not live longer than it says.
    @Test
    void whatHoldsNoTokenCanBeRestoredToAnyPointInTime() {
        assertThat(template.resources("AWS::DynamoDB::Table").stream()
                        .filter(table -> table.properties()
                                .section("PointInTimeRecoverySpecification")
                                .flatMap(recovery -> recovery.flag("PointInTimeRecoveryEnabled"))
                                .orElse(false))
                        .map(Resource::logicalId))
                .containsExactlyInAnyOrder("UsersTable", "ConversationsTable", "MembershipsTable", "MessagesTable");
    }

    @Test
    void everyQueueIsEncryptedAndWhatFeedsAFunctionHasDeadLetters() {
        List<Resource> queues = template.resources("AWS::SQS::Queue");

        assertThat(queues).hasSize(4).allSatisfy(queue -> assertThat(
                        queue.properties().flag("SqsManagedSseEnabled"))
                .as(queue.logicalId())
                .contains(true));
        assertThat(events("SQS")).isNotEmpty().allSatisfy(mapping -> assertThat(
                        resource(mapping.reference("Queue").orElseThrow()).values())
                .containsKey("RedrivePolicy"));
    }

    @Test
    void theFailureBucketTakesNothingInTheClearAndNothingOfOtherAccounts() {
        Section policy = resource("FailureBucketPolicy");
        List<Section> statements =
                policy.section("PolicyDocument").orElseThrow().sections("Statement");

        assertThat(policy.reference("Bucket")).contains("FailureBucket");
        assertThat(statements).hasSize(2).allSatisfy(statement -> {
            assertThat(statement.requiredText("Effect")).isEqualTo("Deny");
            assertThat(statement.requiredText("Principal")).isEqualTo("*");
            assertThat(statement.requiredText("Action")).isEqualTo("s3:*");
            assertThat(statement.values().get("Resource"))
                    .isEqualTo(List.of(
                            Map.of("Fn::GetAtt", List.of("FailureBucket", "Arn")),
                            Map.of("Fn::Sub", "${FailureBucket.Arn}/*")));
        });
        assertThat(statements.stream().map(statement -> statement.values().get("Condition")))
                .containsExactlyInAnyOrder(
                        Map.of("Bool", Map.of("aws:SecureTransport", "false")),
                        Map.of("StringNotEquals", Map.of("aws:PrincipalAccount", Map.of("Ref", "AWS::AccountId"))));
    }

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
        assertThat(Stream.of(PUBLISHER, WORKFLOW)
                        .flatMap(function -> statements(function(function)))
                        .filter(statement ->
                                texts(statement.values().get("Action")).anyMatch(action -> action.startsWith("s3:")))
                        .map(statement -> statement.values().get("Condition")))
                .hasSize(2)
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
                        "ChatsNamespace",
                        "CallsNamespace",
                        "OutboxTable",
                        "FailureBucket",
                        "ParkedEventsQueue",
                        "ReplayEventsLogs");
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
        // What reminds of a call's deadline, or of its end, is of no use without the stack.
        List<Resource> keepers = template.resources().stream()
                .filter(resource -> Set.of(
                                "AWS::DynamoDB::Table",
                                "AWS::S3::Bucket",
                                "AWS::SQS::Queue",
                                "AWS::Cognito::UserPool",
                                "AWS::Cognito::UserPoolClient")
                        .contains(resource.type()))
                .filter(resource -> !resource.logicalId().startsWith("Timers")
                        && !resource.logicalId().equals("MissedEventsQueue"))
                .toList();

        assertThat(keepers).hasSizeGreaterThanOrEqualTo(10).allSatisfy(keeper -> {
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
        // A rule becomes a resource when SAM expands the template.
        functions().forEach(function -> function.properties().section("Events").ifPresent(events -> events.values()
                .keySet()
                .forEach(event -> names.add(function.logicalId() + event))));
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

    private static String bean(Resource function) {
        return variables(function).requiredText("SPRING_CLOUD_FUNCTION_DEFINITION");
    }

    private static Set<String> eventTypes(Resource function) {
        return function.properties().section("Events").stream()
                .flatMap(events -> events.values().keySet().stream()
                        .map(name -> events.section(name).orElseThrow().requiredText("Type")))
                .collect(Collectors.toSet());
    }

    private Stream<String> actions(Resource function) {
        return statements(function)
                .flatMap(statement -> texts(statement.values().get("Action")));
    }

    /// The one mapping of a table's stream.
    private Section streamOf(String table) {
        List<Section> mappings = events("DynamoDB").stream()
                .filter(mapping -> Map.of("Fn::GetAtt", List.of(table, "StreamArn"))
                        .equals(mapping.values().get("Stream")))
                .toList();
        assertThat(mappings).as(table).hasSize(1);
        return mappings.getFirst();
    }

    /// What cannot be handled waits until it can be, one record does not hold up its batch, and what is given up
    /// after all is kept.
    private static void assertFailsAsOthersDo(Section mapping) {
        assertThat(mapping.requiredText("StartingPosition")).isEqualTo("TRIM_HORIZON");
        assertThat(mapping.number("MaximumBatchingWindowInSeconds")).contains(0);
        assertThat(mapping.number("MaximumRetryAttempts")).contains(-1);
        assertThat(mapping.flag("BisectBatchOnFunctionError")).contains(true);
        assertThat(mapping.texts("FunctionResponseTypes")).containsExactly("ReportBatchItemFailures");
        Section failure = mapping.section("DestinationConfig")
                .orElseThrow()
                .section("OnFailure")
                .orElseThrow();
        assertThat(failure.requiredText("Type")).isEqualTo("S3");
        assertThat(failure.reference("Destination")).contains("FailureBucket");
    }

    private static List<JsonNode> patterns(Section mapping) {
        return mapping.section("FilterCriteria").orElseThrow().sections("Filters").stream()
                .map(filter -> Json.mapper().readTree(filter.requiredText("Pattern")))
                .toList();
    }

    /// A record of the stream of Calls, as far as a filter may look.
    private static JsonNode change(String name, Map<String, AttributeValue> item) {
        ObjectNode change = Json.mapper().createObjectNode().put("eventName", name);
        ObjectNode keys = change.putObject("dynamodb").putObject("Keys");
        for (String key : List.of("subject", "part")) {
            keys.putObject(key).put("S", Objects.requireNonNull(item.get(key)).s());
        }
        return change;
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

    /// What a function's role allows.
    private Stream<Section> statements(Resource function) {
        return resource(function.properties().reference("Role").orElseThrow()).sections("Policies").stream()
                .flatMap(policy -> policy.section("PolicyDocument").orElseThrow().sections("Statement").stream());
    }

    private Deployment deployment() throws IOException {
        return Deployment.of(template);
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
    ///
    /// @param bound at the start of every function
    /// @param boundOnDemand when a function asks for them
    private record Properties(List<Class<?>> bound, List<Class<?>> boundOnDemand) {

        static Properties of(Class<?> configuration) {
            Properties properties = new Properties(new ArrayList<>(), new ArrayList<>());
            properties.collect(configuration);
            return properties;
        }

        private void collect(Class<?> configuration) {
            EnableConfigurationProperties enabled = configuration.getAnnotation(EnableConfigurationProperties.class);
            if (enabled != null) {
                bound.addAll(Arrays.asList(enabled.value()));
            }
            Arrays.stream(configuration.getDeclaredMethods())
                    .filter(method -> method.isAnnotationPresent(Bean.class))
                    .map(Method::getReturnType)
                    .filter(type -> type.isAnnotationPresent(ConfigurationProperties.class))
                    .forEach(boundOnDemand::add);
            Import imported = configuration.getAnnotation(Import.class);
            if (imported != null) {
                Arrays.stream(imported.value()).forEach(this::collect);
            }
        }
    }

    /// `timers.queue-url`, the component `queueUrl`, is set by `TIMERS_QUEUE_URL`.
    private static String variable(RecordComponent component) {
        String prefix = Objects.requireNonNull(
                        component.getDeclaringRecord().getAnnotation(ConfigurationProperties.class))
                .value();
        String name = component.getName().replaceAll("([A-Z])", "_$1");
        return (prefix.isEmpty() ? name : prefix + "_" + name).replace('.', '_').toUpperCase(Locale.ROOT);
    }

    private static List<String> withoutDefault(Class<?> record) {
        return Arrays.stream(record.getRecordComponents())
                .filter(component -> !hasDefault(component))
                .map(TemplateTest::variable)
                .toList();
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
