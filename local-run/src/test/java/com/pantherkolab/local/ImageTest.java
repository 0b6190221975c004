package com.pantherkolab.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.pantherkolab.events.template.CloudFormationTemplate;
import com.pantherkolab.events.template.CloudFormationTemplate.Resource;
import com.pantherkolab.events.template.Section;
import com.pantherkolab.local.lambda.FunctionImage;
import com.pantherkolab.local.lambda.FunctionPackage;
import com.pantherkolab.local.lambda.FunctionProcess;
import com.pantherkolab.local.lambda.RuntimeApi.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The images of `template-image.yaml`: the steps of the Dockerfile are carried out on this machine's JDK, and what
/// comes out is started as Lambda starts an image, with its trained cache, under AWS's runtime interface client.
///
/// A cache that does not fit ends the JVM here; where it is deployed, the function starts without it.
class ImageTest {
    private static final Path TEMPLATE = Deployment.find();
    private static final Duration PLENTY = Duration.ofSeconds(60);

    /// A machine as small as the function's.
    private static final String AS_SMALL = " -XX:MaxRAM=1g";

    private static final String WITH_THE_CACHE = " -XX:AOTMode=on";

    private static final Map<String, DockerBuild.Image> IMAGES = new LinkedHashMap<>();

    private static Path folder;
    private static LocalCloud cloud;
    private static Map<String, DeployedFunction> functions;
    private static CloudFormationTemplate template;

    @BeforeAll
    static void theImages(@TempDir Path temporary) throws Exception {
        for (String codeUri : List.of("api-functions/target/lambda", "stream-publisher/target/lambda")) {
            Packages.of(codeUri);
        }
        folder = temporary;
        template = CloudFormationTemplate.read(TEMPLATE.resolveSibling(ImageTemplate.FILE));
        cloud = LocalCloud.start(Deployment.read(TEMPLATE));
        functions = new HashMap<>();
        cloud.functions().forEach(function -> functions.put(function.bean(), function));
        for (String function : SampleEvents.files().keySet()) {
            IMAGES.put(function, build(function));
        }
    }

    @AfterAll
    static void end() {
        if (cloud != null) {
            cloud.close();
        }
    }

    @Test
    void everyFunctionOfTheTemplateAnswersItsSampleEventFromItsImageWithTheCacheOfItsBuild() throws Exception {
        assertThat(IMAGES.keySet()).isEqualTo(functions.keySet());

        for (String function : IMAGES.keySet()) {
            try (FunctionProcess process = start(function, WITH_THE_CACHE)) {
                Answer answer = process.invoke(
                        SampleEvents.text(
                                Objects.requireNonNull(SampleEvents.files().get(function))),
                        PLENTY);

                assertThat(answer).as(process.log()).isInstanceOf(Answer.Returned.class);
                SampleEvents.assertAnswered(function, answer.text());
                assertThat(process.log()).contains("-XX:AOTCache=function.aot").doesNotContain("[aot]");
            }
        }
    }

    /// No test, nothing of local run, nothing of the training.
    @Test
    void anImageHoldsThePackageTheRuntimeInterfaceClientTheirNamesAndTheCache() throws IOException {
        for (Map.Entry<String, DockerBuild.Image> image : IMAGES.entrySet()) {
            FunctionImage inside = new FunctionImage(image.getValue().workingDirectory());
            List<Path> expected = new ArrayList<>(inside.jars());
            expected.add(inside.classPath());
            expected.add(inside.cache());

            try (Stream<Path> files = Files.walk(image.getValue().root())) {
                assertThat(files.filter(Files::isRegularFile))
                        .as(image.getKey())
                        .containsExactlyInAnyOrderElementsOf(expected);
            }
            assertThat(inside.jars().stream().map(jar -> jar.getFileName().toString()))
                    .containsExactlyElementsOf(Stream.concat(
                                    packaged(image.getKey()).jars().stream(),
                                    FunctionPackage.runtimeInterface(TEMPLATE.resolveSibling("local-run/target"))
                                            .stream())
                            .map(jar -> jar.getFileName().toString())
                            .distinct()
                            .sorted()
                            .toList());
            System.out.printf("%s: a cache of %.1f MB%n", image.getKey(), Files.size(inside.cache()) / 1e6);
        }
    }

