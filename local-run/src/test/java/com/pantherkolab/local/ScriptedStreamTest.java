package com.pantherkolab.local;

import static com.pantherkolab.local.Pumped.SUCCESS;
import static com.pantherkolab.local.Pumped.answering;
import static com.pantherkolab.local.Pumped.mapping;
import static com.pantherkolab.local.ScriptedStreams.inserts;
import static com.pantherkolab.local.ScriptedStreams.record;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.OperationType;
import software.amazon.awssdk.services.dynamodb.model.Record;

/// What streams do and DynamoDB Local does not: shards that roll, iterators that expire, records that are trimmed.
class ScriptedStreamTest implements TableStreamContract {
    private final ScriptedStreams streams = new ScriptedStreams().shard("s");
    private int changes;

    @Override
    public TableStream stream() {
        return new TableStream(streams, ScriptedStreams.ARN);
    }

    @Override
    public void change(List<String> items) {
        items.forEach(item -> streams.add("s", ScriptedStreams.insert(++changes, item)));
    }

    @Override
    public String item(Record record) {
        return Objects.requireNonNull(record.dynamodb().keys().get("aggregate")).s();
    }

    @Test
    void aPageHasOneMegabyteAtMost() {
        for (int number = 1; number <= 5; number++) {
            streams.add("s", record(number, OperationType.INSERT, "item", 400 * 1024, Instant.EPOCH));
        }
        ShardReader reader = stream().reader("s", SequenceNumber.HORIZON);

        assertThat(Stream.generate(reader::next).limit(3).map(page -> page.records()
                        .size()))
                .containsExactly(2, 2, 1);
    }

    @Test
    void aParentIsHandledToItsEndBeforeItsChildrenAreBegun() throws Exception {
        streams.child("left", "s").child("right", "s").child("grandchild", "left");
        streams.add("s", inserts(1, 3));
        streams.add("left", inserts(4, 5));
        streams.add("right", inserts(6, 7));
        streams.add("grandchild", inserts(8, 9));
        streams.close("left");
        CountDownLatch lastOfTheParent = new CountDownLatch(1);

        try (Pumped pumped = Pumped.start(streams, mapping("BatchSize: 1"), answering(batch -> {
            if (batch.contains("3")) {
                StreamPumpTest.await(lastOfTheParent);
            }
            return SUCCESS;
        }))) {
            pumped.awaitInvocations(3);
            // Read to its end, and its last record is not handled.
            streams.close("s");
            pumped.bell.ring();
            assertThat(pumped.pump.behind()).isEqualTo(7);
            assertThat(pumped.invocations()).containsExactly(List.of("1"), List.of("2"), List.of("3"));
            lastOfTheParent.countDown();
            List<String> order = pumped.awaitHandled().invocations().stream()
                    .map(List::getFirst)
                    .toList();
            assertThat(order).containsExactlyInAnyOrder("1", "2", "3", "4", "5", "6", "7", "8", "9");
            assertThat(order.subList(0, 3)).containsExactly("1", "2", "3");
            assertThat(order).containsSubsequence("4", "5", "8", "9").containsSubsequence("6", "7");
        }
    }

    @Test
    void shardsThatAreNotRelatedAreReadSideBySideAndOneThatIsStuckHoldsUpNoOther() throws Exception {
        streams.shard("other");
        streams.add("s", inserts(1, 2));
        streams.add("other", inserts(3, 4));
        CountDownLatch stuck = new CountDownLatch(1);

        try (Pumped pumped = Pumped.start(streams, mapping(), answering(batch -> {
            if (batch.contains("1")) {
                StreamPumpTest.await(stuck);
            }
            return SUCCESS;
        }))) {
            while (pumped.pump.behind() > 2) {
                Thread.sleep(5);
            }
            assertThat(pumped.invocations()).contains(List.of("3", "4"));
            stuck.countDown();
            pumped.awaitHandled();
        }
    }

    @Test
    void aShardThatRollsWhileItIsReadIsFollowedByItsChild() throws Exception {
        streams.add("s", inserts(1, 2));

        try (Pumped pumped = Pumped.start(streams, mapping(), answering())) {
            pumped.awaitHandled();
            streams.child("next", "s");
            streams.add("s", inserts(3, 3));
            streams.close("s");
            streams.add("next", inserts(4, 5));
            pumped.bell.ring();

            assertThat(pumped.awaitHandled().invocations().stream().flatMap(List::stream))
                    .containsExactly("1", "2", "3", "4", "5");
        }
    }

    @Test
    void aChildWhoseParentIsGoneFromTheStreamIsBegun() throws Exception {
        streams.child("orphan", "s");
        streams.add("orphan", inserts(4, 5));
        streams.forget("s");

        try (Pumped pumped = Pumped.start(streams, mapping(), answering())) {
            assertThat(pumped.awaitHandled().invocations()).containsExactly(List.of("4", "5"));
        }
    }

    @Test
    void anExpiredIteratorIsReplacedAndNothingIsGivenTwice() throws Exception {
        streams.add("s", inserts(1, 2));

        try (Pumped pumped = Pumped.start(streams, mapping(), answering())) {
            pumped.awaitHandled();
            streams.expireIterators();
            streams.add("s", inserts(3, 4));
            pumped.bell.ring();

            assertThat(pumped.awaitHandled().invocations().stream().flatMap(List::stream))
                    .containsExactly("1", "2", "3", "4");
        }
    }

    @Test
    void whatWasTrimmedBeforeItWasReadIsNotGivenAndReadingGoesOnAtTheHorizon() {
        streams.add("s", inserts(1, 10));
        ShardReader reader = stream().reader("s", SequenceNumber.HORIZON);
        reader.next();
        streams.add("s", inserts(11, 14));
        streams.trim("s", 12);

        List<String> read = new ArrayList<>();
        IntStream.range(0, 3).forEach(_ -> reader.next()
                .records()
                .forEach(record -> read.add(record.dynamodb().sequenceNumber())));

        assertThat(read).containsExactly("13", "14");
    }

    @Test
    void aKeptPositionThatWasTrimmedGoesOnAtTheHorizon() {
        streams.add("s", inserts(1, 10));
        streams.trim("s", 8);
        ShardReader reader = stream().reader("s", new SequenceNumber("3"));

        assertThat(reader.next().records())
                .extracting(record -> record.dynamodb().sequenceNumber())
                .containsExactly("9", "10");
    }

    @Test
    void aRefusedIteratorIsNotTheEndOfWhatIsBehind() {
        streams.add("s", inserts(1, 10));
        streams.trim("s", 8);

        assertThat(ShardPump.unread(mapping(), stream(), "s", new SequenceNumber("3")))
                .isEqualTo(2);
        assertThat(ShardPump.oldestUnread(mapping(), stream(), "s", new SequenceNumber("3")))
                .isNotNull();
    }

    @Test
    void afterARestartEachShardGoesOnBehindItsOwnPosition() throws Exception {
        streams.shard("other");
        streams.add("s", inserts(1, 4));
        streams.add("other", inserts(5, 8));
        StreamPositions kept = new StreamPositions() {
            @Override
            public SequenceNumber after(String mapping, String shard) {
                return new SequenceNumber(shard.equals("s") ? "2" : "7");
            }

            @Override
            public void keep(String mapping, String shard, SequenceNumber position) {}
        };

        try (Pumped pumped = Pumped.start(streams, mapping(), kept, answering())) {
            assertThat(pumped.awaitHandled().invocations()).containsExactlyInAnyOrder(List.of("3", "4"), List.of("8"));
        }
    }
}
