package com.pantherkolab.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.pantherkolab.local.RunningSystem.Answer;
import com.pantherkolab.local.RunningSystem.User;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Sixty users and a thousand messages through the whole system, from the POST to the WebSocket.
class WholeSystemTest {
    private static final int USERS = 60;
    private static final int AMPLIFY_USERS = 12;
    private static final int CONVERSATIONS = 20;
    private static final int SENDERS = 8;
    private static final int MESSAGES = 1_000;

    /// Another seed: `-Dseed=…`.
    private static final long SEED = Long.getLong("seed", 20_260_101L);

    private final Random random = new Random(SEED);
    private final RunningSystem system = RunningSystem.shared();
    private final Map<String, Subscriber> subscribers = new HashMap<>();
    private final Map<String, Set<String>> participants = new HashMap<>();
    private final Map<String, Long> lastSequences = new ConcurrentHashMap<>();

    @Test
    void everyParticipantReceivesEveryMessageOnceAndInOrder() throws Exception {
        Node.require();
        List<User> users = IntStream.range(0, USERS)
                .mapToObj(number -> system.signIn("whole-%d-%d".formatted(SEED, number)))
                .toList();
        users.forEach(user -> subscribers.put(user.userId(), new Subscriber()));
        List<RawClient> raw = new ArrayList<>();
        try (AmplifyClients _ = AmplifyClients.subscribe(system, users.subList(0, AMPLIFY_USERS), subscribers)) {
            for (User user : users.subList(AMPLIFY_USERS, USERS)) {
                raw.add(RawClient.subscribe(system, user, hearing(user)));
            }
            for (int number = 0; number < CONVERSATIONS; number++) {
                createConversation(users, number);
            }
            send(users);
            system.awaitPublished();
            awaitArrivals(users);
        } finally {
            raw.forEach(RawClient::close);
        }

        assertThat(lastSequences.values().stream().mapToLong(Long::longValue).sum())
                .as("seed %d", SEED)
                .isEqualTo(MESSAGES);
        for (User user : users) {
            assertThat(heard(user)).as("%s, seed %d", user.userId(), SEED).isEqualTo(expected(user));
        }
    }

    /// Two to twelve participants: at least one of the senders, the others drawn.
    private void createConversation(List<User> users, int number) {
        List<User> drawn = new ArrayList<>(users);
        Collections.shuffle(drawn, random);
        User creator = users.get(number % SENDERS);
        drawn.remove(creator);
        List<String> others = drawn.subList(0, 1 + random.nextInt(11)).stream()
                .map(User::userId)
                .toList();
        String conversation = system.conversation(creator, "GROUP", others);
        Set<String> all = new LinkedHashSet<>(others);
        all.add(creator.userId());
        participants.put(conversation, all);
    }

    private void send(List<User> users) throws Exception {
        List<Future<?>> sending = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (User sender : users.subList(0, SENDERS)) {
                List<String> own = participants.entrySet().stream()
                        .filter(entry -> entry.getValue().contains(sender.userId()))
                        .map(Map.Entry::getKey)
                        .sorted()
                        .toList();
                Random choice = new Random(SEED + sender.userId().hashCode());
                sending.add(threads.submit(() -> {
                    for (int number = 0; number < MESSAGES / SENDERS; number++) {
                        send(sender, own.get(choice.nextInt(own.size())), "message " + number);
                    }
                }));
            }
        }
        for (Future<?> sent : sending) {
            sent.get();
        }
    }

    private void send(User sender, String conversation, String content) {
        Answer answer = system.post(
                sender,
                "/api/messages/send",
                "{\"conversationId\":\"%s\",\"content\":\"%s\"}".formatted(conversation, content));
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
        lastSequences.merge(conversation, answer.at("message").path("sequence").longValue(), Math::max);
    }

    private void awaitArrivals(List<User> users) throws InterruptedException {
        Instant giveUp = Instant.now().plusSeconds(30);
        while (!users.stream().allMatch(user -> heard(user).equals(expected(user)))
                && Instant.now().isBefore(giveUp)) {
            Thread.sleep(Duration.ofMillis(50));
        }
    }

    /// The sequences of each conversation in the order of their first arrival, repeats of an id left out.
    private Map<String, List<Long>> heard(User user) {
        Map<String, JsonNode> byId = new LinkedHashMap<>();
        hearing(user).heard().stream()
                .filter(event -> event.path("type").stringValue().equals("MESSAGE_SENT"))
                .forEach(event -> byId.putIfAbsent(event.path("id").stringValue(), event.path("data")));
        return byId.values().stream()
                .collect(Collectors.groupingBy(
                        data -> data.path("conversationId").stringValue(),
                        TreeMap::new,
                        Collectors.mapping(data -> data.path("sequence").longValue(), Collectors.toList())));
    }

    private Map<String, List<Long>> expected(User user) {
        Map<String, List<Long>> expected = new TreeMap<>();
        lastSequences.forEach((conversation, last) -> {
            if (Objects.requireNonNull(participants.get(conversation)).contains(user.userId())) {
                expected.put(
                        conversation, LongStream.rangeClosed(1, last).boxed().toList());
            }
        });
        return expected;
    }

    private Subscriber hearing(User user) {
        return Objects.requireNonNull(subscribers.get(user.userId()));
    }
}
