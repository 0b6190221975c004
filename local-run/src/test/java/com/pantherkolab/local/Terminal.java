package com.pantherkolab.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// A shell that takes the commands of a document as they stand there, one block after the other: what one block
/// sets, the next one has.
///
/// `./replay` is there, without the compiling that it does where nothing is compiled yet.
final class Terminal implements AutoCloseable {
    private static final Duration LONGEST = Duration.ofSeconds(90);

    private final Process shell;
    private final Writer in;
    private final BufferedReader out;

    private Terminal(Process shell) {
        this.shell = shell;
        this.in = shell.outputWriter(UTF_8);
        this.out = shell.inputReader(UTF_8);
    }

    /// Requires the programs; where they are missing the tests that want them are skipped, and fail in CI.
    static void require() {
        boolean there = Programs.there("bash", "--version") && Programs.there("curl", "--version");
        if (System.getenv("CI") != null) {
            assertThat(there).as("bash and curl").isTrue();
        }
        assumeTrue(there, "no bash or no curl: the runbook's drills were not done");
    }

    /// Whether a program can be run.
    private static final class Programs {
        static boolean there(String... command) {
            try {
                return new ProcessBuilder(command)
                                .redirectErrorStream(true)
                                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                                .start()
                                .waitFor()
                        == 0;
            } catch (IOException _) {
                return false;
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(interrupted);
            }
        }
    }

    /// Opens one.
    ///
    /// @param folder an empty one, which becomes like the repository's as far as the commands look
    static Terminal open(Path folder, Map<String, String> variables) throws IOException {
        Path replay = folder.resolve("replay");
        Files.writeString(replay, """
                #!/bin/sh
                exec '%s' -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp '%s' com.pantherkolab.publisher.ReplayCommand "$@"
                """.formatted(
                        ProcessHandle.current().info().command().orElseThrow(), System.getProperty("java.class.path")));
        assertThat(replay.toFile().setExecutable(true)).isTrue();
        Files.createSymbolicLink(folder.resolve("events"), Deployment.find().resolveSibling("events"));
        ProcessBuilder shell =
                new ProcessBuilder("bash").directory(folder.toFile()).redirectErrorStream(true);
        shell.environment().putAll(variables);
        return new Terminal(shell.start());
    }

    /// Runs a block to its end.
    ///
    /// @return what it printed
    String run(String block) throws IOException {
        CompletableFuture<Boolean> ended = new CompletableFuture<>();
        // Whatever hangs ends with its shell.
        var _ = ended.completeOnTimeout(false, LONGEST.toSeconds(), TimeUnit.SECONDS)
                .thenAccept(inTime -> {
                    if (!inTime) {
                        shell.destroyForcibly();
                    }
                });
        try {
            return untilItsEnd(block);
        } finally {
            ended.complete(true);
        }
    }

    private String untilItsEnd(String block) throws IOException {
        String end = "end of block " + UUID.randomUUID();
        in.write(block);
        in.write("\necho; echo '%s'\n".formatted(end));
        in.flush();
        StringBuilder printed = new StringBuilder();
        String line;
        while ((line = out.readLine()) != null && !line.equals(end)) {
            printed.append(line).append('\n');
        }
        assertThat(line).as("the shell has ended: " + printed).isNotNull();
        return printed.toString();
    }

    @Override
    public void close() {
        shell.destroy();
    }
}
