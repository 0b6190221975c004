import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A local run in a JVM of its own, on two free ports of the loopback interface.
///
/// It is ended by its process id, also when the measuring JVM is interrupted.
final class LocalRun implements AutoCloseable {
    private static final Duration LONGEST_START = Duration.ofMinutes(2);
    private static final long POLL_MS = 5;

    private final Process process;
    private final int port;
    private final int eventsPort;
    private final Thread hook = new Thread(this::end);
    private final Duration startTime;

    private LocalRun(Process process, int port, int eventsPort, long began) throws Exception {
        this.process = process;
        this.port = port;
        this.eventsPort = eventsPort;
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            awaitUp(began);
        } catch (Exception failure) {
            close();
            throw failure;
        }
        this.startTime = Duration.ofNanos(System.nanoTime() - began);
    }

    /// Starts one and waits until it is up.
    ///
    /// @param arguments the file for `java @file`
    /// @param properties of local run, as `--name=value`
    static LocalRun start(Path arguments, String... properties) throws Exception {
        List<Integer> ports = freePorts();
        ProcessBuilder command = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "@" + arguments,
                        "--server.port=" + ports.get(0),
                        "--local.events.port=" + ports.get(1))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        command.command().addAll(List.of(properties));
        long began = System.nanoTime();
        return new LocalRun(command.start(), ports.get(0), ports.get(1), began);
    }

    /// From just before the process was made to the first 200 of `GET /actuator/health`.
    Duration startTime() {
        return startTime;
    }

    URI api() {
        return URI.create("http://localhost:" + port);
    }

    URI events() {
        return URI.create("ws://localhost:" + eventsPort + "/event/realtime");
    }

    long pid() {
        return process.pid();
    }

    /// Resident memory.
    ///
    /// @param now in megabytes (10^6 bytes), as all of these
    /// @param peak the most that it ever was
    record Memory(double now, double peak) {}

    Memory memory() throws IOException {
        List<String> status = Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"));
        return new Memory(megabytes(status, "VmRSS:"), megabytes(status, "VmHWM:"));
    }

    @Override
    public void close() {
        end();
        Runtime.getRuntime().removeShutdownHook(hook);
    }

    private void end() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException _) {
            process.destroyForcibly();
        }
    }

    private void awaitUp(long began) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            while (!listens() || !isUp(http)) {
                if (!process.isAlive() || System.nanoTime() - began > LONGEST_START.toNanos()) {
                    throw new IllegalStateException("local run did not come up");
                }
                Thread.sleep(POLL_MS);
            }
        }
    }

    /// Costs less than a refused HTTP request: whoever measures shall not take the time that is measured.
    private boolean listens() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    private boolean isUp(HttpClient http) throws IOException, InterruptedException {
        HttpRequest health =
                HttpRequest.newBuilder(api().resolve("/actuator/health")).build();
        return http.send(health, BodyHandlers.discarding()).statusCode() == 200;
    }

    private static List<Integer> freePorts() {
        try (ServerSocket one = new ServerSocket(0);
                ServerSocket other = new ServerSocket(0)) {
            return List.of(one.getLocalPort(), other.getLocalPort());
        } catch (IOException none) {
            throw new UncheckedIOException(none);
        }
    }

    /// `VmRSS:     123456 kB`, where a kB is 1,024 bytes.
    private static double megabytes(List<String> status, String name) {
        String line = status.stream()
                .filter(it -> it.startsWith(name))
                .findFirst()
                .orElseThrow();
        return Long.parseLong(line.replaceAll("\\D", "")) * 1024 / 1e6;
    }
}
