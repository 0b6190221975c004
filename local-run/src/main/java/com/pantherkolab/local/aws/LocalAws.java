package com.pantherkolab.local.aws;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.InstantSource;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.chimesdkmeetings.ChimeSdkMeetingsClient;
import software.amazon.awssdk.services.chimesdkmeetings.ChimeSdkMeetingsClientBuilder;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.SqsClientBuilder;

/// Chime SDK Meetings, SQS and S3 on this machine: one HTTP server on loopback, on a free port.
///
/// It promises the protocols, the error shapes and the rules that the functions rely on, each described at its
/// stand-in. It checks no signature and no permission, has none of the services' rates and quotas per second. What
/// queues and buckets hold is kept where it is told to; meetings are gone once it is closed.
public final class LocalAws implements AutoCloseable {
    static final String REGION = "us-east-1";
    static final String ACCOUNT = "000000000000";

    private static final String LOOPBACK = "127.0.0.1";

    /// A long poll holds a thread; these are enough for the mappings of a template and a few callers.
    private static final int MAX_THREADS = 24;

    private final Server server;
    private final ServerConnector connector;
    private final LocalMeetings meetings;
    private final LocalQueues queues;
    private final LocalStorage storage;

    private LocalAws(InstantSource clock, Supplier<UUID> ids, Kept kept) {
        this.server = new Server(threads());
        this.connector = connector(server);
        this.meetings = new LocalMeetings(clock, ids, this::endpoint);
        this.queues = new LocalQueues(clock, ids, this::endpoint, kept.part("queues"));
        this.storage = new LocalStorage(clock, kept.part("buckets"));
        server.addConnector(connector);
        server.setHandler(new AwsHandler(Map.of("chime", meetings, "sqs", queues, "s3", storage), ids));
    }

    /// Starts and listens; it keeps nothing.
    ///
    /// @param clock what visibility, delays and the times of events go by
    /// @param ids of meetings, attendees, messages and requests; unforgeable where that matters
    public static LocalAws start(InstantSource clock, Supplier<UUID> ids) {
        return start(clock, ids, Kept.NOTHING);
    }

    /// Starts and listens.
    ///
    /// @param clock what visibility, delays and the times of events go by
    /// @param ids of meetings, attendees, messages and requests; unforgeable where that matters
    /// @param kept what its queues and buckets hold, from before and from now on
    public static LocalAws start(InstantSource clock, Supplier<UUID> ids, Kept kept) {
        LocalAws aws = new LocalAws(clock, ids, kept);
        try {
            aws.server.start();
            return aws;
        } catch (IOException unavailable) {
            aws.close();
            throw new UncheckedIOException(unavailable);
        } catch (Exception failure) {
            aws.close();
            throw new IllegalStateException("the stand-ins do not start", failure);
        }
    }

    /// Chime SDK Meetings, to look into and to break.
    public LocalMeetings meetings() {
        return meetings;
    }

    /// SQS, to look into.
    public LocalQueues queues() {
        return queues;
    }

    /// S3, to look into.
    public LocalStorage storage() {
        return storage;
    }

    /// The builder of a real client of the meetings, which the caller closes.
    public ChimeSdkMeetingsClientBuilder meetingsClient() {
        return client(ChimeSdkMeetingsClient.builder(), "chime");
    }

    /// The builder of a real client of the queues, which the caller closes.
    public SqsClientBuilder queuesClient() {
        return client(SqsClient.builder(), "sqs");
    }

    /// The builder of a real client of the storage, which the caller closes.
    public S3ClientBuilder storageClient() {
        return client(S3Client.builder(), "s3").forcePathStyle(true);
    }

    /// Where a stand-in is, for a client in another process: `chime`, `sqs` or `s3`.
    public URI endpoint(String standIn) {
        return endpoint().resolve("/" + standIn);
    }

    /// Whether it listens.
    public boolean isRunning() {
        return server.isRunning();
    }

    /// Stops listening; requests that are waiting end.
    @Override
    public void close() {
        queues.close();
        try {
            server.stop();
        } catch (Exception failure) {
            throw new IllegalStateException("the stand-ins do not stop", failure);
        }
    }

    private URI endpoint() {
        return URI.create("http://%s:%d".formatted(LOOPBACK, connector.getLocalPort()));
    }

    private <B extends AwsClientBuilder<B, ?> & AwsSyncClientBuilder<B, ?>> B client(B builder, String standIn) {
        return builder.endpointOverride(endpoint(standIn))
                .region(Region.of(REGION))
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create("AKIDLOCAL", "local-secret")))
                .httpClientBuilder(UrlConnectionHttpClient.builder());
    }

    private static QueuedThreadPool threads() {
        QueuedThreadPool threads = new QueuedThreadPool(MAX_THREADS, 3);
        threads.setName("local-aws");
        threads.setDaemon(true);
        return threads;
    }

    private static ServerConnector connector(Server server) {
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        // The key of an S3 object may be any text.
        http.setUriCompliance(UriCompliance.UNSAFE);
        ServerConnector connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
        connector.setHost(LOOPBACK);
        return connector;
    }
}
