package com.pantherkolab.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The files of this repository, without what builds leave behind.
final class Repository {
    private static final Set<String> LEFT_OUT = Set.of("target", "node_modules", ".git", ".idea", ".vscode");

    private final Path root = Objects.requireNonNull(Deployment.find().getParent());
    private final List<Path> files = new ArrayList<>();

    Repository() {
        try {
            Files.walkFileTree(root, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                    return LEFT_OUT.contains(folder.getFileName().toString())
                            ? FileVisitResult.SKIP_SUBTREE
                            : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    files.add(root.relativize(file));
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /// Files by the end of their names, relative to the root.
    List<Path> files(String... endings) {
        return files.stream()
                .filter(file -> Stream.of(endings).anyMatch(file.toString()::endsWith))
                .sorted()
                .toList();
    }

    /// Whether there is a file or a folder of this path, relative to the root.
    boolean has(Path path) {
        return !path.normalize().startsWith("..") && Files.exists(root.resolve(path));
    }

    String text(Path file) {
        try {
            return Files.readString(root.resolve(file));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /// What a group of a pattern catches, in all files of these endings.
    Set<String> all(String regex, String... endings) {
        Pattern pattern = Pattern.compile(regex, Pattern.MULTILINE);
        return files(endings).stream()
                .flatMap(file -> pattern.matcher(text(file)).results().map(found -> found.group(1)))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
