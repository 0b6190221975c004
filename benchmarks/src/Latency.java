import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Measures how long a committed message takes to its recipients' WebSockets; `benchmarks/latency` runs it.
///
/// 8 users, 8 conversations of 4; each user writes into its 4 conversations in turn, and hears all that is said in
/// them, its own messages too, over a WebSocket of its own. The messages are sent at random times (a fixed seed) with
/// a given mean rate; the schedule waits for no answer. A quarter as many messages go ahead and do not count.
///
/// The moment of the commit is not visible from outside, so it is enclosed between two that are:
///
/// - the event's `timestamp`, when the change was decided, which is before the transaction: measured from there, the
///   time is too long, by the transaction and by up to 1 ms, for the timestamp is cut to milliseconds;
/// - when the answer to the POST was read, which is after the transaction: measured from there, the time is too short,
///   and below zero when the event is faster than the answer.
///
/// Both ends are read from the same machine's clock.
final class Latency {
    private static final int USERS = 8;
    private static final int PARTICIPANTS = 4;
    private static final long SEED = 42;
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(30);
    private static final String CONTENT = "A message as long as people write them, give or take a few words.";

    /// The event is a text inside the frame, hence the backslashes.
    private static final Pattern EVENT = Pattern.compile(
            """
            \\\\"timestamp\\\\":\\\\"([^\\\\]+)\\\\".*?\\\\"serverTimestamp\\\\":\\\\"([^\\\\]+)\\\\"\
            .*\\\\"conversationId\\\\":\\\\"([^\\\\]+)\\\\".*\\\\"sequence\\\\":(\\d+)\
            .*\\\\"tempId\\\\":\\\\"([a-z]+-\\d+)\\\\"\
            """);

    private final List<User> users;
    private final List<String> conversations;
    private final Map<String, Sent> sent = new ConcurrentHashMap<>();
    private final Map<String, Integer> others = new ConcurrentHashMap<>();

    private Latency(List<User> users) {
        this.users = users;
        this.conversations = IntStream.range(0, USERS)
                .mapToObj(first -> users.get(first).converse("GROUP", participants(first)))
                .toList();
    }

    /// @param due when the schedule wanted it sent
    /// @param answered when the 200 was read
    private record Sent(Instant due, Instant answered) {}

    /// One message at one recipient.
    ///
    /// @param sent null if it was not answered 200
    /// @param decided the event's `timestamp`
    /// @param published the event's `serverTimestamp`: just before the publisher posted it to the channel
    private record Delivery(
            String recipient,
            String tempId,
            String conversation,
            long sequence,
            Sent sent,
            Instant decided,
            Instant published,
            Instant arrived) {}

    public static void main(String[] args) throws Exception {
        Path arguments = Path.of(args[0]);
        int messages = args.length > 1 ? Integer.parseInt(args[1]) : 3000;
        double perSecond = args.length > 2 ? Double.parseDouble(args[2]) : 50;
        String[] properties = args.length > 3 ? new String[] {"--local.data-dir=" + args[3]} : new String[0];
        try (LocalRun local = LocalRun.start(arguments, properties)) {
            measure(local, messages, perSecond);
            LocalRun.Memory memory = local.memory();
            System.out.printf("memory: %.0f MB resident, at most %.0f MB%n", memory.now(), memory.peak());
        }
    }

    private static void measure(LocalRun local, int messages, double perSecond) throws Exception {
        List<Subscriber> subscribers = new ArrayList<>();
        AtomicInteger heard = new AtomicInteger();
        HttpClient http = HttpClient.newHttpClient();
        try {
            for (int user = 0; user < USERS; user++) {
                subscribers.add(Subscriber.subscribe(
                        User.signIn("user-" + user, local.api(), http), "chats", local.events(), heard::incrementAndGet));
            }
            Latency latency = new Latency(subscribers.stream().map(Subscriber::user).toList());
            latency.run(local, messages, perSecond, heard);
            latency.report(messages, latency.deliveries(subscribers));
        } finally {
            subscribers.forEach(Subscriber::close);
            // Closing it would wait for a WebSocket that never came to be subscribed.
            http.shutdownNow();
        }
    }

    private void run(LocalRun local, int messages, double perSecond, AtomicInteger heard) throws Exception {
        int warmUp = messages / 4;
        // Each user was told of its conversations.
        int before = USERS * PARTICIPANTS;
        send("warm", warmUp, perSecond);
        settle(warmUp, heard, before + warmUp * PARTICIPANTS);
        Processors begun = Processors.used(local);
        send("counts", messages, perSecond);
        Processors after = Processors.used(local);
        settle(warmUp + messages, heard, before + (warmUp + messages) * PARTICIPANTS);
        System.out.printf(
                "%d messages, %.0f a second, %d users, %d conversations of %d; %d messages before them do not count%n",
                messages, perSecond, USERS, USERS, PARTICIPANTS, warmUp);
        System.out.println(after.since(begun));
    }

    private List<String> participants(int first) {
        return IntStream.range(first, first + PARTICIPANTS)
                .mapToObj(index -> users.get(index % USERS).id())
                .toList();
    }

    /// Sends each message when it is due, whatever became of those before it.
    private void send(String name, int messages, double perSecond) throws InterruptedException {
        Random random = new Random(SEED);
        Instant due = Instant.now();
        for (int message = 0; message < messages; message++) {
            // Exponentially distributed: many users who know nothing of each other.
            due = due.plusNanos((long) (-Math.log(1 - random.nextDouble()) / perSecond * 1e9));
            sleepUntil(due);
            send(name + "-" + message, message, due);
        }
    }

