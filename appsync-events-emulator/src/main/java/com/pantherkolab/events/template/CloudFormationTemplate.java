package com.pantherkolab.events.template;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.YAMLException;

/// A CloudFormation or SAM template, read and not evaluated.
///
/// Short forms become what they are short for: `!Ref X` is `{"Ref": "X"}`, `!Sub s` is `{"Fn::Sub": s}`, `!GetAtt
/// A.B` is `{"Fn::GetAtt": ["A", "B"]}`. Parameters, conditions and transforms are not applied, so a value that
/// depends on them is visible as such. A key that is given twice and a tag that CloudFormation does not know are
/// errors, not the last one wins.
///
/// Source of the short forms: CloudFormation's intrinsic function reference.
///
/// @param root the whole document
public record CloudFormationTemplate(Section root) {

    /// One entry of `Resources`.
    ///
    /// @param logicalId its name inside the template
    /// @param type such as `AWS::DynamoDB::Table`
    /// @param properties its `Properties`; empty when it has none
    public record Resource(String logicalId, String type, Section properties) {}

    /// Reads a file.
    ///
    /// @throws IOException when the file cannot be read
    /// @throws TemplateException when it is not a template
    public static CloudFormationTemplate read(Path file) throws IOException {
        return parse(Files.readString(file));
    }

    /// Reads a text.
    ///
    /// @throws TemplateException when it is not a template
    public static CloudFormationTemplate parse(String yaml) {
        var options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        try {
            return new CloudFormationTemplate(
                    Section.mapping("", CloudFormationYaml.with(options).load(yaml)));
        } catch (YAMLException notYaml) {
            throw new TemplateException("the template is not readable YAML", notYaml);
        }
    }

    /// Every resource, in the order of the file.
    public List<Resource> resources() {
        Section resources =
                root.section("Resources").orElseThrow(() -> new TemplateException("the template has no Resources"));
        return resources.values().keySet().stream()
                .map(id -> resource(resources, id))
                .toList();
    }

    /// The resources of one type, in the order of the file.
    public List<Resource> resources(String type) {
        return resources().stream()
                .filter(resource -> resource.type().equals(type))
                .toList();
    }

    private static Resource resource(Section resources, String logicalId) {
        Section resource = resources.section(logicalId).orElseThrow();
        return new Resource(
                logicalId,
                resource.requiredText("Type"),
                resource.section("Properties").orElseGet(() -> new Section(resource.path() + ".Properties", Map.of())));
    }
}
