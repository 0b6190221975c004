import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;

/// Measures how long a call takes to be connected; `benchmarks/connect` runs it.
///
/// Some pairs of users call each other over and over: one places the call, the other accepts it as soon as it rings,
/// and the caller hangs up once both have heard `CALL_CONNECTED` on a WebSocket of their own. The time counts from just
/// before the acceptance is sent until the later of the two has it: the request, the commit, the stream of the Calls
/// table, the meeting and its attendees, the second commit, the outbox's stream and the publication. A quarter as many
/// calls go ahead and do not count. The meetings are those of local run's stand-in; Chime's own time comes on top.
final class Connect {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private Connect() {}

    public static void main(String[] args) throws Exception {
        int calls = args.length > 1 ? Integer.parseInt(args[1]) : 400;
        int pairs = args.length > 2 ? Integer.parseInt(args[2]) : 4;
        try (LocalRun local = LocalRun.start(Path.of(args[0]))) {
            HttpClient http = HttpClient.newHttpClient();
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Pair> all = new ArrayList<>();
                for (int pair = 0; pair < pairs; pair++) {
                    all.add(Pair.of(pair, local, http));
                }
                callAll(threads, all, calls / 4 / pairs);
                Processors begun = Processors.used(local);
                List<Double> times = callAll(threads, all, calls / pairs);
                System.out.printf("%d calls, %d pairs at a time%n", times.size(), pairs);
                System.out.println(Processors.used(local).since(begun));
                report(times);
                all.forEach(Pair::close);
            } finally {
                http.shutdownNow();
            }
            LocalRun.Memory memory = local.memory();
            System.out.printf("memory: %.0f MB resident, at most %.0f MB%n", memory.now(), memory.peak());
        }
    }

    private static List<Double> callAll(ExecutorService threads, List<Pair> pairs, int calls) throws Exception {
        ConcurrentLinkedQueue<Double> times = new ConcurrentLinkedQueue<>();
        List<Future<?>> under = new ArrayList<>();
        for (Pair pair : pairs) {
            under.add(threads.submit(() -> {
                for (int call = 0; call < calls; call++) {
                    times.add(pair.call());
                }
                return null;
            }));
        }
        for (Future<?> pair : under) {
            pair.get();
        }
        return List.copyOf(times);
    }

    private static void report(List<Double> times) {
        double[] sorted = times.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        System.out.printf("%-44s %8s %8s %8s %8s%n", "milliseconds", "p50", "p90", "p99", "max");
        System.out.printf(
                "%-44s %8.1f %8.1f %8.1f %8.1f%n",
                "accept to CALL_CONNECTED at both", at(sorted, 0.5), at(sorted, 0.9), at(sorted, 0.99), at(sorted, 1));
    }

    private static double at(double[] sorted, double part) {
        return sorted.length == 0 ? Double.NaN : sorted[(int) Math.ceil(part * sorted.length) - 1];
    }

    /// Two who call each other.
    private record Pair(Subscriber caller, Subscriber callee) {

        static Pair of(int number, LocalRun local, HttpClient http) throws Exception {
            return new Pair(
                    subscribe("caller-" + number, local, http), subscribe("callee-" + number, local, http));
        }

        private static Subscriber subscribe(String id, LocalRun local, HttpClient http) throws Exception {
            return Subscriber.subscribe(User.signIn(id, local.api(), http), "calls", local.events(), () -> {});
        }

        void close() {
            caller.close();
            callee.close();
        }

        /// @return milliseconds from the acceptance to both being connected
        double call() throws Exception {
            caller.heard().clear();
            callee.heard().clear();
            String id = caller.user().initiate(callee.user().id());
            await(callee, frame -> frame.contains("INCOMING_CALL") && frame.contains(id));
            Instant accepted = Instant.now();
            callee.user().onCall("accept", id);
            Instant one = await(caller, frame -> frame.contains("CALL_CONNECTED") && frame.contains(id));
            Instant other = await(callee, frame -> frame.contains("CALL_CONNECTED") && frame.contains(id));
            caller.user().onCall("end", id);
            return Duration.between(accepted, one.isAfter(other) ? one : other).toNanos() / 1e6;
        }

        private static Instant await(Subscriber subscriber, Predicate<String> wanted) throws InterruptedException {
            Instant giveUp = Instant.now().plus(PATIENCE);
            while (Instant.now().isBefore(giveUp)) {
                for (Subscriber.Heard heard : subscriber.heard()) {
                    if (wanted.test(heard.frame())) {
                        return heard.at();
                    }
                }
                Thread.sleep(1);
            }
            throw new IllegalStateException(subscriber.user().id() + " waited in vain");
        }
    }
}
