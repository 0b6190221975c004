import com.pantherkolab.local.lambda.EmptyAws;
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

/// Prints how long the first request takes after a restore, with the rehearsal before the snapshot and without.
///
/// Nothing is really laid aside and read back: the process waits where it would be, and what a restore itself takes is
/// not in the figures. The variants take turns, so that what else the machine does falls on all of them alike.
final class Restored {
    /// What is asked first after the restore.
    ///
    /// @param status of the answer
    private record Request(String name, String event, int status) {}

    /// @param options of the JVM
    private record Variant(String name, List<String> options) {}

    private record Case(Request request, Variant variant) {}

    /// @param args how often each is started
    public static void main(String[] args) throws IOException {
        int runs = Integer.parseInt(args[0]);
        Path log = Files.createTempDirectory("restored").resolve("log");
        String put = Files.readString(Path.of("events/save-profile.json"));
        List<Request> requests = List.of(
                new Request("a write", put, 200), new Request("a read", put.replace("PUT", "GET"), 404));
        List<Variant> variants = List.of(
                // Nobody finds Lambda's context by this name, and so nobody calls the hooks.
                new Variant(
                        "not rehearsed",
                        Stream.concat(MeasuredFunction.QUICK.stream(), Stream.of("-Dorg.crac.Core.Compat=nobody"))
                                .toList()),
                new Variant("rehearsed", MeasuredFunction.QUICK));
        Map<Case, List<Double>> times = new HashMap<>();
        for (int run = 0; run <= runs; run++) {
            for (Request request : requests) {
                for (Variant variant : variants) {
                    double first = measure(request, variant, log);
                    // The first does not count: it fills the file system's cache.
                    if (run > 0) {
                        times.computeIfAbsent(new Case(request, variant), _ -> new ArrayList<>()).add(first);
                    }
                }
            }
        }
        System.out.println("| first request after a restore | not rehearsed | rehearsed | ratio |");
        System.out.println("|---|---|---|---|");
        for (Request request : requests) {
            double without = median(times.get(new Case(request, variants.getFirst())));
            double with = median(times.get(new Case(request, variants.getLast())));
            System.out.printf("| %s | %.0f | %.0f | %.2f |%n", request.name(), without, with, with / without);
        }
    }

    private static double measure(Request request, Variant variant, Path log) throws IOException {
        try (EmptyAws aws = EmptyAws.start()) {
            Map<String, String> environment = MeasuredFunction.environment(aws);
            environment.put("AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start");
            try (FunctionProcess process = FunctionProcess.start(new FunctionProcess.Start(
                    MeasuredFunction.PACKAGE.folder(),
                    MeasuredFunction.CLIENT,
                    variant.options(),
                    MeasuredFunction.HANDLER,
                    environment,
                    log))) {
                process.restoreFromSnapshot(() -> {});
                process.init();
                long handedOver = System.nanoTime();
                Answer answer = process.invoke(request.event(), Duration.ofSeconds(20));
                double first = (System.nanoTime() - handedOver) / 1e6;
                if (!answer.text().contains("\"statusCode\":" + request.status())
                        || process.log().contains("\"rehearsed\"") != variant.name().equals("rehearsed")) {
                    throw new IllegalStateException(answer + "\n" + process.log());
                }
                return first;
            }
        }
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }
}
