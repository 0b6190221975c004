package com.pantherkolab.local.lambda;

import com.pantherkolab.local.lambda.RuntimeApi.Answer;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/// A function in a JVM of its own, started by AWS's runtime interface client, with nothing of this process's
/// environment.
///
/// It is ended when it is closed: asked first, so that a JVM that trains a cache can write it.
public final class FunctionProcess implements AutoCloseable {
    private static final String CLIENT = "com.amazonaws.services.lambda.runtime.api.client.AWSLambda";
    private static final Duration LONGEST_START = Duration.ofMinutes(3);
    private static final Duration LONGEST_END = Duration.ofSeconds(60);

    private final RuntimeApi api;
    private final Process process;
    private final Path log;
    private final long began;
    private final CompletableFuture<Void> ended;

    /// How a function is started.
    ///
    /// @param taskRoot the package, which is the working directory too
    /// @param classPath the runtime interface client's jars; the package's are found by its own class loader,
    /// unless they are here
    /// @param jvm options of the JVM
    /// @param handler what `template.yaml` says in `Handler`
    /// @param environment the function's variables
    /// @param log where it writes to
    public record Start(
            Path taskRoot,
            List<Path> classPath,
            List<String> jvm,
            String handler,
            Map<String, String> environment,
            Path log) {
        public Start {
            classPath = List.copyOf(classPath);
            jvm = List.copyOf(jvm);
            environment = Map.copyOf(environment);
        }
    }

    private FunctionProcess(RuntimeApi api, Process process, Path log, long began) {
        this.api = api;
        this.process = process;
        this.log = log;
        this.began = began;
        // Whoever waits for a process that is gone is told.
        this.ended = process.onExit().thenRun(api::close);
    }

    /// Starts it; it may not be ready yet.
    public static FunctionProcess start(Start start) {
        List<String> arguments = new ArrayList<>();
        // By this, Lambda's own start of its Java runtimes has the hooks of `org.crac` find the client's context.
        arguments.add("-Dorg.crac.Core.Compat=com.amazonaws.services.lambda.crac");
        arguments.addAll(start.jvm());
        arguments.add("-cp");
        arguments.add(start.classPath().stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)));
        arguments.add(CLIENT);
        arguments.add(start.handler());
        return start(start.taskRoot(), arguments, start.environment(), start.log());
    }

    /// Starts it as a container image says; it may not be ready yet.
    ///
    /// @param folder the working directory
    /// @param arguments what the JVM is started with, to the handler, which comes last
    /// @param environment the function's variables
    /// @param log where it writes to
    public static FunctionProcess start(
            Path folder, List<String> arguments, Map<String, String> environment, Path log) {
        RuntimeApi api = RuntimeApi.start();
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().clear();
        builder.environment()
                .putAll(Map.of(
                        "AWS_LAMBDA_RUNTIME_API", api.authority(),
                        "LAMBDA_TASK_ROOT", folder.toString(),
                        "_HANDLER", arguments.getLast(),
                        "AWS_LAMBDA_FUNCTION_NAME", "here",
                        "AWS_LAMBDA_FUNCTION_VERSION", "1",
                        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "1024",
                        "AWS_LAMBDA_LOG_GROUP_NAME", "here",
                        "AWS_LAMBDA_LOG_STREAM_NAME", "here",
                        "AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand"));
        builder.environment().putAll(environment);
        long began = System.nanoTime();
        try {
            Process process = builder.start();
            return new FunctionProcess(api, process, log, began);
        } catch (IOException unstartable) {
            api.close();
            throw new UncheckedIOException(unstartable);
        }
    }

    /// From just before the process was made until it asked for its first event.
    public Duration init() {
        return Duration.ofNanos(await(api.ready(), LONGEST_START) - began);
    }

    /// Waits until a snapshot could be taken, and lets it go on from there. Only with
    /// `AWS_LAMBDA_INITIALIZATION_TYPE=snap-start`.
    ///
    /// @param between what happens while the function sleeps in its snapshot
    public void restoreFromSnapshot(Runnable between) {
        await(api.checkpoint(), LONGEST_START);
        between.run();
        api.restore();
    }

    /// Invokes it.
    ///
    /// @param remaining how much time it is told it has; it is waited for longer
    public Answer invoke(String event, Duration remaining) {
        return await(api.invoke(event, remaining), remaining.plus(LONGEST_START));
    }

    /// What it has written to its standard output and error.
    public String log() {
        try {
            return Files.readString(log);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            ended.get(LONGEST_END.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException stubborn) {
            process.destroyForcibly();
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private <T> T await(CompletableFuture<T> future, Duration longest) {
        try {
            return future.get(longest.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException failed) {
            throw new IllegalStateException("the function failed; it wrote:\n" + log(), failed.getCause());
        } catch (TimeoutException late) {
            throw new IllegalStateException("the function did not come in time; it wrote:\n" + log(), late);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }
}
