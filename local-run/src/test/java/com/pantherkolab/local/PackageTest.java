package com.pantherkolab.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.pantherkolab.local.lambda.FunctionPackage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is in the packages that are deployed, and what is not.
class PackageTest {
    private static final int LARGEST = 30_000_000;

    private static final String API = "api-functions/target/lambda";
    private static final String PUBLISHER = "stream-publisher/target/lambda";

    @ParameterizedTest
    @ValueSource(strings = {API, PUBLISHER})
    void aPackageIsAFolderOfJarsAndZippedNoLargerThanThirtyMegabytes(String codeUri) throws IOException {
        FunctionPackage made = Packages.of(codeUri);

        try (Stream<Path> files = Files.walk(made.folder())) {
            assertThat(files.filter(Files::isRegularFile).sorted()).isEqualTo(made.jars());
        }
        int size = zipped(made).length;
        System.out.printf("%s: %d jars, %.1f MB zipped%n", codeUri, made.jars().size(), size / 1e6);
        assertThat(size).isBetween(1_000_000, LARGEST);
    }

    @ParameterizedTest
    @ValueSource(strings = {API, PUBLISHER})
    void noTestAndNoClassOfLocalRunIsDeployed(String codeUri) throws IOException {
        FunctionPackage made = Packages.of(codeUri);

        assertThat(names(made))
                .noneMatch(jar -> jar.matches(
                        ".*(-tests|junit|assertj|archunit|jetty|netty|tomcat|DynamoDBLocal|sqlite4java|js-|polyglot|"
                                + "spring-boot-test|apache-client|aws-crt|mockito|runtime-interface).*"));
        assertThat(classes(made).filter(name -> name.startsWith("com/pantherkolab/")))
                .hasSizeGreaterThan(50)
                .noneMatch(name -> name.startsWith("com/pantherkolab/local/") || name.endsWith("Test.class"))
                .noneMatch(name -> name.startsWith("com/pantherkolab/events/"));
    }

    @Test
    void theWritingSideAndThePublishingSideAreNotInOnePackage() throws IOException {
        assertThat(classes(Packages.of(API)))
                .noneMatch(name -> name.startsWith("com/pantherkolab/publisher/"))
                .noneMatch(name -> name.startsWith("software/amazon/awssdk/services/appsync"))
                .contains("com/pantherkolab/api/ApiFunctions.class");
        assertThat(classes(Packages.of(PUBLISHER)))
                .noneMatch(name -> name.startsWith("com/pantherkolab/api/"))
                .contains(
                        "com/pantherkolab/publisher/PublisherFunctions.class",
                        "com/pantherkolab/publisher/ReplayFunctions.class");
    }

    @ParameterizedTest
    @ValueSource(strings = {API, PUBLISHER})
    void noClassIsInTwoJarsOfAPackage(String codeUri) throws IOException {
        Set<String> seen = new TreeSet<>();

        assertThat(classes(Packages.of(codeUri))
                        .filter(name -> !name.endsWith("module-info.class"))
                        .filter(name -> !seen.add(name)))
                .isEmpty();
    }

    /// Two builds of one commit are the same bytes: what is ours was not written at the time of the build.
    @ParameterizedTest
    @ValueSource(strings = {API, PUBLISHER})
    void ourJarsSayNothingOfWhenAndWhereTheyWereMade(String codeUri) throws IOException {
        FunctionPackage made = Packages.of(codeUri);
        List<Path> ours = made.jars().stream()
                .filter(jar -> jar.getFileName().toString().matches("(common|api-functions|stream-publisher)-.*"))
                .toList();

        assertThat(ours).hasSize(2);
        for (Path jar : ours) {
            try (JarFile file = new JarFile(jar.toFile())) {
                assertThat(file.stream().map(JarEntry::getTimeLocal).distinct())
                        .containsExactly(LocalDateTime.of(2026, 11, 1, 0, 0));
                assertThat(file.getManifest().getMainAttributes().keySet().stream()
                                .map(Object::toString))
                        .doesNotContain("Built-By", "Build-Jdk", "Build-Host");
            }
        }
    }

    private static Stream<String> classes(FunctionPackage made) {
        return made.jars().stream().flatMap(jar -> {
            try (JarFile file = new JarFile(jar.toFile())) {
                return file.stream()
                        .map(JarEntry::getName)
                        .filter(name -> name.endsWith(".class") && !name.startsWith("META-INF/"))
                        .toList()
                        .stream();
            } catch (IOException unreadable) {
                throw new AssertionError(unreadable);
            }
        });
    }

    private static Set<String> names(FunctionPackage made) {
        return made.jars().stream()
                .map(jar -> jar.getFileName().toString())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static byte[] zipped(FunctionPackage made) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Path jar : made.jars()) {
                zip.putNextEntry(new ZipEntry(made.folder().relativize(jar).toString()));
                zip.write(Files.readAllBytes(jar));
                zip.closeEntry();
            }
        }
        return bytes.toByteArray();
    }
}
