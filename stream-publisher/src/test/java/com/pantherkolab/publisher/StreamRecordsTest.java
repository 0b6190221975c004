package com.pantherkolab.publisher;

import static com.pantherkolab.publisher.Samples.ALICE;
import static com.pantherkolab.publisher.Samples.insert;
import static com.pantherkolab.publisher.Samples.message;
import static com.pantherkolab.publisher.Samples.record;
import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.DynamodbEvent.DynamodbStreamRecord;
import com.amazonaws.services.lambda.runtime.events.models.dynamodb.AttributeValue;
import com.pantherkolab.common.OutboxEntry;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class StreamRecordsTest {
    private static final String ENTRY = message("c1", 1, ALICE).toJson();

    @Test
    void anInsertIsReadAsTheEntryThatWasWritten() {
        OutboxEntry entry = message("c1", 7, ALICE, Samples.BOB);

        assertThat(StreamRecords.read(insert("49", entry)))
                .isEqualTo(new StreamRecord.Entry(new SequenceNumber("49"), entry));
    }

    @ParameterizedTest
    @ValueSource(strings = {"MODIFY", "REMOVE"})
    void whatSaysNothingNewIsIgnored(String name) {
        assertThat(StreamRecords.read(record(name, "1", Map.of("entry", new AttributeValue(ENTRY)))))
                .isEqualTo(new StreamRecord.Ignored());
    }

    @ParameterizedTest
    @MethodSource
    void whatIsNoRecordOfTheOutboxIsUnreadable(@Nullable DynamodbStreamRecord raw, String reason) {
        assertThat(StreamRecords.read(raw)).isEqualTo(new StreamRecord.Unreadable(raw, reason));
    }

    static Stream<@Nullable Object[]> whatIsNoRecordOfTheOutboxIsUnreadable() {
        AttributeValue number = new AttributeValue();
        number.setN("5");
        DynamodbStreamRecord bare = new DynamodbStreamRecord();
        bare.setEventName("INSERT");
        return Stream.of(
                new @Nullable Object[] {null, "NOT_A_RECORD"},
                new Object[] {record(null, "1", Map.of()), "NOT_A_RECORD"},
                new Object[] {record("TRUNCATE", "1", Map.of()), "NOT_A_RECORD"},
                new Object[] {bare, "NO_SEQUENCE_NUMBER"},
                new Object[] {record("INSERT", null, Map.of()), "NO_SEQUENCE_NUMBER"},
                new Object[] {record("INSERT", "", Map.of()), "NO_SEQUENCE_NUMBER"},
                new Object[] {record("INSERT", "1", null), "NO_ENTRY"},
                new Object[] {record("INSERT", "1", Map.of("other", new AttributeValue(ENTRY))), "NO_ENTRY"},
                new Object[] {record("INSERT", "1", Map.of("entry", number)), "NO_ENTRY"});
    }

    @ParameterizedTest
    @MethodSource
    void whatIsNoEntryIsUnreadable(String text) {
        DynamodbStreamRecord raw = insert("1", text);

        assertThat(StreamRecords.read(raw)).isEqualTo(new StreamRecord.Unreadable(raw, "NOT_AN_ENTRY"));
    }

    static Stream<String> whatIsNoEntryIsUnreadable() {
        return Stream.of(
                "",
                "null",
                "[]",
                "{}",
                ENTRY.substring(1),
                ENTRY + "x",
                ENTRY.replace("MESSAGE_SENT", "NO_SUCH_EVENT"),
                ENTRY.replace("/chats/alice", "/chats/*"),
                ENTRY.replace("\"/chats/alice\"", "null"),
                ENTRY.replace("2026-01-09", "yesterday"),
                ENTRY.replace("\"conversation#c1\"", "null"),
                ENTRY.replace("\"aggregate\":\"conversation#c1\",", ""),
                ENTRY.replace("\"c1-1\"", "null"),
                ENTRY.replace("\"order\":1", "\"order\":\"1\""),
                ENTRY.replace("\"{\\\"sequence\\\":1}\"", "null"),
                ENTRY.replaceFirst("\"publications\":.*", "\"publications\":null}"),
                ENTRY.replace(
                        "\"{\\\"sequence\\\":1}\"", "\"\\\"" + "x".repeat(OutboxEntry.MAX_EVENT_BYTES) + "\\\"\""),
                "[".repeat(10_000));
    }

    @Test
    void theSamplesOfUnreadableEntriesAreEachDifferentFromTheGoodOne() {
        assertThat(whatIsNoEntryIsUnreadable()).doesNotContain(ENTRY).doesNotHaveDuplicates();
    }
}
