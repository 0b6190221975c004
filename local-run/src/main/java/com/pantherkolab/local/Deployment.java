package com.pantherkolab.local;

import com.pantherkolab.events.template.CloudFormationTemplate;
import com.pantherkolab.events.template.CloudFormationTemplate.Resource;
import com.pantherkolab.events.template.EventApi;
import com.pantherkolab.events.template.Section;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// `template.yaml` as local run sees it: what is deployed, with logical ids in place of the names that AWS would
/// give.
///
/// @param routes the gateway's routes, in the order of the file
/// @param tables the DynamoDB tables
/// @param outboxStream how the outbox's stream feeds the publisher
/// @param eventApi the channels
/// @param properties what the functions' environment says of the tables, as Spring properties
/// @param aws the queues, buckets and rules, and whom they feed
public record Deployment(
        List<Route> routes,
        List<Table> tables,
        StreamMapping outboxStream,
        EventApi eventApi,
        Map<String, Object> properties,
        AwsResources aws) {
    static final String FUNCTION = "AWS::Serverless::Function";

    /// A route of the HTTP API.
    ///
    /// @param key `POST /api/messages/send`, or `$default`
    /// @param function the function bean that serves it
    record Route(String key, String function) {
        static final String DEFAULT = "$default";

        String method() {
            return key.substring(0, key.indexOf(' '));
        }

        String path() {
            return key.substring(key.indexOf(' ') + 1);
        }
    }

    /// A DynamoDB table: its logical id and what the template says of it.
    record Table(String name, Section properties) {}

    /// Finds `template.yaml` in the working directory or above it.
    static Path find() {
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            Path file = folder.resolve("template.yaml");
            if (Files.exists(file)) {
                return file;
            }
        }
        throw new IllegalStateException("There is no template.yaml in this folder or above it.");
    }

    /// Reads the deployment.
    public static Deployment read(Path file) throws IOException {
        CloudFormationTemplate template = CloudFormationTemplate.read(file);
        List<Resource> functions = template.resources(FUNCTION);
        return new Deployment(
                functions.stream()
                        .flatMap(function -> events(function, "HttpApi").map(event -> route(function, event)))
                        .toList(),
                template.resources("AWS::DynamoDB::Table").stream()
                        .map(table -> new Table(table.logicalId(), table.properties()))
                        .toList(),
                outboxStream(functions),
                EventApi.from(template),
                properties(functions),
                AwsResources.read(template));
    }

    /// The function beans that are deployed.
    List<String> functions() {
        return Stream.of(routes.stream().map(Route::function), Stream.of(outboxStream.function()), aws.functions())
                .flatMap(names -> names)
                .distinct()
                .toList();
    }

    static Stream<Section> events(Resource function, String type) {
        return function.properties().section("Events").stream()
                .flatMap(events -> events.values().keySet().stream()
                        .map(name -> events.section(name).orElseThrow()))
                .filter(event -> event.requiredText("Type").equals(type));
    }

    private static Route route(Resource function, Section event) {
        Section properties = event.section("Properties").orElseThrow();
        String key = properties
                .text("Path")
                .map(path -> properties.requiredText("Method").toUpperCase(Locale.ROOT) + " " + path)
                .orElse(Route.DEFAULT);
        return new Route(key, bean(function));
    }

    private static StreamMapping outboxStream(List<Resource> functions) {
        return functions.stream()
                .flatMap(function -> events(function, "DynamoDB")
                        .map(event -> StreamMapping.read(
                                bean(function), event.section("Properties").orElseThrow())))
                .collect(Collectors.collectingAndThen(Collectors.toList(), mappings -> {
                    if (mappings.size() != 1) {
                        throw new IllegalStateException(
                                "template.yaml has %d stream mappings; local run knows one".formatted(mappings.size()));
                    }
                    return mappings.getFirst();
                }));
    }

    static String bean(Resource function) {
        return environment(function).requiredText("SPRING_CLOUD_FUNCTION_DEFINITION");
    }

    static Section environment(Resource function) {
        return function.properties()
                .section("Environment")
                .flatMap(environment -> environment.section("Variables"))
                .orElseThrow(() -> new IllegalStateException(function.logicalId() + " has no environment"));
    }

    /// `TABLES_USERS: !Ref UsersTable` is the property `tables.users` with the value `UsersTable`.
    private static Map<String, Object> properties(List<Resource> functions) {
        Map<String, Object> properties = new LinkedHashMap<>();
        for (Resource function : functions) {
            Section variables = environment(function);
            for (String variable : variables.values().keySet()) {
                if (variable.startsWith("TABLES_")) {
                    Optional<String> table = variables.reference(variable);
                    properties.put(variable.toLowerCase(Locale.ROOT).replace('_', '.'), table.orElseThrow());
                }
            }
        }
        return properties;
    }
}
