package com.pantherkolab.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// What CloudFormation gets to see: the template as SAM expands it.
///
/// That AWS takes it is not shown by this; what SAM's translator and cfn-lint know of AWS is.
class ExpandedTemplateTest {
    private static @Nullable JsonNode resources;

    @BeforeAll
    static void expand() throws Exception {
        TemplateTools.require();
        resources = TemplateTools.expanded(Deployment.find()).path("Resources");
    }

    @Test
    void itLintsClean() throws Exception {
        assertThat(TemplateTools.findings(List.of(Deployment.find()))).isEmpty();
    }

    @Test
    void appSyncsOwnRulesFindNothingInTheHandlers() throws Exception {
        TemplateTools.requireForHandlers();

        assertThat(TemplateTools.handlerFindings(List.of(Deployment.find()))).isEmpty();
    }

    @Test
    void everyMappingAndEveryRuleInvokesTheAlias() {
        List<String> invoked = Stream.of(
                        properties("AWS::Lambda::EventSourceMapping").values().stream()
                                .map(mapping -> mapping.path("FunctionName")),
                        properties("AWS::Lambda::Permission").values().stream()
                                .map(permission -> permission.path("FunctionName")),
                        properties("AWS::Events::Rule").values().stream().map(rule -> rule.at("/Targets/0/Arn")))
                .flatMap(names -> names)
                .map(name -> name.path("Ref").stringValue())
                .toList();

        assertThat(invoked).hasSizeGreaterThan(20).allMatch(name -> name.endsWith("Aliaslive"));
        assertThat(properties("AWS::Lambda::EventSourceMapping")).hasSize(3);
        assertThat(properties("AWS::Lambda::EventInvokeConfig").values())
                .singleElement()
                .satisfies(config ->
                        assertThat(config.path("Qualifier").stringValue()).isEqualTo("live"));
    }

    @Test
    void theMappingsOfTheStreamsCountUnderTheNamesThatTheAlarmsLookAt() {
        Map<String, JsonNode> mappings = properties("AWS::Lambda::EventSourceMapping");
        List<String> looked = properties("AWS::CloudWatch::Alarm").values().stream()
                .flatMap(alarm -> alarm.path("Metrics").values().stream())
                .map(metric -> metric.at("/MetricStat/Metric/Dimensions/0"))
                .filter(dimension -> dimension.path("Name").stringValue("").equals("EventSourceMappingUUID"))
                .map(dimension -> dimension.at("/Value/Ref").stringValue(""))
                .distinct()
                .toList();

        assertThat(looked).hasSize(2).allSatisfy(name -> assertThat(
                        Objects.requireNonNull(mappings.get(name)).at("/MetricsConfig/Metrics/0"))
                .hasToString("\"EventCount\""));
    }

    @Test
    void everyVersionOfAFunctionIsASnapshotButTheReplays() {
        Map<String, JsonNode> functions = properties("AWS::Lambda::Function");

        assertThat(functions).hasSize(7);
        functions.forEach(
                (name, function) -> assertThat(function.at("/SnapStart/ApplyOn").stringValue())
                        .as(name)
                        .isEqualTo(name.equals("ReplayEvents") ? "None" : "PublishedVersions"));
        assertThat(properties("AWS::Lambda::Version")).hasSameSizeAs(functions);
    }

    /// SAM would give a function a role of its own making, with permissions for every stream and queue of the
    /// account.
    @Test
    void samMakesNoRoleOfItsOwn() {
        assertThat(properties("AWS::IAM::Role")).hasSize(7).allSatisfy((name, role) -> {
            assertThat(name).endsWith("Role");
            assertThat(role.has("ManagedPolicyArns")).isFalse();
        });
        assertThat(properties("AWS::Lambda::Function")).allSatisfy((name, function) -> assertThat(
                        function.at("/Role/Fn::GetAtt/0").stringValue())
                .isEqualTo(name + "Role"));
    }

    @Test
    void onlyAPreflightNeedsNoToken() {
        JsonNode body =
                properties("AWS::ApiGatewayV2::Api").values().iterator().next().path("Body");
        Map<String, String> schemes = body.path("paths").properties().stream()
                .flatMap(path -> path.getValue().properties().stream()
                        .map(operation -> Map.entry(
                                operation.getKey() + " " + path.getKey(),
                                operation
                                        .getValue()
                                        .at("/security/0")
                                        .propertyNames()
                                        .iterator()
                                        .next())))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));

        assertThat(schemes)
                .hasSizeGreaterThan(18)
                .containsEntry("x-amazon-apigateway-any-method $default", "UserPool")
                .containsEntry("options /{proxy+}", "NONE");
        assertThat(schemes.values().stream().filter(scheme -> !scheme.equals("UserPool")))
                .hasSize(1);
    }

    /// Of a configuration whose origins are a function, SAM would keep that and drop the rest.
    @Test
    void theGatewayIsToldOfPagesAllThatIsWritten() {
        JsonNode cors = properties("AWS::ApiGatewayV2::Api")
                .values()
                .iterator()
                .next()
                .path("Body")
                .path("x-amazon-apigateway-cors");
        JsonNode told = cors.at("/Fn::If/1");

        assertThat(cors.at("/Fn::If/0").stringValue()).isEqualTo("PagesMayCall");
        assertThat(told.at("/allowOrigins/Fn::Split/0").stringValue()).isEqualTo(",");
        assertThat(told.path("allowHeaders")).hasSize(4);
        assertThat(told.path("allowMethods")).hasSize(3);
        assertThat(told.path("exposeHeaders")).hasSize(3);
    }

    private static Map<String, JsonNode> properties(String type) {
        return Objects.requireNonNull(resources).properties().stream()
                .filter(resource ->
                        resource.getValue().path("Type").stringValue("").equals(type))
                .collect(Collectors.toMap(
                        Map.Entry::getKey, resource -> resource.getValue().path("Properties")));
    }
}
