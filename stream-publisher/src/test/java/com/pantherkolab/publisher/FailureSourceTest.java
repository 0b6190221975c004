package com.pantherkolab.publisher;

import static com.pantherkolab.publisher.Pages.ids;
import static com.pantherkolab.publisher.Samples.ALICE;
import static com.pantherkolab.publisher.Samples.message;
import static org.assertj.core.api.Assertions.assertThat;

import com.pantherkolab.common.Json;
import com.pantherkolab.common.OutboxEntry;
import com.pantherkolab.publisher.Replayable.Found;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The failure bucket as a source: in the order of the batches, resumable behind every record of every document.
class FailureSourceTest {
    private static final String SHARD = "aws/lambda/mapping/shard/2026/01/09/";
    private static final String OUTBOX = "arn:aws:dynamodb:eu-central-1:1:table/Outbox/stream/2026";

    private final MemoryBucket bucket = new MemoryBucket(3);

    @Test
    void anEmptyBucketIsAtItsEnd() {
        assertThat(all(null)).isEmpty();
    }

    @Test
    void theDocumentsOfASecondComeByTheirFirstSequenceNumbersAndSecondsInTheirOrder() {
        document("2026-01-09T23.06.41-a", "8", entries(8, 8));
        document("2026-01-09T23.06.40-a", "100", entries(6, 7));
        document("2026-01-09T23.06.40-b", "99", entries(4, 5));
        document("2026-01-09T23.06.40-c", "9", entries(1, 3));

        assertThat(ids(all(null))).containsExactly("c-1", "c-2", "c-3", "c-4", "c-5", "c-6", "c-7", "c-8");
    }

    @Test
    void shardsAreNotMixed() {
        bucket.put("aws/lambda/mapping/one/2026/01/09/2026-01-09T23.06.40-a", text("2", entries(1, 2)));
        bucket.put("aws/lambda/mapping/two/2026/01/09/2026-01-09T23.06.40-a", text("1", entries(3, 4)));

        assertThat(ids(all(null))).containsExactly("c-1", "c-2", "c-3", "c-4");
    }

    @Test
    void withoutAFirstSequenceNumberADocumentIsTheFirstOfItsSecond() {
        document("2026-01-09T23.06.40-a", "1", entries(2, 2));
        document("2026-01-09T23.06.40-b", "no number", entries(1, 1));

        assertThat(ids(all(null))).containsExactly("c-1", "c-2");
    }

