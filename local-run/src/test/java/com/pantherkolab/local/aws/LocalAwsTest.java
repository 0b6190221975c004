package com.pantherkolab.local.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;

/// The server in front of the stand-ins.
class LocalAwsTest {
    private static final LocalAws AWS = LocalAws.start(new VirtualClock(), UUID::randomUUID);

    @AfterAll
    static void stop() {
        AWS.close();
    }

    @ParameterizedTest
    @CsvSource({
        "/s3/bucket,Host: 127.0.0.1,200",
        "/s3/bucket,Host: localhost,200",
        "/s3/bucket,Host: evil.example,403",
        "/s3/bucket,Host: localhost\\Origin: http://localhost:3000,403",
        "/dynamodb,Host: localhost,404",
        "/,Host: localhost,404"
    })
    void onlyClientsOfThisMachineAreAnsweredAndNoPage(String path, String headers, int status) throws IOException {
        assertThat(statusLine("PUT %s HTTP/1.1\r\n%s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                        .formatted(path, headers.replace("\\", "\r\n"))))
                .contains(" %d ".formatted(status));
    }

    @Test
    void closingItEndsALongPoll() {
        LocalAws closing = LocalAws.start(new VirtualClock(), UUID::randomUUID);
        String url = closing.queues().create("q", Map.of()).toString();
        try (SqsClient sqs = closing.queuesClient().build()) {
            CompletableFuture<Void> poll = CompletableFuture.runAsync(() -> {
                try {
                    sqs.receiveMessage(receive -> receive.queueUrl(url).waitTimeSeconds(20));
                } catch (SdkException _) { // The server is gone.
                }
            });

            closing.close();
            poll.join();

            assertThat(closing.isRunning()).isFalse();
            assertThatThrownBy(() -> sqs.receiveMessage(receive -> receive.queueUrl(url)))
                    .isInstanceOf(SdkException.class);
        }
    }

    private static String statusLine(String request) throws IOException {
        URI server = AWS.queues().url("any");
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.getPort())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return String.valueOf(
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                            .readLine());
        }
    }
}
