package com.pantherkolab.publisher;

import static com.pantherkolab.publisher.Samples.ALICE;
import static com.pantherkolab.publisher.Samples.BOB;
import static com.pantherkolab.publisher.Samples.message;
import static org.assertj.core.api.Assertions.assertThat;

import com.pantherkolab.common.Channel;
import com.pantherkolab.common.OutboxEntry;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WarmLedgerTest {
    private final WarmLedger ledger = new WarmLedger();

    @Test
    void itHoldsWhatWasNotedByEventAndChannelWhereverInTheStreamItIs() {
        ledger.note(delivery("1", message("c1", 1, ALICE)));

        assertThat(ledger.holds(delivery("1", message("c1", 1, ALICE)))).isTrue();
        assertThat(ledger.holds(delivery("9", message("c1", 1, ALICE)))).isTrue();
        assertThat(ledger.holds(delivery("1", message("c1", 1, BOB)))).isFalse();
        assertThat(ledger.holds(delivery("1", message("c1", 2, ALICE)))).isFalse();
        assertThat(ledger.holds(delivery("1", message("c2", 1, ALICE)))).isFalse();
    }

    @Test
    void whatIsForgottenIsForgottenForEveryChannelAndNothingElseIs() {
        OutboxEntry entry = message("c1", 1, ALICE, BOB);
        ledger.note(delivery("1", message("c1", 1, ALICE)));
        ledger.note(delivery("1", message("c1", 1, BOB)));
        ledger.note(delivery("2", message("c1", 2, BOB)));
        assertThat(ledger.size()).isEqualTo(3);

        ledger.forget(entry);
        ledger.forget(entry);

        assertThat(ledger.size()).isEqualTo(1);
        assertThat(ledger.holds(delivery("1", message("c1", 1, BOB)))).isFalse();
        assertThat(ledger.holds(delivery("2", message("c1", 2, BOB)))).isTrue();
    }

    @Test
    void whatIsNotedTwiceIsHeldOnce() {
        ledger.note(delivery("1", message("c1", 1, ALICE)));
        ledger.note(delivery("1", message("c1", 1, ALICE)));

        assertThat(ledger.size()).isEqualTo(1);
    }

    @Test
    void itGrowsToItsBoundAndLosesTheOldestFirst() {
        Channel[] two = {ALICE, BOB};
        IntStream.rangeClosed(0, WarmLedger.MOST / 2).forEach(i -> {
            for (Channel channel : two) {
                ledger.note(delivery("1", message("c1", i, channel)));
            }
        });

        assertThat(ledger.size()).isEqualTo(WarmLedger.MOST);
        assertThat(ledger.holds(delivery("1", message("c1", 0, ALICE)))).isFalse();
        assertThat(ledger.holds(delivery("1", message("c1", 1, ALICE)))).isTrue();
        assertThat(ledger.holds(delivery("1", message("c1", WarmLedger.MOST / 2, BOB))))
                .isTrue();
    }

    @Test
    void noLedgerHoldsNothing() {
        Ledger.NONE.note(delivery("1", message("c1", 1, ALICE)));
        Ledger.NONE.forget(message("c1", 1, ALICE));

        assertThat(Ledger.NONE.holds(delivery("1", message("c1", 1, ALICE)))).isFalse();
    }

    /// The one delivery of an entry for one channel.
    private static Delivery delivery(String at, OutboxEntry entry) {
        return new Delivery(
                new SequenceNumber(at),
                entry,
                entry.publications().getFirst(),
                entry.publications().getFirst().channels().getFirst(),
                10);
    }
}
