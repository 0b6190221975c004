package com.pantherkolab.local.lambda;

import com.pantherkolab.local.lambda.RuntimeApi.Answer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/// Writes the JDK's ahead-of-time cache of a function: a JVM runs the function on its sample event, and writes down
/// the classes that it has loaded and linked when it is ended.
///
/// The cache holds for the same JDK, the same jars in the same order and the same collector, and for no others;
/// where one of them differs, the JVM starts without it. AWS is [EmptyAws] here, so that nothing is asked for.
public final class TrainCache {
    /// So that the code of an invocation, and not of the first one alone, is in it.
    private static final int INVOCATIONS = 20;

    private TrainCache() {}

    /// The class path with which a cached function runs: first the runtime interface client's jars, then the
    /// package's.
    ///
    /// @param client the runtime interface client's jars
    public static List<Path> classPath(List<Path> client, FunctionPackage function) {
        List<Path> names = client.stream().map(Path::getFileName).toList();
        return Stream.concat(
                        client.stream(), function.jars().stream().filter(jar -> !names.contains(jar.getFileName())))
                .toList();
    }

    /// Runs the function and leaves its cache.
    ///
    /// @param start how the function is started; its class path is [#classPath]
    /// @param cache the file to be written
    /// @param event what it is invoked with
    public static void train(FunctionProcess.Start start, Path cache, String event) {
        train(cache, start.environment(), event, (option, environment) -> {
            List<String> jvm = new ArrayList<>(start.jvm());
            jvm.add(option);
            return FunctionProcess.start(new FunctionProcess.Start(
                    start.taskRoot(), start.classPath(), jvm, start.handler(), environment, start.log()));
        });
    }

    /// Runs the function of an image that has no cache yet, and leaves it there.
    ///
    /// @param arguments what the JVM will be started with where the function runs, to the handler, which comes last
    /// @param environment the function's variables, but for the option that names the cache; `${aws}` is AWS
    /// @param event what it is invoked with
    /// @param log where it writes to
    static void train(
            FunctionImage image, List<String> arguments, Map<String, String> environment, String event, Path log) {
        train(image.cache(), environment, event, (option, complete) -> {
            List<String> training = new ArrayList<>(arguments);
            training.addFirst(option);
            return FunctionProcess.start(image.folder(), training, complete, log);
        });
    }

    private static void train(
            Path cache,
            Map<String, String> environment,
            String event,
            BiFunction<String, Map<String, String>, FunctionProcess> start) {
        try (EmptyAws aws = EmptyAws.start()) {
            Map<String, String> complete = new HashMap<>(environment);
            complete.replaceAll(
                    (_, value) -> value.replace("${aws}", aws.endpoint().getAuthority()));
            complete.put("AWS_ENDPOINT_URL", aws.endpoint().toString());
            complete.putIfAbsent("AWS_REGION", "us-east-1");
            complete.putIfAbsent("AWS_ACCESS_KEY_ID", "nobody");
            complete.putIfAbsent("AWS_SECRET_ACCESS_KEY", "nobody");
            try (FunctionProcess process = start.apply("-XX:AOTCacheOutput=" + cache.toAbsolutePath(), complete)) {
                for (int invocation = 0; invocation < INVOCATIONS; invocation++) {
                    if (process.invoke(event, Duration.ofSeconds(20)) instanceof Answer.Failed(String why)) {
                        throw new IllegalStateException("the function fails in training: " + why);
                    }
                }
            }
        }
        if (!Files.exists(cache)) {
            throw new IllegalStateException("no cache was written");
        }
    }
}
