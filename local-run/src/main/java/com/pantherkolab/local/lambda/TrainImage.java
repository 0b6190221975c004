package com.pantherkolab.local.lambda;

import com.pantherkolab.local.lambda.RuntimeApi.Answer;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.stream.Stream;

/// The step of an image's build that writes the JDK's ahead-of-time cache of its function: in the working directory
/// of the image it writes down the class path, runs the function as the image will, on its sample event, and ends
/// it; the JVM then leaves the classes that it has loaded and linked.
///
/// It wants the jars, a JDK and nothing else: AWS is [EmptyAws] here, so that nothing is asked for. The cache holds
/// for the same JVM, the same jars in the same order and the same collector, and for no others; where one of them
/// differs, a JVM starts without it.
///
/// What the function is told stands in a file of properties, `FUNCTION.VARIABLE=value`, with `${aws}` for whatever
/// answers for AWS. Beside the variables are two that are none, in small letters: `handler`, and `event`, a file's
/// name.
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
        Map<String, String> settings = settings(training.resolve("functions.properties"), function);
        String handler = required(settings, "handler", function);
        String event = Files.readString(training.resolve(required(settings, "event", function)));
        FunctionImage image = new FunctionImage(Path.of(""));
        image.writeClassPath();
        List<String> arguments = Stream.of(
                        Stream.of("-XX:AOTCacheOutput=" + image.cache()),
                        Arrays.stream(args).skip(2),
                        Stream.of(handler))
                .flatMap(some -> some)
                .toList();
        try (EmptyAws aws = EmptyAws.start();
                FunctionProcess process = FunctionProcess.start(
                        image.folder(), arguments, environment(settings, aws), training.resolve("training.log"))) {
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

    private static Map<String, String> environment(Map<String, String> settings, EmptyAws aws) {
        Map<String, String> environment = new HashMap<>(settings);
        environment.replaceAll(
                (_, value) -> value.replace("${aws}", aws.endpoint().getAuthority()));
        environment.putAll(Map.of(
                "AWS_ENDPOINT_URL", aws.endpoint().toString(),
                "AWS_REGION", "us-east-1",
                "AWS_ACCESS_KEY_ID", "nobody",
                "AWS_SECRET_ACCESS_KEY", "nobody"));
        return environment;
    }

    private static Map<String, String> settings(Path file, String function) throws IOException {
        Properties all = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            all.load(reader);
        }
        Map<String, String> settings = new HashMap<>();
        String prefix = function + ".";
        for (String name : all.stringPropertyNames()) {
            if (name.startsWith(prefix)) {
                settings.put(name.substring(prefix.length()), all.getProperty(name));
            }
        }
        return settings;
    }

    private static String required(Map<String, String> settings, String name, String function) {
        return Objects.requireNonNull(settings.remove(name), () -> "no function " + function + ", or no " + name);
    }
}
