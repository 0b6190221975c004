package com.pantherkolab.local;

import static com.pantherkolab.local.Pumped.SUCCESS;
import static com.pantherkolab.local.Pumped.answering;
import static com.pantherkolab.local.Pumped.failing;
import static com.pantherkolab.local.Pumped.mapping;
import static com.pantherkolab.local.ScriptedStreams.inserts;
import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.StreamsEventResponse;
import com.pantherkolab.local.StreamFunction.NotInvoked;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// One invocation: how it ends, and what a pump that stops does with it.
class InvocationTest {
    private final ScriptedStreams streams = new ScriptedStreams().shard("s");

    @Test
    void anInvocationThatRunsOverTheFunctionsTimeoutIsInterruptedAndHasFailed() throws Exception {
        streams.add("s", inserts(1, 2));
        AtomicInteger calls = new AtomicInteger();
        AtomicInteger interrupted = new AtomicInteger();

        try (Pumped pumped = Pumped.start(streams, mapping(Duration.ofMillis(200)), answering(_ -> {
            if (calls.incrementAndGet() == 1) {
                try {
                    Thread.sleep(Duration.ofMinutes(1));
                } catch (InterruptedException _) {
                    interrupted.incrementAndGet();
                }
            }
            return SUCCESS;
        }))) {
            assertThat(pumped.awaitHandled().invocations()).containsExactly(List.of("1", "2"), List.of("1", "2"));
        }
        assertThat(interrupted.get()).isEqualTo(1);
    }

    @Test
    void aFunctionThatIsThrottledOrCannotBeStartedIsAskedAgainAndThatIsNoRetry() throws Exception {
        streams.add("s", inserts(1, 2));
        AtomicInteger calls = new AtomicInteger();

        try (Pumped pumped = Pumped.start(
                streams, mapping("MaximumRetryAttempts: 0", "BisectBatchOnFunctionError: true"), (_, _) -> {
                    if (calls.incrementAndGet() <= 3) {
                        throw new NotInvoked("throttled", new IllegalStateException());
                    }
                    return SUCCESS;
                })) {
            assertThat(pumped.awaitHandled().invocations()).hasSize(4).containsOnly(List.of("1", "2"));
            assertThat(pumped.failures.keys()).isEmpty();
        }
    }

    @Test
    void withoutReportBatchItemFailuresAResponseIsSuccessWhateverItNames() throws Exception {
        streams.add("s", inserts(1, 2));

        try (Pumped pumped = Pumped.start(streams, mapping(), answering(failing("1"), failing("2")))) {
            assertThat(pumped.awaitHandled().invocations()).containsExactly(List.of("1", "2"));
        }
    }

    @Test
    void withoutReportBatchItemFailuresAnErrorRepeatsTheWholeBatch() throws Exception {
        streams.add("s", inserts(1, 3));

        try (Pumped pumped = Pumped.start(streams, mapping(), answering((StreamsEventResponse) null))) {
            assertThat(pumped.awaitHandled().invocations())
                    .containsExactly(List.of("1", "2", "3"), List.of("1", "2", "3"));
        }
    }

    @Test
    void whatIsUnderWayWhenThePumpStopsIsHandedOverAgainAfterARestart() throws Exception {
        streams.add("s", inserts(1, 4));
        Map<String, SequenceNumber> disk = new ConcurrentHashMap<>();
        StreamPositions positions = new StreamPositions() {
            @Override
            public SequenceNumber after(String mapping, String shard) {
                return disk.getOrDefault(mapping + shard, SequenceNumber.HORIZON);
            }

            @Override
            public void keep(String mapping, String shard, SequenceNumber position) {
                disk.put(mapping + shard, position);
            }
        };
        CountDownLatch never = new CountDownLatch(1);

        try (Pumped pumped = Pumped.start(streams, mapping("BatchSize: 2"), positions, (event, _) -> {
            if (Pumped.numbers(event).contains("3")) {
                StreamPumpTest.await(never);
            }
            return SUCCESS;
        })) {
            pumped.awaitInvocations(2);
        }
        try (Pumped again = Pumped.start(streams, mapping("BatchSize: 2"), positions, answering())) {
            assertThat(again.awaitHandled().invocations()).containsExactly(List.of("3", "4"));
        }
    }
}
