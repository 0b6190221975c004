package com.pantherkolab.publisher;

import static com.pantherkolab.publisher.Pages.ids;
import static com.pantherkolab.publisher.Samples.ALICE;
import static com.pantherkolab.publisher.Samples.BOB;
import static com.pantherkolab.publisher.Samples.message;
import static org.assertj.core.api.Assertions.assertThat;

import com.pantherkolab.common.Channel;
import com.pantherkolab.common.OutboxEntry;
import com.pantherkolab.publisher.ReplaySource.Page;
import com.pantherkolab.publisher.Replayable.Found;
import java.net.URI;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The parked-events queue as a source: what its pointers lead to, in order, and what stays in it.
class ParkedSourceTest {
    private static final URI URL = URI.create("https://sqs.example/1/parked");

    private final MemoryQueue queue = new MemoryQueue();
    private final MemoryOutbox table = new MemoryOutbox();

    @Test
    void pointersLeadToTheirEntriesEachForItsChannelAlone() throws InterruptedException {
        OutboxEntry entry = message("c", 1, ALICE, BOB);
        table.put(entry);
        park(entry, BOB);

        OutboxEntry meant = message("c", 1, BOB);
        assertThat(all()).extracting(Found::what).containsExactly(new Replayable.Entry(meant));
    }

    @Test
    void theyComeInTheOrderOfTheirAggregates() throws InterruptedException {
        OutboxEntry second = message("a", 2, ALICE);
        List<OutboxEntry> inOrder = List.of(
                message("a", 1, ALICE),
                second,
                new OutboxEntry(
                        second.aggregate(), "0-read", 2, second.timestamp().plusMillis(3), second.publications()),
                message("b", 1, ALICE));
        inOrder.forEach(table::put);
        inOrder.reversed().forEach(entry -> park(entry, ALICE));

        assertThat(ids(all())).containsExactly("a-1", "a-2", "0-read", "b-1");
    }

    @Test
    void asManyAsAHeapHoldsAreOrderedAndTheRestComesBehindThem() throws InterruptedException {
        int many = ParkedSource.AT_ONCE + 15;
        IntStream.rangeClosed(1, many)
                .map(order -> many + 1 - order)
                .mapToObj(order -> message("c", order, ALICE))
                .forEach(entry -> {
                    table.put(entry);
                    park(entry, ALICE);
                });
        ParkedSource source = source();

        Page first = source.next();
        Page rest = source.next();

        assertThat(first.end()).isFalse();
        assertThat(ids(first.found()))
                .isEqualTo(IntStream.rangeClosed(16, many)
                        .mapToObj(order -> "c-" + order)
                        .toList());
        assertThat(rest.end()).isTrue();
        assertThat(ids(rest.found()))
                .isEqualTo(IntStream.rangeClosed(1, 15)
                        .mapToObj(order -> "c-" + order)
                        .toList());
    }

    @Test
    void doublesOfAPointerCountOnceAndGoTogether() throws InterruptedException {
        OutboxEntry entry = message("c", 1, ALICE);
        table.put(entry);
        IntStream.range(0, 25).forEach(_ -> park(entry, ALICE));
        ParkedSource source = source();

        List<Found> found = source.next().found();
        assertThat(found).hasSize(1);
        source.done(found, found);

        assertThat(queue.bodies()).isEmpty();
    }

    @Test
    void whatIsBehindManyDoublesIsFound() throws InterruptedException {
        List<OutboxEntry> two = List.of(message("c", 1, ALICE), message("c", 2, ALICE));
        two.forEach(table::put);
        IntStream.range(0, 25).forEach(_ -> park(two.getFirst(), ALICE));
        park(two.getLast(), ALICE);

        assertThat(ids(all())).containsExactly("c-1", "c-2");
    }

    @Test
    void aDoubleThatShowsUpAfterItsDeliveryIsSettledIsDeletedAndNotFound() throws InterruptedException {
        OutboxEntry entry = message("c", 1, ALICE);
        table.put(entry);
        park(entry, ALICE);
        ParkedSource source = source();
        List<Found> found = source.next().found();
        source.done(found, found);
        park(entry, ALICE);

        assertThat(source.next()).isEqualTo(new Page(List.of(), true));
        assertThat(queue.bodies()).isEmpty();
    }

    @Test
    void whatIsSettledIsDeletedAndWhatStaysShowsAgainAtTheEnd() throws InterruptedException {
        parkedInOrder(12);
        ParkedSource source = source();
        List<Found> found = source.next().found();
        source.done(found, found.subList(0, 11));
        assertThat(queue.shown()).isEmpty();

        source.close(true);

        assertThat(queue.bodies()).hasSize(1);
        assertThat(queue.shown()).hasSize(1).allMatch(body -> body.contains("c-12"));
    }

