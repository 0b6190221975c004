package com.pantherkolab.publisher;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.DynamodbEvent.DynamodbStreamRecord;
import com.amazonaws.services.lambda.runtime.events.StreamsEventResponse.BatchItemFailure;
import java.time.Duration;
import java.util.List;

/// As much of an event source mapping as the publisher's answer moves: the next batch begins at the record that was
/// returned, behind the batch when none was.
///
/// The records are numbered from 1 on; all that are given are in the stream from the beginning.
final class ScriptedMapping {
    private static final int BATCH = 100;
    private static final int MOST = 1_000;
    private static final Duration INVOCATION = Duration.ofSeconds(52);

    private final VirtualTime time;
    private final List<DynamodbStreamRecord> records;
    private int position;
    private int invocations;

    ScriptedMapping(VirtualTime time, List<DynamodbStreamRecord> records) {
        this.time = time;
        this.records = records;
    }

    /// Invokes until everything is done.
    void runToTheEnd(StreamPublisher publisher) throws InterruptedException {
        while (position < records.size()) {
            invoke(publisher);
        }
    }

    /// Invokes with the next batch. Fails where there is none, or where it takes unreasonably often.
    void invoke(StreamPublisher publisher) throws InterruptedException {
        assertThat(position).as("done").isLessThan(records.size());
        assertThat(invocations++).as("invocations, at record %d", position + 1).isLessThan(MOST);
        int end = Math.min(position + BATCH, records.size());
        List<BatchItemFailure> returned = publisher
                .publish(
                        Samples.batch(records.subList(position, end).toArray(DynamodbStreamRecord[]::new)),
                        time.in(INVOCATION))
                .getBatchItemFailures();
        time.catchUp();
        position =
                returned.isEmpty() ? end : Integer.parseInt(returned.getFirst().getItemIdentifier()) - 1;
    }

    int invocations() {
        return invocations;
    }
}
