package com.pantherkolab.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.pantherkolab.common.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// `.ci/template`: SAM's expansion and cfn-lint, in the Python that `.ci/run` made for them. And AppSync's own
/// rules for handlers, in the folder that it filled for them.
///
/// Where that is missing the tests that want it are skipped, and say so; in CI they fail instead.
final class TemplateTools {
    private static final Path TEMPLATE = Deployment.find();
    private static final Path SCRIPT = TEMPLATE.resolveSibling(".ci/template");
    private static final Path PYTHON = TEMPLATE.resolveSibling(".venv/bin/python");

    private static final Path HANDLERS = TEMPLATE.resolveSibling(".ci/handlers");

    private TemplateTools() {}

    /// Requires the tools.
    static void require() {
        require(
                Files.isExecutable(PYTHON),
                "no .venv with .ci/requirements.txt: the expanded template was not looked at");
    }

    /// Requires the tools that judge handlers.
    static void requireForHandlers() {
        require(
                Files.isDirectory(HANDLERS.resolve("node_modules")),
                "no packages in .ci/handlers: the channel handlers were run, but not linted");
    }

    private static void require(boolean there, String otherwise) {
        if (System.getenv("CI") != null) {
            assertThat(there).as(otherwise).isTrue();
        }
        assumeTrue(there, otherwise);
    }

    /// What is found in templates, a line for each finding: the file, the rule, the place and what is wrong.
    static List<String> findings(List<Path> templates) throws IOException, InterruptedException {
        return run(PYTHON.toString(), SCRIPT, paths(templates));
    }

    /// What AppSync's rules and types find in the handlers of templates, in lines of the same form.
    static List<String> handlerFindings(List<Path> templates) throws IOException, InterruptedException {
        return run("node", HANDLERS.resolve("lint.mjs"), paths(templates));
    }

    private static List<String> paths(List<Path> files) {
        return files.stream().map(Path::toString).toList();
    }

    /// What a template becomes.
    static JsonNode expanded(Path template) throws IOException, InterruptedException {
        Path expanded = Files.createTempFile("expanded", ".json");
        run(PYTHON.toString(), SCRIPT, List.of("--expanded", expanded.toString(), template.toString()));
        return Json.mapper().readTree(Files.readString(expanded));
    }

    private static List<String> run(String interpreter, Path script, List<String> arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(interpreter, script.toString()));
        command.addAll(arguments);
        Path output = Files.createTempFile("template", ".log");
        int exitCode = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start()
                .waitFor();
        List<String> lines = Files.readAllLines(output);
        // 0 and no line, or 1 and a line for each finding; anything else is the tool's own failure.
        assertThat(exitCode).as(String.join("\n", lines)).isEqualTo(lines.isEmpty() ? 0 : 1);
        return lines;
    }
}
