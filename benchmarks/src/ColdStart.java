import com.pantherkolab.local.lambda.EmptyAws;
import com.pantherkolab.local.lambda.FunctionPackage;
import com.pantherkolab.local.lambda.FunctionProcess;
import com.pantherkolab.local.lambda.RuntimeApi.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Prints how long a cold start takes under AWS's runtime interface client, beside a handler without a framework that
/// puts the same item.
///
/// The variants take turns, so that what else the machine does falls on all of them alike.
final class ColdStart {
    private static final Path IMAGE = Path.of("target/image/function").toAbsolutePath();
    private static final FunctionPackage PLAIN = new FunctionPackage(Path.of("target/plain"));

    /// How a function is started.
    private interface Variant {
        String name();

        FunctionProcess start(Map<String, String> environment, Path log);
    }

    /// @param options of the JVM
    private record Packaged(String name, FunctionPackage function, String handler, List<String> options)
            implements Variant {
        @Override
        public FunctionProcess start(Map<String, String> environment, Path log) {
            return FunctionProcess.start(new FunctionProcess.Start(
                    function.folder(), MeasuredFunction.CLIENT, options, handler, environment, log));
        }
    }

    /// @param folder what the Dockerfile's steps have made
    private record InAnImage(String name, Path folder, List<String> arguments) implements Variant {
        @Override
        public FunctionProcess start(Map<String, String> environment, Path log) {
            return FunctionProcess.start(folder, arguments, environment, log);
        }
    }

    /// Milliseconds: until the function asks for its first event, and from there until that is answered.
    private record Times(double init, double first) {
        double cold() {
            return init + first;
        }
    }

    /// @param args how often each is started
    public static void main(String[] args) throws IOException {
        int runs = Integer.parseInt(args[0]);
        Path folder = Files.createTempDirectory("cold-start");
        String event = Files.readString(Path.of("events/save-profile.json"));
        List<Variant> variants = variants();
        Map<Variant, List<Times>> times = new HashMap<>();
        for (int run = 0; run <= runs; run++) {
            for (Variant variant : variants) {
                Times measured = measure(variant, folder.resolve("log"), event);
                // The first does not count: it fills the file system's cache.
                if (run > 0) {
                    times.computeIfAbsent(variant, _ -> new ArrayList<>()).add(measured);
                }
            }
        }
        double plain = median(times.get(variants.getFirst()).stream().map(Times::cold));
        System.out.println("| | init | first | cold | ratio |");
        System.out.println("|---|---|---|---|---|");
        for (Variant variant : variants) {
            double cold = median(times.get(variant).stream().map(Times::cold));
            System.out.printf(
                    "| %s | %.0f | %.0f | %.0f | %.2f |%n",
                    variant.name(),
                    median(times.get(variant).stream().map(Times::init)),
                    median(times.get(variant).stream().map(Times::first)),
                    cold,
                    cold / plain);
        }
    }

    private static List<Variant> variants() {
        List<String> inAnImage = Stream.of(
                        MeasuredFunction.QUICK.stream(),
                        Stream.of(
                                "-XX:AOTCache=function.aot",
                                // What does not fit would be measured without it.
                                "-XX:AOTMode=on",
                                "--enable-native-access=ALL-UNNAMED",
                                "@class-path",
                                "com.amazonaws.services.lambda.runtime.api.client.AWSLambda",
                                MeasuredFunction.HANDLER))
                .flatMap(arguments -> arguments)
                .toList();
        return List.of(
                new Packaged("plain handler", PLAIN, "PlainPut::handleRequest", List.of()),
                new Packaged("plain handler, C1 and Serial", PLAIN, "PlainPut::handleRequest", MeasuredFunction.QUICK),
                new Packaged("package", MeasuredFunction.PACKAGE, MeasuredFunction.HANDLER, List.of()),
                new Packaged(
                        "package, C1 and Serial",
                        MeasuredFunction.PACKAGE,
                        MeasuredFunction.HANDLER,
                        MeasuredFunction.QUICK),
                new InAnImage("image, C1 and Serial, AOT cache", IMAGE, inAnImage));
    }

    private static Times measure(Variant variant, Path log, String event) throws IOException {
        try (EmptyAws aws = EmptyAws.start()) {
            Map<String, String> environment = MeasuredFunction.environment(aws);
            try (FunctionProcess process = variant.start(environment, log)) {
                Duration init = process.init();
                long handedOver = System.nanoTime();
                Answer answer = process.invoke(event, Duration.ofSeconds(20));
                double first = (System.nanoTime() - handedOver) / 1e6;
                if (!answer.text().contains("\"statusCode\":200")) {
                    throw new IllegalStateException(answer + "\n" + process.log());
                }
                return new Times(init.toNanos() / 1e6, first);
            }
        }
    }

    private static double median(Stream<Double> values) {
        List<Double> sorted = values.sorted().toList();
        return sorted.get(sorted.size() / 2);
    }
}
