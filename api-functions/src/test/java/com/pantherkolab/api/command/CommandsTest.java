package com.pantherkolab.api.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.pantherkolab.api.ApiSystem;
import com.pantherkolab.api.command.Refusal.Code;
import com.pantherkolab.api.store.Change;
import com.pantherkolab.api.store.MemoryStore;
import com.pantherkolab.api.store.MemoryStore.BadDay;
import com.pantherkolab.api.store.Pause;
import com.pantherkolab.api.store.Profile;
import com.pantherkolab.common.Aggregate;
import com.pantherkolab.common.Channel;
import com.pantherkolab.common.Conversation;
import com.pantherkolab.common.Digest;
import com.pantherkolab.common.Event;
import com.pantherkolab.common.OutboxEntry;
import com.pantherkolab.common.Publication;
import com.pantherkolab.common.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Read, decide, write, with a command that creates a conversation.
class CommandsTest {
    private static final Instant AT = Instant.parse("2026-01-09T23:06:40.120Z");
    private static final UserId ALICE = new UserId("alice");
    private static final Aggregate AGGREGATE = Aggregate.conversation("c1");
    private static final Idempotency KEYED = Idempotency.keyed(ALICE, "route", AGGREGATE, "key", "command");
    private static final Idempotency UNKEYED = Idempotency.unkeyed(AGGREGATE, "fresh");
    private static final Refusal NO = Refusal.of(Code.FORBIDDEN, "no");

    private final MemoryStore store = new MemoryStore();

    /// So that the law is held over what is committed on the store's bad days, too.
    @RegisterExtension
    private final ApiSystem system = new ApiSystem(store);

    private final List<Duration> slept = new ArrayList<>();
    private final Commands commands = new Commands(
            store, store, new Pause(Duration.ofMillis(8), Duration.ofMillis(400), new Random(1), slept::add));

    private int rounds;

    private Outcome run(Idempotency once) {
        return commands.run(once, OutboxEntry::eventId, () -> {
            rounds++;
            return announcement(once);
        });
    }

    @Test
    void aCommittedChangeIsAnsweredFromItsEntry() {
        assertThat(run(UNKEYED)).isEqualTo(new Outcome.Done("fresh"));
        assertThat(slept).isEmpty();
    }

    @Test
    void whoWasOvertakenReadsAndDecidesAgainAfterAPause() {
        store.badDays(List.of(BadDay.CONFLICT, BadDay.CONFLICT));

        assertThat(run(UNKEYED)).isEqualTo(new Outcome.Done("fresh"));
        assertThat(rounds).isEqualTo(3);
        assertThat(slept).hasSize(2);
    }

    @Test
    void whoIsOvertakenEveryTimeIsToldThatNothingWasWritten() {
        store.badDays(Collections.nCopies(Commands.ROUNDS, BadDay.CONFLICT));

        assertThat(refusal(run(UNKEYED))).isEqualTo(Code.CONTENDED);
        assertThat(rounds).isEqualTo(Commands.ROUNDS);
        assertThat(store.outbox()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"THROTTLED_FOR_GOOD,UNAVAILABLE", "LOST_FOR_GOOD,OUTCOME_UNKNOWN"})
    void whatTheStoreCannotDoIsToldAtOnce(BadDay day, Code code) {
        store.badDays(List.of(day));

        assertThat(refusal(run(UNKEYED))).isEqualTo(code);
        assertThat(rounds).isEqualTo(1);
    }

    @Test
    void aLostAnswerIsFoundAgainAndNotMadeTwice() {
        store.badDays(List.of(BadDay.LOST_AFTER));

        assertThat(run(UNKEYED)).isEqualTo(new Outcome.Done("fresh"));
        assertThat(store.outbox()).hasSize(1);
    }

    @Test
    void anUnknownOutcomeIsResolvedByARetryWithTheSameKey() {
        store.badDays(List.of(BadDay.LOST_FOR_GOOD));

        assertThat(refusal(run(KEYED))).isEqualTo(Code.OUTCOME_UNKNOWN);
        assertThat(run(KEYED)).isEqualTo(new Outcome.Done(KEYED.eventId()));
        assertThat(store.outbox()).hasSize(1);
    }

