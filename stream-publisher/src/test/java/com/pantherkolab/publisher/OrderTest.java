package com.pantherkolab.publisher;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.DynamodbEvent.DynamodbStreamRecord;
import com.amazonaws.services.lambda.runtime.events.StreamsEventResponse.BatchItemFailure;
import com.pantherkolab.common.Channel;
import com.pantherkolab.common.OutboxEntry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The three promises under random weather: everything arrives, in order within (aggregate, channel), and twice
/// only where it has to.
///
/// `-Dseed=…` runs one seed alone.
class OrderTest {
    private static final int SEEDS = 40;
    private static final int ENTRIES = 60;
    private static final Duration NO_HURRY = Duration.ofDays(365);
    private static final Duration SHORT = Duration.ofSeconds(2);

    static LongStream seeds() {
        String given = System.getProperty("seed");
        return given == null ? LongStream.range(0, SEEDS) : LongStream.of(Long.parseLong(given));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void inOneInvocationEverythingArrivesInOrderAndTwiceOnlyWhereAnAnswerWasLost(long seed)
            throws InterruptedException {
        Weather weather = new Weather(seed);
        World world = new World(seed, weather);

        world.runToTheEnd(NO_HURRY);

        assertThat(world.invocations).isEqualTo(1);
        assertThat(world.arrivals()).containsOnlyKeys(world.committed());
        world.arrivals().forEach((delivery, times) -> assertThat(times)
                .as("%s with seed %d", delivery, seed)
                .isEqualTo(1 + weather.lost.getOrDefault(delivery, 0)));
        assertThat(world.totals.totals().published())
                .isEqualTo(world.committed().size());
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void overManyInvocationsThatRunOutOfTimeEverythingArrivesInOrder(long seed) throws InterruptedException {
        World world = new World(seed, new Weather(seed));

        world.runToTheEnd(SHORT);

        assertThat(world.arrivals()).containsOnlyKeys(world.committed());
    }

    /// A delivery, as a name to compare by.
    private static String name(Channel channel, String eventId) {
        return eventId + " to " + channel;
    }

    /// What AppSync does to the n-th request of a channel depends on the seed alone, not on how threads run.
    private static final class Weather {
        private final long seed;
        private final Map<Channel, Integer> requests = new ConcurrentHashMap<>();
        private final Map<String, Integer> lost = new ConcurrentHashMap<>();

        Weather(long seed) {
            this.seed = seed;
        }

        Behaviour over(PublishRequest request) {
            int nth = requests.merge(request.channel(), 1, Integer::sum);
            // Random, seeded with neighbours, begins with nearly the same numbers: the weather would never change.
            SplittableRandom random =
                    new SplittableRandom(Objects.hash(seed, request.channel().path(), nth));
            int events = request.events().size();
            double chance = random.nextDouble();
            if (chance < 0.15) {
                int[] statuses = {429, 500, 503, 403};
                return Behaviour.status(statuses[random.nextInt(statuses.length)], "Something");
            }
            if (chance < 0.20) {
                return new Behaviour.Reset();
            }
            if (chance < 0.30) {
                FakeAppSync.ids(request).forEach(id -> lost.merge(name(request.channel(), id), 1, Integer::sum));
                return new Behaviour.LoseAnswer();
            }
            if (chance < 0.60) {
                Map<Integer, String> failed = new HashMap<>();
                IntStream.range(0, events)
                        .filter(_ -> random.nextBoolean())
                        .forEach(index -> failed.put(index, "InternalFailure"));
                return Behaviour.fail(events, failed);
            }
            return Behaviour.acknowledge(events);
        }
    }

    /// A stream of random entries, a mapping that repeats from the checkpoint, and an AppSync that looks at the
    /// order.
    private static final class World {
        private final VirtualTime time = new VirtualTime();
        private final List<OutboxEntry> entries = new ArrayList<>();
        private final List<DynamodbStreamRecord> records = new ArrayList<>();
        private final Map<String, List<String>> predecessors = new HashMap<>();
        private final Set<String> arrived = ConcurrentHashMap.newKeySet();
        private final PublisherTotals totals = new PublisherTotals();
        private final FakeAppSync appSync;
        private int invocations;

        World(long seed, Weather weather) {
            Random random = new Random(seed);
            Map<String, List<String>> sent = new HashMap<>();
            Map<String, Integer> orders = new HashMap<>();
            for (int i = 0; i < ENTRIES; i++) {
                String conversation = "c" + random.nextInt(5);
                OutboxEntry entry =
                        Samples.message(conversation, orders.merge(conversation, 1, Integer::sum), someone(random));
                entries.add(entry);
                // The numbers grow a digit on the way: 95, 96 … 154.
                records.add(Samples.insert(String.valueOf(95 + i), entry));
                for (Channel channel : entry.publications().getFirst().channels()) {
                    List<String> before = sent.computeIfAbsent(conversation + channel, _ -> new ArrayList<>());
                    predecessors.put(name(channel, entry.eventId()), List.copyOf(before));
                    before.add(name(channel, entry.eventId()));
                }
            }
            appSync = new FakeAppSync(request -> {
                for (String id : FakeAppSync.ids(request)) {
                    assertThat(arrived)
                            .as("before %s is handed over, with seed %d", id, seed)
                            .containsAll(predecessors.getOrDefault(name(request.channel(), id), List.of()));
                }
                Behaviour behaviour = weather.over(request);
                note(request, behaviour);
                return behaviour;
            });
        }

        private static Channel[] someone(Random random) {
            List<String> users = new ArrayList<>(List.of("alice", "bob", "carol", "dave"));
            Collections.shuffle(users, random);
            return users.subList(0, 1 + random.nextInt(4)).stream()
                    .map(Samples::channel)
                    .toArray(Channel[]::new);
        }

        /// An event has arrived for sure when its arrival was acknowledged, not before.
        private void note(PublishRequest request, Behaviour behaviour) {
            if (behaviour instanceof Behaviour.Answer answer) {
                List<String> ids = FakeAppSync.ids(request);
                answer.taken().forEach(index -> arrived.add(name(request.channel(), ids.get(index))));
            }
        }

        void runToTheEnd(Duration timePerInvocation) throws InterruptedException {
            // Lanes that wait for each other at the gate live in times far apart.
            StreamPublisher publisher = Samples.publisher(
                    appSync, time, new MemoryParkedEvents(), totals, new WarmLedger(), new Patience(NO_HURRY));
            int next = 0;
            while (next < records.size()) {
                assertThat(++invocations).as("invocations").isLessThan(1_000);
                List<BatchItemFailure> failures = publisher
                        .publish(
                                Samples.batch(
                                        records.subList(next, records.size()).toArray(DynamodbStreamRecord[]::new)),
                                time.in(timePerInvocation))
                        .getBatchItemFailures();
                time.catchUp();
                next = failures.isEmpty()
                        ? records.size()
                        : Integer.parseInt(failures.getFirst().getItemIdentifier()) - 95;
            }
        }

        Map<String, Integer> arrivals() {
            Map<String, Integer> arrivals = new HashMap<>();
            appSync.taken().forEach(taken -> arrivals.merge(name(taken.channel(), taken.id()), 1, Integer::sum));
            return arrivals;
        }

        Set<String> committed() {
            Set<String> committed = new HashSet<>();
            for (OutboxEntry entry : entries) {
                for (Channel channel : entry.publications().getFirst().channels()) {
                    committed.add(name(channel, entry.eventId()));
                }
            }
            return committed;
        }
    }
}
