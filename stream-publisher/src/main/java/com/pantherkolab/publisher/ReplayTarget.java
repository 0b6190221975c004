package com.pantherkolab.publisher;

import com.pantherkolab.common.Json;
import com.pantherkolab.publisher.ReplayAnswer.Replayed;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.function.Consumer;

/// Where the command line has its replays carried out.
interface ReplayTarget {

    /// Invokes `replayEvents`.
    ///
    /// @param progress told while it is under way, where that is possible
    /// @throws IOException if it failed, and nothing is known but that the last token still holds
    ReplayAnswer invoke(ReplayRequest request, Consumer<Replayed> progress) throws IOException, InterruptedException;

    /// How many seconds an invocation should take.
    int seconds();

    /// The function of a local run, over HTTP.
    ///
    /// @param endpoint where its API listens
    static ReplayTarget http(URI endpoint) {
        HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        return new ReplayTarget() {
            @Override
            public ReplayAnswer invoke(ReplayRequest request, Consumer<Replayed> progress)
                    throws IOException, InterruptedException {
                HttpResponse<byte[]> answer = http.send(
                        HttpRequest.newBuilder(endpoint.resolve("/functions/replayEvents"))
                                .header("content-type", "application/json")
                                .POST(BodyPublishers.ofByteArray(request.toJson()))
                                .build(),
                        BodyHandlers.ofByteArray());
                if (answer.statusCode() != 200
                        || answer.headers().firstValue("x-amz-function-error").isPresent()) {
                    throw new IOException("the function failed, with status " + answer.statusCode());
                }
                return ReplayAnswer.read(answer.body());
            }

            @Override
            public int seconds() {
                return 1;
            }
        };
    }

    /// The same code in this process, on the resources of its settings.
    static ReplayTarget inProcess(ReplayEvents function) {
        return new ReplayTarget() {
            @Override
            public ReplayAnswer invoke(ReplayRequest request, Consumer<Replayed> progress) throws IOException {
                try {
                    return function.apply(Json.mapper().writeValueAsBytes(request), progress);
                } catch (RuntimeException failed) {
                    throw new IOException(failed);
                }
            }

            @Override
            public int seconds() {
                return 600;
            }
        };
    }
}
