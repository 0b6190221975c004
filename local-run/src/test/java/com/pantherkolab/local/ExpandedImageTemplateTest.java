package com.pantherkolab.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// What CloudFormation gets to see of the images: `template-image.yaml` as SAM expands it.
class ExpandedImageTemplateTest {
    private static final Path TEMPLATE = Deployment.find().resolveSibling(ImageTemplate.FILE);

    private static @Nullable JsonNode resources;

    @BeforeAll
    static void expand() throws Exception {
        TemplateTools.require();
        resources = TemplateTools.expanded(TEMPLATE).path("Resources");
    }

    @Test
    void itLintsClean() throws Exception {
        assertThat(TemplateTools.findings(List.of(TEMPLATE))).isEmpty();
    }

    /// SAM and cfn-lint would let a snapshot of an image pass; Lambda does not.
    @Test
    void everyFunctionIsAnImageAndNoneIsRestoredFromASnapshot() {
        assertThat(ofType("AWS::Lambda::Function")).hasSize(7).allSatisfy(function -> {
            assertThat(function.path("PackageType").stringValue()).isEqualTo("Image");
            assertThat(function.at("/Code/ImageUri").stringValue()).isNotEmpty();
            assertThat(function.at("/ImageConfig/Command")).hasSize(1);
            assertThat(function.propertyNames()).doesNotContain("SnapStart", "Runtime", "Handler", "Layers");
        });
    }

    @Test
    void whoeverInvokesAFunctionStillInvokesItsAlias() {
        assertThat(ofType("AWS::Lambda::Alias")).hasSize(7);
        assertThat(ofType("AWS::Lambda::Version")).hasSize(7);
        assertThat(ofType("AWS::Lambda::EventSourceMapping")).hasSize(3).allSatisfy(mapping -> assertThat(
                        mapping.at("/FunctionName/Ref").stringValue())
                .endsWith("Aliaslive"));
    }

    @Test
    void mistakesInItAreFound(@TempDir Path folder) throws Exception {
        Map<String, String> planted = new LinkedHashMap<>();
        plant(planted, "a runtime beside the image", "    Architectures:", "    Runtime: java25\n    Architectures:");
        plant(planted, "neither package nor image", "      PackageType: Image\n", "");
        plant(planted, "a kind that there is not", "PackageType: Image", "PackageType: Container");
        plant(planted, "a misspelt setting", "        Command:\n", "        Commands:\n");
        List<Path> files = new ArrayList<>();
        for (Map.Entry<String, String> mistake : planted.entrySet()) {
            files.add(Files.writeString(folder.resolve(mistake.getKey()), mistake.getValue()));
        }

        List<String> findings = TemplateTools.findings(files);

        assertThat(files).allSatisfy(file -> assertThat(findings)
                .anySatisfy(finding -> assertThat(finding).startsWith(file + ": ")));
    }

    private static void plant(Map<String, String> planted, String what, String from, String to) throws Exception {
        String text = Files.readString(TEMPLATE);
        assertThat(text).contains(from);
        planted.put(what, text.replace(from, to));
    }

    private static List<JsonNode> ofType(String type) {
        return Stream.of(Objects.requireNonNull(resources))
                .flatMap(all -> all.properties().stream())
                .map(Map.Entry::getValue)
                .filter(resource -> resource.path("Type").stringValue("").equals(type))
                .map(resource -> resource.path("Properties"))
                .toList();
    }
}
