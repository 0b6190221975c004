package com.pantherkolab.api.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.pantherkolab.api.store.ChangeWriter.Written;
import com.pantherkolab.common.Aggregate;
import com.pantherkolab.common.Channel;
import com.pantherkolab.common.Conversation;
import com.pantherkolab.common.Event;
import com.pantherkolab.common.Message;
import com.pantherkolab.common.OutboxEntry;
import com.pantherkolab.common.Publication;
import com.pantherkolab.common.UserId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What every store must do, the real one and its fake.
public abstract class StoreContract {
    private static final Instant AT = Instant.parse("2026-01-09T23:06:40.120Z");
    private static final UserId ALICE = new UserId("alice");
    private static final UserId BOB = new UserId("bob");

    private static final Written COMMITTED = new Written.Committed();
    private static final Written OVERTAKEN = new Written.Overtaken();

    /// What the store's next write lives through.
    protected enum BadDay {
        THROTTLED,
        LOST_BEFORE,
        LOST_AFTER,
        CONFLICT
    }

    protected abstract StateReader state();

    protected abstract ChangeWriter writer();

    /// Lets the next write have a bad day.
    protected abstract void nextWrite(BadDay day);

    /// Every entry of the outbox about a conversation.
    protected abstract List<OutboxEntry> outbox(String conversationId);

    /// The sequences of all the messages of a conversation, in order.
    protected abstract List<Long> sequences(String conversationId);

    @Test
    void whatWasNeverWrittenIsNotThere() {
        assertThat(state().conversation("nowhere")).isNull();
        assertThat(state().profile(new UserId("nobody"))).isNull();
    }

    @Test
    void aConversationReadsBackAsItWasCreatedAndItsEntryIsInTheOutbox() {
        Change.ConversationCreated created = created(fresh(), ALICE, BOB);

        assertThat(writer().write(created)).isEqualTo(COMMITTED);

        assertThat(state().conversation(created.conversation().conversationId()))
                .isEqualTo(created.conversation());
        assertThat(outbox(created.conversation().conversationId())).containsExactly(created.entry());
    }

    @Test
    void aConversationOfNinetyParticipantsIsOneTransaction() {
        UserId[] all = IntStream.range(0, Conversation.MAX_PARTICIPANTS)
                .mapToObj(number -> new UserId("participant-%038d".formatted(number)))
                .toArray(UserId[]::new);
        Change.ConversationCreated created = created(fresh(), all);

        assertThat(writer().write(created)).isEqualTo(COMMITTED);
        assertThat(state().conversation(created.conversation().conversationId()))
                .isEqualTo(created.conversation());
    }

    @Test
    void aSecondCreationIsOvertakenAndChangesNothing() {
        Change.ConversationCreated first = created(fresh(), ALICE, BOB);
        writer().write(first);

        Written second = writer().write(created(first.conversation().conversationId(), BOB, ALICE));

        assertThat(second).isEqualTo(OVERTAKEN);
        assertThat(state().conversation(first.conversation().conversationId())).isEqualTo(first.conversation());
        assertThat(outbox(first.conversation().conversationId())).containsExactly(first.entry());
    }

    @Test
    void aMessageTakesTheNextPlaceAndMovesTheHead() {
        String conversation = newConversation();

        assertThat(writer().write(appended(conversation, 1))).isEqualTo(COMMITTED);
        assertThat(writer().write(appended(conversation, 2))).isEqualTo(COMMITTED);

        Conversation read = state().conversation(conversation);
        assertThat(read).isNotNull();
        assertThat(read.lastSequence()).isEqualTo(2);
        assertThat(read.lastMessageAt()).isEqualTo(AT.plusMillis(2));
        assertThat(sequences(conversation)).containsExactly(1L, 2L);
        assertThat(outbox(conversation)).extracting(OutboxEntry::order).containsExactlyInAnyOrder(0L, 1L, 2L);
    }

    @Test
    void aMessageThatSkipsOrRepeatsAPlaceIsOvertakenAndLeavesNoEntry() {
        String conversation = newConversation();
        writer().write(appended(conversation, 1));

        assertThat(writer().write(appended(conversation, 1))).isEqualTo(OVERTAKEN);
        assertThat(writer().write(appended(conversation, 3))).isEqualTo(OVERTAKEN);
        assertThat(writer().write(appended("nowhere", 1))).isEqualTo(OVERTAKEN);

        assertThat(sequences(conversation)).containsExactly(1L);
        assertThat(outbox(conversation)).hasSize(2);
        assertThat(outbox("nowhere")).isEmpty();
    }

    @Test
    void theSameChangeAgainUnderTheSameEventIdIsFoundCommittedAndNotWrittenTwice() {
        Change.ConversationCreated created = created(fresh(), ALICE, BOB);
        String conversation = created.conversation().conversationId();
        Change.MessageAppended message = appended(conversation, 1);

        assertThat(writer().write(created)).isEqualTo(COMMITTED);
        assertThat(writer().write(created)).isEqualTo(new Written.CommittedBefore(created.entry()));
        assertThat(writer().write(message)).isEqualTo(COMMITTED);
        assertThat(writer().write(message)).isEqualTo(new Written.CommittedBefore(message.entry()));

        assertThat(sequences(conversation)).containsExactly(1L);
        assertThat(outbox(conversation)).hasSize(2);
    }

