package com.pantherkolab.local.lambda;

import com.pantherkolab.local.lambda.RuntimeApi.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// The step of an image's build that writes the JDK's ahead-of-time cache of its function: in the working directory
/// of the image it writes down the class path, runs the function as the image will, on its sample event, and ends
/// it; the JVM then leaves the classes that it has loaded and linked.
///
/// It wants the jars, a JDK and nothing else: AWS is [EmptyAws] here, so that nothing is asked for. The cache holds
/// for the same JVM, the same jars in the same order and the same collector, and for no others; where one of them
/// differs, a JVM starts without it.
public final class TrainImage {
    /// So that the code of an invocation, and not of the first one alone, is in it.
    private static final int INVOCATIONS = 20;

    private static final Duration LONGEST_INVOCATION = Duration.ofSeconds(20);

    private TrainImage() {}

    /// Trains.
    ///
    /// @param args the folder of `functions.properties` and the sample events; the function; then what the image
    /// starts its JVM with, to the runtime interface client
    public static void main(String[] args) throws IOException {
        Path training = Path.of(args[0]);
        String function = args[1];
        FunctionSettings settings = FunctionSettings.read(training.resolve("functions.properties"), function);
        String event = Files.readString(training.resolve(settings.event()));
        FunctionImage image = new FunctionImage(Path.of(""));
        image.writeClassPath();
        List<String> arguments = Stream.of(
                        Stream.of("-XX:AOTCacheOutput=" + image.cache()),
                        Arrays.stream(args).skip(2),
                        Stream.of(settings.handler()))
                .flatMap(some -> some)
                .toList();
        try (EmptyAws aws = EmptyAws.start();
                FunctionProcess process = FunctionProcess.start(
                        image.folder(), arguments, settings.environment(aws), training.resolve("training.log"))) {
            for (int invocation = 0; invocation < INVOCATIONS; invocation++) {
                if (process.invoke(event, LONGEST_INVOCATION) instanceof Answer.Failed(String why)) {
                    throw new IllegalStateException("the function fails in training: " + why);
                }
            }
        }
        if (!Files.exists(image.cache())) {
            throw new IllegalStateException("no cache was written");
        }
        System.out.printf(
                "%s: a cache of %.1f MB for %d jars%n",
                function, Files.size(image.cache()) / 1e6, image.jars().size());
    }
}
