package com.pantherkolab.local.lambda;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// A folder as `template.yaml` names it in `CodeUri`: jars in `lib`, nothing else.
///
/// @param folder the task root
public record FunctionPackage(Path folder) {
    public FunctionPackage {
        folder = folder.toAbsolutePath().normalize();
    }

    /// Whether it has been made.
    public boolean exists() {
        return Files.isDirectory(folder.resolve("lib"));
    }

    /// Its jars, in the order in which Lambda's class loader has them.
    public List<Path> jars() {
        return jars(folder.resolve("lib"));
    }

    /// The jars of AWS's runtime interface client, where the build of local run has put them.
    ///
    /// @param target the build's folder of local run
    public static List<Path> runtimeInterface(Path target) {
        return jars(target.resolve("runtime-interface"));
    }

    /// The jars of a folder, by their names.
    static List<Path> jars(Path lib) {
        try (Stream<Path> files = Files.list(lib)) {
            return files.map(Path::toAbsolutePath)
                    .filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
