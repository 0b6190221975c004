package com.pantherkolab.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Node, for the tests that drive the real Amplify client.
///
/// Where it is missing those tests are skipped, and say so; in CI, which installs it, they fail instead.
final class Node {
    private static final Path CLIENT = Deployment.find().resolveSibling("client");

    private Node() {}

    /// Requires Node, and the packages of the lock file.
    static synchronized void require() throws IOException, InterruptedException {
        boolean there = isThere();
        if (System.getenv("CI") != null) {
            assertThat(there).as("CI has Node").isTrue();
        }
        assumeTrue(there, "Node is not installed: the tests with the real Amplify client did not run");
        Path installed = CLIENT.resolve("node_modules/.package-lock.json");
        Path wanted = CLIENT.resolve("package-lock.json");
        if (!Files.exists(installed)
                || Files.getLastModifiedTime(installed).compareTo(Files.getLastModifiedTime(wanted)) < 0) {
            Finished ci = run(List.of("npm", "ci"), Map.of());
            assertThat(ci.exitCode()).as("npm ci: %s", ci.output()).isZero();
        }
    }

    /// What a program printed, and how it ended.
    record Finished(int exitCode, String output) {}

    /// Runs a program in `client/` to its end.
    static Finished run(List<String> command, Map<String, String> environment)
            throws IOException, InterruptedException {
        Path output = Files.createTempFile("node", ".log");
        ProcessBuilder program =
                program(command, environment).redirectErrorStream(true).redirectOutput(output.toFile());
        int exitCode = program.start().waitFor();
        return new Finished(exitCode, Files.readString(output));
    }

    /// A program that is to run in `client/`.
    static ProcessBuilder program(List<String> command, Map<String, String> environment) {
        ProcessBuilder program = new ProcessBuilder(command).directory(CLIENT.toFile());
        program.environment().putAll(environment);
        return program;
    }

    /// Where the client and its recordings are.
    static Path client() {
        return CLIENT;
    }

    private static boolean isThere() throws InterruptedException {
        try {
            return new ProcessBuilder("node", "--version").start().waitFor() == 0
                    && new ProcessBuilder("npm", "--version").start().waitFor() == 0;
        } catch (IOException _) {
            return false;
        }
    }
}
