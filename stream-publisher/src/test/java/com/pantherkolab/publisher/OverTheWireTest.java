package com.pantherkolab.publisher;

import static com.pantherkolab.publisher.Samples.ALICE;
import static com.pantherkolab.publisher.Samples.BOB;
import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.DynamodbEvent.DynamodbStreamRecord;
import com.pantherkolab.common.Json;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/// The whole way, from the record to the socket, while the other end throttles, fails, resets and loses answers.
class OverTheWireTest {
    private static final int MESSAGES = 40;

    // Lanes that wait for each other at the gate live in times far apart.
    private static final Patience ENDLESS = new Patience(Duration.ofDays(365));

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void everyMessageReachesEveryChannelInOrder(long seed) throws Exception {
        VirtualTime time = new VirtualTime();
        SplittableRandom random = new SplittableRandom(seed);
        try (AppSyncServer server = new AppSyncServer();
                AppSyncPublisher appSync = new AppSyncPublisher(
                        Samples.settings(server.endpoint()),
                        StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")),
                        time)) {
            server.weather(request -> weather(random, request.events().size()));
            PublisherTotals totals = new PublisherTotals();
            StreamPublisher publisher =
                    Samples.publisher(appSync, time, new MemoryParkedEvents(), totals, new WarmLedger(), ENDLESS);

            DynamodbStreamRecord[] records = IntStream.rangeClosed(1, MESSAGES)
                    .mapToObj(i -> Samples.insert(String.valueOf(i), Samples.message("c1", i, ALICE, BOB)))
                    .toArray(DynamodbStreamRecord[]::new);

            assertThat(publisher
                            .publish(Samples.batch(records), time.in(Duration.ofDays(365)))
                            .getBatchItemFailures())
                    .isEmpty();
            assertThat(totals.totals().published()).isEqualTo(2 * MESSAGES);
            for (String path : List.of(ALICE.path(), BOB.path())) {
                assertThat(firstArrivals(server, path))
                        .as("%s with seed %d", path, seed)
                        .isEqualTo(IntStream.rangeClosed(1, MESSAGES).boxed().toList());
            }
        }
    }

    private static Behaviour weather(SplittableRandom random, int events) {
        return switch (random.nextInt(10)) {
            case 0 -> Behaviour.status(429, "LimitExceeded");
            case 1 -> Behaviour.status(503, "ServiceUnavailable");
            case 2 -> new Behaviour.Reset();
            case 3 -> new Behaviour.LoseAnswer();
            case 4 -> Behaviour.fail(events, Map.of(0, "InternalFailure"));
            default -> Behaviour.acknowledge(events);
        };
    }

    private static List<Integer> firstArrivals(AppSyncServer server, String path) {
        return server.received().stream()
                .map(request -> Json.mapper().readTree(request.body()))
                .filter(body -> body.path("channel").asString().equals(path))
                .map(body -> Json.mapper()
                        .readTree(body.path("events").path(0).asString())
                        .path("data")
                        .path("sequence")
                        .asInt())
                .distinct()
                .toList();
    }
}
