package com.pantherkolab.publisher;

import com.pantherkolab.common.Channel;
import com.pantherkolab.common.Json;
import com.pantherkolab.publisher.PublishAnswer.Unavailable;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.IdentityProvider;

/// AppSync Events over HTTP: a POST, signed with SigV4 for the service `appsync`.
///
/// The signature covers the very bytes that are sent. Connections are kept and shared until the publisher is
/// closed.
final class AppSyncPublisher implements ChannelPublisher, AutoCloseable {
    private static final long MAX_ANSWER_BYTES = 1 << 20;

    private final AwsV4HttpSigner signer = AwsV4HttpSigner.create();
    private final PublisherSettings settings;
    private final IdentityProvider<? extends AwsCredentialsIdentity> credentials;
    private final Clock clock;
    private volatile HttpClient http;

    AppSyncPublisher(
            PublisherSettings settings, IdentityProvider<? extends AwsCredentialsIdentity> credentials, Clock clock) {
        this.settings = settings;
        this.credentials = credentials;
        this.clock = clock;
        this.http = client(settings);
    }

    private static HttpClient client(PublisherSettings settings) {
        return HttpClient.newBuilder()
                // Else it would ask for HTTP/2 with every new connection.
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(settings.connectTimeout())
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .build();
    }

    @Override
    public PublishAnswer publish(PublishRequest request) throws InterruptedException {
        return publish(request.body(), request.events().size());
    }

    /// Takes the whole way with a request that holds no event. AppSync has nothing to publish in it; that it
    /// answers is all that is wanted.
    PublishAnswer publishNothing(Channel channel) throws InterruptedException {
        return publish(Json.mapper().writeValueAsBytes(Map.of("channel", channel, "events", List.of())), 0);
    }

    /// Closes every connection; the next request opens one. It must not be called while a request is under way.
    void hangUp() {
        HttpClient used = http;
        http = client(settings);
        used.shutdownNow();
    }

    private PublishAnswer publish(byte[] body, int events) throws InterruptedException {
        AwsCredentialsIdentity identity;
        try {
            identity = credentials.resolveIdentity().join();
        } catch (RuntimeException unresolved) {
            // Whatever keeps the credentials away, it is no event's fault.
            return new Unavailable("NO_CREDENTIALS", null);
        }
        return send(sign(body, identity), body, events);
    }

    private SdkHttpRequest sign(byte[] body, AwsCredentialsIdentity identity) {
        SdkHttpRequest unsigned = SdkHttpRequest.builder()
                .method(SdkHttpMethod.POST)
                .uri(settings.endpoint())
                .putHeader("Content-Type", "application/json")
                .build();
        return signer.sign(sign -> sign.identity(identity)
                        .request(unsigned)
                        .payload(ContentStreamProvider.fromByteArray(body))
                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "appsync")
                        .putProperty(AwsV4HttpSigner.REGION_NAME, settings.region())
                        .putProperty(HttpSigner.SIGNING_CLOCK, clock))
                .request();
    }

    private PublishAnswer send(SdkHttpRequest signed, byte[] body, int events) throws InterruptedException {
        HttpRequest.Builder post = HttpRequest.newBuilder(settings.endpoint()).POST(BodyPublishers.ofByteArray(body));
        signed.forEachHeader((name, values) -> {
            // The client writes the host itself, the same as was signed, and refuses to be told.
            if (!name.equalsIgnoreCase("Host")) {
                values.forEach(value -> post.header(name, value));
            }
        });
        CompletableFuture<HttpResponse<byte[]>> answer =
                http.sendAsync(post.build(), BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_ANSWER_BYTES));
        try {
            // The client's own timeout ends with the headers; a body that stalls would hold the lane for ever.
            HttpResponse<byte[]> response = answer.get(settings.requestTimeout().toNanos(), TimeUnit.NANOSECONDS);
            return AppSyncAnswers.read(response.statusCode(), response.headers(), response.body(), events);
        } catch (TimeoutException late) {
            return new Unavailable("TIMEOUT", null);
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof IOException lost) {
                return new Unavailable(lost.getClass().getSimpleName(), null);
            }
            throw new IllegalStateException("a request that cannot be sent", failure);
        } finally {
            answer.cancel(true);
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