    @Test
    void theSameKeyWithAnotherCommandIsRefused() {
        run(KEYED);

        Idempotency another = Idempotency.keyed(ALICE, "route", AGGREGATE, "key", "another command");
        assertThat(refusal(run(another))).isEqualTo(Code.KEY_REUSED);
        assertThat(store.outbox()).hasSize(1);
    }

    @Test
    void aRefusalAndANothingToDoAreSaidOnlyAfterTheKeyWasLookedUp() {
        run(KEYED);

        assertThat(commands.run(KEYED, OutboxEntry::eventId, () -> new Decision.Refuse(NO)))
                .isEqualTo(new Outcome.Done(KEYED.eventId()));
        assertThat(commands.run(KEYED, OutboxEntry::eventId, () -> new Decision.Answer("unchanged")))
                .isEqualTo(new Outcome.Done(KEYED.eventId()));
        Idempotency another = Idempotency.keyed(ALICE, "route", AGGREGATE, "key", "another command");
        assertThat(refusal(commands.run(another, OutboxEntry::eventId, () -> new Decision.Refuse(NO))))
                .isEqualTo(Code.KEY_REUSED);
    }

    @Test
    void aRefusalUnderAKeyThatWroteNothingIsTheRefusal() {
        assertThat(commands.run(KEYED, OutboxEntry::eventId, () -> new Decision.Refuse(NO)))
                .isEqualTo(new Outcome.Refused(NO));
        assertThat(commands.run(UNKEYED, OutboxEntry::eventId, () -> new Decision.Answer("unchanged")))
                .isEqualTo(new Outcome.Done("unchanged"));
        assertThat(store.outbox()).isEmpty();
    }

    @Test
    void aKeyCountsForOneCallerRouteAndAggregate() {
        assertThat(List.of(
                        KEYED.eventId(),
                        Idempotency.keyed(new UserId("bob"), "route", AGGREGATE, "key", "command")
                                .eventId(),
                        Idempotency.keyed(ALICE, "other", AGGREGATE, "key", "command")
                                .eventId(),
                        Idempotency.keyed(ALICE, "route", Aggregate.conversation("c2"), "key", "command")
                                .eventId(),
                        Idempotency.keyed(ALICE, "route", AGGREGATE, "yek", "command")
                                .eventId()))
                .doesNotHaveDuplicates();
        assertThat(Digest.of(List.of("ab", "c"))).isNotEqualTo(Digest.of(List.of("a", "bc")));
    }

    @ParameterizedTest
    @CsvSource({"THROTTLED_FOR_GOOD,UNAVAILABLE", "CONFLICT,UNAVAILABLE", "LOST_FOR_GOOD,OUTCOME_UNKNOWN"})
    void whatNeedsNoDecisionIsWrittenInOneRound(BadDay day, Code code) {
        Change change = new Change.ProfileSaved(new Profile(ALICE, "A", "B"));

        assertThat(commands.save(change, new Outcome.Done("saved"))).isEqualTo(new Outcome.Done("saved"));
        store.badDays(List.of(day));
        assertThat(refusal(commands.save(change, new Outcome.Done("saved")))).isEqualTo(code);
    }

    private static Decision announcement(Idempotency once) {
        Conversation conversation =
                new Conversation("c1", Conversation.Type.GROUP, null, List.of(ALICE), ALICE, AT, 0, null);
        return new Decision.Announce(new Change.ConversationCreated(
                conversation,
                new OutboxEntry(
                        once.aggregate(),
                        once.eventId(),
                        0,
                        AT,
                        List.of(Publication.of(
                                new Event.ConversationCreated(conversation), List.of(Channel.chats(ALICE)))),
                        once.commandHash())));
    }

    private static Code refusal(Outcome outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Refused.class);
        return ((Outcome.Refused) outcome).refusal().code();
    }
}
