package com.pantherkolab.events;

import static com.pantherkolab.events.TestApi.KEY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.pantherkolab.events.PublishFault.Effect;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class FaultsTest {

    /// Whoever reads faults from JSON makes their parts before any constant was looked at.
    @ParameterizedTest
    @ValueSource(strings = {"Sockets", "Publish"})
    void nothingIsMissingOfNoFaultsWhicheverClassIsUsedFirst(String first) throws Exception {
        URL classes = Faults.class.getProtectionDomain().getCodeSource().getLocation();
        try (URLClassLoader fresh = new URLClassLoader(new URL[] {classes}, ClassLoader.getPlatformClassLoader())) {
            Class.forName(Faults.class.getName() + "$" + first, true, fresh);
            Object none = Class.forName(Faults.class.getName(), true, fresh)
                    .getField("NONE")
                    .get(null);

            assertThat(none).hasNoNullFieldsOrProperties().asString().isEqualTo(Faults.NONE.toString());
        }
    }

    @Nested
    class OnARunningEmulator {

        private AppSyncEventsEmulator emulator;
        private TestClient client;

        @BeforeEach
        void start() {
            emulator = AppSyncEventsEmulator.start(TestApi.open(), TestApi.options());
            client = TestClient.connect(emulator, KEY);
            client.subscribed("s1", "open/a", KEY);
        }

        @AfterEach
        void stop() {
            client.close();
            emulator.close();
        }

        @ParameterizedTest
        @ValueSource(ints = {429, 500, 503})
        void anErrorIsAnsweredAndNothingIsPublished(int status) {
            emulator.faults(always(new Effect.ErrorAnswer(status)));

            assertThat(TestApi.publish(emulator, "open/a", "1").statusCode()).isEqualTo(status);

            client.hasNothingMore();
        }

        @Test
        void aResetConnectionPublishedNothing() throws IOException {
            emulator.faults(always(new Effect.Reset()));

            assertThatThrownBy(OnARunningEmulator.this::answerOfAPublish)
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining("reset");

            client.hasNothingMore();
        }

        @Test
        void aLostResponseWasPublished() throws IOException {
            emulator.faults(always(new Effect.LostResponse()));

            assertThat(answerOfAPublish()).isEmpty();

            assertThat(client.next().get("event").stringValue()).isEqualTo("1");
        }

        @Test
        void aPartialFailureDeliversTheOthers() {
            emulator.faults(always(new Effect.PartialFailure(Set.of(0, 2))));

            var response = TestApi.publish(emulator, "open/a", "0", "1", "2");

            assertThat(response.statusCode()).isEqualTo(200);
            JsonNode answer = TestClient.JSON.readTree(response.body());
            assertThat(answer.get("failed").valueStream().map(it -> it.get("index")
                            .intValue()))
                    .containsExactly(0, 2);
            assertThat(answer.at("/successful/0/index").intValue()).isEqualTo(1);
            assertThat(client.next().get("event").stringValue()).isEqualTo("1");
            client.hasNothingMore();
        }

        @Test
        void aDelayIsWaited() {
            emulator.faults(events -> new PublishFault(Duration.ofMillis(200), new Effect.None()));
            long start = System.nanoTime();

            TestApi.publish(emulator, "open/a", "1");

            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(200));
        }

        @Test
        void aSocketIsDroppedInsteadOfTakingAnEvent() throws Exception {
            emulator.faults(new Faults(Faults.Publish.NONE, new Faults.Sockets(1), 0));

            assertThat(TestApi.publish(emulator, "open/a", "1").statusCode()).isEqualTo(200);

            assertThat(client.closeCode()).isEqualTo(1006);
        }

        @Test
        void faultsEndWhenTheyAreCleared() {
            emulator.faults(always(new Effect.ErrorAnswer(500)));
            emulator.faults(Faults.NONE);

            assertThat(TestApi.publish(emulator, "open/a", "1").statusCode()).isEqualTo(200);
        }

        @Test
        void aRequestThatIsRefusedAnywayIsRefused() {
            emulator.faults(always(new Effect.ErrorAnswer(500)));

            assertThat(TestApi.post(emulator, KEY, "not JSON").statusCode()).isEqualTo(400);
        }

        private FaultPlan always(Effect effect) {
            return events -> PublishFault.of(effect);
        }

        /// By hand, because an HTTP client tries again by itself.
        private String answerOfAPublish() throws IOException {
            String body = TestApi.body("open/a", "1");
            try (var socket = new Socket(InetAddress.getLoopbackAddress(), emulator.port());
                    InputStream in = socket.getInputStream()) {
                socket.getOutputStream()
                        .write(("POST /event HTTP/1.1\r\nHost: localhost\r\nx-api-key: da2-test\r\n"
                                        + "Content-Length: "
                                        + body.length()
                                        + "\r\n\r\n"
                                        + body)
                                .getBytes(StandardCharsets.US_ASCII));
                socket.getOutputStream().flush();
                return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
            }
        }
    }

    @Nested
    class ByChance {

        private static final Faults SOME = new Faults(
                new Faults.Publish(0.2, List.of(429, 503), 0.1, 0.1, 0.2, List.of(5, 10)), new Faults.Sockets(0.3), 42);

        @Test
        void comeAboutAsOftenAsTheirRates() {
            var plan = SOME.plan();
            var counts = IntStream.range(0, 10_000)
                    .mapToObj(i -> plan.onPublish(5).effect())
                    .collect(Collectors.groupingBy(effect -> effect.getClass(), Collectors.counting()));

            assertThat(counts.get(Effect.ErrorAnswer.class)).isBetween(1_800L, 2_200L);
            assertThat(counts.get(Effect.Reset.class)).isBetween(700L, 900L);
            assertThat(counts.get(Effect.LostResponse.class)).isBetween(620L, 820L);
            assertThat(counts.get(Effect.PartialFailure.class)).isBetween(1_150L, 1_450L);
            assertThat(IntStream.range(0, 10_000)
                            .filter(i -> plan.dropsSocket())
                            .count())
                    .isBetween(2_800L, 3_200L);
        }

        @Test
        void areTheSameForTheSameSeedHoweverManySubscribersThereAre() {
            var one = SOME.plan();
            var other = SOME.plan();
            for (int i = 0; i < 1_000; i++) {
                other.dropsSocket();
                assertThat(one.onPublish(5)).isEqualTo(other.onPublish(5));
            }
        }

        @Test
        void stayWithinWhatWasAskedFor() {
            var plan = SOME.plan();
            for (int i = 0; i < 10_000; i++) {
                int events = 1 + i % 5;
                var fault = plan.onPublish(events);
                assertThat(fault.delay()).isBetween(Duration.ofMillis(5), Duration.ofMillis(10));
                switch (fault.effect()) {
                    case Effect.ErrorAnswer(int status) -> assertThat(status).isIn(429, 503);
                    case Effect.PartialFailure(Set<Integer> indexes) ->
                        assertThat(indexes)
                                .hasSizeBetween(1, Math.max(1, events - 1))
                                .allSatisfy(index -> assertThat(index).isBetween(0, events - 1));
                    case Effect.None() -> {}
                    case Effect.Reset() -> {}
                    case Effect.LostResponse() -> {}
                }
            }
        }

        @Test
        void areRefusedWhenOutOfRangeByTheNameOfTheField() {
            refused("publish.errorRate", x -> new Faults.Publish(x, List.of(500), 0, 0, 0, NO_DELAY));
            refused("publish.resetRate", x -> new Faults.Publish(0, List.of(500), x, 0, 0, NO_DELAY));
            refused("publish.lostResponseRate", x -> new Faults.Publish(0, List.of(500), 0, x, 0, NO_DELAY));
            refused("publish.partialFailureRate", x -> new Faults.Publish(0, List.of(500), 0, 0, x, NO_DELAY));
            refused("sockets.dropRate", Faults.Sockets::new);
        }

        @Test
        void areRefusedWithStatusesOrDelaysThatMakeNoSense() {
            for (List<Integer> statuses : List.of(List.of(200), List.of(500, 600), List.<Integer>of())) {
                assertThatThrownBy(() -> new Faults.Publish(0.5, statuses, 0, 0, 0, NO_DELAY))
                        .hasMessageStartingWith("publish.statuses ");
            }
            for (List<Integer> delay : List.of(List.of(1), List.of(2, 1), List.of(-1, 1), List.of(0, 60_001))) {
                assertThatThrownBy(() -> new Faults.Publish(0, List.of(), 0, 0, 0, delay))
                        .hasMessageStartingWith("publish.delayMs ");
            }
        }

        private static final List<Integer> NO_DELAY = List.of(0, 0);

        private static void refused(String field, Function<Double, ?> faults) {
            for (double rate : new double[] {-0.1, 1.1, Double.NaN}) {
                assertThatThrownBy(() -> faults.apply(rate))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageStartingWith(field + " ");
            }
        }
    }
}
