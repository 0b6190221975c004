package com.pantherkolab.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.events.DynamodbEvent;
import com.amazonaws.services.lambda.runtime.events.StreamsEventResponse;
import com.amazonaws.services.lambda.runtime.events.StreamsEventResponse.BatchItemFailure;
import com.pantherkolab.events.template.CloudFormationTemplate;
import com.pantherkolab.events.template.Section;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A pump between a scripted stream and a function of the test's, which remembers every invocation.
final class Pumped implements AutoCloseable {
    static final StreamsEventResponse SUCCESS = new StreamsEventResponse(List.of());

    private static final Duration LONG_ENOUGH = Duration.ofSeconds(20);

    final ScriptedStreams streams;
    final MemoryFailureDestination failures = new MemoryFailureDestination();
    final CommitBell bell = new CommitBell();
    final StreamPump pump;
    private final StreamFunction function;
    private final List<List<String>> invocations = new ArrayList<>();

    private Pumped(ScriptedStreams streams, StreamMapping mapping, StreamPositions positions, StreamFunction function) {
        this.streams = streams;
        this.function = function;
        AtomicInteger ids = new AtomicInteger();
        this.pump = new StreamPump(
                mapping,
                new TableStream(streams, ScriptedStreams.ARN),
                this::invoked,
                new Surroundings(failures, positions, bell, Clock.systemUTC(), () -> "id-" + ids.incrementAndGet()));
        pump.start();
    }

    static Pumped start(ScriptedStreams streams, StreamMapping mapping, StreamFunction function) {
        return start(streams, mapping, StreamPositions.NONE, function);
    }

    static Pumped start(
            ScriptedStreams streams, StreamMapping mapping, StreamPositions positions, StreamFunction function) {
        return new Pumped(streams, mapping, positions, function);
    }

    /// A function that answers to the sequence numbers of its batch.
    static StreamFunction answering(Function<List<String>, StreamsEventResponse> answer) {
        return (event, _) -> answer.apply(numbers(event));
    }

    /// A function that answers one after the other, and success at last; null fails.
    static StreamFunction answering(@Nullable StreamsEventResponse... answers) {
        Deque<Integer> left = new ArrayDeque<>();
        for (int i = 0; i < answers.length; i++) {
            left.add(i);
        }
        return (_, _) -> {
            Integer next;
            synchronized (left) {
                next = left.poll();
            }
            StreamsEventResponse answer = next == null ? SUCCESS : answers[next];
            if (answer == null) {
                throw new IllegalStateException("as the test wants it");
            }
            return answer;
        };
    }

    static StreamsEventResponse failing(String... sequenceNumbers) {
        return new StreamsEventResponse(
                Arrays.stream(sequenceNumbers).map(BatchItemFailure::new).toList());
    }

    static List<String> numbers(DynamodbEvent event) {
        return event.getRecords().stream()
                .map(record -> record.getDynamodb().getSequenceNumber())
                .toList();
    }

    /// A mapping with these settings beside the required ones, of a function with a timeout of a minute.
    static StreamMapping mapping(String... settings) {
        return mapping(Duration.ofMinutes(1), settings);
    }

    static StreamMapping mapping(Duration timeout, String... settings) {
        return StreamMapping.read("Outbox", "streamPublisher", timeout, section(settings));
    }

    static Section section(String... settings) {
        return CloudFormationTemplate.parse("""
                Stream: !GetAtt OutboxTable.StreamArn
                StartingPosition: TRIM_HORIZON
                %s
                """.formatted(String.join("\n", settings)))
                .root();
    }

    /// The sequence numbers of each batch, in the order of the invocations.
    List<List<String>> invocations() {
        synchronized (invocations) {
            return List.copyOf(invocations);
        }
    }

    /// Waits until everything in the stream is handled.
    Pumped awaitHandled() throws InterruptedException {
        Instant giveUp = Instant.now().plus(LONG_ENOUGH);
        while (pump.behind() > 0) {
            assertThat(Instant.now())
                    .as("still behind; invoked so far: %s", invocations())
                    .isBefore(giveUp);
            Thread.sleep(5);
        }
        return this;
    }

    Pumped awaitInvocations(int count) throws InterruptedException {
        Instant giveUp = Instant.now().plus(LONG_ENOUGH);
        while (invocations().size() < count) {
            assertThat(Instant.now()).as("invoked so far: %s", invocations()).isBefore(giveUp);
            Thread.sleep(5);
        }
        return this;
    }

    @Override
    public void close() {
        pump.close();
    }

    private StreamsEventResponse invoked(DynamodbEvent event, Context context) throws StreamFunction.NotInvoked {
        synchronized (invocations) {
            invocations.add(numbers(event));
        }
        return function.invoke(event, context);
    }
}