    /// Where the order differed, or a name, the cache would be of no use.
    @Test
    void theClassPathIsEveryJarOfTheImageInTheirOrder() throws IOException {
        FunctionImage inside = new FunctionImage(image("streamPublisher").workingDirectory());

        assertThat(Files.readString(inside.classPath()))
                .isEqualTo("-cp\n"
                        + String.join(
                                ":",
                                inside.jars().stream()
                                        .map(jar -> "jars/" + jar.getFileName())
                                        .toList())
                        + "\n");
    }

    /// Which is why the cache is of the layer that the jars are in. It shows too that the tests above would notice
    /// a cache that does not fit; and where the function is deployed, it starts all the same.
    @Test
    void aJarOfAnotherTimeIsNotTheOneThatTheCacheIsOf() throws Exception {
        FunctionImage inside = new FunctionImage(image("callTimers").workingDirectory());
        Path jar = inside.jars().getFirst();
        FileTime then = Files.getLastModifiedTime(jar);
        Files.setLastModifiedTime(jar, FileTime.from(Instant.EPOCH));
        try (FunctionProcess strict = start("callTimers", WITH_THE_CACHE);
                FunctionProcess deployed = start("callTimers", "")) {
            assertThatThrownBy(strict::init).hasMessageContaining("timestamp has changed");
            assertThat(deployed.init()).isPositive();
            assertThat(deployed.log()).contains("timestamp has changed");
        } finally {
            Files.setLastModifiedTime(jar, then);
        }
    }

    // ------------------------------------------------------------------------------------------

    private static DockerBuild.Image build(String function) throws Exception {
        Section metadata = template.root()
                .section("Resources")
                .flatMap(all -> all.section(resource(function).logicalId()))
                .flatMap(resource -> resource.section("Metadata"))
                .orElseThrow();
        Map<String, String> arguments = new HashMap<>();
        metadata.section("DockerBuildArgs")
                .orElseThrow()
                .values()
                .forEach((name, value) -> arguments.put(name, value.toString()));
        return DockerBuild.build(
                TEMPLATE.resolveSibling(metadata.requiredText("Dockerfile")),
                TEMPLATE.resolveSibling(metadata.requiredText("DockerContext")).normalize(),
                arguments,
                Files.createDirectory(folder.resolve(function)));
    }

    /// As Lambda does: what the image says, then what the template says in place of the image's command.
    ///
    /// @param option one more for the JVM
    private static FunctionProcess start(String function, String option) {
        DockerBuild.Image image = image(function);
        List<String> arguments = new ArrayList<>(image.entryPoint());
        assertThat(arguments.removeFirst()).isEqualTo("java");
        arguments.addAll(resource(function)
                .properties()
                .section("ImageConfig")
                .orElseThrow()
                .texts("Command"));
        Map<String, String> environment =
                new HashMap<>(cloud.environment(Objects.requireNonNull(functions.get(function))));
        environment.put("JAVA_TOOL_OPTIONS", options(resource(function)) + AS_SMALL + option);
        return FunctionProcess.start(
                image.workingDirectory(), arguments, environment, folder.resolve(function + option.strip() + ".log"));
    }

    /// A function's own, or those of all.
    private static String options(Resource function) {
        return Stream.of(
                        Optional.of(function.properties()),
                        template.root().section("Globals").flatMap(globals -> globals.section("Function")))
                .flatMap(Optional::stream)
                .flatMap(properties -> properties.section("Environment").stream())
                .flatMap(environment -> environment.section("Variables").stream())
                .flatMap(variables -> variables.text("JAVA_TOOL_OPTIONS").stream())
                .findFirst()
                .orElseThrow();
    }

    private static Resource resource(String function) {
        return template.resources(Deployment.FUNCTION).stream()
                .filter(resource -> Deployment.bean(resource).equals(function))
                .findFirst()
                .orElseThrow();
    }

    private static DockerBuild.Image image(String function) {
        return Objects.requireNonNull(IMAGES.get(function));
    }

    private static FunctionPackage packaged(String function) {
        return new FunctionPackage(TEMPLATE.resolveSibling(
                Objects.requireNonNull(functions.get(function)).codeUri()));
    }
}
