package com.pantherkolab.local;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.pantherkolab.local.lambda.FunctionPackage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/// The packages that `./mvnw package` has made, for tests that are about them.
///
/// Where there is none, or one of other classes than were just compiled, as after a plain `./mvnw test`, a test is
/// skipped and says why; `.ci/run` takes no skipped test.
final class Packages {
    private static final Path ROOT = Objects.requireNonNull(Deployment.find().getParent());

    private Packages() {}

    /// The package that `template.yaml` names in `CodeUri`.
    static FunctionPackage of(String codeUri) throws IOException {
        FunctionPackage made = new FunctionPackage(ROOT.resolve(codeUri));
        assumeTrue(made.exists(), codeUri + " is not there: ./mvnw verify makes it, ./mvnw test does not");
        Path module = ROOT.resolve(codeUri.substring(0, codeUri.indexOf('/')));
        assumeTrue(
                isOf(module.resolve("target/classes"), ownJar(made, module)),
                codeUri + " is of other classes than target/classes: ./mvnw verify makes it anew");
        return made;
    }

    /// The jar of the module itself.
    static Path ownJar(FunctionPackage made, Path module) {
        return made.jars().stream()
                .filter(jar -> jar.getFileName().toString().startsWith(module.getFileName() + "-"))
                .findFirst()
                .orElseThrow(() -> new AssertionError(made.folder() + " lacks the jar of its own module"));
    }

    private static boolean isOf(Path classes, Path jar) throws IOException {
        try (JarFile packed = new JarFile(jar.toFile());
                Stream<Path> files = Files.walk(classes)) {
            List<Path> compiled = files.filter(Files::isRegularFile).toList();
            for (Path file : compiled) {
                var entry = packed.getJarEntry(classes.relativize(file).toString());
                if (entry == null
                        || !Arrays.equals(packed.getInputStream(entry).readAllBytes(), Files.readAllBytes(file))) {
                    return false;
                }
            }
            return !compiled.isEmpty();
        }
    }
}
