package com.pantherkolab.local;

import com.pantherkolab.common.Json;
import com.pantherkolab.publisher.PublisherSettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.boot.SpringApplication;
import org.springframework.context.support.GenericApplicationContext;

/// A local run in a JVM of its own, with `local.data-dir`, that ends by SIGKILL and in no other way.
///
/// It publishes to an AppSync outside its JVM: what that one acknowledged is published, whatever happens next.
final class KilledRun {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final String UP = "UP ";

    private final Process process;
    private final URI api;
    private final Map<String, String> tokens = new ConcurrentHashMap<>();

    private KilledRun(Process process, URI api) {
        this.process = process;
        this.api = api;
    }

    /// The child: all of local run, but for where it publishes.
    ///
    /// @param args the AppSync outside, then Spring properties
    static void main(String[] args) throws IOException {
        SpringApplication application = LocalRun.application();
        application.addInitializers(context -> ((GenericApplicationContext) context)
                .registerBean(
                        "outside",
                        PublisherSettings.class,
                        () -> LocalRun.publisherSettings(URI.create(args[0]), context.getEnvironment()),
                        definition -> definition.setPrimary(true)));
        System.out.println(UP + LocalRun.api(application.run(args)));
    }

    /// Starts one and waits until it is up.
    static KilledRun start(Path dataDir, URI appSync) throws IOException {
        Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx256m",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledRun.class.getName(),
                        appSync.toString(),
                        "--server.port=0",
                        "--local.events.port=0",
                        "--local.data-dir=" + dataDir)
                .redirectErrorStream(true)
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        StringBuilder said = new StringBuilder();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith(UP)) {
                Thread.ofVirtual().start(() -> output.lines().forEach(_ -> {}));
                return new KilledRun(process, URI.create(line.substring(UP.length())));
            }
            said.append(line).append('\n');
        }
        throw new IllegalStateException("local run did not start:\n" + said);
    }

    /// SIGKILL: no shutdown hook runs, nothing is flushed.
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    HttpResponse<String> post(String user, String path, String body) throws IOException, InterruptedException {
        return send(authorized(user, path).POST(BodyPublishers.ofString(body)));
    }

    HttpResponse<String> get(String user, String path) throws IOException, InterruptedException {
        return send(authorized(user, path).GET());
    }

    /// Without anybody's token.
    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(request(path).GET());
    }

    private HttpRequest.Builder authorized(String user, String path) throws IOException, InterruptedException {
        String token = tokens.get(user);
        if (token == null) {
            String body = send(request("/local/token").POST(BodyPublishers.ofString("{\"userId\":\"" + user + "\"}")))
                    .body();
            token = Json.mapper().readTree(body).path("accessToken").stringValue();
            tokens.put(user, token);
        }
        return request(path).header("authorization", "Bearer " + token);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(api.resolve(path))
                .header("content-type", "application/json")
                .timeout(Duration.ofSeconds(30));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return HTTP.send(request.build(), BodyHandlers.ofString());
    }
}
