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

/// What every store must do, the real one and its fake.
public abstract class StoreContract {
    private static final Instant AT = Instant.parse("2026-01-09T23:06:40.120Z");
    private static final UserId ALICE = new UserId("alice");
    private static final UserId BOB = new UserId("bob");

    protected abstract StateReader state();

    protected abstract ChangeWriter writer();

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

        assertThat(writer().write(created)).isEqualTo(Written.COMMITTED);

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

        assertThat(writer().write(created)).isEqualTo(Written.COMMITTED);
        assertThat(state().conversation(created.conversation().conversationId()))
                .isEqualTo(created.conversation());
    }

    @Test
    void aSecondCreationIsOvertakenAndChangesNothing() {
        Change.ConversationCreated first = created(fresh(), ALICE, BOB);
        writer().write(first);

        Written second = writer().write(created(first.conversation().conversationId(), BOB, ALICE));

        assertThat(second).isEqualTo(Written.OVERTAKEN);
        assertThat(state().conversation(first.conversation().conversationId())).isEqualTo(first.conversation());
        assertThat(outbox(first.conversation().conversationId())).containsExactly(first.entry());
    }

    @Test
    void aMessageTakesTheNextPlaceAndMovesTheHead() {
        String conversation = newConversation();

        assertThat(writer().write(appended(conversation, 1))).isEqualTo(Written.COMMITTED);
        assertThat(writer().write(appended(conversation, 2))).isEqualTo(Written.COMMITTED);

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

        assertThat(writer().write(appended(conversation, 1))).isEqualTo(Written.OVERTAKEN);
        assertThat(writer().write(appended(conversation, 3))).isEqualTo(Written.OVERTAKEN);
        assertThat(writer().write(appended("nowhere", 1))).isEqualTo(Written.OVERTAKEN);

        assertThat(sequences(conversation)).containsExactly(1L);
        assertThat(outbox(conversation)).hasSize(2);
        assertThat(outbox("nowhere")).isEmpty();
    }

    @Test
    void theSameChangeAgainUnderTheSameEventIdIsFoundCommittedAndNotWrittenTwice() {
        Change.ConversationCreated created = created(fresh(), ALICE, BOB);
        String conversation = created.conversation().conversationId();
        Change.MessageAppended message = appended(conversation, 1);

        assertThat(writer().write(created)).isEqualTo(Written.COMMITTED);
        assertThat(writer().write(created)).isEqualTo(Written.COMMITTED);
        assertThat(writer().write(message)).isEqualTo(Written.COMMITTED);
        assertThat(writer().write(message)).isEqualTo(Written.COMMITTED);

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

        assertThat(results).extracting(Future::resultNow).containsOnlyOnce(Written.COMMITTED);
        assertThat(sequences(conversation)).containsExactly(1L);
        assertThat(outbox(conversation)).hasSize(2);
    }

    @Test
    void aProfileReadsBackAndANewOneTakesItsPlace() {
        UserId user = new UserId(fresh());

        assertThat(writer().write(new Change.ProfileSaved(new Profile(user, "Alice", "Doe"))))
                .isEqualTo(Written.COMMITTED);
        assertThat(writer().write(new Change.ProfileSaved(new Profile(user, "Alice", "Roe"))))
                .isEqualTo(Written.COMMITTED);

        assertThat(state().profile(user)).isEqualTo(new Profile(user, "Alice", "Roe"));
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
