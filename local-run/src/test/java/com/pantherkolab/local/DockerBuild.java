package com.pantherkolab.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.pantherkolab.common.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// Carries out a Dockerfile without Docker: each stage is a folder, and its steps are done in it, on this machine's
/// JDK in place of the base image's.
///
/// It knows what our Dockerfile needs and refuses the rest. It shows that the files are there and that the steps do
/// what they should; not what the base image is, and not how Docker keeps its layers.
final class DockerBuild {
    private final Path context;
    private final Map<String, String> arguments;
    private final Path folder;
    private final Map<String, Image> stages = new HashMap<>();
    private Image image = new Image(Path.of("/"));

    /// A stage, as far as it has come.
    static final class Image {
        private final Path root;
        private Path workingDirectory;
        private List<String> entryPoint = List.of();
        private List<String> command = List.of();

        private Image(Path root) {
            this.root = root;
            this.workingDirectory = root;
        }

        /// The root of its file system.
        Path root() {
            return root;
        }

        /// Where it starts.
        Path workingDirectory() {
            return workingDirectory;
        }

        List<String> entryPoint() {
            return entryPoint;
        }

        List<String> command() {
            return command;
        }

        /// A path in it, relative to where it works.
        private Path path(String path) {
            Path inside = path.startsWith("/")
                    ? root.resolve(path.substring(1)).normalize()
                    : workingDirectory.resolve(path).normalize();
            assertThat(inside.startsWith(root)).as(path).isTrue();
            return inside;
        }
    }

    private DockerBuild(Path context, Map<String, String> arguments, Path folder) {
        this.context = context;
        this.arguments = Map.copyOf(arguments);
        this.folder = folder;
    }

    /// Builds the last stage.
    ///
    /// @param context what is copied from
    /// @param arguments what the build is given
    /// @param folder an empty one, for the stages
    static Image build(Path dockerfile, Path context, Map<String, String> arguments, Path folder) throws Exception {
        DockerBuild build = new DockerBuild(context, arguments, folder);
        String text = Files.readString(dockerfile).replaceAll("(?m)^#.*\n", "").replace("\\\n", " ");
        for (String line : text.lines().filter(it -> !it.isBlank()).toList()) {
            String[] step = line.strip().split(" +", 2);
            build.carryOut(step[0], build.substituted(step[1]));
        }
        return build.image;
    }

    private void carryOut(String instruction, String operands) throws Exception {
        List<String> words = new ArrayList<>(Arrays.asList(operands.split(" +")));
        switch (instruction) {
            case "FROM" -> from(words);
            case "ARG" -> assertThat(arguments).containsKey(operands);
            case "WORKDIR" -> {
                image.workingDirectory = image.path(operands);
                Files.createDirectories(image.workingDirectory);
            }
            case "COPY" -> copy(words);
            case "RUN" -> run(operands);
            case "ENTRYPOINT" -> image.entryPoint = texts(operands);
            case "CMD" -> image.command = texts(operands);
            default -> throw new AssertionError("this build knows no " + instruction);
        }
    }

    private void from(List<String> words) throws IOException {
        Image from = stages.get(words.getFirst());
        image = new Image(Files.createDirectory(folder.resolve("stage-" + (stages.size() + 1))));
        if (from != null) {
            copyInto(from.root, image.root);
            image.workingDirectory = image.root.resolve(from.root.relativize(from.workingDirectory));
            image.entryPoint = from.entryPoint;
            image.command = from.command;
        }
        stages.put(words.size() == 3 ? words.getLast() : "the last", image);
    }

    private void copy(List<String> words) throws IOException {
        Path source = context;
        if (words.getFirst().startsWith("--from=")) {
            source = Objects.requireNonNull(stages.get(words.removeFirst().substring("--from=".length()))).root;
        }
        Path target = image.path(words.removeLast());
        for (String word : words) {
            Path from = source.resolve(word.startsWith("/") ? word.substring(1) : word);
            assertThat(from).exists();
            if (Files.isDirectory(from)) {
                copyInto(from, target);
            } else {
                copyInto(from, target.resolve(from.getFileName()));
            }
        }
    }

    /// Times stay, as in a layer.
    private static void copyInto(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Path copy = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
                    Files.createDirectories(copy);
                } else {
                    Files.createDirectories(Objects.requireNonNull(copy.getParent()));
                    Files.copy(file, copy, StandardCopyOption.COPY_ATTRIBUTES, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }

    private void run(String command) throws IOException, InterruptedException {
        Path log = Files.createTempFile(folder, "run", ".log");
        ProcessBuilder shell = new ProcessBuilder("sh", "-c", command)
                .directory(image.workingDirectory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        shell.environment().clear();
        shell.environment().put("PATH", Path.of(System.getProperty("java.home"), "bin") + ":/usr/bin:/bin");
        assertThat(shell.start().waitFor()).as(() -> command + "\n" + text(log)).isEqualTo(0);
    }

    private String substituted(String text) {
        String known = text;
        for (Map.Entry<String, String> argument : arguments.entrySet()) {
            known = known.replace("${" + argument.getKey() + "}", argument.getValue());
        }
        assertThat(known).doesNotContain("${");
        return known;
    }

    private static List<String> texts(String json) {
        return Json.mapper()
                .readTree(json)
                .valueStream()
                .map(JsonNode::stringValue)
                .toList();
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