    @Test
    void ofManyWhoTakeTheSamePlaceOneGetsIt() throws Exception {
        String conversation = newConversation();
        List<Future<Written>> results = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int writer = 0; writer < 8; writer++) {
                results.add(threads.submit(() -> writer().write(appended(conversation, 1))));
            }
        }

        assertThat(results).extracting(Future::resultNow).containsOnlyOnce(COMMITTED);
        assertThat(sequences(conversation)).containsExactly(1L);
        assertThat(outbox(conversation)).hasSize(2);
    }

    @Test
    void aProfileReadsBackAndANewOneTakesItsPlace() {
        UserId user = new UserId(fresh());

        assertThat(writer().write(new Change.ProfileSaved(new Profile(user, "Alice", "Doe"))))
                .isEqualTo(COMMITTED);
        assertThat(writer().write(new Change.ProfileSaved(new Profile(user, "Alice", "Roe"))))
                .isEqualTo(COMMITTED);

        assertThat(state().profile(user)).isEqualTo(new Profile(user, "Alice", "Roe"));
    }

    @Test
    void anotherChangeUnderAnEventIdThatCommittedWritesNothingAndGetsTheFirstEntry() {
        String conversation = newConversation();
        Change.MessageAppended first = appended(conversation, 1);
        Change.MessageAppended second = appended(conversation, 2);
        OutboxEntry sameId = withEventId(second.entry(), first.entry().eventId());
        writer().write(first);

        assertThat(writer().write(new Change.MessageAppended(second.message(), sameId)))
                .isEqualTo(new Written.CommittedBefore(first.entry()));
        assertThat(sequences(conversation)).containsExactly(1L);
    }

    @Test
    void anEntryThatIsPastItsTimeButNotYetSweptStillCountsAndIsNeverOverwritten() {
        String conversation = newConversation();
        Change.MessageAppended first = appended(conversation, 1);
        OutboxEntry old = new OutboxEntry(
                first.entry().aggregate(),
                first.entry().eventId(),
                1,
                Instant.parse("2020-01-01T00:00:00.000Z"),
                first.entry().publications());
        writer().write(new Change.MessageAppended(first.message(), old));

        assertThat(writer().write(first)).isEqualTo(new Written.CommittedBefore(old));
        assertThat(state().entry(old.aggregate(), old.eventId())).isEqualTo(old);
    }

    @Test
    void anEntryIsFoundByItsEventId() {
        Change.ConversationCreated created = created(fresh(), ALICE, BOB);
        writer().write(created);

        assertThat(state().entry(created.entry().aggregate(), created.entry().eventId()))
                .isEqualTo(created.entry());
        assertThat(state().entry(created.entry().aggregate(), "another")).isNull();
    }

    @Test
    void anEphemeralEventIsWrittenOnceUnderItsId() {
        String conversation = newConversation();
        OutboxEntry typing =
                entry(conversation, 0, new Event.Typing(true, ALICE, conversation, AT.plusSeconds(5)), BOB);

        assertThat(writer().write(new Change.TypingAnnounced(typing))).isEqualTo(COMMITTED);
        assertThat(writer().write(new Change.TypingAnnounced(typing))).isEqualTo(new Written.CommittedBefore(typing));
        assertThat(outbox(conversation)).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource(
            value = BadDay.class,
            names = {"THROTTLED", "LOST_BEFORE", "LOST_AFTER"})
    void aChangeOutlivesABadDayAndIsThereOnce(BadDay day) {
        String conversation = newConversation();
        Change.MessageAppended message = appended(conversation, 1);
        nextWrite(day);

        Written written = writer().write(message);

        assertThat(written).isIn(COMMITTED, new Written.CommittedBefore(message.entry()));
        assertThat(sequences(conversation)).containsExactly(1L);
        assertThat(outbox(conversation)).hasSize(2);
    }

    @Test
    void aConflictIsOvertakenForAFreshReadFollows() {
        String conversation = newConversation();
        nextWrite(BadDay.CONFLICT);

        assertThat(writer().write(appended(conversation, 1))).isEqualTo(OVERTAKEN);
        assertThat(sequences(conversation)).isEmpty();
    }

    private static OutboxEntry withEventId(OutboxEntry entry, String eventId) {
        return new OutboxEntry(entry.aggregate(), eventId, entry.order(), entry.timestamp(), entry.publications());
    }

    private String newConversation() {
        Change.ConversationCreated created = created(fresh(), ALICE, BOB);
        writer().write(created);
        return created.conversation().conversationId();
    }

    private static Change.ConversationCreated created(String conversationId, UserId... participants) {
        Conversation conversation = new Conversation(
                conversationId, Conversation.Type.GROUP, "Lunch", List.of(participants), participants[0], AT, 0, null);
        return new Change.ConversationCreated(
                conversation, entry(conversationId, 0, new Event.ConversationCreated(conversation), participants));
    }

    private static Change.MessageAppended appended(String conversationId, long sequence) {
        Message message = new Message(
                conversationId,
                sequence,
                AT.plusMillis(sequence),
                fresh(),
                ALICE,
                Message.Type.FILE,
                "see file",
                "https://example.com/a",
                "a.txt",
                12L,
                3L,
                "m-0",
                List.of(),
                Map.of(),
                false,
                AT.plusMillis(sequence));
        return new Change.MessageAppended(
                message, entry(conversationId, sequence, new Event.MessageSent(message, null), ALICE, BOB));
    }

    private static OutboxEntry entry(String conversationId, long order, Event event, UserId... participants) {
        return new OutboxEntry(
                Aggregate.conversation(conversationId),
                fresh(),
                order,
                AT,
                List.of(Publication.of(
                        event,
                        List.of(participants).stream().map(Channel::chats).toList())));
    }

    private static String fresh() {
        return UUID.randomUUID().toString();
    }
}
