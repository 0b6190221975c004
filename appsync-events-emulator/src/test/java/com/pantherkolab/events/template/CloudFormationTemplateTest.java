package com.pantherkolab.events.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.pantherkolab.events.template.CloudFormationTemplate.Resource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CloudFormationTemplateTest {

    @Test
    void readsTheDeployment() throws IOException {
        var template = CloudFormationTemplate.read(Path.of("../template.yaml"));

        assertThat(template.resources("AWS::AppSync::Api"))
                .extracting(Resource::logicalId)
                .containsExactly("EventsApi");
        assertThat(template.resources("AWS::DynamoDB::Table"))
                .allSatisfy(table ->
                        assertThat(table.properties().text("BillingMode")).contains("PAY_PER_REQUEST"));
        assertThat(template.root().text("AWSTemplateFormatVersion")).contains("2010-09-09");
    }

    @Test
    void givesShortFormsTheirLongNames() {
        assertThat(properties("""
                    ref: !Ref A
                    condition: !Condition C
                    attribute: !GetAtt A.Outputs.B
                    attributes: !GetAtt [A, B]
                    sub: !Sub "x${A}"
                    subList: !Sub ["x${a}", { a: !Ref A }]
                    join: !Join ["-", [!Ref A, b]]
                    """).values())
                .isEqualTo(Map.of(
                        "ref", Map.of("Ref", "A"),
                        "condition", Map.of("Condition", "C"),
                        "attribute", Map.of("Fn::GetAtt", List.of("A", "Outputs.B")),
                        "attributes", Map.of("Fn::GetAtt", List.of("A", "B")),
                        "sub", Map.of("Fn::Sub", "x${A}"),
                        "subList", Map.of("Fn::Sub", List.of("x${a}", Map.of("a", Map.of("Ref", "A")))),
                        "join", Map.of("Fn::Join", List.of("-", List.of(Map.of("Ref", "A"), "b")))));
    }

    @Test
    void givesValuesByTheirKind() {
        var properties = properties("""
            text: a
            number: -1
            flag: true
            date: 2010-09-09
            list: [a, b]
            nested: { items: [{ name: a }, { name: b }] }
            nothing:
            byRef: !Ref Other
            byAttribute: !GetAtt Other.Arn
            """);

        assertThat(properties.text("text")).contains("a");
        assertThat(properties.number("number")).contains(-1);
        assertThat(properties.flag("flag")).contains(true);
        assertThat(properties.text("date")).contains("2010-09-09");
        assertThat(properties.texts("list")).containsExactly("a", "b");
        assertThat(properties.section("nested").orElseThrow().sections("items"))
                .extracting(item -> item.requiredText("name"))
                .containsExactly("a", "b");
        assertThat(properties.text("nothing")).isEmpty();
        assertThat(properties.text("absent")).isEmpty();
        assertThat(properties.sections("absent")).isEmpty();
        assertThat(properties.reference("byRef")).contains("Other");
        assertThat(properties.reference("byAttribute")).contains("Other");
    }

    @Test
    void namesThePlaceOfAWrongValue() {
        var properties = properties("number: x\nitems: [a]\n");

        assertThatThrownBy(() -> properties.number("number"))
                .isInstanceOf(TemplateException.class)
                .hasMessage("Resources.R.Properties.number must be a whole number");
        assertThatThrownBy(() -> properties.sections("items"))
                .hasMessage("Resources.R.Properties.items[0] must be a mapping");
        assertThatThrownBy(() -> properties.requiredText("name")).hasMessage("Resources.R.Properties.name is missing");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Resources: {",
                "- a",
                "",
                "Resources: { A: { Type: X }, A: { Type: Y } }",
                "Resources: { A: { Type: !Unknown x } }",
                "Resources: { A: { Type: !!java.net.URL [\"http://localhost\"] } }",
                "Resources: { A: text }",
                "Resources: { A: {} }",
                "Outputs: {}"
            })
    void refusesWhatIsNoTemplate(String yaml) {
        assertThatThrownBy(() -> CloudFormationTemplate.parse(yaml).resources()).isInstanceOf(TemplateException.class);
    }

    private static Section properties(String yaml) {
        return CloudFormationTemplate.parse("Resources:\n  R:\n    Type: T\n    Properties:\n" + yaml.indent(6))
                .resources()
                .getFirst()
                .properties();
    }
}
