package com.pantherkolab.publisher;

import static com.pantherkolab.publisher.Samples.ALICE;
import static com.pantherkolab.publisher.Samples.message;
import static org.assertj.core.api.Assertions.assertThat;

import com.pantherkolab.common.Aggregate;
import com.pantherkolab.common.OutboxEntry;
import com.pantherkolab.publisher.Replayable.Found;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// The outbox table as a source: in order for each aggregate, resumable behind every entry, at a rate.
class TableSourceTest {
    private final VirtualTime time = new VirtualTime();
    private final MemoryOutbox table = new MemoryOutbox();

    @Test
    void aScanGivesEachAggregateInItsOrder() throws Exception {
        fill("a", 7);
        fill("b", 120);
        fill("c", 3);

        List<Found> found = all(Set.of(), null);

        assertThat(found).hasSize(130);
        assertInOrder(found);
    }

    @Test
    void aQueryGivesTheNamedAggregatesAlone() throws Exception {
        fill("a", 7);
        fill("b", 120);
        fill("c", 3);

        List<Found> found = all(Set.of(Aggregate.conversation("b"), Aggregate.conversation("c")), null);

        assertThat(found).hasSize(123);
        assertInOrder(found);
    }

    @Test
    void aScanGoesOnBehindAnyEntry() throws Exception {
        fill("a", 7);
        fill("b", 11);
        fill("c", 3);
        List<Found> found = all(Set.of(), null);

        for (int i = 0; i < found.size(); i++) {
            assertThat(ids(all(Set.of(), found.get(i).position())))
                    .as("behind %d", i)
                    .isEqualTo(ids(found.subList(i + 1, found.size())));
        }
    }

    @Test
    void aQueryGoesOnBehindAnyEntry() throws Exception {
        fill("a", 7);
        fill("b", 11);
        Set<Aggregate> both = Set.of(Aggregate.conversation("a"), Aggregate.conversation("b"));
        List<Found> found = all(both, null);

        for (int i = 0; i < found.size(); i++) {
            assertThat(ids(all(both, found.get(i).position())))
                    .as("behind %d", i)
                    .isEqualTo(ids(found.subList(i + 1, found.size())));
        }
    }

    @Test
    void ofOneOrderTheOlderComesFirst() throws Exception {
        OutboxEntry one = message("a", 5, ALICE);
        table.put(new OutboxEntry(one.aggregate(), "0-read", 5, one.timestamp().plusMillis(3), one.publications()));
        table.put(one);

        List<Found> found = all(Set.of(), null);

        assertThat(ids(found)).containsExactly("a-5", "0-read");
        assertThat(ids(all(Set.of(), found.getFirst().position())))
                .as("what only time tells apart is repeated")
                .containsExactly("a-5", "0-read");
        assertThat(all(Set.of(), found.getLast().position())).isEmpty();
    }

    @Test
    void whatSharesAnOrderAndASecondIsNotTornApart() throws Exception {
        fill("a", Outbox.BATCH - 1);
        for (int alike = 0; alike < 3; alike++) {
            table.put(alike(Outbox.BATCH, alike));
        }
        fill("b", 1);
        TableSource source = new TableSource(outbox(), Set.of(), null);

        List<Found> page = source.next().found();

        assertThat(ids(page.subList(Outbox.BATCH - 1, page.size()))).containsExactly("alike-2", "alike-1", "alike-0");
        for (Found found : page.subList(Outbox.BATCH - 2, page.size() - 1)) {
            assertThat(ids(all(Set.of(), found.position())))
                    .as("one who goes on begins with the first of them")
                    .containsExactly("alike-2", "alike-1", "alike-0", "b-1");
        }
        assertThat(ids(all(Set.of(), page.getLast().position()))).containsExactly("b-1");
    }

    @Test
    void whatCannotBeReadIsFoundAllTheSameBeforeWhatSharesItsPlace() throws Exception {
        table.put(alike(5, 0));
        table.put(alike(5, 1), "{\"of\":\"another version\"}");

        List<Found> found = all(Set.of(), null);

        assertThat(found.getFirst().what()).isEqualTo(new Replayable.Unreadable());
        assertThat(ids(found.subList(1, 2))).containsExactly("alike-0");
        assertThat(found).hasSize(2);
    }

    @Test
    void whatTheTableDropsAfterItWasListedIsPassedOver() throws Exception {
        fill("a", Outbox.BATCH + 3);
        TableSource source = new TableSource(outbox(), Set.of(), null);
        source.next();

        table.drop(message("a", Outbox.BATCH + 2, ALICE));

        assertThat(ids(source.next().found())).containsExactly("a-101", "a-103");
    }

    @Test
    void anEmptyTableIsAtItsEnd() throws Exception {
        assertThat(all(Set.of(), null)).isEmpty();
        assertThat(all(Set.of(Aggregate.conversation("a")), null)).isEmpty();
    }

    @Test
    void whatItReadsIsHeldToTheRate() throws Exception {
        fill("a", 40);

        all(Set.of(), null);

        // Five scans at one unit each, the last of which finds the end; what was left over of a batch waits a little.
        assertThat(table.requests()).isEqualTo(5);
        assertThat(time.slept()).isEqualTo(Duration.ofMillis(5 * 500 + 100));
    }

    @Test
    void theWholeTablesPriceIsKnownBeforeAndAQuerysIsNot() {
        fill("a", 40);

        ReplaySource.Price price = new TableSource(outbox(), Set.of(), null).price();
        assertThat(price).isNotNull();
        assertThat(price.items()).isEqualTo(40);
        assertThat(price.bytes()).isEqualTo(1_000_000);
        // 245 pages of 4 KB at half a unit, and the entries as much again.
        assertThat(price.readUnits()).isEqualTo(123 + 123);
        assertThat(new TableSource(outbox(), Set.of(Aggregate.conversation("a")), null).price())
                .isNull();
        assertThat(table.requests()).isZero();
    }

    @Test
    void smallEntriesArePaidForOneByOne() {
        fill("a", 400);

        TableSource source = new TableSource(outbox(), Set.of(), null);

        assertThat(source.expected()).hasValue(400);
        assertThat(source.price()).extracting(ReplaySource.Price::readUnits).isEqualTo(123L + 200);
        assertThat(new TableSource(outbox(), Set.of(Aggregate.conversation("a")), null).expected())
                .isEmpty();
    }

    /// One of several of an order: the later its name, the older.
    private static OutboxEntry alike(int order, int number) {
        OutboxEntry message = message("a", order, ALICE);
        return new OutboxEntry(
                message.aggregate(),
                "alike-" + number,
                order,
                message.timestamp().minusMillis(number),
                message.publications());
    }

    private void fill(String conversation, int messages) {
        IntStream.rangeClosed(1, messages).forEach(order -> table.put(message(conversation, order, ALICE)));
    }

    private Outbox outbox() {
        return new Outbox(table, "Outbox", time, 2);
    }

    private List<Found> all(Set<Aggregate> aggregates, @Nullable String position) throws InterruptedException {
        return Pages.readAll(new TableSource(outbox(), aggregates, position)::next);
    }

    private static OutboxEntry entry(Found found) {
        return ((Replayable.Entry) found.what()).entry();
    }

    private static List<String> ids(List<Found> found) {
        return found.stream().map(one -> entry(one).eventId()).toList();
    }

    private static void assertInOrder(List<Found> found) {
        assertThat(found.stream().map(TableSourceTest::entry).toList())
                .isSortedAccordingTo(Comparator.comparing(
                                (OutboxEntry entry) -> entry.aggregate().key())
                        .thenComparing(OutboxEntry::order));
    }
}
