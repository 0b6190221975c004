package com.pantherkolab.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.pantherkolab.events.template.CloudFormationTemplate;
import com.pantherkolab.events.template.CloudFormationTemplate.Resource;
import com.pantherkolab.events.template.Section;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The files that the image is built and deployed by and that are made of `template.yaml`. `-Dimage.write=true`
/// makes them anew.
class ImageFilesTest {
    private static final Path TEMPLATE = Deployment.find();
    private static final Set<String> OF_PACKAGES = Set.of("CodeUri", "SnapStart");
    private static final Set<String> OF_IMAGES = Set.of("PackageType", "ImageConfig");

    private final CloudFormationTemplate packages = CloudFormationTemplate.read(TEMPLATE);
    private final CloudFormationTemplate images =
            CloudFormationTemplate.read(TEMPLATE.resolveSibling(ImageTemplate.FILE));

    ImageFilesTest() throws IOException {}

    @BeforeAll
    static void makeThemAnewIfThatIsAskedFor() throws IOException {
        if (Boolean.getBoolean("image.write")) {
            Files.writeString(
                    TEMPLATE.resolveSibling(ImageTemplate.FILE), ImageTemplate.of(Files.readString(TEMPLATE)));
            Files.writeString(TEMPLATE.resolveSibling(ImageTraining.FILE), ImageTraining.of(Deployment.read(TEMPLATE)));
        }
    }

    @Test
    void theTemplateOfTheImagesIsMadeOfTheOther() throws IOException {
        assertIsMade(ImageTemplate.FILE, ImageTemplate.of(Files.readString(TEMPLATE)));
    }

    @Test
    void whatAFunctionIsToldInTrainingIsMadeOfTheTemplate() throws IOException {
        assertIsMade(ImageTraining.FILE, ImageTraining.of(Deployment.read(TEMPLATE)));
    }

    @Test
    void everyFunctionIsAnImageThatTheDockerfileMakes() {
        List<Resource> functions = images.resources(Deployment.FUNCTION);

        assertThat(functions).hasSameSizeAs(packages.resources(Deployment.FUNCTION));
        for (Resource function : functions) {
            Section metadata = metadata(function);
            Section arguments = metadata.section("DockerBuildArgs").orElseThrow();
            assertThat(function.properties().requiredText("PackageType")).isEqualTo("Image");
            assertThat(TEMPLATE.resolveSibling(metadata.requiredText("Dockerfile")))
                    .isRegularFile();
            assertThat(metadata.requiredText("DockerContext")).isEqualTo(".");
            assertThat(arguments.requiredText("FUNCTION")).isEqualTo(Deployment.bean(function));
            assertThat(arguments.requiredText("MODULE") + "/target/lambda")
                    .isEqualTo(twin(function).properties().requiredText("CodeUri"));
        }
    }

    @Test
    void everyImageRunsTheHandlerOfThePackage() {
        String handler = globals(packages).requiredText("Handler");

        assertThat(images.resources(Deployment.FUNCTION)).allSatisfy(function -> assertThat(function.properties()
                        .section("ImageConfig")
                        .orElseThrow()
                        .texts("Command"))
                .containsExactly(twin(function).properties().text("Handler").orElse(handler)));
    }

    @Test
    void everyImageStartsWithTheOptionsOfThePackageAndItsCache() {
        assertThat(options(images))
                .isEqualTo(options(packages).stream()
                        .map(options -> options + " -XX:AOTCache=function.aot")
                        .toList())
                .isNotEmpty();
    }

    /// Read from the two files, and not made by the code that makes one of the other.
    @Test
    void nothingElseIsDifferent() {
        assertThat(without(Set.of("Globals", "Resources"), images.root().values()))
                .isEqualTo(
                        without(Set.of("Globals", "Resources"), packages.root().values()))
                .isNotEmpty();
        assertThat(without(Set.of("Environment"), globals(images).values()))
                .isEqualTo(without(
                        Set.of("Environment", "Runtime", "Handler", "SnapStart"),
                        globals(packages).values()))
                .isNotEmpty();
        assertThat(without(
                        Set.of("JAVA_TOOL_OPTIONS"), variables(globals(images)).values()))
                .isEqualTo(without(
                        Set.of("JAVA_TOOL_OPTIONS"),
                        variables(globals(packages)).values()))
                .isNotEmpty();
        assertThat(images.resources().stream().map(Resource::logicalId))
                .containsExactlyElementsOf(
                        packages.resources().stream().map(Resource::logicalId).toList());
        for (Resource image : images.resources()) {
            assertThat(without(OF_IMAGES, image.properties().values()))
                    .as(image.logicalId())
                    .isEqualTo(without(OF_PACKAGES, twin(image).properties().values()));
            assertThat(without(Set.of("Properties", "Metadata"), whole(images, image)))
                    .as(image.logicalId())
                    .isEqualTo(without(Set.of("Properties"), whole(packages, image)));
        }
    }

    private static void assertIsMade(String file, String made) throws IOException {
        assertThat(Files.readString(TEMPLATE.resolveSibling(file)))
                .as("%s is not of this template.yaml: run this test with -Dimage.write=true", file)
                .isEqualTo(made);
    }

    private Resource twin(Resource image) {
        return packages.resources().stream()
                .filter(resource -> resource.logicalId().equals(image.logicalId()))
                .findFirst()
                .orElseThrow();
    }

    private Section metadata(Resource function) {
        return images.root()
                .section("Resources")
                .flatMap(all -> all.section(function.logicalId()))
                .flatMap(resource -> resource.section("Metadata"))
                .orElseThrow();
    }

    private static Map<String, Object> whole(CloudFormationTemplate template, Resource resource) {
        return template.root()
                .section("Resources")
                .flatMap(all -> all.section(resource.logicalId()))
                .orElseThrow()
                .values();
    }

    private static Section globals(CloudFormationTemplate template) {
        return template.root()
                .section("Globals")
                .flatMap(all -> all.section("Function"))
                .orElseThrow();
    }

    private static Section variables(Section function) {
        return function.section("Environment")
                .flatMap(it -> it.section("Variables"))
                .orElseThrow();
    }

    /// Those of all functions, and those that a function has for itself.
    private static List<String> options(CloudFormationTemplate template) {
        return Stream.concat(
                        Stream.of(globals(template)),
                        template.resources(Deployment.FUNCTION).stream().map(Resource::properties))
                .flatMap(function -> variables(function).text("JAVA_TOOL_OPTIONS").stream())
                .toList();
    }

    private static Map<String, Object> without(Set<String> keys, Map<String, Object> values) {
        Map<String, Object> rest = new LinkedHashMap<>(values);
        rest.keySet().removeAll(keys);
        return rest;
    }
}
