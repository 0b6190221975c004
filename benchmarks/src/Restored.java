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

/// Prints how long the first request takes after a restore, with the rehearsal before the snapshot and without.
///
/// Nothing is really laid aside and read back: the process waits where it would be, and what a restore itself takes is
/// not in the figures. The variants take turns, so that what else the machine does falls on all of them alike.
final class Restored {
    private static final FunctionPackage API = new FunctionPackage(Path.of("api-functions/target/lambda"));
    private static final List<Path> CLIENT = FunctionPackage.runtimeInterface(Path.of("local-run/target"));
    private static final String SPRING =
            "org.springframework.cloud.function.adapter.aws.FunctionInvoker::handleRequest";
    private static final List<String> QUICK = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

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
                        Stream.concat(QUICK.stream(), Stream.of("-Dorg.crac.Core.Compat=nobody")).toList()),
                new Variant("rehearsed", QUICK));
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

    private static double measure(Request request, Variant variant, Path log) {
        try (EmptyAws aws = EmptyAws.start()) {
            Map<String, String> environment = environment();
            environment.put("AWS_ENDPOINT_URL", aws.endpoint().toString());
            try (FunctionProcess process = FunctionProcess.start(new FunctionProcess.Start(
                    API.folder(), CLIENT, variant.options(), SPRING, environment, log))) {
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

    private static Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>(Map.of(
                "AWS_REGION", "us-east-1",
                "AWS_ACCESS_KEY_ID", "nobody",
                "AWS_SECRET_ACCESS_KEY", "nobody",
                "AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start",
                "SPRING_MAIN_BANNER_MODE", "off",
                "LOGGING_LEVEL_ORG_SPRINGFRAMEWORK_CLOUD_FUNCTION", "WARN",
                "SPRING_CLOUD_FUNCTION_DEFINITION", "conversationsApi",
                "MAIN_CLASS", "com.pantherkolab.api.ApiFunctions"));
        for (String table : List.of("USERS", "CONVERSATIONS", "MEMBERSHIPS", "MESSAGES", "CALLS", "OUTBOX")) {
            environment.put("TABLES_" + table, table);
        }
        return environment;
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }
}
