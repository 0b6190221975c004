import com.pantherkolab.local.lambda.FunctionPackage;
import com.pantherkolab.local.lambda.FunctionProcess;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Prints how long the packaged publisher takes for a batch while it gets warm, with several options of the JVM.
///
/// A batch holds 100 messages of 25 conversations between two users. AppSync is a server in this process that
/// acknowledges everything at once. Each set of options has two turns.
final class WarmPublisher {
    private static final int BATCH = 100;
    private static final int CONVERSATIONS = 25;
    private static final int PARTS = 6;

    private static final List<List<String>> OPTIONS = List.of(
            List.of(),
            List.of("-XX:+UseSerialGC"),
            List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));

    /// @param args how many batches each is handed
    public static void main(String[] args) throws IOException {
        int batches = Integer.parseInt(args[0]);
        String record = firstRecord(Files.readString(Path.of("events/dynamodb-stream.json")));
        HttpServer appSync = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            appSync.setExecutor(threads);
            appSync.createContext("/", WarmPublisher::acknowledge);
            appSync.start();
            for (int turn = 0; turn < 2; turn++) {
                for (List<String> options : OPTIONS) {
                    System.out.println(options + ": " + medians(times(options, appSync, record, batches)));
                }
            }
            appSync.stop(0);
        }
    }

    private static List<Double> times(List<String> options, HttpServer appSync, String record, int batches)
            throws IOException {
        Map<String, String> environment = Map.ofEntries(
                Map.entry("AWS_REGION", "us-east-1"),
                Map.entry("AWS_ACCESS_KEY_ID", "nobody"),
                Map.entry("AWS_SECRET_ACCESS_KEY", "nobody"),
                Map.entry("LOGGING_LEVEL_ORG_SPRINGFRAMEWORK_CLOUD_FUNCTION", "WARN"),
                Map.entry("SPRING_CLOUD_FUNCTION_DEFINITION", "streamPublisher"),
                Map.entry("MAIN_CLASS", "com.pantherkolab.publisher.PublisherFunctions"),
                Map.entry("PUBLISHER_ENDPOINT", "http://127.0.0.1:" + appSync.getAddress().getPort() + "/event"),
                Map.entry("PUBLISHER_REGION", "us-east-1"),
                Map.entry("PUBLISHER_PARKED_QUEUE_URL", "http://127.0.0.1:9/parked"),
                Map.entry("PUBLISHER_FAILURE_BUCKET", "failures"));
        List<String> jvm = new ArrayList<>(options);
        jvm.add("-Xmx512m");
        List<Double> times = new ArrayList<>();
        try (FunctionProcess publisher = FunctionProcess.start(new FunctionProcess.Start(
                new FunctionPackage(Path.of("stream-publisher/target/lambda")).folder(),
                FunctionPackage.runtimeInterface(Path.of("local-run/target")),
                jvm,
                "org.springframework.cloud.function.adapter.aws.FunctionInvoker::handleRequest",
                environment,
                Files.createTempFile("publisher", ".log")))) {
            publisher.init();
            for (int batch = 0; batch < batches; batch++) {
                String event = event(record, batch * BATCH);
                long began = System.nanoTime();
                String answer = publisher.invoke(event, Duration.ofSeconds(60)).text();
                times.add((System.nanoTime() - began) / 1e6);
                if (!answer.equals("{\"batchItemFailures\":[]}")) {
                    throw new IllegalStateException(answer + "\n" + publisher.log());
                }
            }
        }
        return times;
    }

    private static String event(String record, int from) {
        return IntStream.range(from, from + BATCH)
                .mapToObj(number -> record.replace("e-1", "e" + number)
                        .replace("c-1", "c" + number % CONVERSATIONS)
                        .replace("99999999999999999999998", Long.toString(100_000_000L + number)))
                .collect(Collectors.joining(",", "{\"Records\":[", "]}"));
    }

    private static String firstRecord(String sample) {
        return sample.substring(sample.indexOf('[') + 1, sample.indexOf("\n    },") + "\n    }".length());
    }

    /// Takes each event of the request, which is a JSON text that holds an object.
    private static void acknowledge(HttpExchange exchange) throws IOException {
        try (exchange) {
            String request = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            int events = request.split("\"\\{", -1).length - 1;
            byte[] answer = IntStream.range(0, events)
                    .mapToObj(index -> "{\"identifier\":\"%d\",\"index\":%d}".formatted(index, index))
                    .collect(Collectors.joining(",", "{\"failed\":[],\"successful\":[", "]}"))
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
        }
    }

    private static String medians(List<Double> times) {
        int size = Math.max(1, times.size() / PARTS);
        return IntStream.range(0, Math.min(PARTS, times.size()))
                .mapToObj(part -> times.subList(part * size, (part + 1) * size).stream()
                        .mapToDouble(Double::doubleValue)
                        .sorted()
                        .toArray())
                .map(part -> "%.0f".formatted(part[part.length / 2]))
                .collect(Collectors.joining(" ")) + " ms";
    }
}
