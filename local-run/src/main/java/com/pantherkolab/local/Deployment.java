package com.pantherkolab.local;

import com.pantherkolab.events.template.CloudFormationTemplate;
import com.pantherkolab.events.template.CloudFormationTemplate.Resource;
import com.pantherkolab.events.template.EventApi;
import com.pantherkolab.events.template.Section;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// `template.yaml` as local run sees it: what is deployed, with logical ids in place of the names that AWS would
/// give.
///
/// @param routes the gateway's routes, in the order of the file
/// @param tables the DynamoDB tables
/// @param streams how the tables' streams feed the functions
/// @param eventApi the channels
/// @param aws the queues, buckets and rules, and whom they feed
/// @param template the file itself
public record Deployment(
        List<Route> routes,
        List<Table> tables,
        List<StreamMapping> streams,
        EventApi eventApi,
        AwsResources aws,
        CloudFormationTemplate template) {
    static final String FUNCTION = "AWS::Serverless::Function";

    private static final int DEFAULT_TIMEOUT_SECONDS = 3;

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
        return of(CloudFormationTemplate.read(file));
    }

    /// What a template deploys.
    static Deployment of(CloudFormationTemplate template) {
        List<Resource> functions = template.resources(FUNCTION);
        return new Deployment(
                functions.stream()
                        .flatMap(function -> events(function, "HttpApi")
                                .filter(event -> !isPreflight(event))
                                .map(event -> route(function, event)))
                        .toList(),
                template.resources("AWS::DynamoDB::Table").stream()
                        .map(table -> new Table(table.logicalId(), table.properties()))
                        .toList(),
                streams(template, functions),
                EventApi.from(template),
                AwsResources.read(template),
                template);
    }

    /// The function beans that are deployed.
    List<String> functions() {
        return template.resources(FUNCTION).stream().map(Deployment::bean).toList();
    }

    /// What the functions' environment is here.
    ///
    /// @param names what the queues and buckets are called, by their logical ids
    FunctionEnvironment environment(Map<String, String> names) {
        Map<String, String> all = new HashMap<>(names);
        tables.forEach(table -> all.put(table.name(), table.name()));
        return FunctionEnvironment.read(template, all);
    }

    static Stream<Section> events(Resource function, String type) {
        return eventsByName(function, type).values().stream();
    }

    private static Map<String, Section> eventsByName(Resource function, String type) {
        Map<String, Section> byName = new LinkedHashMap<>();
        function.properties().section("Events").ifPresent(events -> events.values()
                .keySet()
                .forEach(name -> byName.put(name, events.section(name).orElseThrow())));
        byName.values().removeIf(event -> !event.requiredText("Type").equals(type));
        return byName;
    }

    /// A browser's preflight is the gateway's own business; here [GatewaySecurity] answers it.
    private static boolean isPreflight(Section event) {
        return event.section("Properties")
                .flatMap(properties -> properties.text("Method"))
                .equals(Optional.of("OPTIONS"));
    }

    private static Route route(Resource function, Section event) {
        Section properties = event.section("Properties").orElseThrow();
        String key = properties
                .text("Path")
                .map(path -> properties.requiredText("Method").toUpperCase(Locale.ROOT) + " " + path)
                .orElse(Route.DEFAULT);
        return new Route(key, bean(function));
    }

    private static List<StreamMapping> streams(CloudFormationTemplate template, List<Resource> functions) {
        return functions.stream()
                .flatMap(function -> eventsByName(function, "DynamoDB").entrySet().stream()
                        .map(event -> StreamMapping.read(
                                event.getKey(),
                                bean(function),
                                timeout(template, function),
                                event.getValue().section("Properties").orElseThrow())))
                .toList();
    }

    /// How long an invocation may take: the function's own `Timeout`, else that of all functions, else Lambda's
    /// default.
    private static Duration timeout(CloudFormationTemplate template, Resource function) {
        return Duration.ofSeconds(function.properties()
                .number("Timeout")
                .or(() -> template.root()
                        .section("Globals")
                        .flatMap(globals -> globals.section("Function"))
                        .flatMap(all -> all.number("Timeout")))
                .orElse(DEFAULT_TIMEOUT_SECONDS));
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
}
