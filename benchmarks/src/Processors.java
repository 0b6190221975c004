import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// Who used the machine's processors since when: tells a figure that was taken on a calm machine from one that was not.
///
/// @param at nanoseconds of [System#nanoTime]
/// @param local what local run has used
/// @param own what the measuring JVM has used
/// @param all what the machine has used
record Processors(long at, Duration local, Duration own, Duration all) {
    /// The kernel's unit in `/proc/stat` on every platform that a JDK 25 runs on.
    private static final int TICKS_PER_SECOND = 100;

    private static final List<Integer> IDLE = List.of(3, 4);

    /// Up to now.
    static Processors used(LocalRun local) throws IOException {
        return new Processors(
                System.nanoTime(),
                used(ProcessHandle.of(local.pid()).orElseThrow()),
                used(ProcessHandle.current()),
                machine());
    }

    /// Since an earlier moment.
    String since(Processors before) {
        double seconds = (at - before.at) / 1e9;
        double localRun = local.minus(before.local).toNanos() / 1e9 / seconds;
        double measuring = own.minus(before.own).toNanos() / 1e9 / seconds;
        double machine = all.minus(before.all).toNanos() / 1e9 / seconds;
        return "processors: local run %.2f, this %.2f, everything else %.2f, of %d"
                .formatted(
                        localRun,
                        measuring,
                        Math.max(0, machine - localRun - measuring),
                        Runtime.getRuntime().availableProcessors());
    }

    private static Duration used(ProcessHandle process) {
        return process.info().totalCpuDuration().orElseThrow();
    }

    /// The first line: `cpu  user nice system idle iowait irq softirq steal …`.
    private static Duration machine() throws IOException {
        String[] ticks = Files.readAllLines(Path.of("/proc/stat")).getFirst().split("\\s+");
        long busy = 0;
        for (int column = 0; column < 8; column++) {
            busy += IDLE.contains(column) ? 0 : Long.parseLong(ticks[column + 1]);
        }
        return Duration.ofMillis(busy * 1000 / TICKS_PER_SECOND);
    }
}
