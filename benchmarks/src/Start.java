import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/// Measures how long local run takes to start and how much memory it takes; `benchmarks/start` runs it.
///
/// The time goes from just before the process is made to the first 200 of `GET /actuator/health`, asked every 5 ms. The
/// memory is what the kernel calls resident: when it is up, and after the walk-through of the README was done once.
final class Start {
    private Start() {}

    private record Run(double seconds, LocalRun.Memory up, LocalRun.Memory used) {}

    public static void main(String[] args) throws Exception {
        Path arguments = Path.of(args[0]);
        int runs = args.length > 1 ? Math.max(1, Integer.parseInt(args[1])) : 5;
        System.out.printf("local run, from a new process to up; %d runs after one that does not count%n", runs);
        measure(arguments);

        List<Run> measured = new ArrayList<>();
        for (int run = 1; run <= runs; run++) {
            measured.add(measure(arguments));
            System.out.printf("  run %d: %.2f s%n", run, measured.getLast().seconds());
        }
        System.out.printf("%-44s %8s %8s %8s%n", "", "min", "median", "max");
        print("start (s)", measured, Run::seconds, "%8.2f");
        print("memory when up (MB resident)", measured, run -> run.up().now(), "%8.0f");
        print("  its peak so far", measured, run -> run.up().peak(), "%8.0f");
        print("memory after the walk-through (MB resident)", measured, run -> run.used().now(), "%8.0f");
        print("  its peak so far", measured, run -> run.used().peak(), "%8.0f");
    }

    private static Run measure(Path arguments) throws Exception {
        try (LocalRun local = LocalRun.start(arguments)) {
            LocalRun.Memory up = local.memory();
            walkThrough(local);
            return new Run(local.startTime().toNanos() / 1e9, up, local.memory());
        }
    }

    /// Bob listens; Alice signs in, begins a conversation and writes, and Bob hears it; she calls him, he accepts, and
    /// they are connected until she hangs up.
    private static void walkThrough(LocalRun local) throws Exception {
        CountDownLatch twoEvents = new CountDownLatch(2);
        HttpClient http = HttpClient.newHttpClient();
        CountDownLatch connected = new CountDownLatch(3);
        User bob = User.signIn("bob", local.api(), http);
        try (Subscriber _ = Subscriber.subscribe(bob, "chats", local.events(), twoEvents::countDown);
                Subscriber _ = Subscriber.subscribe(bob, "calls", local.events(), connected::countDown)) {
            User alice = User.signIn("alice", local.api(), http);
            String conversation = alice.converse("DIRECT", List.of("bob"));
            int status = alice.send(conversation, "first", "Hello, Bob").join().statusCode();
            if (status != 200 || !twoEvents.await(30, TimeUnit.SECONDS)) {
                throw new IllegalStateException("Bob did not hear Alice; her message was answered " + status);
            }
            String call = alice.initiate("bob");
            bob.onCall("accept", call);
            if (!connected.await(30, TimeUnit.SECONDS)) {
                throw new IllegalStateException("Bob was not connected");
            }
            alice.onCall("end", call);
        } finally {
            http.shutdownNow();
        }
    }

    private static void print(String what, List<Run> runs, ToDoubleFunction<Run> figure, String format) {
        double[] sorted = runs.stream().mapToDouble(figure).sorted().toArray();
        double median = (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
        System.out.printf(
                "%-44s ".formatted(what) + (format + " ").repeat(3).stripTrailing() + "%n",
                sorted[0],
                median,
                sorted[sorted.length - 1]);
    }
}