    @Test
    void whatThePublisherCouldNotReadComesBehindWhatTheMappingGaveUp() {
        UnreadableDocument ours = UnreadableDocument.of(
                new Parked.Unreadable(Samples.insert("7", message("c", 2, ALICE)), "NOT_AN_ENTRY"));
        bucket.put(ours.key(), ours.toJson());
        document("2026-01-09T23.06.40-a", "1", entries(1, 1));

        // An entry that an older publisher did not know, say.
        assertThat(ids(all(null))).containsExactly("c-1", "c-2");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 1_000})
    void itGoesOnBehindAnyRecordOfAnyDocument(int page) {
        MemoryBucket paged = new MemoryBucket(page);
        paged.put(SHARD + "2026-01-09T23.06.40-a", text("10", entries(5, 7)));
        paged.put(SHARD + "2026-01-09T23.06.40-b", text("1", entries(1, 4)));
        paged.put(SHARD + "2026-01-09T23.06.40-c", text("5", "[1]"));
        paged.put(SHARD + "2026-01-09T23.06.41-a", text("20", entries(8, 10)));
        paged.put(SHARD + "2026-01-09T23.06.42-a", "no document");
        paged.put(SHARD + "2026-01-09T23.06.43-a", text("30", entries(11, 11)));
        paged.put("unreadable/1.json", text(null, entries(12, 13)));
        paged.put("unreadable/2.json", text(null, entries(14, 15)));
        List<Found> found = all(paged, null);
        assertThat(found).hasSize(17);

        for (int i = 0; i < found.size(); i++) {
            assertThat(all(paged, found.get(i).position()))
                    .as("behind %d", i)
                    .extracting(Found::what)
                    .containsExactlyElementsOf(found.subList(i + 1, found.size()).stream()
                            .map(Found::what)
                            .toList());
        }
    }

    @Test
    void recordsOfOtherTablesArePassedOver() {
        document(
                "2026-01-09T23.06.40-a",
                "1",
                event(
                        record("INSERT", "arn:aws:dynamodb:eu-central-1:1:table/Calls/stream/2026", "not ours"),
                        record("INSERT", OUTBOX, message("c", 1, ALICE).toJson()),
                        record("INSERT", null, message("c", 2, ALICE).toJson())));

        assertThat(ids(all(null))).containsExactly("c-1", "c-2");
    }

    @Test
    void whatSaysNothingNewIsPassedOver() {
        String entry = message("c", 1, ALICE).toJson();
        document("2026-01-09T23.06.40-a", "1", event(record("REMOVE", OUTBOX, entry), record("MODIFY", OUTBOX, entry)));

        assertThat(all(null)).isEmpty();
    }

    @Test
    void anEntryIsAsOldAsItSays() {
        document("2026-01-09T23.06.40-a", "1", entries(1, 1));

        OutboxEntry entry = message("c", 1, ALICE);
        assertThat(all(null)).extracting(Found::what).containsExactly(new Replayable.Entry(entry));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "no JSON", "[]", "{}", "{\"payload\":\"\"}", "{\"payload\":\"{}\"}", "{\"payload\":1}"})
    void aDocumentThatCannotBeReadIsSaidOnceAndHoldsNothingUp(String unreadable) {
        bucket.put(SHARD + "2026-01-09T23.06.40-a", unreadable);
        document("2026-01-09T23.06.40-b", "5", entries(1, 1));

        assertThat(all(null))
                .extracting(Found::what)
                .containsExactly(new Replayable.Unreadable(), new Replayable.Entry(message("c", 1, ALICE)));
    }

    @Test
    void aRecordThatCannotBeReadIsSaidAndTheOthersOfItsDocumentCome() {
        document(
                "2026-01-09T23.06.40-a",
                "1",
                event(
                        record("INSERT", OUTBOX, message("c", 1, ALICE).toJson()),
                        record("INSERT", OUTBOX, "{}"),
                        record("INSERT", OUTBOX, message("c", 2, ALICE).toJson())));

        assertThat(all(null).stream().map(found -> found.what() instanceof Replayable.Unreadable))
                .containsExactly(false, true, false);
    }

    // ------------------------------------------------------------------------------------------ documents

    private void document(String name, String first, String payload) {
        bucket.put(SHARD + name, text(first, payload));
    }

    /// As Lambda writes it, as far as it matters here.
    private static String text(@Nullable String first, String payload) {
        ObjectNode document = Json.mapper().createObjectNode();
        if (first != null) {
            document.putObject("DDBStreamBatchInfo").put("startSequenceNumber", first);
        }
        return document.put("payload", payload).toString();
    }

    private static String entries(int from, int to) {
        return event(Stream.iterate(from, order -> order <= to, order -> order + 1)
                .map(order ->
                        record("INSERT", OUTBOX, message("c", order, ALICE).toJson()))
                .toArray(ObjectNode[]::new));
    }

    private static String event(ObjectNode... records) {
        ObjectNode event = Json.mapper().createObjectNode();
        ArrayNode all = event.putArray("Records");
        Stream.of(records).forEach(all::add);
        return event.toString();
    }

    private static ObjectNode record(String name, @Nullable String source, String entry) {
        ObjectNode record = Json.mapper().createObjectNode().put("eventName", name);
        if (source != null) {
            record.put("eventSourceARN", source);
        }
        ObjectNode change = record.putObject("dynamodb").put("SequenceNumber", "1");
        change.putObject("NewImage").putObject("entry").put("S", entry);
        return record;
    }

    private List<Found> all(@Nullable String position) {
        return all(bucket, position);
    }

    private static List<Found> all(MemoryBucket bucket, @Nullable String position) {
        return Pages.readAll(new FailureSource(bucket, MemoryBucket.NAME, "Outbox", position)::next);
    }
}