    private void send(String tempId, int message, Instant due) {
        int user = message % USERS;
        // Those that this user is in began with the users before it.
        int conversation = Math.floorMod(user - message / USERS % PARTICIPANTS, USERS);
        users.get(user).send(conversations.get(conversation), tempId, CONTENT).whenComplete((answer, failure) -> {
            Instant now = Instant.now();
            if (failure == null && answer.statusCode() == 200) {
                sent.put(tempId, new Sent(due, now));
            } else {
                others.merge(failure == null ? code(answer) : failure.toString(), 1, Integer::sum);
            }
        });
    }

    /// `503 CONTENDED`.
    private static String code(HttpResponse<String> answer) {
        Matcher code = Pattern.compile("\"code\":\"([^\"]+)\"").matcher(answer.body());
        return answer.statusCode() + (code.find() ? " " + code.group(1) : "");
    }

    private static void sleepUntil(Instant due) throws InterruptedException {
        Duration left = Duration.between(Instant.now(), due);
        if (left.isPositive()) {
            Thread.sleep(left);
        }
    }

    /// Waits until all is answered and heard, or nothing has come for so long that nothing will.
    private void settle(int messages, AtomicInteger heard, int deliveries) throws InterruptedException {
        int last = -1;
        Instant end = Instant.MIN;
        while (heard.get() < deliveries || answers() < messages) {
            int now = heard.get() + answers();
            if (now > last) {
                last = now;
                end = Instant.now().plus(LONGEST_SILENCE);
            } else if (Instant.now().isAfter(end)) {
                break;
            }
            Thread.sleep(20);
        }
        // What comes twice comes late.
        Thread.sleep(500);
    }

    private int answers() {
        return sent.size() + others.values().stream().mapToInt(Integer::intValue).sum();
    }

    private List<Delivery> deliveries(List<Subscriber> subscribers) {
        return subscribers.stream()
                .flatMap(subscriber -> subscriber.heard().stream()
                        .map(heard -> delivery(subscriber.user().id(), heard))
                        .filter(delivery -> delivery != null && delivery.tempId().startsWith("counts")))
                .toList();
    }

    private Delivery delivery(String recipient, Subscriber.Heard heard) {
        Matcher event = EVENT.matcher(heard.frame());
        return event.find()
                ? new Delivery(
                        recipient,
                        event.group(5),
                        event.group(3),
                        Long.parseLong(event.group(4)),
                        sent.get(event.group(5)),
                        Instant.parse(event.group(1)),
                        Instant.parse(event.group(2)),
                        heard.at())
                : null;
    }

    private void report(int messages, List<Delivery> all) {
        Map<String, Delivery> firsts = all.stream()
                .collect(Collectors.toMap(it -> it.recipient() + " " + it.tempId(), it -> it, (first, _) -> first));
        // One that was refused, or not answered, is expected nowhere.
        List<Delivery> counted =
                firsts.values().stream().filter(it -> it.sent() != null).toList();
        long accepted = sent.keySet().stream().filter(it -> it.startsWith("counts")).count();

        System.out.printf(
                "%d deliveries (message and recipient); lost %d, twice %d, out of order %d; not answered 200: %d of %d%n",
                counted.size(),
                accepted * PARTICIPANTS - counted.size(),
                all.size() - firsts.size(),
                outOfOrder(all),
                messages - accepted,
                messages);
        if (!others.isEmpty()) {
            System.out.println("other answers, the uncounted messages' too: " + others);
        }
        System.out.printf("%-44s %8s %8s %8s %8s%n", "milliseconds", "p50", "p90", "p99", "max");
        print("commit to WebSocket, at most", counted, it -> Duration.between(it.decided(), it.arrived()));
        print("commit to WebSocket, at least", counted, it -> Duration.between(it.sent().answered(), it.arrived()));
        print("  decided to published (in whole ms)", counted, it -> Duration.between(it.decided(), it.published()));
        print("  published to WebSocket", counted, it -> Duration.between(it.published(), it.arrived()));
        print("due to be sent, to WebSocket", counted, it -> Duration.between(it.sent().due(), it.arrived()));
        print("due to be sent, to its answer", counted, it -> Duration.between(it.sent().due(), it.sent().answered()));
    }

    /// How often a recipient heard a message of a conversation after a later one, or again.
    private static long outOfOrder(List<Delivery> all) {
        Map<String, Long> last = new HashMap<>();
        return all.stream()
                .filter(it -> {
                    Long before = last.put(it.recipient() + " " + it.conversation(), it.sequence());
                    return before != null && before >= it.sequence();
                })
                .count();
    }

    private interface Span {
        Duration of(Delivery delivery);
    }

    private static void print(String what, List<Delivery> deliveries, Span span) {
        double[] sorted = deliveries.stream()
                .mapToDouble(it -> span.of(it).toNanos() / 1e6)
                .sorted()
                .toArray();
        System.out.printf(
                "%-44s %8.1f %8.1f %8.1f %8.1f%n",
                what, at(sorted, 0.50), at(sorted, 0.90), at(sorted, 0.99), at(sorted, 1));
    }

    /// The smallest figure that this part of all does not exceed.
    private static double at(double[] sorted, double part) {
        return sorted.length == 0 ? Double.NaN : sorted[(int) Math.ceil(part * sorted.length) - 1];
    }
}
