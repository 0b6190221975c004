package com.pantherkolab.api.calls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.amazonaws.services.lambda.runtime.events.DynamodbEvent;
import com.amazonaws.services.lambda.runtime.events.DynamodbEvent.DynamodbStreamRecord;
import com.amazonaws.services.lambda.runtime.events.StreamsEventResponse;
import com.amazonaws.services.lambda.runtime.events.StreamsEventResponse.BatchItemFailure;
import com.amazonaws.services.lambda.runtime.events.models.dynamodb.AttributeValue;
import com.amazonaws.services.lambda.runtime.events.models.dynamodb.StreamRecord;
import com.pantherkolab.api.NotedMetrics;
import com.pantherkolab.api.trace.Cause;
import com.pantherkolab.api.trace.Causes;
import com.pantherkolab.common.Trace;
import com.pantherkolab.common.metrics.Metric;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.springframework.messaging.support.MessageBuilder;

class CallStreamTest {
    private final Collection<String> looks = new ConcurrentLinkedQueue<>();
    private final Causes causes = new Causes(UUID::randomUUID);
    private final NotedMetrics metrics = new NotedMetrics();

    @Test
    void everyCallOfABatchIsLookedAtOnce() {
        List<String> returned = handle(Set.of(), call("1", "a"), call("2", "b"), call("3", "a"));

        assertThat(looks).containsExactlyInAnyOrder("a", "b");
        assertThat(returned).isEmpty();
    }

    @Test
    void theFirstRecordOfACallThatIsNotWhereItShouldBeIsReturned() {
        List<String> returned =
                handle(Set.of("b", "c"), call("1", "a"), call("2", "b"), call("3", "c"), call("4", "b"));

        assertThat(looks).containsExactlyInAnyOrder("a", "b", "c");
        assertThat(returned).containsExactly("2");
        assertThat(metrics.sum(Metric.CALLS_RETURNED)).isEqualTo(2);
        assertThat(metrics.sent()).isEqualTo(1);
    }

    @Test
    void whatStandsBesideCallsAndWhatIsSweptIsPassedOver() {
        DynamodbStreamRecord swept = call("4", "d");
        swept.setEventName("REMOVE");
        DynamodbStreamRecord empty = new DynamodbStreamRecord();
        empty.setEventName("INSERT");

        List<String> returned = handle(
                Set.of(),
                record("1", "call#a", "attendee#bob"),
                record("2", "pair#a#b", "pair"),
                record("3", "user#call", "call"),
                swept,
                empty);

        assertThat(looks).isEmpty();
        assertThat(returned).isEmpty();
    }

    @Test
    void whatIsDoneForACallIsATraceOfItsOwn() {
        Collection<Trace> traces = new ConcurrentLinkedQueue<>();
        DynamodbEvent batch = new DynamodbEvent();
        batch.setRecords(List.of(call("1", "a"), call("2", "b")));

        new CallStream(
                        _ -> {
                            Trace trace = Cause.currentTrace();
                            if (trace != null) {
                                traces.add(trace);
                            }
                        },
                        causes,
                        metrics)
                .apply(MessageBuilder.withPayload(batch).build());

        assertThat(traces).hasSize(2).doesNotHaveDuplicates();
    }

    @Test
    void whatIsNoStreamEventFails() {
        assertThatIllegalArgumentException().isThrownBy(() -> new CallStream(looks::add, causes, metrics)
                .apply(MessageBuilder.withPayload(new DynamodbEvent()).build()));
    }

    private List<String> handle(Set<String> failing, DynamodbStreamRecord... records) {
        DynamodbEvent batch = new DynamodbEvent();
        batch.setRecords(Arrays.asList(records));
        StreamsEventResponse response = new CallStream(
                        call -> {
                            looks.add(call);
                            if (failing.contains(call)) {
                                throw new IllegalStateException("planted");
                            }
                        },
                        causes,
                        metrics)
                .apply(MessageBuilder.withPayload(batch).build());
        return response.getBatchItemFailures().stream()
                .map(BatchItemFailure::getItemIdentifier)
                .toList();
    }

    private static DynamodbStreamRecord call(String sequenceNumber, String sessionId) {
        return record(sequenceNumber, "call#" + sessionId, "call");
    }

    private static DynamodbStreamRecord record(String sequenceNumber, String subject, String part) {
        DynamodbStreamRecord record = new DynamodbStreamRecord();
        record.setEventName("MODIFY");
        record.setDynamodb(new StreamRecord()
                .withSequenceNumber(sequenceNumber)
                .withKeys(Map.of(
                        "subject", new AttributeValue(subject),
                        "part", new AttributeValue(part))));
        return record;
    }
}
