package com.pantherkolab.local.lambda;

import com.pantherkolab.local.lambda.RuntimeApi.Answer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Writes the JDK's ahead-of-time cache of a function: a JVM runs the function on its sample event, and writes down
/// the classes that it has loaded and linked when it is ended. For measuring: nothing that is deployed has such a
/// cache.
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
        try (EmptyAws aws = EmptyAws.start()) {
            Map<String, String> environment = new HashMap<>(start.environment());
            environment.put("AWS_ENDPOINT_URL", aws.endpoint().toString());
            environment.putIfAbsent("AWS_REGION", "us-east-1");
            environment.putIfAbsent("AWS_ACCESS_KEY_ID", "nobody");
            environment.putIfAbsent("AWS_SECRET_ACCESS_KEY", "nobody");
            List<String> jvm = new ArrayList<>(start.jvm());
            jvm.add("-XX:AOTCacheOutput=" + cache.toAbsolutePath());
            FunctionProcess.Start training = new FunctionProcess.Start(
                    start.taskRoot(), start.classPath(), jvm, start.handler(), environment, start.log());
            try (FunctionProcess process = FunctionProcess.start(training)) {
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