    @Test
    void whoLeavesBeforeTheEndShowsWhatWasNotLookedAtAndHidesWhatWas() throws InterruptedException {
        parkedInOrder(25);
        ParkedSource source = source();
        List<Found> found = source.next().found();
        source.done(found.subList(0, 3), found.subList(0, 1));

        source.close(false);

        assertThat(queue.bodies()).hasSize(24);
        assertThat(queue.shown()).hasSize(22).noneMatch(body -> body.contains("c-2\"") || body.contains("c-3\""));
    }

    @Test
    void closingWithNothingInHandAsksForNothing() throws InterruptedException {
        ParkedSource source = source();

        assertThat(source.next()).isEqualTo(new Page(List.of(), true));
        source.close(true);

        assertThat(queue.visibilities()).containsExactly(20 * 60);
    }

    @Test
    void aPointerWhoseEntryIsGoneOrNeverWentToItsChannelIsMissing() throws InterruptedException {
        OutboxEntry kept = message("c", 2, ALICE);
        table.put(kept);
        park(message("c", 1, ALICE), ALICE);
        park(kept, BOB);

        assertThat(all()).extracting(Found::what).containsExactly(new Replayable.Missing(), new Replayable.Missing());
    }

    @Test
    void anEntryThatThisVersionCannotReadIsUnreadable() throws InterruptedException {
        table.put(message("c", 1, ALICE), "{}");
        park(message("c", 1, ALICE), ALICE);

        assertThat(all()).extracting(Found::what).containsExactly(new Replayable.Unreadable());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no JSON",
                "null",
                "{}",
                "{'aggregate':'conversation#c','eventId':'e','channel':'/chats/a','reason':'r'}",
                "{'id':'i','eventId':'e','channel':'/chats/a','reason':'r'}",
                "{'id':'i','aggregate':'conversation#c','channel':'/chats/a','reason':'r'}",
                "{'id':'i','aggregate':'conversation#c','eventId':'e','reason':'r'}"
            })
    void aMessageThatIsNoPointerIsUnreadableAndStays(String body) throws InterruptedException {
        queue.send(body.replace('\'', '"'));
        ParkedSource source = source();

        List<Found> found = source.next().found();
        source.done(found, List.of());
        source.close(true);

        assertThat(found).containsExactly(new Found("id of m1", new Replayable.Unreadable()));
        assertThat(queue.shown()).hasSize(1);
    }

    @Test
    void unreadableMessagesComeBeforeTheOthersAndCountAsOfTheHeap() throws InterruptedException {
        IntStream.range(0, ParkedSource.AT_ONCE).forEach(i -> queue.send("no pointer " + i));
        OutboxEntry entry = message("c", 1, ALICE);
        table.put(entry);
        park(entry, ALICE);
        ParkedSource source = source();

        assertThat(source.next().found())
                .hasSize(ParkedSource.AT_ONCE)
                .allMatch(found -> found.what() instanceof Replayable.Unreadable);
        assertThat(ids(source.next().found())).containsExactly("c-1");
    }

    @Test
    void whatShowsAgainWhileItIsInHandIsNotFoundTwice() throws InterruptedException {
        parkedInOrder(3);
        ParkedSource source = source();
        assertThat(source.next().found()).hasSize(3);
        queue.showAll();

        assertThat(source.next()).isEqualTo(new Page(List.of(), true));
    }

    @Test
    void howManyThereAreIsWhatTheQueueSays() {
        assertThat(source().expected()).hasValue(0);

        parkedInOrder(7);

        assertThat(source().expected()).hasValue(7);
    }

    // ------------------------------------------------------------------------------------------ doing

    private void parkedInOrder(int count) {
        IntStream.rangeClosed(1, count)
                .mapToObj(order -> message("c", order, ALICE))
                .forEach(entry -> {
                    table.put(entry);
                    park(entry, ALICE);
                });
    }

    private void park(OutboxEntry entry, Channel channel) {
        queue.send(ParkedPointer.to(new Parked.Undelivered(entry.aggregate(), entry.eventId(), channel, "400"))
                .toJson());
    }

    private ParkedSource source() {
        return new ParkedSource(queue, URL, new Outbox(table, "Outbox", _ -> {}, 100));
    }

    private List<Found> all() throws InterruptedException {
        return Pages.readAll(source()::next);
    }
}
