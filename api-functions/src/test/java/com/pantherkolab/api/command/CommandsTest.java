package com.pantherkolab.api.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.pantherkolab.api.command.Refusal.Code;
import com.pantherkolab.api.store.Change;
import com.pantherkolab.api.store.ChangeWriter.Written;
import com.pantherkolab.api.store.MemoryStore;
import com.pantherkolab.api.store.Pause;
import com.pantherkolab.api.store.Profile;
import com.pantherkolab.common.UserId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandsTest {
    private static final Change CHANGE = new Change.ProfileSaved(new Profile(new UserId("alice"), "A", "B"));

    private final MemoryStore store = new MemoryStore();
    private final List<Duration> slept = new ArrayList<>();
    private final Commands commands =
            new Commands(store, new Pause(Duration.ofMillis(8), Duration.ofMillis(400), new Random(1), slept::add));

    private int rounds;

    private Outcome run() {
        return commands.run(() -> new Decision.Write(CHANGE, "answer " + ++rounds));
    }

    @Test
    void aCommittedChangeIsAnsweredAsItWasDecided() {
        assertThat(run()).isEqualTo(new Outcome.Done("answer 1"));
        assertThat(slept).isEmpty();
    }

    @Test
    void whoWasOvertakenReadsAndDecidesAgainAfterAPause() {
        store.nextWrites(List.of(Written.OVERTAKEN, Written.OVERTAKEN));

        assertThat(run()).isEqualTo(new Outcome.Done("answer 3"));
        assertThat(slept).hasSize(2);
    }

    @Test
    void whoIsOvertakenEveryTimeIsToldThatNothingWasWritten() {
        store.nextWrites(Collections.nCopies(Commands.ROUNDS, Written.OVERTAKEN));

        assertThat(refusal(run())).isEqualTo(Code.CONTENDED);
        assertThat(rounds).isEqualTo(Commands.ROUNDS);
    }

    @ParameterizedTest
    @CsvSource({"UNAVAILABLE,UNAVAILABLE", "UNKNOWN,OUTCOME_UNKNOWN"})
    void whatTheStoreCannotDoIsToldAtOnce(Written written, Code code) {
        store.nextWrites(List.of(written));

        assertThat(refusal(run())).isEqualTo(code);
        assertThat(rounds).isEqualTo(1);
    }

    @Test
    void aRefusalWritesNothing() {
        Refusal refusal = Refusal.of(Code.FORBIDDEN, "no");

        assertThat(commands.run(() -> new Decision.Refuse(refusal))).isEqualTo(new Outcome.Refused(refusal));
        assertThat(store.profile(new UserId("alice"))).isNull();
    }

    private static Code refusal(Outcome outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Refused.class);
        return ((Outcome.Refused) outcome).refusal().code();
    }
}
