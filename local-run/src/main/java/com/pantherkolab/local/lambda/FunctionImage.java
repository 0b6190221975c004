package com.pantherkolab.local.lambda;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/// What a container image holds of a function: jars, in the order in which they are a class path, and the
/// ahead-of-time cache of just these jars in this order.
///
/// Names are relative to the folder, which is the working directory where the function runs. The folder of the jars
/// is not one that the runtime interface client looks into: nothing is on two class paths.
///
/// @param folder the working directory of the image
public record FunctionImage(Path folder) {
    private static final String JARS = "jars";
    private static final String CLASS_PATH = "class-path";
    private static final String CACHE = "function.aot";

    public FunctionImage {
        folder = folder.toAbsolutePath().normalize();
    }

    /// The jars: the package's, and the runtime interface client's beside them.
    public List<Path> jars() {
        return FunctionPackage.jars(folder.resolve(JARS));
    }

    /// A file of arguments for `java`, which names the jars: a wildcard would have no order.
    public Path classPath() {
        return folder.resolve(CLASS_PATH);
    }

    /// The cache, once it is trained.
    public Path cache() {
        return folder.resolve(CACHE);
    }

    /// Writes down the jars that are there.
    void writeClassPath() {
        String jars = jars().stream()
                .map(jar -> folder.relativize(jar).toString())
                .collect(Collectors.joining(":", "-cp\n", "\n"));
        try {
            Files.writeString(classPath(), jars);
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
    }
}
