package com.pantherkolab.local.lambda;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.stream.Stream;

/// The step of the image's build that trains the cache: in the working directory of the image it writes down the
/// class path, runs the function as the image will, on its sample event, and leaves the cache.
///
/// It wants the jars, a JDK and nothing else: neither AWS nor a network. What the function is told stands in a file
/// of properties, `FUNCTION.VARIABLE=value`, beside which the two that are no variables are in small letters:
/// `handler` and `event`, a file's name.
public final class TrainImage {
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
        List<String> arguments =
                Stream.concat(Arrays.stream(args).skip(2), Stream.of(handler)).toList();
        FunctionImage image = new FunctionImage(Path.of(""));
        image.writeClassPath();
        TrainCache.train(image, arguments, settings, event, training.resolve("training.log"));
        System.out.printf(
                "%s: a cache of %.1f MB for %d jars%n",
                function, Files.size(image.cache()) / 1e6, image.jars().size());
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
